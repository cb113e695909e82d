from . import (
    dsgvo_erasure,
    pos_config,
    pos_order,
    pos_order_coupons,
    pos_order_late,
    pos_session,
    res_company,
    res_partner,
    res_partner_badge,
    sale_order,
)

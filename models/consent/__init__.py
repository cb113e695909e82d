from . import (
    base_partner_merge,
    dsgvo_consent_event,
    pos_config,
    pos_res_partner,
    res_company,
    res_partner,
    sale_order,
)

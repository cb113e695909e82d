from . import (
    account_move_send,
    dsgvo_notification,
    dsgvo_order_mixin,
    dsgvo_status_mixin,  # inherited by the next one
    pos_order,
    res_partner,
    sale_order,
    stock_move,
    stock_picking,
)

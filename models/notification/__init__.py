from . import dsgvo_status_mixin

# isort: split
# The mixin of orders inherits the one above.
from . import (
    account_move_send,
    dsgvo_notification,
    dsgvo_notification_arrival,
    dsgvo_notification_collection,
    dsgvo_notification_sending,
    dsgvo_order_mixin,
    pos_order,
    res_partner,
    sale_order,
    stock_move,
    stock_picking,
    stock_picking_arrival,
)

from . import dsgvo_status_mixin  # inherited by the next one
from . import dsgvo_order_mixin
from . import account_move_send
from . import dsgvo_notification
from . import pos_order
from . import res_partner
from . import sale_order
from . import stock_move
from . import stock_picking

from . import dsgvo_order_mixin, pos_order, res_partner, sale_order

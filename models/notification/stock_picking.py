from odoo import models

from .stock_move import Arrivals


class StockPicking(models.Model):
    _name = 'stock.picking'
    _inherit = ['dsgvo.status.mixin', 'stock.picking']

    def _action_done(self):
        """Note which orders the goods of a receipt were reserved for.

        Whether goods were bought for an order or lie in stock, in one step or in three: a delivery
        gets them by reservation, and only what got reserved can be fetched by the customer.
        """
        receipts = self.filtered(lambda p: p.picking_type_code in ('incoming', 'internal'))
        if not receipts:
            return super()._action_done()
        arrivals = Arrivals()
        receiving = self.with_context(dsgvo_arrivals=arrivals)
        result = super(StockPicking, receiving)._action_done()
        if arrivals.quantities:
            self.env['dsgvo.notification']._register_arrivals(receipts, arrivals.quantities)
        return result

    def _dsgvo_is_silent(self):
        """The order decides, and the recipient of the goods, who may be another person."""
        # sudo: sale.order, pos.order - who works in the stock may not read orders
        document = self.sudo()
        orders = [order for order in (document.sale_id, document.pos_order_id) if order]
        if any(order._dsgvo_is_silent() for order in orders):
            return True
        return not self.partner_id.with_company(self.company_id)._dsgvo_allows('notification')

    def message_post_with_source(self, source_ref, **kwargs):
        """Do not note in the chatter a delivery confirmation that nobody will get."""
        confirmation = self.company_id.stock_mail_confirmation_template_id
        if isinstance(source_ref, models.BaseModel) and source_ref == confirmation:
            told = self.filtered(lambda picking: not picking._dsgvo_is_silent())
            return super(StockPicking, told).message_post_with_source(source_ref, **kwargs)
        return super().message_post_with_source(source_ref, **kwargs)

from odoo import models

from .stock_move import Arrivals


class StockPicking(models.Model):
    _name = 'stock.picking'
    _inherit = ['dsgvo.status.mixin', 'stock.picking']

    def _action_done(self):
        """Note the orders for which the goods of a receipt were reserved.

        A delivery gets its goods by reservation, and the customer can fetch only reserved goods.
        That holds for goods bought for an order and for goods in stock, in one step or in three.
        """
        receipts = self.filtered(lambda p: p.picking_type_code in ('incoming', 'internal'))
        arrivals = Arrivals()
        receiving = self.with_context(dsgvo_arrivals=arrivals) if receipts else self
        result = super(StockPicking, receiving)._action_done()
        if arrivals.quantities:
            self.env['dsgvo.notification']._register_arrivals(receipts, arrivals.quantities)
        (self - receipts)._dsgvo_after_goods_left()
        return result

    def action_cancel(self):
        """A till that sells an order cancels its delivery."""
        result = super().action_cancel()
        self._dsgvo_after_goods_left()
        return result

    def _dsgvo_after_goods_left(self):
        """Tell no customer to fetch goods that have just been handed over."""
        # sudo: stock.move, dsgvo.notification - a message follows its order, whoever delivers it
        if orders := self.sudo().move_ids.sale_line_id.order_id:
            # sudo: dsgvo.notification - see above
            self.env['dsgvo.notification'].sudo()._follow(orders)

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

from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain

from .res_partner import NO_MESSAGE


class DsgvoNotification(models.Model):
    """How a goods receipt makes the messages."""
    _inherit = 'dsgvo.notification'

    @api.model
    def _register_arrivals(self, receipts, quantities):
        """Make one message per order for goods just received.

        If no message can be made for an order, the order is listed, the goods come in, and the
        others get their messages. If two transactions collide, Odoo repeats the whole receipt.

        :param receipts: the transfers with which the goods came
        :param dict quantities: newly reserved quantities, by the id of the delivery move
        """
        # sudo: stock.move, sale.order - who receives goods need not see orders
        moves, receipts = self.env['stock.move'].sudo().browse(quantities), receipts.sudo()
        # sudo: dsgvo.notification - only a receipt makes messages, nobody has the right to
        Notification = self.sudo()

        def make(orders):
            own = moves.filtered(lambda move: move.sale_line_id.order_id in orders)
            values = Notification._prepare_available_values(receipts, own, quantities)
            Notification.create(values)._trigger_sending()

        Failure, company = self.env['dsgvo.job.failure'], receipts[:1].company_id
        Failure._run('arrival', moves.sale_line_id.order_id.with_company(company), make)
        Failure._run(
            'arrival', receipts.with_company(company),
            lambda some: some._dsgvo_note_arrival(moves))

    def _prepare_available_values(self, receipts, moves, quantities):
        # An order that was already handed over at the till does not wait for these goods.
        moves = moves._dsgvo_first_of_delivery().filtered(
            lambda move: move.sale_line_id.qty_delivered < move.sale_line_id.product_uom_qty)
        orders = moves.sale_line_id.order_id.filtered(
            lambda order: order.state == 'sale' and order.notification_type != NO_MESSAGE)
        known = {
            (notification.sale_order_id, notification.picking_id)
            for notification in self.search(
                Domain('sale_order_id', 'in', orders.ids) & Domain('picking_id', 'in', receipts.ids)
                & Domain('kind', '=', 'available'))}
        moves_by_order = moves.grouped(lambda move: move.sale_line_id.order_id)
        values = []
        for order in orders._dsgvo_notifiable():
            arrived = moves_by_order[order]
            receipt = receipts._dsgvo_bringing(arrived.product_id)
            if (order, receipt) not in known:
                values.append({
                    'sale_order_id': order.id,
                    'partner_id': order.partner_id.id,
                    'picking_id': receipt.id,
                    'company_id': order.company_id.id,
                    'notification_type': order.notification_type,
                    'body': self._render_titles(order.partner_id.lang, arrived, quantities),
                })
        return values

    @api.model
    def _render_titles(self, lang, moves, quantities):
        """Return the list of what arrived, in the language of the customer."""
        products = moves.product_id.with_context(lang=lang, display_default_code=False)
        names = {product.id: product.display_name for product in products}
        arrived = {}
        for move in moves:
            name = names[move.product_id.id]
            arrived[name] = arrived.get(name, 0) + quantities[move.id]
        items = Markup().join(
            Markup("<li>%s × %s</li>") % (f'{quantity:g}', name)
            for name, quantity in arrived.items())
        return Markup("<ul>%s</ul>") % items

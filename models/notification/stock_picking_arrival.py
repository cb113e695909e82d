from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from .res_partner import NO_MESSAGE

WAITING = ('waiting', 'confirmed', 'partially_available')


class StockPicking(models.Model):
    """The text on a goods receipt about orders that wait for its goods. It names no customer."""
    _inherit = 'stock.picking'

    dsgvo_arrival = fields.Json(
        "Orders Served", readonly=True, copy=False,
        help="When the goods came: how many customers are told, by message type, how many orders "
             "have K, and the quantities of products that orders still wait for.")
    dsgvo_arrival_notice = fields.Char(compute='_compute_dsgvo_arrival_notice')

    @api.depends('dsgvo_arrival')
    @api.depends_context('lang')
    def _compute_dsgvo_arrival_notice(self):
        for receipt in self:
            receipt.dsgvo_arrival_notice = (
                receipt.dsgvo_arrival and " ".join(receipt._dsgvo_describe_arrival()))

    def _dsgvo_describe_arrival(self):
        """Return the sentences for this receipt."""
        told, silent, missing = (
            self.dsgvo_arrival[key] for key in ('told', 'silent', 'missing'))
        labels = dict(
            self.env['sale.order']._fields['notification_type']._description_selection(self.env))
        ways = ", ".join(f"{label}: {told[value]}" for value, label in labels.items()
                         if value in told)
        sentences = [
            self.env._("Customers to be told: %(ways)s.", ways=ways) if ways
            else self.env._("No customer is told.")]
        if silent:
            sentences.append(self.env._(
                "%(label)s: %(count)s, the goods are ready as well.",
                label=labels[NO_MESSAGE], count=silent))
        if products := self.env['product.product'].browse(map(int, missing)).exists():
            sentences.append(self.env._(
                "Not enough for all orders, still missing: %(titles)s.", titles=", ".join(
                    f"{missing[str(product.id)]:g} × {product.name}" for product in products)))
        return sentences

    # === WHEN THE GOODS COME === #

    def _dsgvo_bringing(self, products):
        """Return the first of these transfers that brought one of the products."""
        if len(self) == 1:  # a thousand moves need not be looked at for each customer
            return self
        return self.filtered_domain(
            Domain('move_ids.product_id', 'in', products.ids))[:1] or self[:1]

    def _dsgvo_note_arrival(self, moves):
        """Note the customers for whom the goods of these receipts sufficed.

        :param moves: the delivery moves that they were reserved for
        """
        told = defaultdict(dict)
        for receipt, message_type, count in self.env['dsgvo.notification']._read_group(
                [('picking_id', 'in', self.ids)],
                ['picking_id', 'notification_type'], ['__count']):
            told[receipt][message_type] = count
        silent = Counter(
            self._dsgvo_bringing(own.product_id)
            for order, own in moves.grouped(lambda move: move.sale_line_id.order_id).items()
            if order.state == 'sale' and order.notification_type == NO_MESSAGE)
        missing = self._dsgvo_find_missing()
        for receipt in self:
            receipt.dsgvo_arrival = {
                'told': told[receipt],
                'silent': silent[receipt],
                'missing': {product.id: missing[product]
                            for product in receipt.move_ids.product_id if product in missing},
            }

    def _dsgvo_find_missing(self):
        """Return `{product: quantity}` that orders still wait for, of what these receipts bring."""
        waiting = self.env['stock.move'].search(
            Domain('product_id', 'in', self.move_ids.product_id.ids)
            & Domain('sale_line_id', '!=', False) & Domain('state', 'in', WAITING)
            & Domain('company_id', 'in', self.company_id.ids))
        missing = {}
        for move in waiting._dsgvo_first_of_delivery():
            product = move.product_id
            missing[product] = missing.get(product, 0) + move.product_uom._compute_quantity(
                move.product_uom_qty - move.quantity, product.uom_id)
        return missing

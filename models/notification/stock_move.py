from odoo import models


class Arrivals:
    """Quantities that goods just received were reserved for, by the id of the delivery move.

    A receipt hands one down in its context. It is a class of its own because no remote caller can
    pass one, and no dict, because environments with equal contexts are shared.
    """

    def __init__(self):
        self.quantities = {}


class StockMove(models.Model):
    _inherit = 'stock.move'

    def _action_assign(self, force_qty=False):
        arrivals = self.env.context.get('dsgvo_arrivals')
        if not isinstance(arrivals, Arrivals):
            return super()._action_assign(force_qty=force_qty)
        before = {move: move.quantity for move in self}
        result = super()._action_assign(force_qty=force_qty)
        for move in self.exists():
            if (arrived := move.quantity - before[move]) > 0:
                arrivals.quantities[move.id] = arrivals.quantities.get(move.id, 0) + arrived
        return result

    def _dsgvo_first_of_delivery(self):
        """Return the moves that take goods of an order from the shelf.

        In a delivery of several steps the next one is reserved when the one before is done; that is
        no arrival.
        """
        def is_first(move):
            before = move.move_orig_ids.filtered(lambda orig: orig.picking_code != 'incoming')
            return move.picking_code != 'incoming' and move.sale_line_id not in before.sale_line_id

        return self.filtered('sale_line_id').filtered(is_first)

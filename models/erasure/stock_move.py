from odoo import models


class StockMove(models.Model):
    _inherit = 'stock.move'

    def _action_done(self, cancel_backorder=False):
        """Open closed orders again whose goods come back or go out: there may be money to pay."""
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        # sudo: sale.order.line - what follows from the transfer, whoever validates it
        moves.sudo().filtered(lambda move: move.state == 'done').sale_line_id._dsgvo_reopen()
        return moves

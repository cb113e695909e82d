from odoo import api, models


class AccountAnalyticLine(models.Model):
    """Work or an expense that is charged to an order, which may have been closed before."""
    _inherit = 'account.analytic.line'

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items._dsgvo_reopen_orders()
        return items

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {'unit_amount', 'so_line'}:
            self._dsgvo_reopen_orders()
        return result

    def _dsgvo_reopen_orders(self):
        # sudo: sale.order.line - what follows from the work, whoever enters it
        self.sudo().so_line.filtered('order_id.dsgvo_is_closed')._dsgvo_reopen_unsettled()

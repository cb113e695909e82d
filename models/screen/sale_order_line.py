from odoo import api, models

from .covering import READING


class SaleOrderLine(models.Model):
    _inherit = 'sale.order.line'

    @api.depends_context(READING)
    def _compute_display_name(self):
        return super()._compute_display_name()

    def _additional_name_per_id(self):
        """Leave the customer's name out of the name of the line on a covered screen."""
        return {} if self._dsgvo_is_covered() else super()._additional_name_per_id()

from odoo import api, models

from .covering import READING


class SaleOrder(models.Model):
    _inherit = 'sale.order'

    @api.depends_context(READING)
    def _compute_display_name(self):
        """Leave the customer's name out of the name of the order on a covered screen."""
        if not self._dsgvo_is_covered():
            return super()._compute_display_name()
        nameless = self.with_context(sale_show_partner_name=False)
        super(SaleOrder, nameless)._compute_display_name()
        for order, same in zip(self, nameless, strict=True):
            order.display_name = same.display_name

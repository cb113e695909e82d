from odoo import models


class StockPicking(models.Model):
    _name = 'stock.picking'
    _inherit = ['dsgvo.badge.mixin', 'stock.picking']

    def _dsgvo_customers_with_badge(self):
        """Suppliers bring goods, too, and nobody asks them."""
        return super()._dsgvo_customers_with_badge().filtered('dsgvo_is_customer')

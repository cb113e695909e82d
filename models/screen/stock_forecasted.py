from odoo import api, models

from .covering import LIST


class StockForecasted(models.AbstractModel):
    """Who ordered an article: a covered screen has the numbers of customers, not their names."""
    _inherit = 'stock.forecasted_product_product'

    @api.model
    def get_report_values(self, docids, data=None):
        return super(
            StockForecasted, self._dsgvo_for_screen(LIST)).get_report_values(docids, data)

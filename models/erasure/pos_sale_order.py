from odoo import models


class SaleOrder(models.Model):
    _inherit = 'sale.order'

    def load_sale_order_from_pos(self, config_id):
        """Give the till no customer whom it must not know."""
        data = super().load_sale_order_from_pos(config_id)
        known = set(self.partner_id._dsgvo_filter_customers().ids)
        data['res.partner'] = [row for row in data['res.partner'] if row['id'] in known]
        return data

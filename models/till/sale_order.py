from odoo import api, models


class SaleOrder(models.Model):
    _inherit = 'sale.order'

    def load_sale_order_from_pos(self, config_id):
        """Give the till no customer whom it must not know."""
        config = self.env['pos.config']._dsgvo_get_till(config_id)
        data = super().load_sale_order_from_pos(config_id)
        data['res.partner'] = self.env['res.partner']._load_pos_data_read(self.partner_id, config)
        return data


class SaleOrderLine(models.Model):
    _inherit = 'sale.order.line'

    @api.model
    def _load_pos_data_fields(self, config):
        """Leave out the display name, which is the customer's, and which the till does not use."""
        return [name for name in super()._load_pos_data_fields(config) if name != 'display_name']

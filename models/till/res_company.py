from odoo import api, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    @api.model
    def _load_pos_data_fields(self, config):
        """Let the till see which of its sales the server booked for the anonymous customer."""
        return [*super()._load_pos_data_fields(config), 'dsgvo_anonymous_partner_id']

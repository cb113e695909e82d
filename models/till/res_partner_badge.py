from odoo import api, models


class ResPartner(models.Model):
    """What the badge of the till shows of a customer."""
    _inherit = 'res.partner'

    @api.model
    def _load_pos_data_fields(self, config):
        """Give the till what its badge shows.

        Stored, and without groups: a field that the cashier may not read would leave the till
        without any customer.
        """
        return [*super()._load_pos_data_fields(config), 'consent_state']

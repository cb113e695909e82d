from odoo import api, fields, models
from odoo.fields import Domain


class ResCompany(models.Model):
    _inherit = 'res.company'

    dsgvo_grace_until_closing = fields.Boolean(
        "Until the Register Is Closed", prefetch='dsgvo_erasure',
        help="A customer is not erased after the sale while the session of the till is open, so "
             "that a sale of the day can still be exchanged, or invoiced.")

    @api.model
    def _dsgvo_get_settings(self):
        return super()._dsgvo_get_settings() | {'dsgvo_grace_until_closing'}

    def _dsgvo_get_shared_domain(self):
        """Return the `Domain` of what tills of this company may use.

        It is shared, or of this company, or of one above it.
        """
        self.ensure_one()
        return Domain('company_id', 'in', (False, *self.parent_ids.ids))

    @api.model
    def _load_pos_data_fields(self, config):
        """Let the till see which customers go, and which sales the server booked for nobody."""
        return [
            *super()._load_pos_data_fields(config), 'dsgvo_anonymous_partner_id',
            'dsgvo_erase_after_sale']

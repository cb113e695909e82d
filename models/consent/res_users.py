from odoo import api, models

from .res_partner import DOCUMENTATION_FIELDS, without_consents


class ResUsers(models.Model):
    _inherit = 'res.users'

    @api.model
    def default_get(self, fields):
        """Give the contact of a new user no consent by default; see the same of `res.partner`."""
        return without_consents(super().default_get(fields), also=DOCUMENTATION_FIELDS)

from odoo import api, fields, models

from ..consent.consent_fields import READ_WITH_CONSENTS


class ResPartner(models.Model):
    """Contacts that documents keep by the map, or that are emptied."""
    _inherit = 'res.partner'

    dsgvo_restricted = fields.Boolean(
        "Restricted", readonly=True, copy=False, prefetch=READ_WITH_CONSENTS,
        help="Kept only for documents that the law demands; hidden from everybody else.")
    dsgvo_erased = fields.Boolean(
        "Erased", readonly=True, copy=False, prefetch=READ_WITH_CONSENTS,
        help="Only entries whose period is over still refer to this contact; it holds no more "
             "data.")

    @api.model
    def _dsgvo_get_offices(self):
        """Return an `Office` for each link to contacts who are neither erased nor deleted.

        Extend with `super() + […]`.
        """
        return []

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.dsgvo.models.erasure.extensions import Source


class DsgvoErasureRecipient(models.Model):
    _inherit = 'dsgvo.erasure.recipient'

    kind = fields.Selection(
        selection_add=[('venue', "Venue of a reading")], ondelete={'venue': 'cascade'})

    @api.model
    def _get_sources(self):
        columns = SQL("t.venue_id, NULL, t.id::varchar, t.date")
        confirmed = SQL("r.id = t.partner_id AND t.state = 'confirmed'")
        return [
            *super()._get_sources(),
            Source('shop.booking', 'venue', columns, SQL("shop_booking t"), confirmed)]

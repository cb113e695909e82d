from odoo import models
from odoo.fields import Domain

from odoo.addons.dsgvo.models.erasure.extensions import Event


class DsgvoErasurePeriod(models.Model):
    _inherit = 'dsgvo.erasure.period'

    def _get_events(self):
        kept = Domain('state', '!=', 'cancelled')
        return [*super()._get_events(), Event('shop.booking', 'partner_id', 'date', kept)]

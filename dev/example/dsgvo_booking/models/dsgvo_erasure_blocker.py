from odoo import models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.dsgvo.models.erasure.extensions import Check

_lt = LazyTranslate(__name__)


class DsgvoErasureBlocker(models.AbstractModel):
    _inherit = 'dsgvo.erasure.blocker'

    def _get_checks(self):
        is_to_come = Domain('state', '=', 'confirmed') & Domain('date', '>=', 'today')
        return [
            *super()._get_checks(),
            Check('shop.booking', _lt("Booking of a reading to come"), ['partner_id'], is_to_come,
                  _lt("Wait until the reading is over, or cancel the booking."),
                  number_field='id'),
        ]

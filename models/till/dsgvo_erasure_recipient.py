from odoo import api, models
from odoo.tools import SQL

from ..erasure.extensions import Source


class DsgvoErasureRecipient(models.Model):
    """Services that passed messages on to customers: no kept copy of a message names them."""
    _inherit = 'dsgvo.erasure.recipient'

    @api.model
    def _get_sources(self):
        notification = SQL("dsgvo_notification t JOIN res_partner p ON p.id = t.partner_id")
        was_sent = SQL("r.id = t.partner_id AND t.state = 'sent'")
        told_on = self._get_day(SQL("t.told_on"))
        return [
            *super()._get_sources(),
            Source('dsgvo.notification', 'mail',
                   SQL("NULL::int, %s, %s, %s", self._get_relay(), self._get_trace(
                       told_on, SQL("t.message_ref")), told_on),
                   notification, SQL("%s AND t.notification_type = 'M'", was_sent)),
            Source('dsgvo.notification', 'sms',
                   SQL("NULL::int, %s, %s::varchar, %s", "Odoo S.A. (IAP)", told_on, told_on),
                   notification, SQL("%s AND t.notification_type = 'S'", was_sent)),
        ]

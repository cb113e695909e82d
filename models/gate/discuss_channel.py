from odoo import models
from odoo.tools import email_normalize

from .dsgvo_message_rule import UNLISTED
from .origin import with_origin
from .recipients import Recipients


class DiscussChannel(models.Model):
    _inherit = 'discuss.channel'

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Mail nobody who was mentioned without consent; who takes part in a chat sees it there."""
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        members = [recipient for recipient in recipients if recipient['notif'] == 'web_push']
        return members + self._dsgvo_permitted_recipients(
            [recipient for recipient in recipients if recipient['notif'] != 'web_push'],
            message, msg_vals or {})

from odoo import models

from .covering import CONTACT
from .store import StoreCover


class BusBus(models.Model):
    """What is sent to a browser unasked, such as a new message in the inbox."""
    _inherit = 'bus.bus'

    def _sendone(self, target, notification_type, message):
        contact = target[0] if isinstance(target, tuple) else target
        # The channel of a user is the user's contact.
        if isinstance(contact, models.BaseModel) and contact._name == CONTACT and any(
                user.has_group('dsgvo.group_screened')
                # sudo: res.users - only whether the receiver is screened, whoever sends
                for user in contact.sudo().user_ids):
            message = StoreCover(self.env).cover(message)
        return super()._sendone(target, notification_type, message)

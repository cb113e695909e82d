from odoo import models

from .origin import automation


class MailScheduledMessage(models.Model):
    _name = 'mail.scheduled.message'
    _inherit = ['mail.scheduled.message', 'dsgvo.origin.mixin']

    def _post_message(self, *args, **kwargs):
        """No person wrote a message that an automation wrote for later."""
        for origin, messages in self._dsgvo_by_origin():
            with automation(origin.automated, origin.sender):
                super(MailScheduledMessage, messages)._post_message(*args, **kwargs)
        return None

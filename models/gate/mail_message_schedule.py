from odoo import models

from .origin import KEY, automation


class MailMessageSchedule(models.Model):
    _name = 'mail.message.schedule'
    _inherit = ['mail.message.schedule', 'dsgvo.origin.mixin']

    def _send_notifications(self, *args, **kwargs):
        """Notify of each message as if it were posted now by whoever posted it."""
        for origin, schedules in self._dsgvo_by_origin():
            with automation(origin.automated):
                super(MailMessageSchedule, schedules.with_context(**{
                    KEY: origin}))._send_notifications(*args, **kwargs)
        return True

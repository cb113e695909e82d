from odoo import models

from .origin import with_origin


class MailTemplate(models.Model):
    _inherit = 'mail.template'

    def send_mail(self, *args, **kwargs):
        """Return the id of the mail, False if nobody may get it."""
        return super().send_mail(*args, **kwargs) or False

    def send_mail_batch(self, *args, **kwargs):
        """Whoever calls this, Odoo sends by itself: a person uses the composer."""
        sender = self.env['dsgvo.message.rule']._get_sender(self._name, self.id)
        return super(MailTemplate, with_origin(
            self, sender=sender, by_hand=False)).send_mail_batch(*args, **kwargs)

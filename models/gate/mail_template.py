from odoo import models

from .origin import with_origin

# The gate tells by these what a message is, and whether a person has written it.
OF_THE_GATE = ('dsgvo_kind', 'dsgvo_company_id', 'mail_message_id')


class MailTemplate(models.Model):
    _inherit = 'mail.template'

    def send_mail(self, *args, **kwargs):
        """Return the id of the mail, False if nobody may get it."""
        return super().send_mail(*args, **kwargs) or False

    def send_mail_batch(self, *args, email_values=None, **kwargs):
        """Whoever calls this, Odoo sends the message by itself: a person uses the composer.

        The table says which kind of message it is, never the caller.
        """
        email_values = {key: value for key, value in (email_values or {}).items()
                        if key not in OF_THE_GATE}
        sender = self.env['dsgvo.message.rule']._get_sender(self._name, self.id)
        return super(MailTemplate, with_origin(
            self, sender=sender, by_hand=False)).send_mail_batch(
            *args, email_values=email_values, **kwargs)

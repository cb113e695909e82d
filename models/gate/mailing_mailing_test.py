from odoo import models

from .dsgvo_message_rule import UNLISTED
from .origin import with_origin


class MailingMailingTest(models.TransientModel):
    _inherit = 'mailing.mailing.test'

    def send_mail_test(self):
        """Show no arbitrary customer's data in a test: Odoo renders it with the first record.

        A test is no way to a customer either.
        """
        test = with_origin(self.with_context(dsgvo_test_mailing=True), kind=UNLISTED)
        return super(MailingMailingTest, test).send_mail_test()


class MailingSmsTest(models.TransientModel):
    _inherit = 'mailing.sms.test'

    def action_send_sms(self):
        test = with_origin(self.with_context(dsgvo_test_mailing=True), kind=UNLISTED)
        return super(MailingSmsTest, test).action_send_sms()

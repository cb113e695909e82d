from odoo import models


class MailingMailingTest(models.TransientModel):
    _inherit = 'mailing.mailing.test'

    def send_mail_test(self):
        """Show no arbitrary customer's data in a test: Odoo renders it with the first record."""
        return super(
            MailingMailingTest, self.with_context(dsgvo_test_mailing=True)).send_mail_test()


class MailingSmsTest(models.TransientModel):
    _inherit = 'mailing.sms.test'

    def action_send_sms(self):
        return super(MailingSmsTest, self.with_context(dsgvo_test_mailing=True)).action_send_sms()

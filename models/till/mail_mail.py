from odoo import models


class MailMail(models.Model):
    """The address that was typed at a till for a receipt goes when the receipt was sent."""
    _inherit = 'mail.mail'

    def _postprocess_sent_message(
            self, success_pids, success_emails, failure_reason=False, failure_type=None):
        """Keep the address of a receipt that failed: it is sent again from the list of e-mails."""
        receipts = self.browse() if failure_type else self.filtered(
            lambda mail: mail.model == 'pos.order' and mail.email_to)
        # sudo: mail.mail - whoever sends it
        receipts.sudo().email_to = False
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type)

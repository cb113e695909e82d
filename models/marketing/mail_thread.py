from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = 'mail.thread'

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """An address that is blocked because it bounces is no decision of a person."""
        self = self.with_context(dsgvo_no_decision=True)
        return super()._routing_handle_bounce(email_message, message_dict)

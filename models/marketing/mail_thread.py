from odoo import api, models

from .res_partner import NO_DECISION


class MailThread(models.AbstractModel):
    _inherit = 'mail.thread'

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """An address that is blocked because it bounces is no decision of a person."""
        self = self.with_context(dsgvo_no_decision=NO_DECISION)
        return super()._routing_handle_bounce(email_message, message_dict)

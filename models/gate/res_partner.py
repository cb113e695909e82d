from odoo import models
from odoo.fields import Domain


class ResPartner(models.Model):
    """Waiting messages are cancelled when the consent that they need is withdrawn."""
    _inherit = 'res.partner'

    def _dsgvo_after_decision(self, purpose, decision, allowed):
        """Cancel messages on their way to these persons that need a consent they do not give."""
        result = super()._dsgvo_after_decision(purpose, decision, allowed)
        if purpose != 'storage' and (refusing := self - allowed):
            # sudo: res.partner - the addresses of a person may be hidden from who records
            refusing.sudo().with_context(active_test=False).search(
                [('dsgvo_subject_id', 'in', refusing.ids)])._dsgvo_cancel_queued()
        return result

    def _dsgvo_cancel_queued(self):
        """Cancel waiting messages to these contacts that need a missing consent.

        A message that cannot be found by contact, address or number is cancelled when it would
        leave.
        """
        waiting = Domain('state', '=', 'outgoing')
        emails = [email for email in self.mapped('email_normalized') if email]
        numbers = [number for number in self.mapped('phone_sanitized') if number]
        # sudo: mail.mail - waiting messages belong to the system
        self.env['mail.mail'].sudo().search(waiting & (
            Domain('recipient_ids', 'in', self.ids)
            | Domain.OR(Domain('email_to', 'ilike', email) for email in emails)
        ))._dsgvo_cancel_refused()
        # sudo: sms.sms - the same
        self.env['sms.sms'].sudo().search(waiting & (
            Domain('partner_id', 'in', self.ids) | Domain('number', 'in', numbers)
        ))._dsgvo_cancel_refused()

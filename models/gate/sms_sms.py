from odoo import api, models

from .recipients import digits


class SmsSms(models.Model):
    """Every SMS passes here twice: when it is made, and when it leaves."""
    _name = 'sms.sms'
    _inherit = ['sms.sms', 'dsgvo.message.mixin']
    _dsgvo_channel = 'sms'

    @api.model_create_multi
    def create(self, vals_list):
        """Make no SMS for recipients who did not consent to it; return those that were made."""
        return super().create([
            vals for vals in self._dsgvo_prepare(vals_list) if vals is not None])

    def _send(self, *args, **kwargs):
        """Ask once more: a consent may have been withdrawn since the SMS was queued."""
        allowed = self - self._dsgvo_cancel_refused()
        return super(SmsSms, allowed)._send(*args, **kwargs) if allowed else None

    # === RECIPIENTS === #

    @api.model
    def _dsgvo_addressed(self, vals):
        """The number decides: it may be that of somebody else, who stands on the document."""
        # sudo: res.partner - only compared with the number, nothing is shown
        partner = self.env['res.partner'].sudo().browse(vals.get('partner_id') or ())
        number = digits(vals.get('number'))
        own = {digits(partner.phone_sanitized), digits(partner.phone),
               digits(partner.phone and partner._phone_format(number=partner.phone))}
        if partner and (not number or number in own):
            return {partner.id}, set()
        return set(), {number} - {''}

    def _dsgvo_values(self):
        return super()._dsgvo_values() | {
            'partner_id': self.partner_id.id,
            'number': self.number,
        }

    def _dsgvo_document(self):
        return self.mail_message_id.model, self.mail_message_id.res_id

    def _dsgvo_cancel(self):
        self.write({'state': 'canceled', 'failure_type': 'sms_optout'})
        # sudo: sms.tracker, mailing.trace - what follows for the lists, whoever cancels
        trackers = self.sms_tracker_id.sudo()
        trackers._action_update_from_sms_state('canceled')  # a notification knows no such reason
        trackers.mailing_trace_id.filtered(
            lambda trace: trace.trace_status == 'cancel').failure_type = 'sms_optout'

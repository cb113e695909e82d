from odoo import api, fields, models


class SmsSms(models.Model):
    _inherit = 'sms.sms'

    dsgvo_marketing = fields.Boolean(
        "Serial Message", readonly=True,
        help="Needs the consent to marketing, also at the moment when it leaves.")
    dsgvo_company_id = fields.Many2one(
        'res.company', "Advertising Company", readonly=True, index='btree_not_null',
        help="The company that advertises, whose consents count when a job sends.")

    def _send(self, *args, **kwargs):
        """Ask once more: a consent may have been withdrawn since the SMS was queued."""
        allowed = self - self._dsgvo_cancel_refused()
        return super(SmsSms, allowed)._send(*args, **kwargs) if allowed else None

    def _dsgvo_cancel_refused(self):
        """Cancel the queued serial messages whose addressee does not consent, and return them."""
        # sudo: sms.sms - queued SMS belong to the system, and the sender may be a cron
        serial = self.sudo().filtered(
            lambda sms: sms.state == 'outgoing' and (sms.dsgvo_marketing or sms.mailing_id))
        refused = serial.browse()
        for company, messages in serial.grouped('dsgvo_company_id').items():
            refused |= messages - messages.with_company(company)._dsgvo_filter_marketing('sms')
        if refused:
            refused._update_sms_state_and_trackers('canceled', failure_type='sms_optout')
        return refused

    @api.model
    def _dsgvo_address_fields(self, channel):
        return ['number']

    @api.model
    def _dsgvo_address_first(self, channel):
        """The customer was determined when the SMS was made."""
        return False

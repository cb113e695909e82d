from odoo import api, models


class MailingSubscription(models.Model):
    _inherit = 'mailing.subscription'

    @api.model_create_multi
    def create(self, vals_list):
        subscriptions = super().create(vals_list)
        subscriptions._dsgvo_refuse_marketing()
        return subscriptions

    def write(self, vals):
        res = super().write(vals)
        if vals.get('opt_out'):
            self._dsgvo_refuse_marketing()
        return res

    def _dsgvo_refuse_marketing(self):
        """Take leaving one list for refusing advertising: the consent knows no lists."""
        contacts = self.filtered('opt_out').contact_id
        self.env['res.partner']._dsgvo_refuse_marketing(
            emails=contacts.mapped('email_normalized'), numbers=contacts.mapped('phone_sanitized'))

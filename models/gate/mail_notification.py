from odoo import api, models
from odoo.api import NewId

CANCELLED = {'notification_status': 'canceled', 'failure_type': 'mail_optout'}


class MailNotification(models.Model):
    _inherit = 'mail.notification'

    @api.model_create_multi
    def create(self, vals_list):
        """Note notifications as cancelled if their mail was not made, or lost their recipient."""
        return super().create([
            vals | CANCELLED | {'mail_mail_id': False} if self._dsgvo_is_refused(vals) else vals
            for vals in vals_list])

    @api.model
    def _dsgvo_is_refused(self, vals):
        """Return whether the mail of a notification is only a stand-in, or lost its recipient."""
        mail_id = vals.get('mail_mail_id')
        if isinstance(mail_id, NewId):
            return True
        if not mail_id or vals.get('notification_status') != 'ready':
            return False
        mail = self.env['mail.mail'].sudo().browse(mail_id)  # sudo: mail.mail - its recipients
        return not mail._dsgvo_goes_to(vals.get('res_partner_id'), vals.get('mail_email_address'))

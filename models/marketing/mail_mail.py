from odoo import fields, models


class MailMail(models.Model):
    _inherit = 'mail.mail'

    dsgvo_marketing = fields.Boolean(
        "Serial Message", readonly=True,
        help="Needs the consent to marketing, also at the moment when it leaves.")
    dsgvo_company_id = fields.Many2one(
        'res.company', "Advertising Company", readonly=True, index='btree_not_null',
        help="The company that advertises, whose consents count when a job sends.")

    def _send(self, *args, **kwargs):
        """Ask once more: a consent may have been withdrawn since the mail was queued."""
        self._dsgvo_cancel_refused()
        return super()._send(*args, **kwargs)  # skips what is not outgoing any more

    def _dsgvo_cancel_refused(self):
        """Cancel the queued serial messages whose addressee does not consent (any more).

        A mail whose record, or model, is gone is cancelled too: nobody can say any more whom it
        would reach.
        """
        # sudo: mail.mail - queued mails belong to the system, and the sender may be a cron
        serial = self.sudo().filtered(
            lambda mail: mail.state == 'outgoing'
            and (mail.dsgvo_marketing or (mail.mailing_id and mail.mailing_trace_ids)))
        refused = serial.browse()
        for (model, company), mails in serial.grouped(
                lambda mail: (mail.model, mail.dsgvo_company_id)).items():
            allowed = set()
            if model in self.env:
                records = self.env[model].with_company(company).browse(mails.mapped('res_id'))
                allowed.update(records._dsgvo_filter_marketing('mail').ids)
            refused |= mails.filtered(lambda mail, allowed=allowed: mail.res_id not in allowed)
        if refused:
            refused.cancel()
            refused.notification_ids.write({'notification_status': 'canceled'})
            refused.mailing_trace_ids.write(
                {'trace_status': 'cancel', 'failure_type': 'mail_optout'})

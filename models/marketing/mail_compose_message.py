from odoo import api, fields, models


class MailComposeMessage(models.TransientModel):
    _inherit = 'mail.compose.message'

    dsgvo_left_out = fields.Integer(
        "Left Out", compute='_compute_dsgvo_left_out',
        help="Selected recipients who get nothing because they did not consent to marketing.")

    @api.depends('composition_mode', 'model', 'res_ids', 'res_domain', 'subtype_is_log',
                 'mass_mailing_name')
    def _compute_dsgvo_left_out(self):
        for composer in self:
            res_ids = composer._dsgvo_selected_ids()
            composer.dsgvo_left_out = len(res_ids) - len(composer._dsgvo_leave_out(res_ids))

    def _dsgvo_selected_ids(self):
        if not self.model:
            return []
        if self.res_domain:
            return self.env[self.model].search(self._evaluate_res_domain()).ids
        return self._evaluate_res_ids() or []

    def _dsgvo_is_advertising(self, res_ids):
        """Return whether this is a serial message, which needs the consent to marketing.

        Every mailing is, and every message to several people; see `_dsgvo_writes_to_people`. An
        internal note is not.
        """
        self.ensure_one()
        if self.composition_mode == 'mass_mail':
            if self.mass_mailing_id or self.mass_mailing_name:
                return True
        elif self.subtype_is_log:
            return False
        return len(res_ids) > 1 and self.env[self.model]._dsgvo_writes_to_people()

    def _dsgvo_leave_out(self, res_ids):
        """Return the ids without those who may not get this message."""
        if not self.model or not self._dsgvo_is_advertising(res_ids):
            return res_ids
        records = self.env[self.model].with_company(self._dsgvo_company()).browse(res_ids)
        return records._dsgvo_filter_marketing('mail').ids

    def _dsgvo_company(self):
        """Return the company whose consents count: that of the mailing, or of whoever writes."""
        return self.mass_mailing_id.dsgvo_company_id or self.env.company

    def _action_send_mail_mass_mail(self, res_ids, auto_commit=False):
        """Make neither mail nor trace for those who did not consent, and mark the mails made."""
        if self._dsgvo_is_advertising(res_ids):
            res_ids = self._dsgvo_leave_out(res_ids)
            self = self.with_context(dsgvo_marketing=self._dsgvo_company().id)
        return super()._action_send_mail_mass_mail(res_ids, auto_commit=auto_commit)

    def _prepare_mail_values(self, res_ids):
        values_all = super()._prepare_mail_values(res_ids)
        if company_id := self.env.context.get('dsgvo_marketing'):
            for values in values_all.values():
                values.update(dsgvo_marketing=True, dsgvo_company_id=company_id)
        return values_all

    def _action_send_mail_comment(self, res_ids):
        return super()._action_send_mail_comment(self._dsgvo_leave_out(res_ids))

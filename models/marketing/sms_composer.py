from odoo import api, fields, models


class SmsComposer(models.TransientModel):
    _inherit = 'sms.composer'

    dsgvo_left_out = fields.Integer(
        "Left Out", compute='_compute_dsgvo_left_out',
        help="Selected recipients who get nothing because they did not consent to marketing.")

    @api.depends('composition_mode', 'res_model', 'res_id', 'res_ids')
    def _compute_dsgvo_left_out(self):
        for composer in self:
            records = composer._get_records()
            composer.dsgvo_left_out = (
                len(records) - len(composer._dsgvo_leave_out(records)) if records else 0)

    def _dsgvo_is_advertising(self, records):
        """Return whether this is a serial message, which needs the consent to marketing.

        Every mailing is, and every message to several people; see `_dsgvo_writes_to_people`.
        """
        self.ensure_one()
        return bool(self.mailing_id) or (len(records) > 1 and records._dsgvo_writes_to_people())

    def _dsgvo_leave_out(self, records):
        """Return the records without those who may not get this message."""
        if not self._dsgvo_is_advertising(records):
            return records
        return records.with_company(self._dsgvo_company())._dsgvo_filter_marketing('sms')

    def _dsgvo_company(self):
        """Return the company whose consents count: that of the mailing, or of whoever writes."""
        return self.mailing_id.dsgvo_company_id or self.env.company

    def _action_send_sms_mass(self, records=None):
        """Make neither SMS nor trace for those who did not consent, and mark the SMS made."""
        records = records if records is not None else self._get_records()
        if self._dsgvo_is_advertising(records):
            records = self._dsgvo_leave_out(records)
            self = self.with_context(dsgvo_marketing=self._dsgvo_company().id)
        return super()._action_send_sms_mass(records)

    def _prepare_mass_sms_values(self, records):
        values_all = super()._prepare_mass_sms_values(records)
        if company_id := self.env.context.get('dsgvo_marketing'):
            for values in values_all.values():
                values.update(dsgvo_marketing=True, dsgvo_company_id=company_id)
        return values_all

    def _action_send_sms_comment(self, records=None):
        records = records if records is not None else self._get_records()
        return super()._action_send_sms_comment(self._dsgvo_leave_out(records))

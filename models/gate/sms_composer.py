from odoo import api, fields, models

from .dsgvo_message_rule import UNLISTED
from .origin import origin_of, with_origin


class SmsComposer(models.TransientModel):
    _inherit = 'sms.composer'

    dsgvo_left_out = fields.Integer(
        "Left Out", compute='_compute_dsgvo_left_out',
        help="Selected recipients who get nothing because they did not consent to marketing.")

    @api.depends('composition_mode', 'res_model', 'res_id', 'res_ids', 'template_id')
    def _compute_dsgvo_left_out(self):
        for composer in self:
            records = composer._get_records()
            composer.dsgvo_left_out = (
                len(records) - len(composer._dsgvo_leave_out(records)) if records else 0)

    def _dsgvo_get_serial_kind(self, records):
        """Return the kind of this message if it is a serial one, else ''.

        Every mailing is advertising; else see `_get_serial_kind`.
        """
        self.ensure_one()
        if self.mailing_id:
            return 'advertising'
        return self.env['dsgvo.message.rule']._get_serial_kind(
            records._name, records.ids, self.template_id)

    def _dsgvo_leave_out(self, records):
        """Return the records without those who may not get this message."""
        if self._dsgvo_get_serial_kind(records) != 'advertising':
            return records
        return records.with_company(self._dsgvo_company())._dsgvo_may_get_serial('sms')

    def _dsgvo_company(self):
        """Return the company whose consents count: that of the mailing, or of whoever writes."""
        return self.mailing_id.dsgvo_company_id or self.env.company

    def _action_send_sms(self):
        """What the form sends is by hand."""
        told = with_origin(self, by_hand=True) if origin_of(self.env).by_hand is None else self
        return super(SmsComposer, told)._action_send_sms()

    def _action_send_sms_numbers(self):
        """Several numbers are no letter: whom the shop knows must have consented."""
        several = len((self.sanitized_numbers or '').split(',')) > 1
        told = with_origin(self, kind=UNLISTED) if several else self
        return super(SmsComposer, told)._action_send_sms_numbers()

    def _action_send_sms_mass(self, records=None):
        """Make neither SMS nor trace for those who did not consent."""
        records = records if records is not None else self._get_records()
        return super(SmsComposer, self._dsgvo_telling_kind(records))._action_send_sms_mass(
            self._dsgvo_leave_out(records))

    def _action_send_sms_comment(self, records=None):
        records = records if records is not None else self._get_records()
        return super(SmsComposer, self._dsgvo_telling_kind(records))._action_send_sms_comment(
            self._dsgvo_leave_out(records))

    def _dsgvo_telling_kind(self, records):
        """Return the composer with a context that says what is known of its messages."""
        if kind := self._dsgvo_get_serial_kind(records):
            return with_origin(self, kind=kind, company_id=self._dsgvo_company().id)
        template = self.template_id
        sender = template and self.env['dsgvo.message.rule']._get_sender(
            template._name, template.id)
        return with_origin(self, sender=sender or '', model=records._name)

    def _filter_out_and_handle_revoked_sms_values(self, sms_values_all):
        """Log no message on the document of who gets none.

        The SMS itself may be made without its document, of which its kind depends.
        """
        permitted = self.env['sms.sms']._dsgvo_prepare([
            values | {'model': self.res_model, 'res_id': res_id}
            for res_id, values in sms_values_all.items()])
        return super()._filter_out_and_handle_revoked_sms_values({
            res_id: values | {'dsgvo_kind': may['dsgvo_kind'],
                              'dsgvo_company_id': may['dsgvo_company_id']}
            for (res_id, values), may in zip(sms_values_all.items(), permitted, strict=True)
            if may is not None})

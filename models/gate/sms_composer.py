from odoo import models

from .dsgvo_message_rule import UNLISTED
from .origin import origin_of, with_origin


class SmsComposer(models.TransientModel):
    _name = 'sms.composer'
    _inherit = ['sms.composer', 'dsgvo.composer.mixin']
    _dsgvo_channel = 'sms'
    _dsgvo_mailing = 'mailing_id'
    _dsgvo_model = 'res_model'
    _dsgvo_chosen_by = ('composition_mode', 'res_model', 'res_id', 'res_ids', 'template_id')

    def _dsgvo_selected_ids(self):
        records = self._get_records()
        return records.ids if records else []

    def _dsgvo_get_serial_kind(self, res_ids):
        self.ensure_one()
        if self.mailing_id:
            return 'advertising'
        return self.env['dsgvo.message.rule']._get_serial_kind(
            self.res_model, res_ids, self.template_id)

    def _action_send_sms(self):
        """An SMS of the form is by hand."""
        told = with_origin(self, by_hand=True) if origin_of(self.env).by_hand is None else self
        return super(SmsComposer, told)._action_send_sms()

    def _action_send_sms_numbers(self):
        """Several numbers are no letter: the contacts among them must have consented."""
        several = len((self.sanitized_numbers or '').split(',')) > 1
        told = with_origin(self, kind=UNLISTED) if several else self
        return super(SmsComposer, told)._action_send_sms_numbers()

    def _action_send_sms_mass(self, records=None):
        """Make neither SMS nor trace for those who did not consent."""
        told, permitted = self._dsgvo_tell_and_leave_out(records)
        return super(SmsComposer, told)._action_send_sms_mass(permitted)

    def _action_send_sms_comment(self, records=None):
        told, permitted = self._dsgvo_tell_and_leave_out(records)
        return super(SmsComposer, told)._action_send_sms_comment(permitted)

    def _dsgvo_tell_and_leave_out(self, records):
        """Return the composer with its `Origin`, and the records that may get the SMS."""
        records = self._get_records() if records is None else records
        permitted = records.browse(self._dsgvo_leave_out(records.ids))
        return self._dsgvo_telling_kind(records.ids), permitted.with_company(self._dsgvo_company())

    def _filter_out_and_handle_revoked_sms_values(self, sms_values_all):
        """Log no message on the document of a customer who gets none.

        The SMS itself may be made without its document, on which its kind depends.
        """
        permitted = self.env['sms.sms']._dsgvo_prepare([
            values | {'model': self.res_model, 'res_id': res_id}
            for res_id, values in sms_values_all.items()])
        return super()._filter_out_and_handle_revoked_sms_values({
            res_id: values | {'dsgvo_kind': may['dsgvo_kind'],
                              'dsgvo_company_id': may['dsgvo_company_id']}
            for (res_id, values), may in zip(sms_values_all.items(), permitted, strict=True)
            if may is not None})

from odoo import models

from .origin import origin_of, with_origin


class MailComposeMessage(models.TransientModel):
    _name = 'mail.compose.message'
    _inherit = ['mail.compose.message', 'dsgvo.composer.mixin']
    _dsgvo_channel = 'mail'
    _dsgvo_mailing = 'mass_mailing_id'
    _dsgvo_model = 'model'
    _dsgvo_chosen_by = (
        'composition_mode', 'model', 'res_ids', 'res_domain', 'subtype_is_log',
        'mass_mailing_name', 'template_id')

    def _dsgvo_selected_ids(self):
        if not self.model:
            return []
        if self.res_domain:
            return self.env[self.model].search(self._evaluate_res_domain()).ids
        return self._evaluate_res_ids() or []

    def _dsgvo_get_serial_kind(self, res_ids):
        """An internal note is no serial message."""
        self.ensure_one()
        if not self.model:
            return ''
        if self.composition_mode == 'mass_mail':
            if self.mass_mailing_id or self.mass_mailing_name:
                return 'advertising'
        elif self.subtype_is_log:
            return ''
        return self.env['dsgvo.message.rule']._get_serial_kind(
            self.model, res_ids, self.template_id, self.message_type)

    def _dsgvo_telling_sender(self):
        """Name the template, unless whoever sends has named one."""
        sender = not origin_of(self.env).sender and self._dsgvo_sender()
        return with_origin(self, sender=sender) if sender else self

    def _action_send_mail(self, auto_commit=False):
        """A message of the form is by hand: `comment`, unless the caller says something else."""
        written = origin_of(self.env).by_hand is None and all(
            composer.message_type == 'comment' for composer in self)
        told = with_origin(self, by_hand=True) if written else self
        return super(MailComposeMessage, told)._action_send_mail(auto_commit=auto_commit)

    def _action_send_mail_mass_mail(self, res_ids, auto_commit=False):
        """Make neither mail nor trace for those who did not consent."""
        told = self._dsgvo_telling_kind(res_ids)
        return super(MailComposeMessage, told)._action_send_mail_mass_mail(
            self._dsgvo_leave_out(res_ids), auto_commit=auto_commit)

    def _action_send_mail_comment(self, res_ids):
        told = self._dsgvo_telling_kind(res_ids)
        return super(MailComposeMessage, told)._action_send_mail_comment(
            self._dsgvo_leave_out(res_ids))

    def _action_schedule_message(self):
        """A message for later is the one that would be sent now."""
        return self.env['mail.scheduled.message'].union(*(
            super(MailComposeMessage, composer._dsgvo_telling_sender())._action_schedule_message()
            for composer in self))

    def _generate_mail_notification_values(self, mails):
        """Note no recipient of a mail that was not made."""
        return super()._generate_mail_notification_values(mails.filtered('id'))

from odoo import api, fields, models

from .origin import origin_of, with_origin


class MailComposeMessage(models.TransientModel):
    _inherit = 'mail.compose.message'

    dsgvo_left_out = fields.Integer(
        "Left Out", compute='_compute_dsgvo_left_out',
        help="Selected recipients who get nothing because they did not consent to marketing.")

    @api.depends('composition_mode', 'model', 'res_ids', 'res_domain', 'subtype_is_log',
                 'mass_mailing_name', 'template_id')
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

    def _dsgvo_get_serial_kind(self, res_ids):
        """Return the kind of this message if it is a serial one, else ''.

        Every mailing is advertising; an internal note is not; else see `_get_serial_kind`.
        """
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
        """Return the composer with a context that names its template, unless it names one."""
        template = self.template_id
        if not template or origin_of(self.env).sender:
            return self
        return with_origin(self, sender=self.env['dsgvo.message.rule']._get_sender(
            template._name, template.id))

    def _dsgvo_leave_out(self, res_ids):
        """Return the ids without those who may not get this message."""
        if self._dsgvo_get_serial_kind(res_ids) != 'advertising':
            return res_ids
        records = self.env[self.model].with_company(self._dsgvo_company()).browse(res_ids)
        return records._dsgvo_may_get_serial('mail').ids

    def _dsgvo_company(self):
        """Return the company whose consents count: that of the mailing, or of whoever writes."""
        return self.mass_mailing_id.dsgvo_company_id or self.env.company

    def _action_send_mail(self, auto_commit=False):
        """What the form sends is by hand: `comment`, unless the caller says something else."""
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
        """What is sent later is what would be sent now."""
        return self.env['mail.scheduled.message'].union(*(
            super(MailComposeMessage, composer._dsgvo_telling_sender())._action_schedule_message()
            for composer in self))

    def _dsgvo_telling_kind(self, res_ids):
        """Return the composer with a context that says what is known of its messages."""
        if kind := self._dsgvo_get_serial_kind(res_ids):
            return with_origin(self, kind=kind, company_id=self._dsgvo_company().id)
        return self._dsgvo_telling_sender()

    def _generate_mail_notification_values(self, mails):
        """Note no recipient of a mail that was not made."""
        return super()._generate_mail_notification_values(mails.filtered('id'))

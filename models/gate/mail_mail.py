from odoo import api, models
from odoo.fields import Command
from odoo.tools.mail import email_normalize_all, email_split_and_format_normalize

from .mail_notification import CANCELLED


class MailMail(models.Model):
    """Every e-mail passes here twice: when it is made, and when it leaves."""
    _name = 'mail.mail'
    _inherit = ['mail.mail', 'dsgvo.message.mixin']
    _dsgvo_channel = 'mail'

    @api.model_create_multi
    def create(self, vals_list):
        """Make no mail for recipients who did not consent to it.

        Callers rely on one record for each dict, in their order. A new record that is never stored
        stands for each mail that is left out. It has no id, so `send` passes it by. A caller that
        notes whether it was sent reads that it was cancelled.
        """
        prepared = self._dsgvo_prepare(vals_list)
        mails = super().create([vals for vals in prepared if vals is not None])
        if len(mails) == len(prepared):
            return mails
        made = iter(mails)
        return self.concat(*(
            self.new({'state': 'cancel', 'failure_type': 'mail_optout'}) if vals is None
            else next(made) for vals in prepared))

    def send(self, *args, **kwargs):
        return super(MailMail, self.filtered('id')).send(*args, **kwargs)

    def _send(self, *args, **kwargs):
        """Ask once more: a consent may have been withdrawn since the mail was queued."""
        self._dsgvo_cancel_refused()
        return super()._send(*args, **kwargs)  # skips mails that are not outgoing any more

    # === RECIPIENTS === #

    @api.model
    def _dsgvo_addressed(self, vals):
        addresses = email_normalize_all(vals.get('email_to') or '')
        addresses += email_normalize_all(vals.get('email_cc') or '')
        return _linked_ids(vals.get('recipient_ids')), set(addresses)

    @api.model
    def _dsgvo_without(self, vals, refused_ids, refused):
        kept = _linked_ids(vals.get('recipient_ids')) - refused_ids
        return vals | {'recipient_ids': [Command.set(sorted(kept))]} | {
            fname: _without(vals[fname], refused)
            for fname in ('email_to', 'email_cc') if vals.get(fname)}

    def _dsgvo_values(self):
        return super()._dsgvo_values() | {
            'recipient_ids': self.recipient_ids.ids,
            'email_to': self.email_to,
            'email_cc': self.email_cc,
        }

    def _dsgvo_document(self):
        return self.model, self.res_id

    def _dsgvo_reduce(self, vals):
        self.write({fname: vals[fname] for fname in ('recipient_ids', 'email_to', 'email_cc')})
        self.notification_ids.filtered(
            lambda notification: notification.mail_mail_id == self and not self._dsgvo_goes_to(
                notification.res_partner_id.id, notification.mail_email_address)
        ).write(CANCELLED)

    def _dsgvo_goes_to(self, partner_id, email):
        """Return whether a recipient, named by contact or address, is one of this mail.

        A recipient named by neither counts as one, since nobody refused it.
        """
        if partner_id:
            return partner_id in self.recipient_ids.ids
        own = {*email_normalize_all(email or '')}
        return not own or not own.isdisjoint(
            email_normalize_all(f"{self.email_to or ''}, {self.email_cc or ''}"))

    def _dsgvo_cancel(self):
        self.cancel()
        self.notification_ids.filtered(
            lambda notification: notification.mail_mail_id in self
        ).write(CANCELLED)
        self.mailing_trace_ids.write({'trace_status': 'cancel', 'failure_type': 'mail_optout'})


def _linked_ids(commands):
    """Return the ids that the value of a many2many field, passed to `create`, links."""
    ids = set()
    for command in commands or ():
        if isinstance(command, int):
            ids.add(command)
        elif command[0] == Command.LINK:
            ids.add(command[1])
        elif command[0] == Command.SET:
            ids = set(command[2])
    return ids


def _without(text, refused):
    """Return a list of addresses without the refused ones."""
    return ', '.join(
        address for address in email_split_and_format_normalize(text)
        if not refused.intersection(email_normalize_all(address))) or False

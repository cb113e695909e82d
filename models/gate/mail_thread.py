from odoo import models

from .dsgvo_message_rule import NOT_SERIAL, PERSONAL, UNLISTED
from .mail_notification import CANCELLED
from .origin import origin_of, with_origin
from .recipients import Addressees, Recipients, get_party


class MailThread(models.AbstractModel):
    _inherit = 'mail.thread'

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Notify nobody without the consent that it needs: by e-mail, SMS or in the inbox."""
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        return self._dsgvo_permitted_recipients(recipients, message, msg_vals or {}, **kwargs)

    def _dsgvo_permitted_recipients(self, recipients, message, msg_vals, **kwargs):
        """Return those of the recipients who may get the message; tell its author of the others.

        :param kwargs: those of `_notify_get_recipients`
        """
        external = [recipient for recipient in recipients if recipient['share']]
        if not external:
            return recipients
        # sudo: mail.message - only its type, document and recipients are read, as core does
        kind, company, asked = self._dsgvo_whom_to_ask(external, message.sudo(), msg_vals)
        if not asked:
            return recipients
        # sudo: any model - only whether the customer of the document may be told
        silent = kind == 'contract' and bool(self.sudo()._dsgvo_silent())
        refused = self._dsgvo_refused(asked, Recipients(self.env, kind, company, silent))
        if refused and self._dsgvo_is_written(message, msg_vals):
            self._dsgvo_tell_author(message, [
                recipient for recipient in external if _get_key(recipient) in refused],
                self._is_notification_scheduled(kwargs.get('scheduled_date')))
        return [recipient for recipient in recipients if _get_key(recipient) not in refused]

    def _dsgvo_is_written(self, message, msg_vals):
        # sudo: mail.message - only of which type it is
        message_type = msg_vals.get('message_type') or message.sudo().message_type
        return self.env['dsgvo.message.rule']._is_written(message_type)

    def _dsgvo_tell_author(self, message, refused, is_for_later):
        """Show in the chatter which customers get no message, and say why while it is sent.

        Nothing is noted for a message for later yet: its recipients are looked up again.
        """
        if not is_for_later:
            # sudo: mail.message, mail.notification - notes of the message that is being sent
            message = message.sudo()
            message.env['mail.notification'].create([{
                'mail_message_id': message.id, 'author_id': message.author_id.id,
                'notification_type': 'email', 'is_read': True, 'res_partner_id': recipient['id'],
                'mail_email_address': not recipient['id'] and recipient['email_normalized'],
            } | CANCELLED for recipient in refused])
        self.env.user._dsgvo_tell_left_out(
            self.env['res.partner'].browse(
                [recipient['id'] for recipient in refused if recipient['id']]),
            [recipient['email_normalized'] for recipient in refused if not recipient['id']])

    def _dsgvo_whom_to_ask(self, external, message, msg_vals):
        """Return the kind of the message, its company, and the contacts whose consent it needs.

        A message of a person reaches everybody whom the person chose, unless it is a serial
        message. Then the document's own customers get it, and the others must have consented. The
        same holds for a duty: it is one only towards the customers of the document.
        """
        Rule = self.env['dsgvo.message.rule']
        is_written = self._dsgvo_is_written(message, msg_vals)
        if is_written and not self._dsgvo_is_serial(external):
            return PERSONAL, None, []
        kind, company = next(iter(Rule._classify(
            self._name if self else message.model, self.ids or [False]).values()))
        if is_written or kind == 'duty':
            asked = self._dsgvo_strangers(external)
            origin = origin_of(self.env)
            if not is_written and (origin.sender or origin.kind):
                named = set(msg_vals.get('partner_ids') or message.partner_ids.ids)
                asked = [recipient for recipient in asked
                         if recipient['id'] and recipient['id'] not in named]
            return UNLISTED, company, asked
        if kind == UNLISTED and not Rule._has_customers(self._name):
            external = self._dsgvo_strangers(external)
        return kind, company, external

    def _dsgvo_is_serial(self, external):
        """Return whether a message of a person is no letter, but goes to several customers.

        A quotation or an invoice is a letter, however many copies of it somebody sends.
        """
        if len(external) < 2:
            return False
        if self.env['dsgvo.message.rule']._get_template_kind(
                origin_of(self.env).sender) in NOT_SERIAL:
            return False
        strangers = self._dsgvo_strangers(external)
        partners = self.env['res.partner'].browse(
            [recipient['id'] for recipient in strangers if recipient['id']])
        # sudo: res.partner - only counted
        return len(set(map(get_party, partners.sudo()))) + sum(
            not recipient['id'] for recipient in strangers) > 1

    def _dsgvo_strangers(self, external):
        """Return those who are no customers of the document, nor colleagues of one."""
        # sudo: any model - only compared
        document = self.sudo()
        partners = document.env['res.partner'].browse(
            [recipient['id'] for recipient in external if recipient['id']])
        own = document._dsgvo_addressees()[self.id] if self else Addressees()
        strange_ids, strange = own.without(
            partners, {recipient['email_normalized'] for recipient in external})
        return [recipient for recipient in external
                if (not recipient['id'] or recipient['id'] in strange_ids)
                and recipient['email_normalized'] in strange]

    def _dsgvo_refused(self, external, recipients):
        """Return the ids, or addresses, of those who must not get the message."""
        partners = self.env['res.partner'].browse(
            [recipient['id'] for recipient in external if recipient['id']])
        addresses = {recipient['email_normalized'] for recipient in external
                     if not recipient['id'] and recipient['email_normalized']}
        return {*recipients.refused_partners(partners).ids,
                *recipients.refused_addresses('mail', addresses)}

    def _message_sms_schedule_mass(self, *args, **kwargs):
        """Only Odoo itself sends SMS this way."""
        return super(MailThread, with_origin(self, by_hand=False))._message_sms_schedule_mass(
            *args, **kwargs)

    def _message_sms_with_template(self, template=False, template_xmlid=False, **kwargs):
        """Only Odoo itself sends an SMS this way."""
        source = template or (
            template_xmlid and self.env.ref(template_xmlid, raise_if_not_found=False))
        sender = source and self.env['dsgvo.message.rule']._get_sender(source._name, source.id)
        self = with_origin(self, sender=sender or '', by_hand=False)
        return super()._message_sms_with_template(
            template=template, template_xmlid=template_xmlid, **kwargs)


def _get_key(recipient):
    """Return what names a recipient: the id of the contact, or the address without one."""
    return recipient['id'] or recipient['email_normalized']

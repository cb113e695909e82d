from odoo import models
from odoo.tools.mail import email_normalize_all

from ..consent.res_partner_subject import ADDRESS_TYPES
from .dsgvo_message_rule import NOT_SERIAL, PERSONAL, UNLISTED
from .origin import origin_of, with_origin
from .recipients import Recipients


class MailThread(models.AbstractModel):
    _inherit = 'mail.thread'

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Notify nobody without the consent that it needs: by e-mail, SMS or in the inbox."""
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        return self._dsgvo_permitted_recipients(recipients, message, msg_vals or {})

    def _dsgvo_permitted_recipients(self, recipients, message, msg_vals):
        """Return those of the recipients who may get the message."""
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
        return [recipient for recipient in recipients
                if (recipient['id'] or recipient['email_normalized']) not in refused]

    def _dsgvo_whom_to_ask(self, external, message, msg_vals):
        """Return the kind of the message, its company, and those whose consent it needs.

        What a person writes reaches whom the person chose, unless it is a serial message: then its
        document's own customers get it and the others are asked. So are others than those towards
        whom a duty is one.
        """
        Rule = self.env['dsgvo.message.rule']
        is_written = Rule._is_written(msg_vals.get('message_type') or message.message_type)
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
        return kind, company, external

    def _dsgvo_is_serial(self, external):
        """Return whether what a person writes is no letter, but goes to several customers.

        A quotation or an invoice is none, however many copies of it somebody sends.
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
        return len(set(map(_party, partners.sudo()))) + sum(
            not recipient['id'] for recipient in strangers) > 1

    def _dsgvo_strangers(self, external):
        """Return those who are no customers of the document, nor colleagues of one."""
        # sudo: any model - only compared
        document = self.sudo()
        partners = document.env['res.partner'].browse(
            [recipient['id'] for recipient in external if recipient['id']])
        own, emails = set(), set()
        if self:
            own.update(map(_party, document._mail_get_partners()[self.id]))
            emails.update(email_normalize_all(document._mail_get_primary_email()[self.id] or ''))
        theirs = {partner.id for partner in partners if _party(partner) in own}
        return [recipient for recipient in external
                if recipient['id'] not in theirs and recipient['email_normalized'] not in emails]

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


def _party(partner):
    """Return for whom a contact acts: its company, but nobody else for a person of an account."""
    person = partner.dsgvo_subject_id
    is_of_account = person.parent_id and person.type in ADDRESS_TYPES and not person.is_company
    return person if is_of_account else partner.commercial_partner_id

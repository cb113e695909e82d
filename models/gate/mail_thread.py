from odoo import models

from .dsgvo_message_rule import FREE, PERSONAL
from .origin import with_origin
from .recipients import Recipients


class MailThread(models.AbstractModel):
    _inherit = 'mail.thread'

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Notify nobody who did not consent to what the message is: no e-mail, SMS or inbox entry.

        Written by a person, it reaches everybody whom the person chose. Only a message that does
        not belong to a document and goes to several customers is a serial message; whom the record
        is about gets it all the same.
        """
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        external = [recipient for recipient in recipients if recipient['share']]
        if not external:
            return recipients
        Rule = self.env['dsgvo.message.rule']
        # sudo: mail.message - only its type and document are read, as core does
        message_type = (msg_vals or {}).get('message_type') or message.sudo().message_type
        model = self._name if self else message.sudo().model
        kind, company = next(iter(Rule._classify(model, self.ids or [False]).values()))
        addressed = self.env['res.partner']
        if Rule._is_written(message_type):
            kind = PERSONAL
            addressed = self._mail_get_partners()[self.id] if self else addressed
            if self._dsgvo_is_serial(model, external):
                kind = 'advertising'
        if kind in FREE:
            return recipients
        # sudo: any model - only whether the customer of the document may be told
        silent = kind == 'contract' and bool(self.sudo()._dsgvo_silent())
        refused = self._dsgvo_refused(external, Recipients(self.env, kind, company, silent))
        return [recipient for recipient in recipients
                if not recipient['share'] or recipient['id'] in addressed.ids
                or (recipient['id'] or recipient['email_normalized']) not in refused]

    def _dsgvo_is_serial(self, model, external):
        """Return whether what a person writes is no letter, but goes to several customers."""
        if model in self.env and not self.env[model]._dsgvo_writes_to_people():
            return False
        partners = self.env['res.partner'].browse(
            [recipient['id'] for recipient in external if recipient['id']])
        strangers = [recipient for recipient in external if not recipient['id']]
        # sudo: res.partner - only counted
        return len(partners.sudo().commercial_partner_id) + len(strangers) > 1

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

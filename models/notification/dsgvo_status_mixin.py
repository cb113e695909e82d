from odoo import models

# What Odoo posts of its own accord. A person posts `comment` and sends documents with it.
AUTOMATIC = ('notification', 'auto_comment')


class DsgvoStatusMixin(models.AbstractModel):
    """A document whose automatic messages to the customer need the customer's consent.

    Only what Odoo sends by itself is held back. A quotation, receipt or answer that a person sends
    on purpose is none of these messages and leaves. Inherit it in front of the document.
    """
    _name = 'dsgvo.status.mixin'
    _description = "Document with Automatic Messages"

    def _dsgvo_is_silent(self):
        """Return whether the customer of this document must not be told its state."""
        raise NotImplementedError

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        # sudo: mail.message - only its type is read, as core does
        message_type = (msg_vals or {}).get('message_type') or message.sudo().message_type
        shared = {recipient['id'] for recipient in recipients if recipient['share']}
        if not self or not shared or message_type not in AUTOMATIC:
            return recipients
        permitted = set()
        if not self._dsgvo_is_silent():
            customers = self.env['res.partner'].with_company(self.company_id).browse(
                shared - {False})
            permitted = {*customers._dsgvo_allows('notification').ids, False}
        return [
            recipient for recipient in recipients
            if not recipient['share'] or recipient['id'] in permitted]

    def _message_sms_with_template(self, *args, **kwargs):
        if self._dsgvo_is_silent():
            return self.env['mail.message']
        return super()._message_sms_with_template(*args, **kwargs)

    def _message_get_suggested_recipients(self, *args, additional_partners=None, **kwargs):
        """Let the chatter not preselect a customer who is not to be told; the clerk still may."""
        suggested = super()._message_get_suggested_recipients(
            *args, additional_partners=additional_partners, **kwargs)
        if not self._dsgvo_is_silent():
            return suggested
        chosen = (additional_partners or self.env['res.partner']).ids
        partners = self.env['res.partner'].browse(
            [recipient['partner_id'] for recipient in suggested if recipient['partner_id']])
        kept = partners.filtered(lambda p: p.id in chosen or not p.partner_share).ids
        return [recipient for recipient in suggested if recipient['partner_id'] in kept]

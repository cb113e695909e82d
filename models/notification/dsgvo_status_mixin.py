from odoo import models


class DsgvoStatusMixin(models.AbstractModel):
    """A document that can be silent: then Odoo sends nothing about it outside the shop by itself.

    A quotation, receipt or answer that a person sends on purpose leaves, and so does a message that
    the law demands; see `dsgvo.message.rule`. Inherit it in front of the document.
    """
    _name = 'dsgvo.status.mixin'
    _description = "Document with Automatic Messages"

    def _dsgvo_is_silent(self):
        """Return whether the customer of this document must not be told its state."""
        raise NotImplementedError

    def _dsgvo_silent(self):
        return self.filtered(lambda document: document._dsgvo_is_silent())

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

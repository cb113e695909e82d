from odoo import models

from .dsgvo_message_rule import UNLISTED
from .recipients import Recipients


class PortalShare(models.TransientModel):
    _inherit = 'portal.share'

    def action_send_mail(self):
        """Share a document with several customers who are not its own only if they consented."""
        if refused := self._dsgvo_find_refused():
            self.partner_ids -= refused
            self.env.user._dsgvo_tell_left_out(refused)
        return super().action_send_mail()

    def _dsgvo_find_refused(self):
        # sudo: any model - only compared with those with whom it is shared
        share = self.sudo()
        document = share.resource_ref
        company = document._mail_get_companies(default=self.env.company)[document.id]
        recipients = Recipients(self.env, UNLISTED, company)
        strange_ids, _addresses = document._dsgvo_addressees()[document.id].without(
            share.partner_ids, ())
        strangers = self.env['res.partner'].browse(strange_ids)
        if not recipients.are_several(strangers):
            return strangers.browse()
        return strangers.browse(recipients.refused_partners(strangers).ids)

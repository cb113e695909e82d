from odoo import models


class BasePartnerMerge(models.TransientModel):
    """A merge keeps the note that a contact came back."""
    _inherit = 'base.partner.merge.automatic.wizard'

    def _dsgvo_before_merge(self, partners, dst_partner):
        # sudo: dsgvo.consent.event, res.partner - a note of ours on the contact that remains
        own, remaining = partners.sudo(), dst_partner.sudo()
        noted = own.filtered('dsgvo_suppressed_since').sorted('dsgvo_suppressed_since')
        if noted and not own.consent_event_ids:
            remaining.write({
                'dsgvo_suppressed_since': noted[-1].dsgvo_suppressed_since,
                'dsgvo_suppressed_reason': noted[-1].dsgvo_suppressed_reason})
        return super()._dsgvo_before_merge(partners, dst_partner)

from odoo import models
from odoo.exceptions import UserError

from .res_partner import CONSENT_FIELDS


class BasePartnerMerge(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Leave archived contacts alone: they cannot consent, and who was erased is among them."""
        partners = self.env['res.partner'].browse(partner_ids).exists()
        if archived := partners.filtered(lambda partner: not partner.active):
            raise UserError(self.env._(
                "Archived contacts cannot be merged: %(names)s. Restore them first, or take them"
                " out of the selection.", names=", ".join(archived.mapped('display_name'))))
        return super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep both histories whole; where the contacts differ, the refusal stays in force."""
        contacts = src_partners | dst_partner
        disputed = [
            purpose for field, purpose in CONSENT_FIELDS.items()
            if {'granted', 'refused'} <= set(contacts.mapped(field))]
        result = super()._update_foreign_keys(src_partners, dst_partner)
        for field in CONSENT_FIELDS:
            self.env.add_to_compute(dst_partner._fields[field], dst_partner)
        # Also where the refusal is the newest decision: the merge itself is part of the history.
        # sudo: dsgvo.consent.event - only Odoo itself records what follows from a merge
        self.env['dsgvo.consent.event'].sudo().create([
            {'partner_id': dst_partner.id, 'purpose': purpose, 'decision': 'refused',
             'means': 'merge'}
            for purpose in disputed])
        return result

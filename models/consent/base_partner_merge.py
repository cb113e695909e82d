from odoo import models

from .res_partner import CONSENT_FIELDS


class BasePartnerMerge(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep both histories whole; where the contacts differ, the refusal stays in force."""
        refused = [
            purpose for field, purpose in CONSENT_FIELDS.items()
            if 'refused' in (src_partners | dst_partner).mapped(field)]
        result = super()._update_foreign_keys(src_partners, dst_partner)
        for field in CONSENT_FIELDS:
            self.env.add_to_compute(dst_partner._fields[field], dst_partner)
        # The newest decision of both decides now, which may be a grant after the other's refusal.
        self.env['dsgvo.consent.event'].create([
            {'partner_id': dst_partner.id, 'purpose': purpose, 'decision': 'refused',
             'means': 'merge'}
            for field, purpose in CONSENT_FIELDS.items()
            if purpose in refused and dst_partner[field] == 'granted'])
        return result

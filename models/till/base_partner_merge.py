from odoo import models


class BasePartnerMerge(models.TransientModel):
    """Whom an offline till still sells to is found again."""
    _inherit = 'base.partner.merge.automatic.wizard'

    def _dsgvo_before_merge(self, partners, dst_partner):
        # sudo: dsgvo.merged.contact - a note of ours, whoever merges
        self.env['dsgvo.merged.contact'].sudo().create([
            {'merged_id': partner.id, 'partner_id': dst_partner.id}
            for partner in partners - dst_partner])
        return super()._dsgvo_before_merge(partners, dst_partner)

from odoo import models
from odoo.fields import Command


class BasePartnerMerge(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    def _dsgvo_after_merge(self, dst_partner):
        """Keep the interests, which Odoo has put together, only if some company may have them."""
        # sudo: res.partner - addresses and interests that are hidden from whoever merges
        subject = dst_partner.sudo()._dsgvo_subject().with_context(active_test=False)
        if not any(subject.with_company(company)._dsgvo_allows('marketing')
                   for company in self.env['res.company']._dsgvo_one_of_each_controller()):
            subject.search([
                ('dsgvo_subject_id', '=', subject.id), ('interest_ids', '!=', False),
            ]).interest_ids = [Command.clear()]
        return super()._dsgvo_after_merge(dst_partner)

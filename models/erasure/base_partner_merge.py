from odoo import models
from odoo.exceptions import UserError


class BasePartnerMerge(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        partners = self.env['res.partner'].browse(partner_ids)
        # sudo: dsgvo.erasure - whoever merges may not see erasures, but must not undo one
        Erasure = self.env['dsgvo.erasure'].sudo()
        if partners & Erasure._get_placeholders():
            raise UserError(self.env._(
                "The anonymous customer stands for everybody who was erased and cannot be merged"
                " with a contact. Merge the other contacts without it."))
        # One open erasure per person: the oldest goes on for whoever remains.
        open_erasures = Erasure.search(
            [('partner_id', 'in', partner_ids), ('state', 'in', ('due', 'blocked'))], order='id')
        open_erasures[1:].unlink()
        return super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)

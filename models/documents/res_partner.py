from odoo import models


class ResPartner(models.Model):
    """Documents that were made for a contact go with it, and their files."""
    _inherit = 'res.partner'

    def unlink(self):
        """Delete them as records: PostgreSQL would leave the files behind."""
        self.check_access('unlink')
        # sudo: dsgvo.document - nobody keeps the documents of somebody who is gone
        self.env['dsgvo.document'].sudo().search([('partner_id', 'in', self.ids)]).unlink()
        return super().unlink()

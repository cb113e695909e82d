from odoo import api, models


class PhoneBlacklist(models.Model):
    _inherit = 'phone.blacklist'

    @api.model_create_multi
    def create(self, vals_list):
        """Called for each blocking, also of a number that is blocked already."""
        entries = super().create(vals_list)
        entries._dsgvo_refuse_marketing()
        return entries

    def write(self, vals):
        res = super().write(vals)
        if vals.get('active') or vals.get('number'):
            self._dsgvo_refuse_marketing()
        return res

    def _dsgvo_refuse_marketing(self):
        """Take the blocking of a number for the refusal of advertising that it is."""
        self.env['res.partner']._dsgvo_refuse_marketing(
            numbers=self.filtered('active').mapped('number'))

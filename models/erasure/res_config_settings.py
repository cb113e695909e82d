from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    dsgvo_erase_after_sale = fields.Boolean(related='company_id.dsgvo_erase_after_sale')
    dsgvo_never_asked_count = fields.Integer(
        "Customers Never Asked", compute='_compute_dsgvo_never_asked_count')

    def _compute_dsgvo_never_asked_count(self):
        for settings in self:
            settings.dsgvo_never_asked_count = settings.company_id._dsgvo_count_never_asked()

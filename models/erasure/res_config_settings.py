from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    dsgvo_erase_after_sale = fields.Boolean(related='company_id.dsgvo_erase_after_sale')
    dsgvo_grace_checkout = fields.Integer(
        related='company_id.dsgvo_grace_checkout', readonly=False)
    dsgvo_grace_withdrawal = fields.Integer(
        related='company_id.dsgvo_grace_withdrawal', readonly=False)
    dsgvo_grace_request = fields.Integer(
        related='company_id.dsgvo_grace_request', readonly=False)
    dsgvo_grace_retention = fields.Integer(
        related='company_id.dsgvo_grace_retention', readonly=False)
    dsgvo_grace_expiry = fields.Integer(related='company_id.dsgvo_grace_expiry', readonly=False)
    dsgvo_never_asked_count = fields.Integer(
        "Customers Never Asked", compute='_compute_dsgvo_never_asked_count')

    def _compute_dsgvo_never_asked_count(self):
        for settings in self:
            settings.dsgvo_never_asked_count = settings.company_id._dsgvo_count_never_asked()

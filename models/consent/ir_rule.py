from odoo import api, models


class IrRule(models.Model):
    _inherit = 'ir.rule'

    @api.model
    def _eval_context(self):
        """Let rules name the companies that share consents with those of the user."""
        return super()._eval_context() | {
            'dsgvo_company_ids': self.env.companies._dsgvo_same_controller().ids}

from odoo import api, models


class DsgvoErasure(models.Model):
    """The tills have copies of customers in their browsers, and sales that can still change."""
    _inherit = 'dsgvo.erasure'

    @api.model
    def _tell_of_erased(self):
        result = super()._tell_of_erased()
        self.env['pos.session']._dsgvo_forget_customers()
        return result

    def _find_blockers(self):
        """Let customers noted by a sale wait for the end of the session, if the shop wants it."""
        reasons, errors = super()._find_blockers()
        waiting = self.filtered(
            lambda erasure: erasure.reason == 'checkout'
            and erasure.company_id.dsgvo_grace_until_closing)
        for company, noted in waiting.grouped('company_id').items():
            found, failed = self.env['dsgvo.erasure.blocker']._find_open_sales(
                noted.partner_id, company)
            errors |= failed
            for subject, texts in found.items():
                reasons[subject] = reasons.get(subject, []) + texts
        return reasons, errors

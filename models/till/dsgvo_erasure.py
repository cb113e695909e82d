from odoo import api, models


class DsgvoErasure(models.Model):
    """The tills have copies of customers in their browsers."""
    _inherit = 'dsgvo.erasure'

    @api.model
    def _tell_of_erased(self):
        result = super()._tell_of_erased()
        self.env['pos.session']._dsgvo_forget_customers()
        return result

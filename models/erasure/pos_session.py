from odoo import models


class PosSession(models.Model):
    _inherit = 'pos.session'

    def _validate_session(self, *args, **kwargs):
        """Look again at the customers who had to stay until their session was closed."""
        result = super()._validate_session(*args, **kwargs)
        self.env['dsgvo.erasure']._trigger_cron()
        return result

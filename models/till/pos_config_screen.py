from odoo import fields, models


class PosConfig(models.Model):
    """The privacy screen of a till that customers can look at."""
    _inherit = 'pos.config'

    dsgvo_privacy_screen = fields.Boolean(
        "Privacy Screen",
        help="Customers see the screen of this till: it loads no customers in advance, finds them"
             " from three typed characters on, and shows name and town only. A till that is open"
             " takes it over when it is left for the backend and opened again.")

    def _dsgvo_is_screened(self):
        """Return whether this till is screened, by itself, its user or its browser."""
        return self.dsgvo_privacy_screen or self.env['res.users']._dsgvo_is_screened()

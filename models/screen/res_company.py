from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    dsgvo_screen_seconds = fields.Selection(
        [
            ('5', "5 seconds"), ('10', "10 seconds"), ('30', "30 seconds"), ('60', "1 minute"),
            ('300', "5 minutes"), ('0', "Never"),
        ], "Cover Again After", default='30', required=True,
        help="When the privacy screen covers a customer again that somebody has shown.",
        prefetch='dsgvo')

    @api.model
    def _dsgvo_get_settings(self):
        return super()._dsgvo_get_settings() | {'dsgvo_screen_seconds'}

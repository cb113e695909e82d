from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    dsgvo_text = fields.Char(related='company_id.dsgvo_text', readonly=False)

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    dsgvo_text = fields.Char(
        "Consent Text", default="Kunde hat gem. DSGVO zugestimmt.",
        help="What the button DSGVO writes beside the date of the consent.")

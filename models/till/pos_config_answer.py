from odoo import fields, models


class PosConfig(models.Model):
    """How customers can answer at a till."""
    _inherit = 'pos.config'

    dsgvo_answer_on_phone = fields.Boolean(
        "Customers Answer on Their Own Phone",
        help="Show a QR code that opens the three questions on the customer's phone. Your Odoo must"
             " be reachable from outside the shop.")

from odoo import fields, models


class PosConfig(models.Model):
    """The text about the customer on the receipt of a till."""
    _inherit = 'pos.config'

    dsgvo_customer_on_receipt = fields.Boolean(
        "Customer on the Receipt", default=True,
        help="Print name and address of a customer who agreed to storage. A sale with an invoice "
             "always names the customer.")

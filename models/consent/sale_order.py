from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = 'sale.order'

    consent_state = fields.Selection(related='partner_id.consent_state', string="DSGVO")

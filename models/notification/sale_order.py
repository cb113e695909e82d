from odoo import api, models
from odoo.fields import Domain


class SaleOrder(models.Model):
    _name = 'sale.order'
    _inherit = ['dsgvo.order.mixin', 'sale.order']

    @api.model
    def _dsgvo_open_domain(self):
        """Quotations, and orders not yet both delivered and invoiced.

        An order sold at the till has no delivery status, because its delivery was cancelled.
        """
        return Domain('state', 'in', ('draft', 'sent')) | Domain('state', '=', 'sale') & (
            Domain('delivery_status', 'in', ('pending', 'started', 'partial'))
            | Domain('invoice_status', 'in', ('no', 'to invoice')))

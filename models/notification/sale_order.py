from odoo import api, models
from odoo.fields import Domain


class SaleOrder(models.Model):
    _name = 'sale.order'
    _inherit = ['dsgvo.order.mixin', 'sale.order']

    def write(self, vals):
        result = super().write(vals)
        if {'notification_type', 'partner_id', 'state'} & vals.keys():
            # sudo: dsgvo.notification - what waits follows the order, whoever changes the order
            self.env['dsgvo.notification'].sudo()._follow(self)
        return result

    @api.model
    def _dsgvo_open_domain(self):
        """Quotations, and orders not yet both delivered and invoiced.

        An order sold at the till has no delivery status, because its delivery was cancelled.
        """
        return Domain('state', 'in', ('draft', 'sent')) | Domain('state', '=', 'sale') & (
            Domain('delivery_status', 'in', ('pending', 'started', 'partial'))
            | Domain('invoice_status', 'in', ('no', 'to invoice')))

from odoo import api, fields, models


class SaleOrder(models.Model):
    _name = 'sale.order'
    _inherit = ['dsgvo.badge.mixin', 'sale.order']

    dsgvo_expired_notice = fields.Char(
        "Expired Consents", compute='_compute_dsgvo_expired_notice', compute_sudo=True)

    @api.depends('partner_id.dsgvo_expired_notice', 'company_id')
    def _compute_dsgvo_expired_notice(self):
        for order in self:
            customer = order.partner_id.with_company(order.company_id)
            order.dsgvo_expired_notice = customer.dsgvo_expired_notice

    def _dsgvo_find_over_after_request(self):
        """Return the orders about which nothing is told any more. Extend with `super() | …`."""
        return self.browse()

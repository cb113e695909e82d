from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = 'sale.order'

    consent_state = fields.Selection(
        selection='_get_consent_states', string="DSGVO", compute='_compute_consent_state',
        compute_sudo=True)
    dsgvo_expired_notice = fields.Char(
        "Expired Consents", compute='_compute_dsgvo_expired_notice', compute_sudo=True)

    @api.model
    def _get_consent_states(self):
        return self.env['res.partner']._fields['consent_state']._description_selection(self.env)

    @api.depends('partner_id.consent_state', 'company_id')
    def _compute_consent_state(self):
        """Show the consents given to the company of the order, not to that of the user."""
        for order in self:
            customer = order.partner_id.with_company(order.company_id)
            order.consent_state = customer.consent_state

    @api.depends('partner_id.dsgvo_expired_notice', 'company_id')
    def _compute_dsgvo_expired_notice(self):
        for order in self:
            customer = order.partner_id.with_company(order.company_id)
            order.dsgvo_expired_notice = customer.dsgvo_expired_notice

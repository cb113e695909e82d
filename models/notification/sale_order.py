from odoo import api, fields, models
from odoo.fields import Domain

from .res_partner import NO_MESSAGE


class SaleOrder(models.Model):
    _name = 'sale.order'
    _inherit = ['dsgvo.order.mixin', 'sale.order']

    dsgvo_silence_reason = fields.Char(
        "Why No Message", compute='_compute_dsgvo_silence_reason', compute_sudo=True)

    @api.depends('notification_type', 'partner_id.consent_notification', 'company_id')
    @api.depends_context('lang')
    def _compute_dsgvo_silence_reason(self):
        """Say why the order has the message type K."""
        for order in self:
            customer = order.partner_id.with_company(order.company_id)
            order.dsgvo_silence_reason = (
                bool(customer) and order.notification_type == NO_MESSAGE
                and customer._dsgvo_get_silence_reason())

    dsgvo_notification_count = fields.Integer(
        "Number of Messages", compute='_compute_dsgvo_notification_count',
        groups='dsgvo.group_user')

    def _compute_dsgvo_notification_count(self):
        counts = dict(self.env['dsgvo.notification']._read_group(
            [('sale_order_id', 'in', self.ids)], ['sale_order_id'], ['__count']))
        for order in self:
            order.dsgvo_notification_count = counts.get(order._origin, 0)

    def action_dsgvo_notifications(self):
        """Open the messages to the customer of this order, those that were sent included."""
        action = self.env['ir.actions.act_window']._for_xml_id('dsgvo.dsgvo_notification_action')
        return action | {'domain': [('sale_order_id', 'in', self.ids)], 'context': {}}

    def write(self, vals):
        result = super().write(vals)
        if {'notification_type', 'partner_id', 'state'} & vals.keys():
            # sudo: dsgvo.notification - what waits follows the order, whoever changes the order
            self.env['dsgvo.notification'].sudo()._follow(self)
        return result

    def _dsgvo_notifiable(self):
        """Another order that is open permits no message on one that is over."""
        permitted = super()._dsgvo_notifiable()
        return permitted - permitted._dsgvo_find_over_after_request()

    def _dsgvo_fetched(self):
        """Return the orders whose goods have all gone out, or whose rest is cancelled."""
        return self.filtered(lambda order: order.delivery_status == 'full' or all(
            line.qty_delivered >= line.product_uom_qty
            for line in order.order_line if line.product_id.type == 'consu'))

    @api.model
    def _dsgvo_open_domain(self):
        """Quotations, and orders not yet both delivered and invoiced.

        An order sold at the till has no delivery status, because its delivery was cancelled.
        """
        return Domain('state', 'in', ('draft', 'sent')) | Domain('state', '=', 'sale') & (
            Domain('delivery_status', 'in', ('pending', 'started', 'partial'))
            | Domain('invoice_status', 'in', ('no', 'to invoice')))

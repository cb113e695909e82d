from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PosOrder(models.Model):
    _inherit = 'pos.order'

    def write(self, vals):
        result = super().write(vals)
        # Every way to a paid order ends here: till, online payment, self order. A new order is
        # created as paid and written once more, so old and new state say nothing. Closing the
        # session makes it `done`, which is no sale.
        if vals.get('state') == 'paid':
            self.env['dsgvo.erasure']._enqueue_checkout(self)
        return result

    def action_send_receipt(self, email, ticket_image, basic_image):
        """Send the receipt also when its customer was erased meanwhile, and keep nothing of it.

        The address was typed for this receipt: it leaves the order again. If the e-mail fails, the
        address is in it until it was sent (`mail_mail.py`), and on the screen of the till.
        """
        # sudo: pos.order - a cashier may not delete messages and files
        order = self.sudo()
        # sudo: ir.attachment - the pictures of this receipt
        files = self.env['ir.attachment'].sudo().search(
            [('res_model', '=', self._name), ('res_id', '=', self.id)])
        messages, known = order.message_ids, order.email
        result = super().action_send_receipt(email, ticket_image, basic_image)
        order.email = known
        if order.partner_id and order.partner_id == order.company_id.dsgvo_anonymous_partner_id:
            self.env['dsgvo.job.failure']._run(
                'late_sale', order.with_company(order.company_id),
                lambda order: order._dsgvo_forget_receipt(messages, files))
        return result

    def _dsgvo_forget_receipt(self, messages, files):
        """Keep no address, message and file of a receipt but those that were there before."""
        self.email = False
        (self.message_ids - messages).unlink()
        (files.search([('res_model', '=', self._name), ('res_id', '=', self.id)]) - files).unlink()

    def _generate_pos_order_invoice(self):
        """Refuse a new invoice to somebody who was erased and is kept for old documents only."""
        for order in self:
            if order.partner_id and not order.account_move and (
                    not order.partner_id._dsgvo_filter_customers()):
                raise UserError(self.env._(
                    "The customer of %(order)s was erased and cannot get a new invoice. Choose"
                    " another customer, or create a new contact if the customer asks for it.",
                    order=order.name))
        return super()._generate_pos_order_invoice()

    @api.model
    def search_paid_order_ids(self, config_id, domain, limit, offset):
        """Find no sale by the name of somebody whom only documents keep."""
        if any(condition.field_expr.split('.')[0] == 'partner_id'
               for condition in Domain(domain).iter_conditions()):
            domain = Domain(domain) & Domain('partner_id.dsgvo_restricted', '!=', True)
        return super().search_paid_order_ids(config_id, domain, limit, offset)

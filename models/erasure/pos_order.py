from odoo import models


class PosOrder(models.Model):
    _inherit = 'pos.order'

    def write(self, vals):
        result = super().write(vals)
        # Every way to a paid order ends here: till, online payment, self order, invoice. A new
        # order is created as paid and written once more, so old and new state say nothing.
        if vals.get('state') in ('paid', 'done'):
            self.env['dsgvo.erasure']._enqueue_checkout(self)
        return result

    def action_send_receipt(self, email, ticket_image, basic_image):
        """Send the receipt also when its customer was erased meanwhile, and keep nothing of it."""
        result = super().action_send_receipt(email, ticket_image, basic_image)
        # sudo: pos.order - a cashier may not delete messages and files
        order = self.sudo()
        if order.partner_id and order.partner_id == order.company_id.dsgvo_anonymous_partner_id:
            order.email = False
            order.message_ids.unlink()
            # sudo: ir.attachment - the pictures of this receipt
            self.env['ir.attachment'].sudo().search(
                [('res_model', '=', self._name), ('res_id', '=', self.id)]).unlink()
        return result

from odoo import models


class PosOrder(models.Model):
    """Receipts by SMS, if `pos_sms` is installed.

    Odoo loads this addon after it (it needs more addons), so `super()` is the method of there.
    """
    _inherit = 'pos.order'

    def action_sent_message_on_sms(self, phone, _, basic_image=False):
        """Keep no number that was typed for a receipt, but of an SMS that failed, to try again."""
        # sudo: pos.order - a cashier may not change messages
        order = self.sudo()
        known = {sale: sale.mobile for sale in order}
        messages = order.message_ids
        result = super().action_sent_message_on_sms(phone, _, basic_image)
        for sale, mobile in known.items():
            sale.mobile = mobile
        sent = (order.message_ids - messages).notification_ids.filtered(
            lambda notification: notification.notification_status not in ('exception', 'bounce'))
        sent.sms_number = False
        return result

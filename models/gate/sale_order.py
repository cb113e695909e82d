from odoo import models

from .origin import with_origin

CONFIRMATION = 'sale.mail_template_sale_confirmation'


class SaleOrder(models.Model):
    _inherit = 'sale.order'

    def _send_order_notification_mail(self, mail_template, *args, **kwargs):
        """Send no message on the state of an order to a customer who wants none.

        The confirmation of an order is one, whatever template the shop uses for it.
        """
        Rule = self.env['dsgvo.message.rule']
        sender = Rule._get_sender(mail_template._name, mail_template.id) if mail_template else ''
        if mail_template == self._get_confirmation_template():
            sender = CONFIRMATION
        order = with_origin(self, sender=sender, by_hand=False)
        kind, _company = order.env['dsgvo.message.rule']._classify(self._name, self.ids)[self.id]
        if kind == 'contract' and self._dsgvo_is_silent():
            return None
        return super(SaleOrder, order)._send_order_notification_mail(
            mail_template, *args, **kwargs)

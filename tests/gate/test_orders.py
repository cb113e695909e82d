from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.mail.tests.common import MockEmail
from odoo.addons.sms.tests.common import MockSMS

from ..notification.common import NotificationCommon


@tagged('post_install', '-at_install')
class TestOrders(NotificationCommon, MockEmail, MockSMS):
    """Messages about an order need the consent to notification, until they have left."""

    def _post(self, order, **values):
        """Post on the order as an automation does, leave the mail in the queue, return it."""
        last = self.env['mail.mail'].search([], order='id desc', limit=1).id or 0
        order.with_context(mail_notify_force_send=False).message_post(**{
            'body': "Status", 'message_type': 'auto_comment', 'subtype_xmlid': 'mail.mt_comment',
            'partner_ids': order.partner_id.ids} | values)
        return self.env['mail.mail'].search([('id', '>', last)])

    def _send(self, mails):
        with self.mock_mail_gateway():
            mails.send()
        return [mail['email_to'] for mail in self._mails]

    def test_withdrawing_cancels_what_waits_about_the_order(self):
        mail = self._post(self._create_order())
        self.assertEqual((mail.state, mail.dsgvo_kind), ('outgoing', 'contract'))
        self.agreed.with_user(self.clerk).consent_notification = 'refused'
        self.assertEqual(mail.state, 'cancel')
        self.assertEqual(mail.notification_ids.notification_status, 'canceled')

    def test_withdrawing_advertising_leaves_the_messages_about_the_order(self):
        mail = self._post(self._create_order())
        self.agreed.consent_marketing = 'refused'
        self.assertEqual(mail.state, 'outgoing')

    def test_message_is_looked_at_again_when_it_leaves(self):
        order = self._create_order()
        mail = self._post(order)
        with patch.object(self.registry['res.partner'], '_dsgvo_cancel_queued'):
            self.agreed.consent_notification = 'refused'
        self.assertFalse(self._send(mail))
        self.assertEqual(mail.state, 'cancel')

    def test_order_that_became_silent_tells_nothing_any_more(self):
        order = self._create_order()
        mail = self._post(order)
        order.notification_type = 'K'
        self.assertFalse(self._send(mail))

    def test_only_the_customer_who_withdrew_gets_nothing(self):
        other = self._create_customer(name="Clara", email='clara@agreed.example')
        other.consent_notification = 'granted'
        order = self._create_order()
        mail = self.env['mail.mail'].create({
            'model': 'sale.order', 'res_id': order.id, 'body_html': "Status",
            'recipient_ids': (self.agreed | other).ids, 'email_cc': other.email})
        other.consent_notification = 'refused'
        self.assertRecordValues(mail, [{
            'state': 'outgoing', 'recipient_ids': self.agreed.ids, 'email_cc': False}])
        self.assertEqual(self._send(mail), [[self.agreed.email_formatted]])

    def test_invoice_leaves_with_message_type_k(self):
        """The invoice is a duty (§ 14 UStG), also when the web shop makes it by itself."""
        invoice = self.env['account.move'].create({
            'move_type': 'out_invoice', 'partner_id': self.customer.id})
        template = self.env.ref('account.email_template_edi_invoice')
        send = self.env['account.move.send']
        self.assertIn('email', send._get_default_sending_methods(invoice))
        with self.mock_mail_gateway():
            invoice.message_post_with_source(
                template, message_type='notification', subtype_xmlid='mail.mt_comment',
                partner_ids=self.customer.ids)
            template.send_mail(invoice.id, force_send=True, email_values={
                'recipient_ids': self.customer.ids})
        self.assertEqual([mail['email_to'] for mail in self._mails],
                         [[self.customer.email_formatted]] * 2)

    def test_receipt_of_the_till_leaves_because_the_customer_asked_for_it(self):
        order = self.env['pos.order'].create(
            self._till_values(self._open_till(), self.customer))
        self.assertEqual(order.notification_type, 'K')
        with self.mock_mail_gateway():
            order.action_send_receipt('irgendwer@anderswo.example', False, False)
        self.assertEqual([mail['email_to'] for mail in self._mails],
                         [['irgendwer@anderswo.example']])

    def test_customer_message_by_sms_is_looked_at_again(self):
        order = self._confirm_order(notification_type='S')
        self._receive(self.book)
        notification = self._notifications(order)
        self.assertEqual(notification.notification_type, 'S')
        with patch.object(self.registry['sms.sms'], 'send'):
            notification._send()
        text = self.env['sms.sms'].search([('partner_id', '=', self.agreed.id)])
        self.assertEqual((text.dsgvo_kind, text.state), ('contract', 'outgoing'))
        self.agreed.consent_notification = 'refused'
        self.assertEqual(text.state, 'canceled')

    def test_quotation_to_several_customers_by_hand_leaves(self):
        orders = self._create_order(self.customer) | self._create_order()
        composer = self.env['mail.compose.message'].with_user(self.clerk).create({
            'composition_mode': 'mass_mail', 'model': 'sale.order', 'res_ids': repr(orders.ids),
            'template_id': self.env.ref('sale.email_template_edi_sale').id})
        with self.mock_mail_gateway():
            composer.action_send_mail()
        self.assertEqual(len(self._mails), 2)

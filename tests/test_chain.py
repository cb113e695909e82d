from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from .erasure.common import PERSON, ShopCommon


@tagged('post_install', '-at_install')
class TestChain(MailCase, ShopCommon):
    """The main job, end to end: from the consent at the counter to the forgotten customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.lang = 'en_US'
        cls.other = cls._create_customer(
            name="Balthasar Ohlendorf", email='balthasar@ohlendorf.example', phone='030 777888',
            street="Am Graben 3")
        cls.other.write({'consent_storage': 'granted', 'consent_marketing': 'granted'})

    def _notify(self):
        with self.mock_mail_gateway(), self.enter_registry_test_mode():
            self.env.ref('dsgvo.ir_cron_notify').method_direct_trigger()
        self.env.invalidate_all()
        return self._new_mails

    def _mail_everybody(self):
        mailing = self.env['mailing.mailing'].sudo().create({
            'name': "Lesung", 'subject': "Einladung", 'body_html': "<p>Lesung am Freitag</p>",
            'mailing_model_id': self.env['ir.model']._get_id('res.partner'),
            'mailing_domain': [('id', 'in', (self.customer | self.other).ids)]})
        with self.mock_mail_gateway():
            mailing.action_send_mail()
        return mailing

    def test_customer_without_consents_hears_nothing_and_is_forgotten(self):
        order = self._order(notification_type='M')
        self.assertEqual(order.notification_type, 'K')
        self._receive()
        self.assertFalse(self._notify())
        self.assertFalse(self.env['dsgvo.notification'].search([]))

        mailing = self._mail_everybody()
        self.assertEqual(mailing.mailing_trace_ids.mapped('email'), [self.other.email])

        self._sell(order)
        self._run_cron()
        self._assert_forgotten()
        self.assertTrue(self.other.exists())

    def test_customer_with_consent_to_notification_is_told_once_and_forgotten(self):
        self.customer.with_user(self.clerk).consent_notification = 'granted'
        self.customer.with_user(self.clerk).action_dsgvo()
        order = self._order(order_line=[Command.create(
            {'product_id': self.book.id, 'product_uom_qty': 1, 'price_unit': 20.0,
             'tax_ids': False})] * 2)
        self.assertEqual(order.notification_type, 'M')
        self._receive(quantity=2)
        mails = self._notify()
        self.assertEqual(len(mails), 1)
        self.assertFalse(self._notify())
        notification = self.env['dsgvo.notification'].search([('sale_order_id', '=', order.id)])
        self.assertEqual(notification.state, 'sent')

        self._sell(order, floating_order_name="Quittenbaum, Adelheid")
        self._run_cron()
        self._assert_forgotten("Quittenbaum")
        self.assertEqual(
            self.env['dsgvo.consent.event'].search([('purpose', '=', 'notification')], limit=1)
            .partner_id, self.env['res.partner'])

    def _assert_forgotten(self, *needles):
        self.assertFalse(self.customer.exists())
        self.assertEqual(self._find_in_database(
            PERSON['name'], PERSON['email'], PERSON['phone'], '+4930901820', PERSON['street'],
            *needles), {})

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..erasure.common import PERSON, ShopCommon


@tagged('post_install', '-at_install', '-standard')
class TestSelfOrders(HttpCase, ShopCommon):
    """Orders that customers send by their own phones, at a till with the privacy screen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        preset = cls.env['pos.preset'].create({
            'name': "Takeaway", 'identification': 'address', 'service_at': 'counter',
            'available_in_self': True,
            'mail_template_id': cls.env.ref('pos_self_order.takeout_email_template').id})
        cls.config.write({
            'module_pos_restaurant': True, 'self_ordering_mode': 'mobile',
            'self_ordering_service_mode': 'counter', 'self_ordering_pay_after': 'meal',
            'self_ordering_default_user_id': cls.cashier.id, 'dsgvo_privacy_screen': True,
            'use_presets': True, 'default_preset_id': preset.id,
            'available_preset_ids': [Command.set(preset.ids)]})

    def setUp(self):
        super().setUp()
        self.open_new_session()

    def _request(self, path, **params):
        self.env.flush_all()
        answer = self.make_jsonrpc_request(
            f'/pos-self-order/{path}', {'access_token': self.config.access_token} | params)
        self.env.invalidate_all()
        return answer

    def _enter_name(self, partner_id=None):
        """Return the contact that comes of what a customer types on the page for the phone."""
        [row] = self._request('validate-partner', **PERSON, partner_id=partner_id,
                              country_id=self.env.ref('base.de').id)['res.partner']
        return self.env['res.partner'].browse(row['id'])

    def _send(self, customer):
        """Return the order that the phone of a customer sends."""
        answer = self._request('process-order/mobile', table_identifier=None, order={
            'amount_paid': 0, 'amount_return': 0, 'amount_tax': 0, 'amount_total': 20,
            'session_id': self.config.current_session_id.id, 'user_id': False, 'state': 'draft',
            'company_id': self.env.company.id, 'preset_id': self.config.default_preset_id.id,
            'partner_id': customer.id, 'uuid': 'self-order', 'email': PERSON['email'],
            'mobile': PERSON['phone'], 'floating_order_name': PERSON['name'],
            'lines': [Command.create({
                'product_id': self.book.id, 'qty': 1, 'price_unit': 20, 'name': "1",
                'price_subtotal': 20, 'price_subtotal_incl': 20, 'discount': 0, 'tax_ids': [],
                'uuid': 'self-line', 'customer_note': "for Adelheid"})]})
        return self.env['pos.order'].browse(answer['pos.order'][0]['id'])

    def _pay(self, order):
        payment = self.env['pos.make.payment'].with_context(
            active_id=order.id, active_ids=order.ids).create({
                'amount': order.amount_total, 'payment_method_id': self.cash_pm1.id})
        payment.check()

    def test_order_is_confirmed_and_its_customer_is_told_nothing_else(self):
        customer = self._enter_name()
        order = self._send(customer)
        self.assertRecordValues(order, [{
            'partner_id': customer.id, 'state': 'draft', 'notification_type': 'K',
            'email': PERSON['email']}])
        mail = self.env['mail.mail'].sudo().search(
            [('model', '=', 'pos.order'), ('res_id', '=', order.id)])
        self.assertEqual((mail.email_to, mail.state), (PERSON['email'], 'outgoing'))

    def test_customer_who_was_erased_meanwhile_is_somebody_new(self):
        customer = self._enter_name()
        gone_id = customer.id
        order = self._send(customer)
        self.assertEqual(self._enter_name(gone_id), customer)
        order.unlink()
        customer.unlink()
        self.assertNotEqual(self._enter_name(gone_id).id, gone_id)
        late = self._send(customer)
        self.assertRecordValues(late, [{
            'partner_id': self.env.company.dsgvo_anonymous_partner_id.id, 'email': False,
            'mobile': False, 'floating_order_name': False, 'amount_total': 20}])
        self.assertFalse(late.lines.customer_note)

    def test_till_prints_an_order_that_was_paid_by_phone(self):
        order = self._send(self._enter_name())
        self._pay(order)
        rows = order.with_user(self.cashier).get_order_to_print()
        self.assertEqual(rows['pos.order'][0]['id'], order.id)
        for secret in PERSON['email'], PERSON['phone'], "Adelheid":
            self.assertNotIn(secret, str(rows))

    def test_till_is_told_of_a_payment_without_name_and_address(self):
        order = self._send(self._enter_name())
        self._pay(order)
        bus = self.env['bus.bus'].sudo()
        bus.search([]).unlink()
        order._send_notification_online_payment_status('success')
        self.env.cr.precommit.run()
        sent = str(bus.search([]).mapped('message'))
        self.assertIn('ONLINE_PAYMENT_STATUS', sent)
        for secret in PERSON['email'], PERSON['phone'], "Adelheid":
            self.assertNotIn(secret, sent)

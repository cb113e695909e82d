from odoo.tests import Form, new_test_user, tagged

from .common import NotificationCommon


@tagged('post_install', '-at_install')
class TestOrderType(NotificationCommon):
    def test_type_is_proposed_from_the_customer(self):
        for values, expected in [
            ({}, 'M'),
            ({'email': False}, 'T'),
            ({'email': False, 'phone': False}, 'B'),
            ({'email': False, 'phone': False, 'street': False}, 'K'),
            ({'email': False, 'phone': False, 'zip': False, 'city': False}, 'K'),
            ({'notification_type': 'B'}, 'B'),
            ({'notification_type': 'B', 'street': False}, 'M'),
            ({'notification_type': 'S'}, 'S'),
            ({'notification_type': 'K'}, 'K'),
        ]:
            customer = self._create_customer(**values)
            customer.consent_notification = 'granted'
            self.assertEqual(self._create_order(customer).notification_type, expected, values)

    def test_without_consent_the_type_is_k(self):
        self.customer.notification_type = 'M'
        self.assertEqual(self._create_order(self.customer).notification_type, 'K')
        self.customer.consent_notification = 'refused'
        self.assertEqual(self._create_order(self.customer).notification_type, 'K')

    def test_address_takes_preference_and_email_of_its_person(self):
        address = self._create_customer(
            name="Packstation", parent_id=self.agreed.id, type='delivery', email=False, phone=False)
        self.assertEqual(self._create_order(address).notification_type, 'M')
        self.agreed.notification_type = 'T'
        self.assertEqual(self._create_order(address).notification_type, 'T')

    def test_company_needs_no_consent_its_contact_does(self):
        school = self._create_customer(name="Schule am Park", is_company=True)
        contact = self._create_customer(name="Frau Rektorin", parent_id=school.id)
        orders = self._create_order(school) | self._create_order(contact)
        self.assertEqual(orders.mapped('notification_type'), ['M', 'K'])

    def test_value_passed_without_consent_is_not_stored(self):
        order = self._create_order(self.customer, notification_type='M')
        self.assertEqual(order.notification_type, 'K')
        order.notification_type = 'S'
        self.assertEqual(order.notification_type, 'K')
        self.env.flush_all()
        self.env.cr.execute("SELECT notification_type FROM sale_order WHERE id = %s", [order.id])
        self.assertEqual(self.env.cr.fetchall(), [('K',)])

    def test_default_of_a_user_gives_no_message_type(self):
        self.env['ir.default'].set('sale.order', 'notification_type', 'M')
        order = self._create_order(self.customer)
        with_context = self.env['sale.order'].with_context(default_notification_type='T').create(
            self._order_values(self.customer))
        self.assertEqual((order | with_context).mapped('notification_type'), ['K', 'K'])

    def test_clerk_chooses_with_consent_and_an_empty_value_changes_nothing(self):
        order = self._create_order(notification_type='T')
        self.assertEqual(order.notification_type, 'T')
        order.notification_type = 'B'
        order.notification_type = False
        self.assertEqual(order.notification_type, 'B')
        self.assertEqual(self._create_order(notification_type=False).notification_type, 'M')

    def test_change_of_customer_decides_anew(self):
        order = self._create_order()
        order.partner_id = self.customer
        self.assertEqual(order.notification_type, 'K')
        order.partner_id = self.agreed
        self.assertEqual(order.notification_type, 'M')
        order.write({'partner_id': self.customer.id, 'notification_type': 'M'})
        self.assertEqual(order.notification_type, 'K')

    def test_writing_the_same_customer_keeps_what_the_clerk_chose(self):
        order = self._create_order(notification_type='K')
        order.write({'partner_id': self.agreed.id})
        self.assertEqual(order.notification_type, 'K')

    def test_copy_proposes_anew(self):
        order = self._create_order(notification_type='T')
        self.assertEqual(order.copy().notification_type, 'M')
        self.assertEqual(order.copy({'partner_id': self.customer.id}).notification_type, 'K')
        self.agreed.consent_notification = 'refused'
        self.assertEqual(order.copy().notification_type, 'K')

    def test_import_with_and_without_a_value(self):
        self.agreed.ref, self.customer.ref = 'AGREED', 'UNASKED'
        result = self.env['sale.order'].with_user(self.clerk).with_context(import_file=True).load(
            ['partner_id/.id', 'notification_type'],
            [[str(partner.id), value]
             for partner in (self.customer, self.agreed) for value in ('M', "T – Telephone", '')])
        self.assertFalse(result['messages'])
        self.assertEqual(
            self.env['sale.order'].browse(result['ids']).mapped('notification_type'),
            ['K', 'K', 'K', 'M', 'T', 'M'])

    def test_form_explains_why_the_type_stays_k(self):
        with Form(self.env['sale.order'].with_user(self.clerk)) as form:
            form.partner_id = self.agreed
            self.assertEqual(form.notification_type, 'M')
            form.partner_id = self.customer
            self.assertEqual(form.notification_type, 'K')
        order = form.save()
        result = order.onchange(
            {'notification_type': 'M'}, ['notification_type'],
            {'notification_type': {}, 'partner_id': {}})
        self.assertEqual(result['value'], {'notification_type': 'K'})
        self.assertIn("has not agreed to be notified", result['warning']['message'])

    def test_withdrawal_silences_open_orders_also_on_addresses(self):
        address = self._create_customer(
            name="Packstation", parent_id=self.agreed.id, type='delivery')
        orders = self._create_order() | self._create_order(address) | self._create_order()
        orders[1:].action_confirm()
        other = self._create_order(self._create_customer(name="Schule", is_company=True))
        self.agreed.with_user(self.clerk).consent_notification = 'refused'
        self.assertEqual(orders.mapped('notification_type'), ['K'] * 3)
        self.assertEqual(other.notification_type, 'M')

    def test_withdrawal_leaves_completed_orders(self):
        order = self._create_order()
        order.action_confirm()
        order.order_line.move_ids.write({'quantity': 1, 'picked': True})
        order.picking_ids.sudo()._action_done()
        order.sudo()._create_invoices()
        self.assertEqual((order.delivery_status, order.invoice_status), ('full', 'invoiced'))
        self.agreed.consent_notification = 'refused'
        self.assertEqual(order.notification_type, 'M')

    def test_later_grant_leaves_the_decision_to_the_clerk(self):
        draft, confirmed = self._create_order(self.customer), self._create_order(self.customer)
        confirmed.action_confirm()
        self.customer.consent_notification = 'granted'
        (draft | confirmed).invalidate_recordset()
        self.assertEqual((draft | confirmed).mapped('notification_type'), ['K', 'K'])
        confirmed.notification_type = 'M'
        self.assertEqual(confirmed.notification_type, 'M')

    def test_withdrawal_dated_before_a_newer_grant_changes_nothing(self):
        order = self._create_order()
        self.env['dsgvo.consent.event'].create({
            'partner_id': self.agreed.id, 'purpose': 'notification', 'decision': 'withdrawn',
            'date': '2020-01-01', 'means': 'paper'})
        self.assertEqual(order.notification_type, 'M')

    def test_batch_needs_no_query_per_order(self):
        def count(number):
            people = self.env['res.partner'].create([
                {'name': "P", 'email': 'p@example.com'} for _i in range(number)])
            orders = self.env['sale.order'].create([
                {'partner_id': partner.id, 'notification_type': 'M'} for partner in people])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders._dsgvo_enforce_type()
            orders.write({'notification_type': 'S'})
            self.env.flush_all()
            self.assertEqual(set(orders.mapped('notification_type')), {'K'})
            return self.env.cr.sql_log_count - before

        count(1)
        self.assertEqual(count(1), count(20))

    def test_empty_recordset(self):
        orders = self.env['sale.order']
        self.assertFalse(orders._dsgvo_notifiable())
        orders.write({'notification_type': 'M'})


@tagged('post_install', '-at_install')
class TestTillOrderType(NotificationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = new_test_user(
            cls.env, 'dsgvo_till', groups='point_of_sale.group_pos_user')
        cls.session = cls._open_till()

    def _sync(self, partner, **values):
        values = self._till_values(
            self.session, partner, lines=[], payment_ids=[], access_token='token', **values)
        Order = self.env['pos.order'].with_user(self.cashier)
        return Order.browse(Order.sync_from_ui([values])['pos.order'][0]['id'])

    def test_till_order_of_every_customer(self):
        nobody = self.env['res.partner']
        for number, (partner, values, expected) in enumerate([
            (self.agreed, {}, 'M'),
            (self.agreed, {'notification_type': False}, 'M'),
            (self.agreed, {'notification_type': 'T'}, 'T'),
            (self.customer, {}, 'K'),
            (self.customer, {'notification_type': 'M'}, 'K'),
            (nobody, {}, 'K'),
            (nobody, {'notification_type': False}, 'K'),
        ]):
            order = self._sync(partner, uuid=f'first-{number}', **values)
            self.assertEqual(order.notification_type, expected, (partner, values))

    def test_customer_chosen_later_and_second_sync(self):
        order = self._sync(self.customer, uuid='later')
        self.assertEqual(order.notification_type, 'K')
        again = self._sync(self.agreed, uuid='later')
        self.assertEqual((again, again.notification_type), (order, 'M'))
        self._sync(self.env['res.partner'], uuid='later', notification_type='M')
        self.assertEqual(order.notification_type, 'K')

    def test_withdrawal_silences_the_order_at_the_till(self):
        order = self._sync(self.agreed, uuid='withdrawal')
        self.agreed.with_user(self.cashier).consent_notification = 'refused'
        self.assertEqual(order.notification_type, 'K')

    def test_till_does_not_send_the_type_back(self):
        fields = self.session.load_data_params()['pos.order']['relations']
        self.assertTrue(fields['notification_type']['compute'])

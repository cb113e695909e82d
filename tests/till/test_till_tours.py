from odoo import Command
from odoo.tests import tagged

from odoo.addons.point_of_sale.tests.test_frontend import TestPointOfSaleHttpCommon

from ..screen.recording import RecordingMixin


@tagged('post_install', '-at_install')
class TestTillForgets(TestPointOfSaleHttpCommon):
    """A till in Chromium while its customer is erased."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The cashier of the tours starts the job that erases.
        cls.pos_user.group_ids += cls.env.ref('base.group_system')
        cls.customer = cls.env['res.partner'].create({
            'name': "Adelheid Quittenbaum", 'email': 'adelheid@quittenbaum.example',
            'street': "Holunderweg 17", 'city': "Berlin", 'country_id': cls.env.ref('base.de').id})
        cls.anonymous = cls.env.company.dsgvo_anonymous_partner_id
        cls.main_pos_config.ship_later = True

    def _start(self, tour):
        """Run a tour in which the customer is erased."""
        self.env['dsgvo.erasure']._enqueue(self.customer, 'manual', self.env.company)
        self.main_pos_config.with_user(self.pos_user).open_ui()
        self.start_pos_tour(tour)
        self.env.invalidate_all()
        self.assertFalse(self.customer.exists())
        return self.main_pos_config.current_session_id.order_ids.sorted('id')

    def _assert_booked(self, order):
        self.assertRecordValues(order, [{
            'state': 'paid', 'partner_id': self.anonymous.id, 'to_invoice': False,
            'shipping_date': False, 'email': False}])

    def test_sale_that_was_not_sent_is_booked_after_a_restart(self):
        late, next_sale = self._start('dsgvo_late_after_restart')
        self._assert_booked(late)
        self.assertRecordValues(next_sale, [{'state': 'paid', 'partner_id': False}])

    def test_sale_that_was_not_sent_is_booked_and_stops_no_other(self):
        orders = self._start('dsgvo_late_with_invoice')
        late = orders.filtered('partner_id')
        self._assert_booked(late)
        self.assertRecordValues(orders - late, [{'state': 'paid', 'partner_id': False}])

    def test_sale_to_be_shipped_is_booked_when_the_connection_is_back(self):
        late, next_sale = self._start('dsgvo_late_with_shipping')
        self._assert_booked(late)
        self.assertRecordValues(next_sale, [{'state': 'paid', 'partner_id': False}])

    def test_open_order_goes_on_without_its_customer(self):
        order = self._start('dsgvo_late_open_order')
        self._assert_booked(order)

    def test_nothing_stays_after_a_slow_answer(self):
        sold, next_sale = self._start('dsgvo_late_answer')
        self.assertEqual(sold.partner_id, self.anonymous)
        self.assertFalse(next_sale.partner_id)

    def test_till_forgets_although_an_order_is_open(self):
        orders = self._start('dsgvo_pos_forget_parked')
        self.assertEqual(orders.mapped('state'), ['paid', 'paid'])
        self.assertEqual(orders.partner_id, self.anonymous)

    def test_till_forgets_when_an_open_order_is_cancelled(self):
        self._start('dsgvo_pos_cancel_parked')

    def test_consent_form_finds_the_customer_and_the_badge_follows_the_office(self):
        self.pos_user.group_ids += self.env.ref('base.group_partner_manager')
        self.main_pos_config.with_user(self.pos_user).open_ui()
        self.start_pos_tour('dsgvo_pos_consent_form')

    def test_restricted_and_anonymous_customers_are_not_loaded_with_their_orders(self):
        restricted = self.env['res.partner'].sudo().create({
            'name': "Ludwig Tiefenbach", 'active': False, 'dsgvo_restricted': True})
        self.main_pos_config.with_user(self.pos_user).open_ui()
        session = self.main_pos_config.current_session_id
        product = self.desk_pad.product_variant_id
        for customer in restricted, self.anonymous:
            self.env['pos.order'].create({
                'session_id': session.id, 'company_id': session.company_id.id,
                'partner_id': customer.id, 'state': 'paid', 'name': "Sold before",
                'pos_reference': f"Sold to {customer.id}",
                'amount_tax': 0, 'amount_total': 1, 'amount_paid': 1, 'amount_return': 0,
                'lines': [Command.create({
                    'product_id': product.id, 'qty': 1, 'price_unit': 1, 'price_subtotal': 1,
                    'price_subtotal_incl': 1, 'name': "1"})]})
        self.start_pos_tour('dsgvo_pos_restricted')

    # === CLOSING === #

    def _close(self, tour):
        """Run a tour that closes the session or is about to; return the sessions."""
        self.main_pos_config.with_user(self.pos_user).open_ui()
        session = self.main_pos_config.current_session_id
        self.start_pos_tour(tour)
        self.env.invalidate_all()
        return session, self.main_pos_config.current_session_id

    def test_closing_window_names_sales_that_are_not_sent_and_sends_them(self):
        session, current = self._close('dsgvo_closing_sends_again')
        self.assertEqual(session, current)
        self.assertRecordValues(
            session.order_ids, [{'state': 'paid', 'partner_id': self.customer.id}])

    def test_sale_that_is_not_sent_survives_the_closing_and_is_booked_in_the_next_session(self):
        session, current = self._close('dsgvo_closing_without')
        self.assertRecordValues(session, [{'state': 'closed', 'order_ids': []}])
        self.assertRecordValues(
            current.order_ids, [{'state': 'paid', 'partner_id': self.customer.id}])

    def test_browser_keeps_customers_only_while_a_session_is_open(self):
        session, _current = self._close('dsgvo_closing_forgets')
        self.assertEqual(session.state, 'closed')

    def test_logout_takes_the_customers_out_of_the_browser_until_the_next_login(self):
        self._close('dsgvo_logout_forgets')


@tagged('post_install', '-at_install')
class TestScreenedTill(RecordingMixin, TestPointOfSaleHttpCommon):
    """A till in Chromium that customers look at; everything that the server sends is searched."""

    def test_sale_to_one_customer_sends_nothing_of_another(self):
        chosen, other = self.env['res.partner'].create([{
            'name': "Adelheid Quittenbaum", 'city': "Berlin", 'phone': '+49 30 901820',
            'email': 'adelheid@quittenbaum.example', 'street': "Holunderweg 17",
        }, {
            'name': "Irene Wermut", 'city': "Kiel", 'phone': '+49 431 77', 'zip': '24103',
            'email': 'irene@wermut.example', 'street': "Ankerweg 5"}])
        self.main_pos_config.dsgvo_privacy_screen = True
        self.main_pos_config.with_user(self.pos_user).open_ui()
        session = self.main_pos_config.current_session_id
        product = self.desk_pad.product_variant_id
        self.env['pos.order'].create({
            'session_id': session.id, 'partner_id': other.id, 'state': 'paid', 'name': "Sold",
            'pos_reference': "Sold before", 'email': other.email, 'amount_tax': 0,
            'amount_total': 1, 'amount_paid': 1, 'amount_return': 0, 'lines': [Command.create({
                'product_id': product.id, 'qty': 1, 'price_unit': 1, 'price_subtotal': 1,
                'price_subtotal_incl': 1, 'name': "1"})]})
        self.start_pos_tour('dsgvo_screen_till')
        self.assertTrue(self._find_in_answers("Sold before"), "The list was not recorded.")
        self.assertTrue(self._find_in_answers(chosen.name))
        self.assertEqual(self._find_in_answers(
            "Irene", 'irene@wermut.example', '431 77', 'Ankerweg', '24103',
            'adelheid@quittenbaum.example', '901820', 'Holunderweg'), [])
        sold = self.env['pos.order'].search([('partner_id', '=', chosen.id)])
        self.assertEqual(sold.state, 'paid')

from itertools import product
from time import monotonic
from unittest.mock import patch

from psycopg2 import OperationalError

from odoo.sql_db import db_connect
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MockEmail

from ..erasure.test_erasure import PIXEL
from .common import BUSY_KINDS, ERRORS, KINDS, Case, FaultCommon


@tagged('post_install', '-at_install')
class TestSalesGoOn(FaultCommon, MockEmail):
    """A sale, an order and a goods receipt go on, whatever fails of what the addon does then."""

    def setUp(self):
        super().setUp()
        self.other = self._create_customer(name="Balduin Wacholder", email='b@wacholder.example')

    def _check_each(self, kinds, check):
        for kind in kinds:
            with self.subTest(kind=kind), self._restored():
                check(kind)

    def _assert_listed(self, job, record):
        self.assertRecordValues(self._failures(), [{
            'job': job, 'model': record._name, 'res_id': record.id, 'next_try': False}])
        self.assertEqual(len(self._told()), 1)

    def _refuse_noting(self):
        return Case(
            None, None, None, None,
            'dsgvo_erasure', 'INSERT', f'NEW.partner_id = {self.customer.id}',
            ('dsgvo.erasure', '_enqueue', lambda _self, subjects, *_args: (
                self.customer in subjects)))

    # === SALE AT THE TILL === #

    def test_sale_goes_on_and_its_customer_is_noted_at_night(self):
        def check(kind):
            order = self._order()
            with self._refusing(self._refuse_noting(), kind), self._discreet():
                self.assertEqual(self._sell(order).state, 'paid')
            self.assertFalse(self._erasure())
            if kind not in BUSY_KINDS:
                self._assert_listed('checkout', order)
            self._find_daily()
            self.assertEqual(self._erasure().reason, 'checkout')
            self.assertFalse(self._failures())

        self._check_each((*KINDS, *BUSY_KINDS, *ERRORS), check)

    def test_other_customers_of_the_same_sales_are_noted(self):
        orders = self._order(), self._order(customer=self.other)
        sales = self._sell(orders[0]) | self._sell(orders[1])
        self.env['dsgvo.erasure'].sudo().search([]).unlink()
        with self._refusing(self._refuse_noting(), '23505'), self._discreet():
            self.env['dsgvo.erasure'].with_user(self.cashier)._enqueue_checkout(sales)
        self.assertFalse(self._erasure())
        self.assertEqual(self._erasure(self.other).state, 'due')

    def test_remote_caller_cannot_pass_for_a_job(self):
        """Nor start one: it is tried again by nobody."""
        order = self._order()
        sale = self._sell(order)
        self._erasure().unlink()
        cron = self.env.ref('dsgvo.ir_cron_find')
        posing = sale.with_user(self.cashier).with_context(cron_id=cron.id, dsgvo_job=cron.id)
        with self._refusing(self._refuse_noting(), '23505'), self._discreet():
            posing.env['dsgvo.erasure']._enqueue_checkout(posing)
        self._assert_listed('checkout', order)

    def test_sale_does_not_wait_for_a_job_that_notes_the_same_customer(self):
        """The job has not committed yet."""
        admin = self.env.ref('base.partner_admin')  # known to other connections as well
        admin.company_id = False
        order = self._order(customer=admin)
        self.env.cr.execute("SHOW lock_timeout")
        patience = self.env.cr.fetchone()
        with db_connect(self.env.cr.dbname).cursor() as job:
            job.execute("INSERT INTO dsgvo_erasure (partner_id, company_id, reason, state)"
                        " VALUES (%s, 1, 'retention', 'due')", [admin.id])
            start = monotonic()
            self.env.cr.execute("SET LOCAL statement_timeout = '20s'")
            self.assertEqual(self._sell(order).state, 'paid')
            self.assertLess(monotonic() - start, 15)
            job.rollback()
        self.env.cr.execute("SHOW lock_timeout")
        self.assertEqual(self.env.cr.fetchone(), patience)

    def test_session_closes_when_no_job_can_be_started(self):
        cron = self.env.ref('dsgvo.ir_cron_erase')
        case = Case(None, None, None, None, 'ir_cron_trigger', 'INSERT',
                    f'NEW.cron_id = {cron.id}',
                    ('dsgvo.erasure', '_trigger_cron', lambda *_args: True))

        def check(kind):
            self.open_new_session()
            with self._refusing(case, kind), self._discreet():
                self.pos_session.post_closing_cash_details(0)
                self.pos_session.close_session_from_ui()
            self.assertEqual(self.pos_session.state, 'closed')

        self._check_each(('P0001', *BUSY_KINDS, *ERRORS), check)

    def test_late_sale_is_booked_and_what_failed_is_listed(self):
        """Each of the three things done after it: the two others are done."""
        done = []
        for method in '_search_again', '_dsgvo_empty_texts', '_dsgvo_report_open_ends':
            model = 'dsgvo.erasure' if method == '_search_again' else 'pos.order'
            with (
                self.subTest(method=method), self._restored(),
                self._overridden(model, method, lambda *_args: True, ValueError),
                self._discreet(),
            ):
                self.open_new_session()
                data = self.create_ui_order_data(
                    [{'product': self.book, 'quantity': 1, 'customer_note': self.customer.name}],
                    payments=[(self.cash_pm1, 20)], pos_order_ui_args={
                        'state': 'paid', 'partner_id': self._deleted_id(), 'to_invoice': True})
                result = self.env['pos.order'].with_user(self.cashier).sync_from_ui([data])
                sale = self.env['pos.order'].browse(result['pos.order'][0]['id'])
                self.assertEqual(sale.state, 'paid')
                self._assert_listed('late_sale', sale)
                done.append((bool(sale.lines.customer_note), bool(self._reported())))
        self.assertEqual(done, [(False, True), (True, True), (False, False)])

    def _deleted_id(self):
        customer = self._create_customer(name="Cordula Nierenstein")
        customer.unlink()
        return customer.id

    def _reported(self):
        return self.env.company.sudo().dsgvo_reminder_ids.activity_ids.filtered(
            lambda activity: "came without its customer" in (activity.summary or ''))

    def test_receipt_leaves_when_nothing_of_it_can_be_deleted(self):
        sale, address = self._sell(self._order()), self.customer.email
        self._run_job('ir_cron_erase')
        case = Case(None, None, None, None, 'mail_message', 'DELETE',
                    f"OLD.model = 'pos.order' AND OLD.res_id = {sale.id}", None)
        with self._refusing(case, 'P0001'), self.mock_mail_gateway(), self._discreet():
            sale.with_user(self.cashier).action_send_receipt(address, PIXEL, False)
        self.assertEqual(self._mails[0]['email_to'], [address])
        self._assert_listed('late_sale', sale)

    # === ORDERS AND GOODS === #

    def test_order_that_must_not_be_changed_gets_k_all_the_same(self):
        """An order that another addon locks, and one that the database does."""
        def concerns(_orders, vals):
            return vals.get('notification_type') == 'K'

        for model in 'sale.order', 'pos.order':
            case = Case(None, None, None, None, model.replace('.', '_'), 'UPDATE',
                        "NEW.notification_type = 'K'", (model, 'write', concerns))
            for kind, expected in (ValueError, 'K'), ('23514', 'M'):
                with (
                    self.subTest(model=model, kind=kind), self._restored(),
                    self._refusing(case, kind), self._discreet(),
                ):
                    order = self._create_with_m(model)
                    self.env.invalidate_all()
                    self.assertEqual(order.notification_type, expected)
                    self.assertTrue(order._dsgvo_is_silent() or expected == 'K')

    def test_order_is_repeated_when_transactions_collide(self):
        """While K is written, and while it is written below an addon that locks the order."""
        def concerns(_orders, vals):
            return is_locked and vals.get('notification_type') == 'K'

        for model, kind, is_locked in product(
                ('sale.order', 'pos.order'), BUSY_KINDS, (False, True)):
            case = Case(None, None, None, None, model.replace('.', '_'), 'UPDATE',
                        "NEW.notification_type = 'K'", (model, 'write', concerns))
            with (
                self.subTest(model=model, kind=kind, is_locked=is_locked), self._restored(),
                self._refusing(case, kind), self._refusing(case, ValueError),
                self._discreet(), self.assertRaises(OperationalError) as raised,
            ):
                self._create_with_m(model)
            self.assertEqual(raised.exception.pgcode, kind)

    def _create_with_m(self, model):
        if model == 'sale.order':
            return self.env[model].with_user(self.clerk).create(
                {'partner_id': self.customer.id, 'notification_type': 'M'})
        self.open_new_session()
        return self.env[model].with_user(self.cashier).create({
            'session_id': self.pos_session.id, 'company_id': self.env.company.id,
            'partner_id': self.customer.id, 'notification_type': 'M', 'amount_paid': 0,
            'amount_total': 0, 'amount_tax': 0, 'amount_return': 0})

    def _wait_for_goods(self):
        (self.customer | self.other).consent_notification = 'granted'
        return self._order(), self._order(customer=self.other)

    def _messages(self, order):
        return self.env['dsgvo.notification'].sudo().search([('sale_order_id', '=', order.id)])

    def test_goods_come_in_and_the_other_customers_are_told(self):
        def check(kind):
            bad, good = self._wait_for_goods()
            case = Case(
                None, None, None, None,
                'dsgvo_notification', 'INSERT', f'NEW.sale_order_id = {bad.id}',
                ('dsgvo.notification', 'create', lambda _self, vals_list: any(
                    vals['sale_order_id'] == bad.id for vals in vals_list)))
            with self._refusing(case, kind), self._discreet():
                receipt = self._receive(quantity=2)
            self.assertEqual(receipt.state, 'done')
            self.assertEqual(len(self._messages(good)), 1)
            self.assertFalse(self._messages(bad))
            self._assert_listed('arrival', bad)

        self._check_each((*KINDS, *ERRORS), check)

    def test_receipt_is_repeated_when_transactions_collide(self):
        """Odoo does it for every request; nothing of it is lost."""
        bad, _good = self._wait_for_goods()
        case = Case(None, None, None, None, 'dsgvo_notification', 'INSERT',
                    f'NEW.sale_order_id = {bad.id}', None)
        for kind in BUSY_KINDS:
            with self.subTest(kind=kind), self._restored():
                with self._refusing(case, kind), self.assertRaises(Exception) as raised:
                    self._receive(quantity=2)
                self.assertEqual(raised.exception.pgcode, kind)

    def test_order_is_cancelled_when_its_messages_cannot_follow(self):
        def check(kind):
            order, _other = self._wait_for_goods()
            self._receive(quantity=2)
            message = self._messages(order)
            case = Case(
                None, None, None, None,
                'dsgvo_notification', 'UPDATE', f'NEW.id = {message.id}',
                ('dsgvo.notification', 'write', lambda records, _vals: message in records))
            with self._refusing(case, kind), self._discreet():
                order._action_cancel()
            self.assertEqual((order.state, message.state), ('cancel', 'todo'))
            self._assert_listed('follow', message)
            with patch.object(type(message), '_send_email', side_effect=AssertionError):
                self._run_job('ir_cron_notify')
            self.assertEqual(message.state, 'cancelled')

        self._check_each((*KINDS, *ERRORS), check)

from dateutil.relativedelta import relativedelta
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .test_preview import OfficerCommon

OFF = "Has business with a company where erasing after the sale is off: Laden am Markt"


@tagged('post_install', '-at_install')
class TestOtherCompanies(OfficerCommon):
    """What is sold at one company, and what another one of the database knows of the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env['res.company'].create({'name': "Laden am Markt"})
        cls.other.dsgvo_erase_after_sale = False
        cls.other_officer = new_test_user(
            cls.env, 'other_officer', groups='dsgvo.group_officer',
            company_id=cls.other.id, company_ids=[Command.set(cls.other.ids)])

    def _make_document(self, model, customer, **values):
        return self.env[model].sudo().with_company(self.other).create(
            {'partner_id': customer.id, 'company_id': self.other.id} | values)

    def _make_cancelled_order(self, customer):
        self._make_document('sale.order', customer)._action_cancel()

    def _make_order_to_an_address(self, customer):
        somebody = self.env['res.partner'].create({'name': "Schenkende"})
        address = self._create_customer(parent_id=customer.id, type='delivery')
        self._make_document('sale.order', somebody, partner_shipping_id=address.id).action_lock()

    def _make_sale_at_the_till(self, customer):
        if not self.config.current_session_id:
            self.open_new_session()
        data = self.create_ui_order_data(
            [(self.book, 1)], customer=customer, payments=[(self.cash_pm1, 20.0)])
        result = self.env['pos.order'].with_user(self.cashier).sync_from_ui([data])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE pos_order SET company_id = %s WHERE id = %s",
            [self.other.id, result['pos.order'][0]['id']])

    def test_business_of_any_kind_with_a_company_that_is_off_keeps_the_customer(self):
        kinds = (
            self._make_cancelled_order, self._make_order_to_an_address,
            self._make_sale_at_the_till)
        customers = {kind: self._create_customer(name="Jemand") for kind in kinds}
        for kind, customer in customers.items():
            kind(customer)
            for reason in 'checkout', 'withdrawal', 'retention':
                with self.subTest(kind=kind.__name__, reason=reason):
                    self._erasure(customer).sudo().unlink()
                    self.env['dsgvo.erasure']._enqueue(customer, reason, self.env.company)
                    erasure = self._erasure(customer)
                    erasure.sudo().write({'not_before': False})
                    self._run_cron()
                    self.assertTrue(customer.exists())
                    self.assertIn(OFF, erasure.blocker)

    def test_customer_goes_by_itself_when_the_other_company_is_switched_on(self):
        self._make_cancelled_order(self.customer)
        self._sell(self._order())
        self._run_cron()
        self.assertRecordValues(self._erasure(), [{'state': 'blocked', 'blocker': OFF}])
        self.env['dsgvo.first.steps'].with_user(self.other_officer).create(
            {}).action_switch_on()
        self._run_cron()
        self.assertFalse(self.customer.exists())

    def test_contact_that_belongs_to_the_other_company_stays(self):
        customer = self._create_customer(name="Jemand", company_id=self.other.id)
        self.env['dsgvo.erasure']._enqueue(customer, 'withdrawal', self.env.company)
        self._erasure(customer).sudo().not_before = False
        self._run_cron()
        self.assertEqual(self._erasure(customer).blocker, OFF)

    def test_decision_recorded_elsewhere_is_no_business(self):
        self.customer.with_company(self.other).consent_storage = 'refused'
        self._sell(self._order())
        self._run_cron()
        self.assertFalse(self.customer.exists())

    def test_order_of_each_company_gets_the_anonymous_customer_of_that_company(self):
        somebody = self._create_customer(name="Doris Dachs")
        customers = self.customer | self._create_customer(name="Berta Buchfink")
        companies = self.env.company | self.other
        orders = self.env['sale.order'].sudo().create([{
            'company_id': company.id, 'partner_id': somebody.id,
            'partner_invoice_id': customer.id} for customer in customers for company in companies])
        orders._action_cancel()
        for customer, company in zip(customers, companies, strict=True):
            self.env['dsgvo.erasure']._enqueue(customer, 'manual', company)
        erasures = self.env['dsgvo.erasure'].sudo().search([('partner_id', 'in', customers.ids)])
        erasures.not_before = False
        self._run_cron()
        self.assertEqual(erasures.mapped('state'), ['done', 'done'])
        for order in orders:
            self.assertEqual(
                order.partner_invoice_id, order.company_id.dsgvo_anonymous_partner_id)

    def test_consent_that_is_over_at_one_company_is_valid_at_another_of_the_same_controller(self):
        companies = self.env.company | self.other
        companies.dsgvo_joint_controller = True
        companies.dsgvo_erase_after_sale = True
        self.env.company.dsgvo_validity_storage = 12
        self.env['dsgvo.consent.event'].create({
            'partner_id': self.customer.id, 'purpose': 'storage', 'means': 'paper',
            'decision': 'granted', 'date': self._today() - relativedelta(months=24)})
        self.assertFalse(self.customer.consent_storage)
        self.assertEqual(self.customer.with_company(self.other).consent_storage, 'granted')
        self._sell(self._order())
        self._erasure().sudo().not_before = False
        self._run_cron()
        self.assertRecordValues(self._erasure(), [{
            'state': 'blocked',
            'blocker': "Another company of this database may keep the customer"}])
        self._select(self.customer, 'request').action_erase()
        self._run_cron()
        self.assertFalse(self.customer.exists())

    def test_namesake_of_the_other_company_keeps_nobody(self):
        self._make_cancelled_order(self._create_customer())
        self._sell(self._order())
        self._run_cron()
        self.assertFalse(self.customer.exists())

    def test_cost_does_not_depend_on_the_number_of_customers(self):
        customers = self.env['res.partner'].create([{'name': f"Kundin {n}"} for n in range(40)])
        for customer in customers:
            self._make_cancelled_order(customer)
        Blocker, costs = self.env['dsgvo.erasure.blocker'], []
        Blocker._find_elsewhere(customers[:1], self.env.company, 'checkout')  # fills caches
        for chosen in customers[:2], customers:
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = Blocker._find_elsewhere(chosen, self.env.company, 'checkout')
            costs.append(self.env.cr.sql_log_count - before)
            self.assertEqual(found, {customer: [OFF] for customer in chosen})
        self.assertEqual(*costs)

    def test_officer_acts_on_no_other_company_by_a_remote_call(self):
        period = self.env['dsgvo.erasure.period'].sudo().search(
            [('company_id', '=', self.other.id)], limit=1)
        previews = {
            'dsgvo.first.steps': ({}, ['action_switch_on', 'action_switch_off']),
            'dsgvo.erasure.preview': (
                {'partner_ids': [Command.set(self.customer.ids)], 'reason': 'manual'},
                ['action_erase', 'action_switch_on']),
        }
        for model, (values, methods) in previews.items():
            theirs = self.env[model].with_user(self.other_officer).with_company(
                self.other).create(values)
            for method, args, context in (
                *((method, [theirs.ids], {}) for method in methods),
                ('read', [theirs.ids, ['company_id']], {}),
                ('create', [[values | {'company_id': self.other.id}]], {}),
                ('create', [[values]], {'allowed_company_ids': self.other.ids}),
            ):
                with self.subTest(model=model, method=method), self.assertRaises(AccessError):
                    call_kw(self.env[model].with_user(self.officer), method, args,
                            {'context': context})
        with self.assertRaises(AccessError):
            call_kw(self.env[period._name].with_user(self.officer), 'write', [
                period.ids, {'active': True}], {})
        self.assertFalse(self.other.dsgvo_erase_after_sale)
        self.assertFalse(self._erasure())

    def test_request_goes_on_and_the_other_company_is_told(self):
        self._make_cancelled_order(self.customer)
        preview = self._select(self.customer, 'request')
        self.assertRecordValues(preview, [{'erased_count': 1, 'blocked_count': 0}])
        self.assertIn("also does business with Laden am Markt", preview.people)
        preview.action_erase()
        self._select(self.customer, 'request').action_erase()
        told = self.other.sudo().dsgvo_reminder_ids.activity_ids
        self.assertRecordValues(told, [{'user_id': self.other_officer.id}])
        self.assertIn("shop_officer", told.note)
        self.assertNotIn("Quittenbaum", told.note)
        self._run_cron()
        self.assertFalse(self.customer.exists())

    def test_officer_of_both_companies_is_not_told_what_she_does(self):
        self._make_cancelled_order(self.customer)
        self.officer.company_ids += self.other
        self._select(self.customer, 'request').action_erase()
        self.assertFalse(self.other.sudo().dsgvo_reminder_ids.activity_ids)

    def test_preview_of_a_period_says_who_waits_for_another_company(self):
        self._create_customer(
            parent_id=self.customer.id, type='delivery', company_id=self.other.id)
        period = self.env['dsgvo.erasure.period'].with_user(self.officer).search(
            [('kind', '=', 'inactive'), ('company_id', '=', self.env.company.id)])
        self.customer.customer_rank = 1
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = '2010-01-01' WHERE id = %s", [self.customer.id])
        self.env.invalidate_all()
        action = period.action_preview()
        preview = self.env[action['res_model']].with_user(self.officer).browse(action['res_id'])
        self.assertRecordValues(preview, [{'blocked_count': 1, 'erased_count': 0}])
        self.assertIn(OFF, preview.people)

    def _lock(self, customer, officer):
        return self.env['dsgvo.erasure.lock'].with_user(officer).create(
            {'partner_id': customer.id, 'reason': "Streit"})

    def test_lock_of_another_company_is_named_and_each_locks_for_itself(self):
        there = self._lock(self.customer, self.other_officer)
        customer = self.customer.with_user(self.officer)
        self.assertIn("officer of Laden am Markt", customer.dsgvo_lock_notice)
        self.assertFalse(customer.dsgvo_is_locked_here)
        with self.assertRaisesRegex(UserError, "None of your companies"):
            customer.action_dsgvo_lift_lock()
        self._lock(self.customer, self.officer)
        self.env.invalidate_all()
        self.assertTrue(customer.dsgvo_is_locked_here)
        customer.action_dsgvo_lift_lock()
        self.assertTrue(there.active)

    def test_lock_is_seen_and_lifted_where_its_customer_has_become_an_address(self):
        lock = self._lock(self.customer, self.officer)
        other = self._create_customer(name="Bert Ohlendorf")
        self.customer.write({'parent_id': other.id, 'type': 'invoice', 'name': False})
        self.env.invalidate_all()
        owner = other.with_user(self.officer)
        self.assertTrue(owner.dsgvo_is_locked_here)
        owner.action_dsgvo_lift_lock()
        self.env.invalidate_all()
        self.assertFalse(lock.active)
        self.assertFalse(owner.dsgvo_lock_notice)

    def test_blank_reason_is_none(self):
        for model, values in (
            ('dsgvo.erasure.lock', {'partner_id': self.customer.id}),
            ('dsgvo.tax.audit', {'first_year': 2024, 'last_year': 2024}),
            ('dsgvo.erasure.take.back', {}),
        ):
            with self.subTest(model=model), mute_logger('odoo.sql_db'), self.assertRaises(
                    CheckViolation), self.cr.savepoint():
                self.env[model].with_user(self.officer).create({'reason': " ", **values})


@tagged('post_install', '-at_install')
class TestNewCompanies(OfficerCommon):
    def _open_company(self, **values):
        name = f"Filiale {self.env['res.company'].search_count([])}"
        return self.env['res.company'].create({'name': name} | values)

    def test_new_company_or_branch_is_off_where_something_was_sold(self):
        self.env['res.company'].search([]).dsgvo_erase_after_sale = True
        self.assertTrue(self._open_company().dsgvo_erase_after_sale)
        self._order()
        self.assertTrue(self.env.company.dsgvo_erase_after_sale)
        self.env['ir.default'].set('res.company', 'dsgvo_erase_after_sale', True)
        for values in {}, {'parent_id': self.env.company.id}, {'dsgvo_erase_after_sale': True}:
            with self.subTest(values=values):
                self.assertFalse(self._open_company(**values).dsgvo_erase_after_sale)

    def test_new_company_is_off_where_only_invoices_were_written(self):
        self.env['res.company'].search([]).dsgvo_erase_after_sale = True
        self.env['account.move'].create({
            'move_type': 'out_invoice', 'partner_id': self.customer.id,
            'invoice_line_ids': [Command.create({'name': "Buch", 'price_unit': 20})]}).action_post()
        self.assertFalse(self._open_company().dsgvo_erase_after_sale)

    def test_new_company_is_off_where_another_one_is(self):
        self.env.company.dsgvo_erase_after_sale = False
        self.assertFalse(self._open_company().dsgvo_erase_after_sale)

    def test_switching_on_counts_from_now_on(self):
        company = self._open_company(dsgvo_erase_after_sale=False)
        company.dsgvo_erase_since = '2020-01-01'
        company.dsgvo_erase_after_sale = True
        self.assertGreater(company.dsgvo_erase_since, self.env.user.create_date)


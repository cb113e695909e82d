from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.dsgvo.models.erasure import dsgvo_erasure_blocker
from odoo.addons.dsgvo.wizards.erasure import dsgvo_erasure_preview

from .common import PERSON, ShopCommon


class OfficerCommon(ShopCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = new_test_user(
            cls.env, 'shop_officer', company_id=cls.env.company.id,
            groups='dsgvo.group_officer,base.group_partner_manager')

    def _select(self, customers, reason='manual'):
        method = 'action_dsgvo_request' if reason == 'request' else 'action_dsgvo_erase'
        action = getattr(customers.with_user(self.officer), method)()
        return self.env[action['res_model']].with_user(self.officer).browse(action['res_id'])


@tagged('post_install', '-at_install')
class TestErasurePreview(OfficerCommon):
    def test_request_shows_what_happens_and_does_it(self):
        order = self._order(note="Holt ab")
        self._receive()
        sale = self._sell(order)
        self._erasure().sudo().unlink()
        before = self.customer.read(list(PERSON))
        preview = self._select(self.customer, 'request')
        self.assertRecordValues(preview, [{
            'reason': 'request', 'total_count': 1, 'erased_count': 1, 'blocked_count': 0,
            'restricted_count': 0, 'refused_count': 0}])
        self.assertIn(PERSON['name'], preview.people)
        self.assertIn("<td>Sales Order</td><td>1</td>", preview.taken_out)
        self.assertFalse(self._erasure())
        self.assertEqual(self.customer.read(list(PERSON)), before)
        self.assertEqual(order.partner_id, self.customer)

        preview.action_erase()
        erasure = self._erasure()
        self.assertRecordValues(erasure, [{'reason': 'request', 'state': 'due'}])
        self._run_cron()
        self.assertFalse(self.customer.exists())
        self.assertEqual(sale.partner_id, self.env.company.dsgvo_anonymous_partner_id)
        self.assertEqual(erasure.state, 'done')

    def test_preview_counts_what_the_erasure_removes(self):
        customers = self.customer | self._create_customer(name="Balthasar Ohlendorf")
        for customer in customers:
            self._sell(self._order(customer=customer, note="Holt ab"))
        self.env['dsgvo.erasure'].search([]).sudo().unlink()
        foreseen = self.env['dsgvo.erasure']._dry_run(customers, self.env.company)
        self._select(customers).action_erase()
        erasures = self.env['dsgvo.erasure'].search([('partner_id', 'in', customers.ids)])
        subjects = {erasure: erasure.partner_id.id for erasure in erasures}
        self._run_cron()
        for erasure, subject_id in subjects.items():
            removed = dict(foreseen[subject_id].removed)
            # The preview itself and the noted erasure came after it.
            self.assertEqual(
                {model: rows for model, rows in erasure.certificate['removed'].items()
                 if model in removed}, removed)

    def test_preview_names_the_consequences_in_shop_words(self):
        order = self._order()
        self._sell(self._order(customer=(invoiced := self._create_customer())), to_invoice=True)
        preview = self._select(self.customer | invoiced)
        self.assertRecordValues(preview, [{
            'erased_count': 0, 'blocked_count': 1, 'restricted_count': 1}])
        self.assertIn(f"Open order: {order.name}", preview.people)
        self.assertIn(f"kept by law until 12/31/{self._today().year + 10}", preview.kept)

    def test_unpaid_amount_is_named(self):
        invoice = self.env['account.move'].create({
            'move_type': 'out_invoice', 'partner_id': self.customer.id,
            'invoice_line_ids': [(0, 0, {
                'product_id': self.book.id, 'quantity': 1, 'price_unit': 20.0, 'tax_ids': False})]})
        invoice.action_post()
        self.assertIn("Unpaid items: $&nbsp;20.00", self._select(self.customer).people)

    def test_who_agreed_to_storage_goes_on_request_only(self):
        self.customer.consent_storage = 'granted'
        preview = self._select(self.customer)
        self.assertRecordValues(preview, [{'refused_count': 1, 'erased_count': 0}])
        self.assertIn("on request only", preview.people)
        with self.assertRaisesRegex(UserError, "None of these customers can be erased"):
            preview.action_erase()
        self._select(self.customer, 'request').action_erase()
        self._run_cron()
        self.assertFalse(self.customer.exists())

    def test_no_customers_are_refused_with_the_reason(self):
        contacts = (
            self.env.company.partner_id | self.env.company.dsgvo_anonymous_partner_id
            | self.env.ref('base.public_partner') | self.cashier.partner_id)
        preview = self._select(contacts, 'manual')
        self.assertRecordValues(preview, [{'total_count': 4, 'refused_count': 4}])
        self.assertEqual(preview.people.count("belongs to this database"), 4)
        with self.assertRaisesRegex(UserError, "None of these customers"):
            preview.action_erase()

    def test_what_was_seen_is_what_is_erased(self):
        preview = self._select(self.customer)
        other = self._create_customer(name="Balthasar Ohlendorf")
        for values in {'partner_ids': [(4, other.id)]}, {'reason': 'request'}:
            with self.assertRaisesRegex(UserError, "cannot be changed"):
                preview.write(values)

    def test_an_address_stands_for_its_person(self):
        address = self._create_customer(parent_id=self.customer.id, type='delivery')
        self._select(address, 'request').action_erase()
        self._run_cron()
        self.assertFalse((address | self.customer).exists())

    def test_clerk_and_cashier_neither_see_nor_erase(self):
        for user in self.clerk, self.cashier:
            for method in 'action_dsgvo_request', 'action_dsgvo_erase':
                with self.assertRaises(AccessError):
                    getattr(self.customer.with_user(user), method)()

    def test_request_takes_the_place_of_what_a_consent_would_undo(self):
        self._order()  # blocks
        self.env['dsgvo.erasure']._enqueue(self.customer, 'withdrawal', self.env.company)
        self._select(self.customer, 'request').action_erase()
        self.customer.consent_storage = 'granted'
        self._run_cron()
        self.assertRecordValues(self._erasure(), [
            {'reason': 'request', 'state': 'blocked', 'not_before': False}])

    def test_consent_given_meanwhile_undoes_a_choice_by_hand(self):
        self._order()
        self._select(self.customer).action_erase()
        self.customer.consent_storage = 'granted'
        self._run_cron()
        self.assertFalse(self._erasure())
        self.assertTrue(self.customer.exists())

    def test_balance_waits_until_the_officer_gives_it_up(self):
        """As a voucher does; here a quotation stands for it, because loyalty may be missing."""
        with patch.object(dsgvo_erasure_blocker, 'BALANCE_MODELS', ('sale.order',)):
            order = self.env['sale.order'].sudo().create({'partner_id': self.customer.id})
            preview = self._select(self.customer)
            self.assertRecordValues(preview, [
                {'balance_count': 1, 'blocked_count': 1, 'erased_count': 0}])
            self.assertIn("<td>Waits</td>", preview.people)
            preview.action_erase()
            self._run_cron()
            self.assertEqual(self._erasure().blocker, f"Open quotation: {order.name}")
            preview = self._select(self.customer)
            preview.balance_accepted = True
            self.assertRecordValues(preview, [
                {'balance_count': 1, 'blocked_count': 0, 'erased_count': 1}])
            self.assertIn("<td>Will be erased</td>", preview.people)
            preview.action_erase()
            self._run_cron()
        self.assertFalse(self.customer.exists())

    def test_grace_time_of_a_request_is_a_setting(self):
        self.env.company.dsgvo_grace_request = 3
        self._select(self.customer, 'request').action_erase()
        self._run_cron()
        erasure = self._erasure()
        self.assertEqual(erasure.state, 'due')
        self.assertAlmostEqual(
            erasure.not_before, fields.Datetime.now() + timedelta(days=3),
            delta=timedelta(minutes=5))

    def test_a_large_selection_is_summed_up(self):
        customers = self.env['res.partner'].create([{'name': f"Kundin {n}"} for n in range(30)])
        with patch.object(dsgvo_erasure_preview, 'NAMED', 5), \
                patch.object(dsgvo_erasure_preview, 'LOOKED_AT', 10):
            preview = self._select(customers)
            self.assertRecordValues(preview, [
                {'total_count': 30, 'erased_count': 10, 'is_sample': True}])
            self.assertEqual(preview.people.count("<tr>"), 5)
            preview.action_erase()
        self.assertEqual(self.env['dsgvo.erasure'].search_count(
            [('partner_id', 'in', customers.ids), ('state', '=', 'due')]), 30)

    def test_cost_of_a_preview_does_not_depend_on_the_number(self):
        customers = self.env['res.partner'].create([{'name': f"Kundin {n}"} for n in range(40)])
        costs = []
        for chosen in customers[:2], customers:
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._select(chosen)
            costs.append(self.env.cr.sql_log_count - before)
        self.assertLess(costs[1], costs[0] + 15)

    def test_second_run_with_many_blocked_changes_nothing(self):
        """1,000 due and 50 blocked: the run ends, the next one writes nothing, not even a date."""
        customers = self.env['res.partner'].create([{'name': f"Kundin {n}"} for n in range(1050)])
        for customer in customers[:50]:
            self.env['sale.order'].sudo().create({'partner_id': customer.id})
        self.env['dsgvo.erasure']._enqueue(customers, 'manual', self.env.company)
        self._run_cron()
        erasures = self.env['dsgvo.erasure'].search([])
        self.assertEqual(len(erasures.filtered(lambda e: e.state == 'done')), 1000)
        self.assertEqual(len(erasures.filtered(lambda e: e.state == 'blocked')), 50)
        before = erasures.read(['state', 'blocker', 'write_date', 'write_uid'])
        self._run_cron()
        self.assertEqual(erasures.read(['state', 'blocker', 'write_date', 'write_uid']), before)


@tagged('post_install', '-at_install')
class TestErasureLock(OfficerCommon):
    def _lock(self, **values):
        return self.env['dsgvo.erasure.lock'].with_user(self.officer).create(
            {'partner_id': self.customer.id, 'reason': "Streit um Rechnung 17"} | values)

    def test_dispute_blocks_until_it_is_lifted(self):
        lock = self._lock()
        self._select(self.customer, 'request').action_erase()
        self._run_cron()
        self.assertEqual(self._erasure().blocker, "Locked by the privacy officer")
        lock.action_lift()
        self._run_cron()
        self.assertFalse(self.customer.exists())

    def test_dispute_ends_by_its_date(self):
        lock = self._lock(until=self._today())
        self._select(self.customer, 'request').action_erase()
        self._run_cron()
        self.assertRegex(self._erasure().blocker, "Locked by the privacy officer until [0-9/]+$")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dsgvo_erasure_lock SET until = until - 2 WHERE id = %s", [lock.id])
        self.env.invalidate_all()
        self._run_cron()
        self.assertFalse(self.customer.exists())

    def test_lock_whose_day_is_over_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "protects nobody: this day is over"):
            self._lock(until=self._today() - timedelta(days=1))
        lock = self._lock(until=self._today())
        with self.assertRaisesRegex(ValidationError, "protects nobody"):
            lock.until -= timedelta(days=1)

    def test_lock_of_an_address_is_one_of_the_person(self):
        address = self._create_customer(parent_id=self.customer.id, type='invoice')
        self.assertEqual(self._lock(partner_id=address.id).partner_id, self.customer)

    def test_clerk_does_not_see_the_reason(self):
        lock = self._lock()
        with self.assertRaises(AccessError):
            lock.with_user(self.clerk).read(['reason'])
        with self.assertRaises(AccessError):
            self.env['dsgvo.erasure.lock'].with_user(self.clerk).create(
                {'partner_id': self.customer.id, 'reason': "x"})


@tagged('post_install', '-at_install')
class TestErasureTour(OfficerCommon, HttpCase):
    def test_officer_erases_a_selection(self):
        customers = self.env['res.partner'].create([
            {'name': "Quittenbaum Eins"}, {'name': "Quittenbaum Zwei"}, {'name': "Ohlendorf"}])
        self.start_tour(
            '/odoo/action-dsgvo.res_partner_action_register', 'dsgvo_erase_selection',
            login='shop_officer')
        self._run_cron()
        self.assertEqual(customers.exists(), customers[2])

    def test_officer_locks_erases_on_request_and_takes_back(self):
        """As somebody who is nothing but an officer."""
        new_test_user(self.env, 'only_officer', groups='dsgvo.group_officer',
                      company_id=self.env.company.id)
        self.env.company.dsgvo_grace_request = 3
        self.start_tour(
            '/odoo/action-dsgvo.res_partner_action_customers', 'dsgvo_officer_decides',
            login='only_officer')
        lock = self.env['dsgvo.erasure.lock'].sudo().with_context(active_test=False).search(
            [('partner_id', '=', self.customer.id)])
        self.assertRecordValues(lock, [{'reason': "Az. 12 C 345", 'active': False}])
        self.assertRecordValues(
            self._erasure(), [{'state': 'cancelled', 'take_back_reason': "Wants to stay"}])

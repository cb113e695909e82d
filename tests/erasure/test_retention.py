from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import PERSON
from .test_preview import OfficerCommon


@tagged('post_install', '-at_install')
class TestRetention(OfficerCommon):
    def setUp(self):
        super().setUp()
        self.retention = self.env.ref('dsgvo.retention_books').with_user(self.officer)
        self.rules = self.retention.rule_ids

    def test_places_follow_the_period(self):
        self.retention.years = 12
        self.assertEqual(set(self.rules.mapped('retention_years')), {12})
        self._sell(self._order(), to_invoice=True)
        self._run_cron()
        self.assertEqual(self._erasure().restricted_until, date(self._today().year + 12, 12, 31))

    def test_restricted_customers_follow_the_period(self):
        self._sell(self._order(), to_invoice=True)
        self._run_cron()
        erasure, year = self._erasure(), self._today().year
        self.retention.years = 12
        self.assertEqual(erasure.restricted_until, date(year + 12, 12, 31))
        with freeze_time(datetime(year + 11, 1, 1, 12)):
            self._search_database()
            self._run_cron()
            self.assertEqual(erasure.state, 'restricted')
            self.retention.years = 10
            self.assertEqual(erasure.restricted_until, date(year + 10, 12, 31))
            self._run_cron()
        self.assertEqual(erasure.state, 'done', erasure.blocker)

    def test_tax_audit_keeps_who_would_go(self):
        self._sell(self._order(), to_invoice=True)
        self._run_cron()
        erasure, year = self._erasure(), self._today().year
        audit = self.env['dsgvo.tax.audit'].with_user(self.officer).create(
            {'first_year': year, 'last_year': year, 'reason': "Betriebsprüfung"})
        with freeze_time(datetime(year + 11, 1, 1, 12)):
            self._search_database()
            self._run_cron()
            self.assertRecordValues(erasure, [
                {'state': 'restricted', 'restricted_until': date(year + 11, 12, 31)}])
            audit.action_lift()
            self.assertEqual(erasure.restricted_until, date(year + 10, 12, 31))
            self._run_cron()
        self.assertEqual(erasure.state, 'done', erasure.blocker)

    def test_business_letters_stay_while_they_are_switched_on(self):
        letters = self.env.ref('dsgvo.retention_letters').with_user(self.officer)
        letters.is_on = True
        order = self._order()
        mail = order.message_post(body=PERSON['name'], message_type='email')
        self._sell(order)
        self._run_cron()
        erasure, year = self._erasure(), self._today().year
        self.assertRecordValues(erasure, [
            {'state': 'restricted', 'restricted_until': date(year + 6, 12, 31)}])
        self.assertIn("business letters", erasure.blocker)
        self.assertEqual((order.partner_id, mail.exists()), (self.customer, mail))
        with freeze_time(datetime(year + 7, 1, 1, 12)):
            self._search_database()
            self._run_cron()
        self.assertEqual(erasure.state, 'done', erasure.blocker)
        self.assertFalse(mail.exists())
        self.assertNotEqual(order.partner_id, self.customer)

    def test_below_the_legal_minimum_needs_the_confirmation_in_the_same_call(self):
        for values in {'years': 3}, {'years': 3, 'confirmed_below': False}:
            with self.assertRaisesRegex(UserError, "must be kept for 10 years"):
                self.retention.write(values)
        self.retention.write({'years': 3, 'confirmed_below': True})
        self.assertRecordValues(self.retention, [
            {'years': 3, 'confirmed_below': True, 'confirmed_by_id': self.officer.id}])
        self.assertEqual(set(self.rules.mapped('retention_years')), {3})
        with self.assertRaisesRegex(UserError, "must be kept for 10 years"):
            self.retention.write({'years': 2})
        self.retention.years = 10
        self.assertFalse(self.retention.confirmed_below)

    def test_the_map_is_no_way_round(self):
        rule = self.env.ref('dsgvo.rule_account_move_line_partner').with_user(self.officer)
        rule.retention_years = 1
        self.assertEqual(rule.retention_years, 10)
        with self.assertRaisesRegex(UserError, "follows its retention period"):
            rule.write({'retention_id': False, 'retention_years': 1})

    def test_law_is_not_the_officers_to_change(self):
        with self.assertRaisesRegex(UserError, "given by law"):
            self.retention.legal_minimum = 1

    def test_clerk_changes_no_period(self):
        with self.assertRaises(AccessError):
            self.retention.with_user(self.clerk).years = 12

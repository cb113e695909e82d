from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import DsgvoCommon


@tagged('post_install', '-at_install')
class TestValidity(DsgvoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.env.company._dsgvo_today()
        cls.long_ago = cls.today - relativedelta(months=24)

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref('dsgvo.ir_cron_expire').method_direct_trigger()
        self.env.invalidate_all()

    def _grant(self, purpose, date, customer=None):
        self.env['dsgvo.consent.event'].with_user(self.clerk).create({
            'partner_id': (customer or self.customer).id, 'purpose': purpose,
            'decision': 'granted', 'date': date, 'means': 'paper'})

    def _expired(self):
        return self.env['dsgvo.consent.event'].search([('decision', '=', 'expired')])

    def test_consents_do_not_end_unless_a_validity_is_set(self):
        self._grant('marketing', self.long_ago)
        self._run_cron()
        self.assertFalse(self._expired())
        self.assertRecordValues(
            self.customer, [{'consent_marketing': 'granted', 'consent_expiry_date': False}])

    def test_consent_whose_validity_is_over_counts_as_never_asked(self):
        self._grant('marketing', self.long_ago)
        self._grant('storage', self.long_ago)
        self.env.company.dsgvo_validity_marketing = 12
        self.assertEqual(
            self.customer.consent_expiry_date, self.long_ago + relativedelta(months=12))
        self.assertIn("ask again", self.customer.with_user(self.clerk).dsgvo_expired_notice)
        self._run_cron()
        self.assertRecordValues(self.customer, [{
            'consent_marketing': False, 'consent_storage': 'granted', 'consent_state': 'partial',
            'consent_expiry_date': False}])
        self.assertRecordValues(self._expired(), [{
            'partner_id': self.customer.id, 'purpose': 'marketing', 'means': 'system',
            'date': self.long_ago + relativedelta(months=12)}])
        self.assertIn("ask again", self.customer.with_user(self.clerk).dsgvo_expired_notice)
        self._run_cron()
        self.assertEqual(len(self._expired()), 1)

    def test_job_whose_time_is_over_tells_odoo_what_is_left(self):
        another = self.env['res.partner'].create({'name': "Balthasar Ohlendorf"})
        for customer in self.customer, another:
            self._grant('marketing', self.long_ago, customer)
        self.env.company.dsgvo_validity_marketing = 12
        cron = self.env.ref('dsgvo.ir_cron_expire')
        left = []
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
            for end in 0, float('inf'):
                job, progress = cron.with_env(self.env(cr=cr)).with_context(
                    cron_id=cron.id, cron_end_time=end)._add_progress()
                job.env['dsgvo.consent.event']._cron_expire(batch_size=1)
                left.append(progress.remaining)
        self.env.invalidate_all()
        # The first run has done one of two customers; a company counts, too.
        self.assertEqual(left, [2, 0])
        self.assertEqual(len(self._expired()), 2)

    def test_each_consent_stops_counting_on_its_last_day_without_a_job(self):
        late, soon = self.long_ago, self.long_ago + relativedelta(days=1)
        over, valid = self.customer, self._create_customer(name="Balduin Wacholder")
        Partner = self.env['res.partner']
        for purpose in ('storage', 'notification', 'marketing'):
            self._grant(purpose, late, over)
            self._grant(purpose, soon, valid)
        for number, purpose in enumerate(('storage', 'notification', 'marketing')):
            with self.subTest(purpose=purpose):
                self.env.company[f'dsgvo_validity_{purpose}'] = 24
                field, both = f'consent_{purpose}', over | valid
                self.assertEqual(both.mapped(field), [False, 'granted'])
                self.assertEqual(both._dsgvo_allows(purpose), valid)
                self.assertEqual(
                    Partner.search([('id', 'in', both.ids), (field, '=', 'granted')]), valid)
                self.assertEqual(
                    Partner.search([('id', 'in', both.ids), (field, '=', False)]), over)
                self.assertEqual(
                    both.mapped('consent_state'), ['none' if number == 2 else 'partial', 'full'])
        self.assertEqual(
            Partner.search([('id', 'in', both.ids), ('consent_state', '=', 'none')]), over)
        self.assertEqual(
            Partner._read_group([('id', 'in', both.ids)], ['consent_state'], ['__count']),
            [('full', 1), ('none', 1)])
        self.assertEqual(both._dsgvo_filter_marketing('mail'), valid)
        orders = self.env['sale.order'].with_user(self.clerk).create(
            [{'partner_id': partner.id, 'notification_type': 'M'} for partner in both])
        self.assertEqual(orders.mapped('notification_type'), ['K', 'M'])
        self.assertEqual(orders.mapped('consent_state'), ['none', 'full'])

    def test_state_of_a_company_is_that_of_its_advertising(self):
        shop = self._create_customer(is_company=True)
        self._grant('marketing', self.long_ago, shop)
        self.assertEqual(shop.consent_state, 'full')
        self.env.company.dsgvo_validity_marketing = 12
        self.assertEqual(shop.consent_state, 'none')

    def test_imported_consent_that_is_too_old_never_counts(self):
        self.env.company.dsgvo_validity_marketing = 24
        result = self.env['res.partner'].with_user(self.clerk).load(
            ['name', 'consent_marketing', 'consent_date'], [["Alt", 'granted', '2015-01-01']])
        old = self.env['res.partner'].browse(result['ids'])
        self.assertEqual(old.consent_event_ids.decision, 'granted')
        self.assertFalse(old._dsgvo_allows('marketing') | old._dsgvo_filter_marketing('mail'))

    def test_validity_is_that_of_each_company_that_shares_consents(self):
        here, there = self.env.company, self.env['res.company'].create({'name': "Filiale"})
        (here | there).dsgvo_joint_controller = True
        for purpose in ('notification', 'marketing'):
            self._grant(purpose, self.long_ago)
        self.customer.interest_ids = self.env['dsgvo.interest'].create({'name': "Lyrik"})
        orders = self.env['sale.order'].create([
            {'partner_id': self.customer.id, 'company_id': company.id}
            for company in here | there])
        here.write({'dsgvo_validity_notification': 12, 'dsgvo_validity_marketing': 12})
        for _before_and_after_the_job in range(2):
            for company, consent in ((here, False), (there, 'granted')):
                self.assertRecordValues(self.customer.with_company(company), [{
                    'consent_notification': consent, 'consent_marketing': consent,
                    'consent_state': 'partial' if consent else 'none'}])
            self._run_cron()
        self.assertEqual(orders.mapped('notification_type'), ['K', 'M'])
        self.assertTrue(self.customer.interest_ids)
        self.assertEqual(self._expired().company_id, here)
        last = self.env['dsgvo.consent.event'].with_company(there)._last_decisions(self.customer)
        self.assertEqual(last[self.customer.id, 'marketing'], 'granted')

    def test_end_of_a_validity_stays_the_end_when_the_months_change(self):
        self._grant('marketing', self.long_ago)
        self.env.company.dsgvo_validity_marketing = 12
        self._run_cron()
        self.env.company.dsgvo_validity_marketing = 0
        self.assertFalse(self.customer.consent_marketing)

    def test_contact_that_became_a_company_keeps_nobody_from_expiring(self):
        other = self._create_customer(name="Balduin Wacholder")
        for customer in self.customer | other:
            self._grant('storage', self.long_ago, customer)
        self.env.company.dsgvo_validity_storage = 12
        self.customer.is_company = True
        self._run_cron()
        self.assertEqual(self._expired().partner_id, self.customer | other)

    @mute_logger('odoo.addons.dsgvo.models.consent.dsgvo_consent_event_expiry')
    def test_contact_whose_end_cannot_be_recorded_keeps_nobody_from_expiring(self):
        others = self.env['res.partner'].create([{'name': f"Nr {n}"} for n in range(4)])
        for customer in self.customer | others:
            self._grant('storage', self.long_ago, customer)
        self.env.company.dsgvo_validity_storage = 12
        Partner = self.env.registry['res.partner']
        react = Partner._dsgvo_after_decision

        def fail_for_one(records, *args):
            if self.customer in records:
                raise ZeroDivisionError
            return react(records, *args)

        with patch.object(Partner, '_dsgvo_after_decision', fail_for_one):
            self._run_cron()
        self.assertEqual(self._expired().partner_id, others)

    def test_order_is_silent_and_profile_is_gone_when_consents_expire(self):
        self._grant('notification', self.long_ago)
        self._grant('marketing', self.long_ago)
        self.customer.interest_ids = self.env['dsgvo.interest'].create({'name': "Lyrik"})
        order = self.env['sale.order'].with_user(self.clerk).create(
            {'partner_id': self.customer.id})
        self.assertEqual(order.notification_type, 'M')
        self.env.company.write({'dsgvo_validity_notification': 12, 'dsgvo_validity_marketing': 12})
        self._run_cron()
        self.assertEqual(order.notification_type, 'K')
        self.assertFalse(self.customer.interest_ids)

    def test_nobody_is_erased_because_storage_expires(self):
        self._grant('storage', self.long_ago)
        self.env.company.dsgvo_validity_storage = 12
        self._run_cron()
        self.assertFalse(self.customer.consent_storage)
        self.assertFalse(
            self.env['dsgvo.erasure'].search([('partner_id', '=', self.customer.id)]))

    def test_renewed_consent_counts_from_its_day(self):
        self._grant('marketing', self.long_ago)
        self.env.company.dsgvo_validity_marketing = 12
        self._run_cron()
        self._grant('marketing', self.today - relativedelta(months=1))
        self.assertRecordValues(self.customer, [{
            'consent_marketing': 'granted', 'dsgvo_expired_notice': "",
            'consent_expiry_date': self.today + relativedelta(months=11)}])
        self._run_cron()
        self.assertEqual(self.customer.consent_marketing, 'granted')

    def _grant_until_soon(self, customer=None):
        self.env.company.dsgvo_validity_marketing = 12
        self._grant(
            'marketing', self.today - relativedelta(months=12) + relativedelta(days=9), customer)

    def _reminders(self, user):
        return self.env['mail.activity'].search([
            ('activity_type_id', '=', self.env.ref('dsgvo.activity_type_expiry').id),
            ('user_id', '=', user.id)])

    def test_officer_is_reminded_once_of_persons_without_names(self):
        self._create_customer(parent_id=self.customer.id, type='delivery')
        self._grant_until_soon()
        self._run_cron()
        self._run_cron()
        reminder = self._reminders(self.officer)
        self.assertEqual(len(reminder), 1)
        self.assertIn("within a month: 1.", reminder.note)
        self.assertNotIn("Quittenbaum", reminder.note)
        soon = self.env['res.partner'].with_user(self.officer).search([
            ('consent_expiry_date', '!=', False), ('parent_id', '=', False),
            ('consent_expiry_date', '<=', self.today + relativedelta(days=30))])
        self.assertEqual(soon, self.customer)

    def test_reminder_follows_the_number_and_goes_when_nobody_is_left(self):
        self._grant_until_soon()
        self._run_cron()
        self._grant_until_soon(other := self._create_customer(name="Balduin Wacholder"))
        self._run_cron()
        self.assertIn("within a month: 2.", self._reminders(self.officer).note)
        for customer in self.customer | other:
            customer.consent_marketing = False
        self._run_cron()
        self.assertFalse(self._reminders(self.officer))

    def test_officers_of_the_company_are_reminded_and_no_others(self):
        stranger = new_test_user(
            self.env, 'dsgvo_stranger', groups='dsgvo.group_officer',
            company_id=(other := self.env['res.company'].create({'name': "Fremder Laden"})).id,
            company_ids=[Command.set(other.ids)])
        self._grant_until_soon()
        self._run_cron()
        self.assertTrue(self._reminders(self.officer))
        self.assertFalse(self._reminders(stranger))

    def test_nobody_but_odoo_records_an_expiry(self):
        with self.assertRaisesRegex(UserError, "Only Odoo itself records that a consent has"):
            self.env['dsgvo.consent.event'].with_user(self.clerk).create({
                'partner_id': self.customer.id, 'purpose': 'storage', 'decision': 'expired'})

    @mute_logger('odoo.sql_db')
    def test_validity_is_not_negative(self):
        with self.assertRaisesRegex(IntegrityError, "validity_is_positive"):
            self.env.company.dsgvo_validity_storage = -1
            self.env.flush_all()

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
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

    def test_officer_is_reminded_once_without_names(self):
        self._grant('marketing', self.today - relativedelta(months=12) + relativedelta(days=9))
        self.env.company.dsgvo_validity_marketing = 12
        self._run_cron()
        self._run_cron()
        reminders = self.env['mail.activity'].search([
            ('activity_type_id', '=', self.env.ref('dsgvo.activity_type_expiry').id),
            ('user_id', '=', self.officer.id)])
        self.assertEqual(len(reminders), 1)
        self.assertNotIn("Quittenbaum", reminders.note)
        soon = self.env['res.partner'].with_user(self.officer).search([
            ('consent_expiry_date', '!=', False),
            ('consent_expiry_date', '<=', self.today + relativedelta(days=30))])
        self.assertEqual(soon, self.customer)

    def test_nobody_but_odoo_records_an_expiry(self):
        with self.assertRaisesRegex(UserError, "Only Odoo itself records that a consent has"):
            self.env['dsgvo.consent.event'].with_user(self.clerk).create({
                'partner_id': self.customer.id, 'purpose': 'storage', 'decision': 'expired'})

    @mute_logger('odoo.sql_db')
    def test_validity_is_not_negative(self):
        with self.assertRaisesRegex(IntegrityError, "validity_is_positive"):
            self.env.company.dsgvo_validity_storage = -1
            self.env.flush_all()

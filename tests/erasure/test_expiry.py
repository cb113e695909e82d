from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.dsgvo.models.erasure.res_company import GRACE_FIELDS

from .test_delivered import DeliveredCommon


@tagged('post_install', '-at_install')
class TestExpiry(DeliveredCommon):
    """A consent to storage that only ended by its validity: the customer is asked again first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ended = cls.env.company._dsgvo_today() - timedelta(days=30)

    def _expire(self, ended=None, recorded=None):
        ended = ended or self.ended
        self.env['dsgvo.consent.event'].create({
            'partner_id': self.customer.id, 'purpose': 'storage', 'means': 'paper',
            'decision': 'granted', 'date': ended - relativedelta(months=12)})
        self.env.company.dsgvo_validity_storage = 12
        with freeze_time(datetime.combine(recorded or ended, time(12))), (
                self.enter_registry_test_mode()):
            self.env.ref('dsgvo.ir_cron_expire').method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(self.customer.consent_storage)

    def _find_in_period(self):
        period = self.env['dsgvo.erasure.period'].sudo().search(
            [('kind', '=', 'inactive'), ('company_id', '=', self.env.company.id)])
        period._erase(self.customer)

    def _deliver_and_pay(self):
        order = self._order()
        self._deliver(order)
        self._pay(self._invoice(order))
        self._find_daily()

    def test_nothing_that_comes_by_itself_erases_before_the_grace_time(self):
        self._expire()
        until = datetime.combine(self.ended, time()) + timedelta(days=90)
        for way in (lambda: self._sell(self._order()), self._deliver_and_pay,
                    self._find_in_period):
            way()
            self.assertRecordValues(self._erasure(), [{'state': 'due', 'not_before': until}])
            self._run_cron()
            self.assertEqual(self._erasure().state, 'due')
            self._erasure().sudo().unlink()

    def test_grace_time_is_a_setting_and_ends(self):
        self._expire()
        self.env.company.dsgvo_grace_expiry = 29
        self._sell(self._order())
        self.assertFalse(self._erasure().not_before)
        self._run_cron()
        self.assertFalse(self.customer.exists())

    def test_longer_grace_time_of_a_sale_counts(self):
        self._expire()
        self.env.company.dsgvo_grace_checkout = 100
        self._sell(self._order())
        self.assertAlmostEqual(
            self._erasure().not_before, fields.Datetime.now() + timedelta(days=100),
            delta=timedelta(minutes=5))

    def test_own_sale_of_who_was_noted_for_the_order_of_another_gives_the_same_time(self):
        self._expire()
        self.env['dsgvo.erasure']._enqueue(
            self.customer, 'checkout', self.env.company, is_recipient=True)
        self._erasure().sudo().not_before = False
        self._sell(self._order())
        self.assertRecordValues(self._erasure(), [{
            'is_recipient': False,
            'not_before': datetime.combine(self.ended, time()) + timedelta(days=90)}])

    def test_who_refuses_when_asked_again_waits_no_longer(self):
        self._expire()
        self.customer.with_user(self.clerk).consent_storage = 'refused'
        self._sell(self._order())
        self.assertFalse(self._erasure().not_before)

    def test_who_refuses_after_the_sale_waits_no_longer(self):
        self.env.company.dsgvo_grace_checkout = 10
        self._expire()
        self._sell(self._order())
        self.customer.with_user(self.clerk).consent_storage = 'refused'
        self.assertEqual(
            self._erasure().not_before, self._erasure().create_date + timedelta(days=10))

    def test_end_that_lies_years_back_gives_the_time_from_when_it_was_noted(self):
        today = self.env.company._dsgvo_today()
        self._expire(ended=today - relativedelta(months=24), recorded=today)
        self._sell(self._order())
        self.assertEqual(
            self._erasure().not_before, datetime.combine(today, time()) + timedelta(days=90))

    def test_who_agrees_again_stays(self):
        self._expire()
        self._sell(self._order())
        self.customer.with_user(self.clerk).consent_storage = 'granted'
        self.assertFalse(self._erasure())

    def test_request_waits_for_nothing(self):
        self._expire()
        self._sell(self._order())
        self._select(self.customer, 'request').action_erase()
        self.assertRecordValues(self._erasure(), [{'reason': 'request', 'not_before': False}])

    def test_expiry_at_one_company_gives_no_time_at_another(self):
        self._expire()
        other = self.env['res.company'].create({'name': "Laden am Markt"})
        self.env['dsgvo.erasure']._enqueue(self.customer, 'checkout', other)
        self.assertFalse(self._erasure().not_before)

    def test_clerk_is_reminded_at_the_contact_and_at_the_order(self):
        self._expire()
        order = self._order()
        for record in self.customer, order:
            self.assertRegex(
                record.with_user(self.clerk).dsgvo_expired_notice,
                "Unlimited storage: expired on .*, ask again")
        form = order.with_user(self.clerk).get_view(
            self.env.ref('sale.view_order_form').id, 'form')['arch']
        self.assertIn('dsgvo_expired_notice', form)

    def test_preview_of_a_period_says_who_is_asked_again(self):
        self._expire(ended=self.ended - timedelta(days=30))
        period = self.env['dsgvo.erasure.period'].with_user(self.officer).search(
            [('kind', '=', 'inactive'), ('company_id', '=', self.env.company.id)])
        period.write({'duration': 1, 'unit': 'days'})
        self.customer.customer_rank = 1
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = '2010-01-01' WHERE id = %s", [self.customer.id])
        self.env.invalidate_all()
        action = period.action_preview()
        preview = self.env[action['res_model']].with_user(self.officer).browse(action['res_id'])
        self.assertRecordValues(preview, [{'blocked_count': 1, 'erased_count': 0}])
        self.assertIn("is asked again until", preview.people)

    @mute_logger('odoo.sql_db')
    def test_grace_time_is_not_negative(self):
        company = self.env.company.with_user(self.officer)
        for field in sorted(GRACE_FIELDS):
            with self.subTest(field), self.env.cr.savepoint() as savepoint:
                with self.assertRaisesRegex(IntegrityError, "grace_positive") as refused:
                    company.write({field: -1})
                    self.env.flush_all()
                savepoint.rollback()
                self.env.invalidate_all()
                # What Odoo says to whoever asked, by form and by RPC.
                self.assertIn("Enter 0 or", company._sql_error_to_message(refused.exception))

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .test_preview import OfficerCommon


@tagged('post_install', '-at_install')
class TestTakeBack(OfficerCommon):
    """The officer takes a request or an erasure by hand back, with the reason."""

    def setUp(self):
        super().setUp()
        self.env.company.dsgvo_grace_request = 3

    def _note(self, reason='request', customer=None):
        self.env['dsgvo.erasure']._enqueue(
            customer or self.customer, reason, self.env.company)
        self.env.invalidate_all()
        return self._erasure(customer).with_user(self.officer)

    def _take_back(self, erasure, user=None):
        wizard = self.env['dsgvo.erasure.take.back'].with_user(user or self.officer).with_context(
            **erasure.action_take_back()['context']).create({'reason': "Hat angerufen"})
        wizard.action_take_back()
        self.env.invalidate_all()

    def test_customer_stays_and_the_reason_is_kept(self):
        for reason in 'request', 'manual':
            with self.subTest(reason=reason):
                customer = self._create_customer()
                erasure = self._note(reason, customer)
                self.assertTrue(customer.with_user(self.officer).dsgvo_can_take_back)
                self._take_back(erasure)
                self.assertRecordValues(erasure, [{
                    'state': 'cancelled', 'take_back_reason': "Hat angerufen",
                    'taken_back_by_id': self.officer.id, 'can_take_back': False}])
                self.assertFalse(customer.with_user(self.officer).dsgvo_erasure_notice)
                erasure.sudo().not_before = False
                self._run_cron()
                self.assertTrue(customer.exists())

    def test_blocked_one_can_be_taken_back_and_asked_for_again(self):
        self._order()
        erasure = self._note()
        erasure.sudo().not_before = False
        self._run_cron()
        self.assertEqual(erasure.state, 'blocked')
        self._take_back(erasure)
        self.assertRecordValues(erasure, [{'state': 'cancelled', 'blocker': False}])
        again = self._note() - erasure
        self.assertEqual(again.state, 'due')

    def test_what_is_no_request_or_was_erased_cannot_be_taken_back(self):
        withdrawn = self._note('withdrawal')
        done = self._note(customer=self._create_customer(name="Bert Ohlendorf", email=False))
        done.sudo().not_before = False
        done.sudo()._process()
        for erasure in withdrawn, done:
            with self.subTest(reason=erasure.reason), self.assertRaisesRegex(
                    UserError, "cannot be taken back"):
                self._take_back(erasure)

    def test_withdrawn_consent_to_storage_erases_all_the_same(self):
        self.customer.with_user(self.clerk).consent_storage = 'granted'
        self.customer.with_user(self.clerk).consent_storage = 'refused'
        erasure = self._note()
        self.assertEqual(erasure.reason, 'request')
        self._take_back(erasure)
        left = self._erasure().filtered(lambda each: each.state == 'due')
        self.assertEqual(left.reason, 'withdrawal')
        self.assertGreater(left.not_before, fields.Datetime.now() + timedelta(hours=20))

    def test_withdrawal_at_another_company_erases_there(self):
        other = self.env['res.company'].create({'name': "Laden am Markt"})
        customer = self.customer.with_company(other)
        for decision in 'granted', 'refused':
            customer.consent_storage = decision
        erasure = self._note()
        self.assertRecordValues(
            erasure, [{'reason': 'request', 'company_id': self.env.company.id}])
        self._take_back(erasure)
        self.assertRecordValues(
            self._erasure().filtered(lambda each: each.state == 'due'),
            [{'reason': 'withdrawal', 'company_id': other.id}])

    def test_only_the_officer_takes_back_and_reads_the_reason(self):
        erasure = self._note()
        clerk = new_test_user(self.env, 'take_back_clerk', groups='dsgvo.group_user',
                              company_id=self.env.company.id)
        with self.assertRaises(AccessError):
            self._take_back(erasure, clerk)
        self.assertEqual(erasure.state, 'due')
        self._take_back(erasure)
        with self.assertRaises(AccessError):
            erasure.with_user(clerk).read(['take_back_reason'])
        with self.assertRaisesRegex(UserError, "evidence"):
            erasure.sudo().unlink()

    def test_reason_goes_with_the_customer(self):
        erasure = self._note()
        self._take_back(erasure)
        again = self._note() - erasure
        again.sudo().not_before = False
        self._run_cron()
        self.assertEqual(again.state, 'done')
        self.assertRecordValues(erasure, [{'take_back_reason': False, 'state': 'cancelled'}])
        self.assertNotIn('dsgvo.erasure', again.certificate['deleted'])

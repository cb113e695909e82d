from datetime import timedelta
from itertools import combinations
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_preview import OfficerCommon


@tagged('post_install', '-at_install')
class TestMergeOfWhoIsToBeErased(OfficerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.double = cls._create_customer(name="A. Quittenbaum")

    def _merge(self, into=None, among=None):
        partners = among or self.customer | self.double
        self.env['base.partner.merge.automatic.wizard'].with_user(self.clerk)._merge(
            partners.ids, (into or partners[0]).with_user(self.clerk))
        self.env.invalidate_all()

    def _note(self, partner, reason, **values):
        self.env['dsgvo.erasure']._enqueue(partner, reason, self.env.company)
        erasure = self._erasure(partner).sudo()
        erasure.write(values)
        return erasure

    def test_strongest_reason_survives_with_all_that_belongs_to_it(self):
        later = fields.Datetime.now() + timedelta(days=3)
        period = self.env['dsgvo.erasure.period'].sudo().search([], limit=1)
        reasons = ['request', 'manual', 'withdrawal', 'retention', 'checkout']
        for stronger, weaker in combinations(reasons, 2):
            for number in 0, 1:
                with self.subTest(stronger=stronger, weaker=weaker, into=number):
                    pair = self._create_customer(name="A") | self._create_customer(name="B")
                    self._note(pair[0], weaker, not_before=False)
                    kept = self._note(
                        pair[1], stronger, not_before=later, balance_accepted=True,
                        state='blocked', blocker="Open order", period_id=period.id)
                    self._merge(among=pair, into=pair[number])
                    self.assertRecordValues(
                        kept.search([('partner_id', 'in', pair.ids)]), [{
                            'id': kept.id, 'partner_id': pair[number].id, 'reason': stronger,
                            'not_before': later, 'balance_accepted': True, 'state': 'blocked',
                            'period_id': period.id}])

    def test_balance_that_the_officer_did_not_see_is_not_given_up(self):
        Blocker = self.registry['dsgvo.erasure.blocker']
        for unseen in self.customer, self.env['res.partner']:
            pair = self.customer | self._create_customer(name="B")
            self._note(pair[0], 'checkout')
            kept = self._note(pair[1], 'request', balance_accepted=True)
            with patch.object(
                    Blocker, '_find_balances',
                    lambda _self, subjects, has=unseen: {s: ["5 €"] for s in subjects & has}):
                self._merge(among=pair)
            self.assertEqual(kept.balance_accepted, not unseen)
            kept.unlink()

    def test_order_of_their_own_is_stronger_than_one_that_they_only_got(self):
        for number in 0, 1:
            pair = self._create_customer(name="A") | self._create_customer(name="B")
            self._note(pair[number], 'checkout', is_recipient=True)
            kept = self._note(pair[1 - number], 'checkout')
            self._merge(among=pair)
            self.assertRecordValues(
                kept.search([('partner_id', 'in', pair.ids)]),
                [{'id': kept.id, 'is_recipient': False}])

    def test_who_was_erased_before_a_restored_backup_goes_again(self):
        for stronger, weaker in [(False, True), (True, False)]:
            pair = self._create_customer(name="A") | self._create_customer(name="B")
            pair[1].consent_storage = 'granted'
            self._note(pair[0], 'checkout', is_replayed=weaker)
            kept = self._note(pair[1], 'manual', is_replayed=stronger)
            self._merge(among=pair)
            self._run_cron()
            self.assertFalse(pair.exists())
            self.assertEqual(kept.state, 'done')

    def test_sale_that_another_company_erases_after_is_found_again(self):
        other = self.env['res.company'].create({'name': "Laden am Markt"})
        other.dsgvo_erase_after_sale = True
        self.env['dsgvo.erasure']._enqueue(self.double, 'checkout', other)
        self._sell(self._order())
        self._merge()
        self.assertEqual(self._erasure().company_id, other)
        other.dsgvo_erase_after_sale = False
        self.assertFalse(self._erasure())
        with self.enter_registry_test_mode():
            self.env.ref('dsgvo.ir_cron_find').method_direct_trigger()
        self.env.invalidate_all()
        self.assertRecordValues(
            self._erasure(), [{'reason': 'checkout', 'company_id': self.env.company.id}])

    def test_addresses_that_were_noted_once_leave_one_erasure(self):
        pair = self.customer | self.double
        self._note(pair[0], 'checkout')
        request = self._note(pair[1], 'request')
        owner = self._create_customer(name="Balthasar")
        pair.write({'parent_id': owner.id, 'type': 'other'})
        self._merge()
        self.assertEqual(self._erasure(), request)

    def test_restricted_customer_is_neither_source_nor_target(self):
        self.customer.write({'active': False})
        for field in 'dsgvo_restricted', 'dsgvo_erased':
            self.customer.sudo()[field] = True
            for into in self.customer, self.double:
                with self.assertRaisesRegex(UserError, "kept only for documents"):
                    self._merge(into=into)
            self.customer.sudo()[field] = False

    def test_legal_locks_survive(self):
        lock = self.env['dsgvo.erasure.lock'].sudo().create(
            {'partner_id': self.double.id, 'reason': "Streit"})
        self._merge()
        self.assertRecordValues(lock, [{'partner_id': self.customer.id, 'active': True}])

    def _know_as_erased(self, partner):
        partner.sudo().write({
            'dsgvo_suppressed_since': '2026-03-04', 'dsgvo_suppressed_reason': 'erased'})

    def test_note_of_who_came_back_stays_where_nobody_decided(self):
        self._know_as_erased(self.double)
        self._merge()
        self.assertRecordValues(self.customer, [{
            'dsgvo_suppressed_since': fields.Date.to_date('2026-03-04'),
            'dsgvo_suppressed_reason': 'erased'}])

    def test_note_of_who_came_back_does_not_stand_beside_decisions(self):
        self.customer.consent_marketing = 'granted'
        self._know_as_erased(self.double)
        self._merge()
        self.assertRecordValues(self.customer, [{
            'dsgvo_suppressed_since': False, 'dsgvo_suppressed_reason': False,
            'consent_marketing': 'granted'}])

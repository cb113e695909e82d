from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import DsgvoCommon


@tagged('post_install', '-at_install')
class TestMerge(DsgvoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.double = cls._create_customer(name="A. Quittenbaum")

    def _decide(self, partner, decision, days_ago=0, purpose='marketing'):
        return self.env['dsgvo.consent.event'].create({
            'partner_id': partner.id, 'purpose': purpose, 'decision': decision,
            'date': self.env.company._dsgvo_today() - timedelta(days=days_ago)})

    def _merge(self, *others):
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.customer | self.double).union(*others).ids, self.customer)

    def test_refusal_wins_over_a_newer_grant_of_the_other_contact(self):
        events = self._decide(self.customer, 'refused', days_ago=9)
        events |= self._decide(self.double, 'granted', days_ago=1)
        self._merge()
        self.assertEqual(self.customer.consent_marketing, 'refused')
        self.assertEqual(events.partner_id, self.customer)
        self.assertEqual(
            (self.customer.consent_event_ids - events).mapped('means'), ['merge'])

    def test_grant_of_one_who_was_asked_stays_proven(self):
        event = self._decide(self.double, 'granted')
        self._merge()
        self.assertEqual(self.customer.consent_marketing, 'granted')
        self.assertEqual(self.customer.consent_event_ids, event)

    def test_nobody_asked_stays_nobody_asked(self):
        self._merge()
        self.assertEqual(self.customer.consent_state, 'none')
        self.assertFalse(self.customer.consent_event_ids)

    def test_merge_that_decides_is_an_event_also_when_the_refusal_is_newest(self):
        self._decide(self.customer, 'granted', days_ago=9)
        self._decide(self.double, 'refused', days_ago=1)
        self._merge()
        self.assertRecordValues(self.customer.consent_event_ids[0], [
            {'means': 'merge', 'decision': 'refused', 'date': self.env.company._dsgvo_today()}])

    def test_newest_withdrawal_of_three_beats_older_grants_of_the_others(self):
        third = self._create_customer(name="Adelheid Q.")
        self._decide(self.customer, 'granted', days_ago=30)
        self._decide(self.double, 'granted', days_ago=60)
        self._decide(self.double, 'withdrawn', days_ago=5)
        self._decide(third, 'granted', days_ago=20)
        self._decide(third, 'granted', purpose='storage')
        self._merge(third)
        self.assertRecordValues(self.customer, [
            {'consent_marketing': 'refused', 'consent_storage': 'granted',
             'consent_notification': False}])
        self.assertEqual(len(self.customer.consent_event_ids), 6)
        check = self.env['dsgvo.ledger.check']._verify()
        self.assertEqual(check.state, 'whole')

    def test_archived_contact_is_neither_source_nor_target(self):
        for archived in self.double, self.customer:
            archived.active = False
            with self.assertRaisesRegex(UserError, "Archived contacts cannot be merged"):
                self._merge()
            archived.active = True
        self.assertEqual(len((self.customer | self.double).exists()), 2)

    def test_anonymous_customer_cannot_consent_and_is_not_merged(self):
        anonymous = self.env.company.dsgvo_anonymous_partner_id
        with self.assertRaises(UserError):
            self._decide(anonymous, 'granted')
        with self.assertRaises(UserError):
            self._merge(anonymous)
        self.assertTrue(anonymous.exists())

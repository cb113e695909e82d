from datetime import timedelta

from odoo import fields
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
            'date': fields.Date.today() - timedelta(days=days_ago)})

    def _merge(self):
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.customer | self.double).ids, self.customer)

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

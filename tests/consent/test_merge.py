from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from ..common import DsgvoCommon


@tagged('post_install', '-at_install')
class TestMerge(DsgvoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.double = cls._create_customer(name="A. Quittenbaum")

    def _decide(self, partner, decision, days_ago=0, purpose='marketing'):
        return partner.env['dsgvo.consent.event'].create({
            'partner_id': partner.id, 'purpose': purpose, 'decision': decision,
            'date': self.env.company._dsgvo_today() - timedelta(days=days_ago)})

    def _merge(self, *others, among=None, into=None):
        partners = among or (self.customer | self.double).union(*others)
        self.env['base.partner.merge.automatic.wizard']._merge(
            partners.ids, into or self.customer)

    def test_remote_caller_cannot_say_that_contacts_are_merged(self):
        """Of what Odoo copies inside a merge, nothing is recorded as a decision."""
        for value in True, 1, {}, [1]:
            with self.subTest(value):
                customer = self._create_customer()
                call_kw(self.env['res.partner'].with_user(self.clerk), 'write', [
                    customer.ids, {'consent_storage': 'granted'}],
                    {'context': {'dsgvo_merge': value}})
                self.assertEqual(customer.consent_event_ids.decision, 'granted')

    def test_refusal_wins_over_a_newer_grant_of_the_other_contact(self):
        events = self._decide(self.customer, 'refused', days_ago=9)
        events |= self._decide(self.double, 'granted', days_ago=1)
        self._merge()
        self.assertEqual(self.customer.consent_marketing, 'refused')
        self.assertEqual(events.partner_id, self.customer)
        self.assertEqual(
            (self.customer.consent_event_ids - events).mapped('means'), ['merge'])

    def test_refusal_wins_over_a_consent_that_is_over_here_and_valid_at_a_branch(self):
        company = self.env.company
        branch = self.env['res.company'].create({'name': "Filiale", 'parent_id': company.id})
        company.dsgvo_validity_marketing = 12
        for is_expired in False, True:
            with self.subTest(is_expired=is_expired):
                refusing, agreed = self._create_customer(), self._create_customer()
                self._decide(refusing, 'refused', days_ago=700)
                self._decide(agreed, 'granted', days_ago=400)
                if is_expired:
                    with patch.object(
                            self.registry['ir.cron'], '_commit_progress', return_value=1):
                        self.env['dsgvo.consent.event']._cron_expire()
                self.assertFalse(agreed.consent_marketing)
                self.assertEqual(agreed.with_company(branch).consent_marketing, 'granted')
                self._merge(among=refusing | agreed, into=agreed)
                for here in company, branch:
                    self.assertEqual(agreed.with_company(here).consent_marketing, 'refused')
                    self.assertFalse(agreed.with_company(here)._dsgvo_allows('marketing'))

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

    def test_expired_consent_is_not_brought_back_by_the_other_contact(self):
        """Odoo fills what is empty on the one that remains, decisions apart."""
        self._decide(self.double, 'granted', days_ago=9)
        self.env['dsgvo.consent.event'].sudo().create({
            'partner_id': self.customer.id, 'purpose': 'marketing', 'decision': 'expired',
            'means': 'system'})
        self._merge()
        self.assertRecordValues(
            self.customer, [{'consent_marketing': False, 'consent_state': 'none'}])

    def test_companies_that_share_consents_refuse_once_and_others_each(self):
        company = self.env.company
        other, joint = self.env['res.company'].create([{'name': "B"}, {'name': "C"}])
        (company | joint).dsgvo_joint_controller = True
        for place, partner, decision in [
                (company, self.customer, 'granted'), (joint, self.double, 'refused'),
                (other, self.customer, 'refused'), (other, self.double, 'granted')]:
            self._decide(partner.with_company(place), decision)
            self.env['dsgvo.consent.event'].with_company(place).create({
                'partner_id': partner.id, 'purpose': 'storage', 'decision': 'granted'})
        self._merge()
        for place in company | joint | other:
            self.assertRecordValues(self.customer.with_company(place), [
                {'consent_marketing': 'refused', 'consent_storage': 'granted'}])
        merged = self.customer.consent_event_ids.filtered(lambda e: e.means == 'merge')
        self.assertEqual(len(merged), 2)

    # === TEXT AND DATE === #

    def _document(self, partner, text):
        partner.write({'consent_text': text, 'consent_date': '2026-01-02'})

    def test_text_and_date_do_not_stand_beside_decisions_of_others(self):
        third = self._create_customer(name="Adelheid Q.")
        self._decide(self.customer, 'granted')
        self._decide(third, 'refused', purpose='notification')
        self._document(self.double, "Text des Doppelten")
        self._merge(third)
        self.assertRecordValues(
            self.customer, [{'consent_text': False, 'consent_date': False}])

    def test_text_and_date_come_with_the_decisions_of_the_only_one_who_decided(self):
        other = self.env['res.company'].create({'name': "B"})
        self._decide(self.double, 'granted')
        self._document(self.double, "Hat zugestimmt")
        self._document(self.double.with_company(other), "Anderer Laden")
        self._document(self.customer, "Alter Eintrag")
        self._merge()
        self.assertRecordValues(self.customer, [
            {'consent_text': "Hat zugestimmt", 'consent_date': fields.Date.to_date('2026-01-02')}])
        self.assertFalse(self.customer.with_company(other).consent_text)

    # === WHO IS WHO === #

    def _refused(self, message, among, into):
        before = among.read(['consent_marketing', 'consent_storage', 'parent_id', 'name'])
        with self.assertRaisesRegex(UserError, message):
            self._merge(among=among, into=into)
        self.assertEqual(among.exists(), among)
        self.assertEqual(
            among.read(['consent_marketing', 'consent_storage', 'parent_id', 'name']), before)

    def test_address_of_somebody_else_is_neither_source_nor_target(self):
        husband = self._create_customer(name="Balthasar Ohlendorf")
        company = self._create_customer(name="Schule am Park", is_company=True)
        self._decide(husband, 'granted', purpose='storage')
        self._decide(self.customer, 'refused')
        for owner in husband, company:
            address = self._create_customer(name=False, parent_id=owner.id, type='delivery')
            for into in address, self.customer:
                with self.subTest(owner=owner.name, into=into.display_name):
                    self._refused(
                        f"is an address of {owner.name}.*remove {owner.name} as its company",
                        address | self.customer, into)
        self.assertRecordValues(
            husband, [{'consent_storage': 'granted', 'consent_marketing': False}])
        self.assertEqual(len(husband.consent_event_ids), 1)

    def test_addresses_of_two_persons_are_not_merged(self):
        addresses = self.env['res.partner'].create([
            {'name': "Ute", 'parent_id': person.id, 'type': 'other'}
            for person in (self.customer, self.double)])
        self._refused("is an address of", addresses, addresses[0])

    def test_company_and_person_are_not_merged(self):
        company = self._create_customer(name="Quittenbaum GmbH", is_company=True)
        for into in company, self.customer:
            self._refused(
                "Quittenbaum GmbH is a company and Adelheid Quittenbaum is a person",
                company | self.customer, into)

    def test_addresses_of_one_person_are_merged(self):
        addresses = self.env['res.partner'].create([
            {'name': name, 'parent_id': self.customer.id, 'type': kind}
            for name, kind in (("Ute", 'other'), ("Uta", 'delivery'))])
        self._decide(self.customer, 'granted')
        self._merge(among=addresses, into=addresses[1])
        self.assertEqual(addresses.exists(), addresses[1])
        self.assertRecordValues(addresses[1], [
            {'dsgvo_subject_id': self.customer.id, 'consent_marketing': 'granted'}])

    def test_persons_of_companies_bring_their_decisions_together(self):
        companies = self.env['res.partner'].create([
            {'name': name, 'is_company': True} for name in ("Schule", "Verein")])
        self._decide(companies[0], 'granted')
        for kind in 'contact', 'other':
            with self.subTest(kind=kind):
                persons = self.env['res.partner'].create([
                    {'name': name, 'parent_id': company.id, 'type': kind}
                    for name, company in zip(("Ute Berg", "U. Berg"), companies, strict=True)])
                events = self._decide(persons[0], 'refused')
                events |= self._decide(persons[1], 'granted', purpose='storage')
                self._merge(among=persons, into=persons[1])
                self.assertRecordValues(persons[1], [{
                    'dsgvo_subject_id': persons[1].id, 'consent_marketing': 'refused',
                    'consent_storage': 'granted', 'parent_id': companies[1].id}])
                self.assertEqual(events.partner_id, persons[1])
        self.assertEqual(companies[0].consent_marketing, 'granted')

    def test_person_does_not_become_the_address_of_where_the_other_belongs(self):
        company = self._create_customer(name="Quittenbaum", is_company=True)
        below = self._create_customer(name="A. Quittenbaum", parent_id=company.id, type='other')
        self.customer.write({'name': "Quittenbaum", 'type': 'other'})
        self._decide(below, 'refused')
        self._merge(among=self.customer | below, into=self.customer)
        self.assertRecordValues(self.customer, [{
            'dsgvo_subject_id': self.customer.id, 'parent_id': False,
            'consent_marketing': 'refused'}])

    def test_companies_bring_their_addresses_along(self):
        companies = self.env['res.partner'].create([
            {'name': name, 'is_company': True} for name in ("Schule", "Verein")])
        named, unnamed = self.env['res.partner'].create([
            {'name': name, 'parent_id': companies[1].id, 'type': 'other'}
            for name in ("Schule", False)])
        self._decide(companies[0], 'granted')
        self._merge(among=companies, into=companies[0])
        self.assertRecordValues(named | unnamed, [
            {'dsgvo_subject_id': companies[0].id, 'consent_marketing': 'granted'}] * 2)

    def test_former_person_among_companies_disputes_nothing_a_company_decides(self):
        for partner, decision in (self.customer, 'granted'), (self.double, 'refused'):
            self._decide(partner, decision, purpose='storage')
            partner.is_company = True
        self._merge()
        self.assertFalse(
            self.customer.consent_event_ids.filtered(lambda event: event.means == 'merge'))

    def test_automatic_process_leaves_out_what_is_refused_and_shows_it(self):
        husband = self._create_customer(name="Balthasar", email='b@ohlendorf.example')
        address = self._create_customer(
            name=False, email='ada@ohlendorf.example', parent_id=husband.id, type='delivery')
        ada = self._create_customer(name="Ada", email='ada@ohlendorf.example')
        twins = self.env['res.partner'].create(
            [{'name': f"Zwilling {n}", 'email': 'zz@ohlendorf.example'} for n in range(2)])
        wizard = self.env['base.partner.merge.automatic.wizard'].create(
            {'group_by_email': True, 'exclude_contact': True, 'maximum_group': 10_000})
        with patch.object(self.env.cr, 'commit'):
            wizard.action_start_automatic_process()
        self.assertEqual(len(twins.exists()), 1)
        self.assertEqual((address | ada).exists(), address | ada)
        self.assertEqual(wizard.state, 'selection')
        self.assertEqual(wizard.partner_ids, address | ada)
        with self.assertRaisesRegex(UserError, "is an address of Balthasar"):
            wizard.action_merge()
        wizard.action_skip()
        self.assertEqual(wizard.state, 'finished')

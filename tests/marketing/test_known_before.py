from datetime import date, datetime

from odoo.fields import Command
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from odoo.addons.dsgvo.models.marketing.known_before import record_objections

from .common import MarketingCommon

KNOWN = datetime(2024, 3, 31, 22, 30)  # in the shop it is the first of April
DAY = date(2024, 4, 1)


@tagged('post_install', '-at_install')
class TestKnownBefore(MarketingCommon):
    """What the shop knew before the addon was there: rows that no override has seen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref('base.de')

    def _insert(self, table, **values):
        values = {'write_date': KNOWN, 'create_date': KNOWN, 'active': True} | values
        self.env.flush_all()
        self.env.cr.execute(
            f"INSERT INTO {table} ({', '.join(values)}) VALUES %s", [tuple(values.values())])

    def _leave_list(self, email, moment=KNOWN, phone=None):
        contact = self.env['mailing.contact'].create({
            'name': "Leser", 'email': email,
            'list_ids': [Command.set(self.env['mailing.list'].create({'name': "Krimis"}).ids)]})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mailing_subscription SET opt_out = TRUE, opt_out_datetime = %s, write_date = %s"
            " WHERE contact_id = %s", [moment, KNOWN, contact.id])
        self.env.cr.execute(
            "UPDATE mailing_contact SET phone_sanitized = %s WHERE id = %s", [phone, contact.id])
        self.env.invalidate_all()

    def _record(self):
        record_objections(self.env)
        self.env.invalidate_all()

    def _decisions(self, contact):
        return [(event.decision, event.means, event.date) for event in contact.consent_event_ids]

    def test_each_kind_of_objection_is_a_refusal_of_its_day(self):
        kinds = {
            'left list': lambda: self._leave_list(self.unasked.email),
            'left list, day unknown': lambda: self._leave_list(self.unasked.email, None),
            'left list, number': lambda: self._leave_list(None, phone='+4930901822'),
            'blocked address': lambda: self._insert('mail_blacklist', email=self.unasked.email),
            'blocked number': lambda: self._insert('phone_blacklist', number='+4930901822'),
        }
        for kind, enter in kinds.items():
            with self.subTest(kind=kind), self.env.cr.savepoint() as savepoint:
                enter()
                self._record()
                self.assertEqual(self.unasked.consent_marketing, 'refused')
                self.assertEqual(self._decisions(self.unasked), [('refused', 'system', DAY)])
                self.assertFalse(self.unasked._dsgvo_filter_marketing('mail'))
                savepoint.rollback()
                self.env.invalidate_all()
                self.assertFalse(self.unasked.consent_event_ids)

    def test_objection_from_the_future_is_one_of_today(self):
        today = self.env.company._dsgvo_today()
        self._leave_list(self.unasked.email, datetime(2099, 1, 1))
        self._leave_list('norbert@x.example', datetime(2099, 1, 1))
        self._record()
        self.assertEqual(self._decisions(self.unasked), [('refused', 'system', today)])
        unknown = self._create_customer(email='norbert@x.example', phone=False)
        self.assertEqual(unknown.dsgvo_suppressed_since, today)
        for contact in self.unasked | unknown:
            contact.with_user(self.clerk).consent_marketing = 'granted'
            self.assertEqual(contact.consent_marketing, 'granted')

    def test_lifted_block_does_not_count(self):
        self._insert('mail_blacklist', email=self.unasked.email, active=False)
        self._insert('phone_blacklist', number='+4930901822', active=False)
        self._record()
        self.assertFalse(self.unasked.consent_event_ids)
        self.assertFalse(self.env['dsgvo.suppression'].search([('since', '=', DAY)]))

    def test_newer_decision_is_left_alone_and_an_older_one_is_withdrawn(self):
        Event = self.env['dsgvo.consent.event']
        for contact in self.granted | self.refused:
            self._insert('mail_blacklist', email=contact.email)
        older = self._create_customer(name="Alma", email='alma@leser.example', phone=False)
        Event.create({'partner_id': older.id, 'purpose': 'marketing', 'decision': 'granted',
                      'means': 'paper', 'date': '2024-03-31'})
        older.interest_ids = self.env['dsgvo.interest'].create({'name': "Krimis"})
        self._insert('mail_blacklist', email=older.email)
        for _run in range(2):
            self._record()
            self.assertEqual(
                [contact.consent_marketing for contact in self.granted | self.refused | older],
                ['granted', 'refused', 'refused'])
            self.assertEqual(len((self.granted | self.refused).consent_event_ids), 2)
            self.assertEqual(self._decisions(older)[0], ('withdrawn', 'system', DAY))
            self.assertEqual(len(older.consent_event_ids), 2)
        self.assertFalse(older.interest_ids)

    def test_last_of_several_objections_counts_at_every_company(self):
        other = self.env['res.company'].create({'name': "Fremder Laden"})
        address = self._create_customer(
            parent_id=self.unasked.id, type='delivery', email='ulla@zweitens.example')
        self._insert('mail_blacklist', email=self.unasked.email, write_date='2023-01-01 12:00:00')
        self._insert('mail_blacklist', email=address.email)
        self._record()
        for company in self.env.company | other:
            self.assertEqual(self.unasked.with_company(company).consent_marketing, 'refused')
        self.assertEqual(set(self.unasked.consent_event_ids.mapped('date')), {DAY})

    def test_address_shared_by_many_refuses_for_nobody_though_it_is_a_second_one(self):
        family = self.env['res.partner'].create([
            {'name': f"Nr {n}", 'email': f'nr{n}@leser.example, keine@leser.example'}
            for n in range(4)])
        for email in ('keine@leser.example', 'nr0@leser.example'):
            self._insert('mail_blacklist', email=email)
        self._record()
        self.assertEqual(
            family.mapped('consent_marketing'), ['refused', False, False, False])

    def test_ledger_is_whole_and_many_are_recorded_by_one_statement(self):
        contacts = self.env['res.partner'].create(
            [{'name': f"Nr {n}", 'email': f'nr{n}@leser.example'} for n in range(30)])
        for contact in contacts:
            self._insert('mail_blacklist', email=contact.email)
        self.env['dsgvo.suppression']._get_key()
        with self.assertQueryCount(45):
            record_objections(self.env)
        self.env.invalidate_all()
        self.assertEqual(set(contacts.mapped('consent_marketing')), {'refused'})
        self.assertEqual(self.env['dsgvo.ledger.check']._verify().state, 'whole')

    def test_address_of_nobody_is_known_when_it_comes(self):
        self._insert('mail_blacklist', email='ada@leser.example')
        self._record()
        result = self.env['res.partner'].with_user(self.clerk).load(
            ['name', 'email', 'consent_marketing', 'consent_date'],
            [["Neu", 'ada@leser.example', 'granted', '2024-03-31']])
        self.assertIn("is from before", result['messages'][0]['message'])
        newcomer = self._create_customer(name="Neu", email='ada@leser.example')
        self.assertRecordValues(newcomer, [
            {'dsgvo_suppressed_since': DAY, 'dsgvo_suppressed_reason': 'objected'}])

    def test_shop_that_has_the_addon_already_gets_it_by_the_update(self):
        self._insert('mail_blacklist', email=self.unasked.email)
        path = file_path('dsgvo/migrations/19.0.1.2.0/post-4-known-objections.py')
        load_script(path, 'dsgvo_known_objections').migrate(self.env.cr, '19.0.1.1.0')
        self.env.invalidate_all()
        self.assertEqual(self.unasked.consent_marketing, 'refused')

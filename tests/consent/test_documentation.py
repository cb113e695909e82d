import importlib.util
from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import file_path

from ..common import DsgvoCommon

MARCH = '2026-03-02'


@tagged('post_install', '-at_install')
class TestDocumentation(DsgvoCommon):
    """Text and date beside the consents say the same as the ledger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.today = cls.company._dsgvo_today()
        cls.client = cls.customer.with_user(cls.clerk)

    def _decide(self, decision, *purposes, day=MARCH):
        self.env['dsgvo.consent.event'].with_user(self.clerk).create([
            {'partner_id': self.customer.id, 'purpose': purpose, 'decision': decision, 'date': day}
            for purpose in purposes])

    def _assert_documented(self, text, day):
        self.assertEqual(
            (self.customer.consent_text, str(self.customer.consent_date)), (text, str(day)))

    def test_button_changes_nothing_that_was_written_or_edited(self):
        self._decide('granted', 'storage')
        self.client.action_dsgvo()
        self._assert_documented(self.company.dsgvo_text, MARCH)
        self.client.write({'consent_text': "Am Messestand", 'consent_date': '2026-03-01'})
        self.client.action_dsgvo()
        self._assert_documented("Am Messestand", '2026-03-01')

    def test_button_documents_refusals(self):
        self.client.write(dict.fromkeys(
            ('consent_storage', 'consent_notification', 'consent_marketing'), 'refused'))
        self.client.action_dsgvo()
        self._assert_documented("Kunde hat abgelehnt.", self.today)

    def test_withdrawal_is_written_whatever_the_way(self):
        ways = {
            'form': lambda: self.client.write({'consent_storage': False}),
            'window': lambda: self.env['dsgvo.consent.withdrawal'].with_user(
                self.clerk).with_context(active_model='res.partner', active_id=self.customer.id,
                                         ).create({'storage': True}).action_withdraw(),
            'import': lambda: self.env['res.partner'].with_user(self.clerk).load(
                ['.id', 'consent_storage', 'consent_date'],
                [[str(self.customer.id), 'refused', str(self.today)]]),
        }
        for way, withdraw in ways.items():
            with self.subTest(way=way), self.env.cr.savepoint() as savepoint:
                self._decide('granted', 'storage')
                self.client.action_dsgvo()
                withdraw()
                self._assert_documented("Kunde hat widerrufen.", self.today)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_withdrawal_of_one_of_several_consents_adds_a_line(self):
        self._decide('granted', 'storage', 'marketing')
        self.client.action_dsgvo()
        self.client.consent_text = "Am Messestand"
        self.client.consent_marketing = 'refused'
        text, line = self.customer.consent_text.split("\n")
        self.assertEqual(text, "Am Messestand")
        self.assertIn("Invitation, advertising, profile", line)
        self.assertIn(str(self.today.year), line)
        self.assertEqual(str(self.customer.consent_date), MARCH)

    def test_consent_given_again_takes_the_place_of_the_withdrawal(self):
        self._decide('granted', 'storage')
        self.client.consent_storage = False
        self.assertEqual(self.customer.consent_text, "Kunde hat widerrufen.")
        self.client.consent_marketing = 'granted'
        self._assert_documented(self.company.dsgvo_text, self.today)

    def test_refusal_beside_a_consent_leaves_text_and_date_of_the_consent(self):
        self._decide('granted', 'storage')
        self.client.action_dsgvo()
        self.client.consent_marketing = 'refused'
        self._assert_documented(self.company.dsgvo_text, MARCH)

    def test_form_from_before_what_is_documented_changes_nothing(self):
        self._decide('granted', 'storage', day=self.today)
        self.client.action_dsgvo()
        self.client.consent_text = "Am Tresen"
        self._decide('granted', 'marketing')
        self._assert_documented("Am Tresen", self.today)

    def test_proof_writes_text_and_day(self):
        texts = {'granted': self.company.dsgvo_text, 'refused': "Kunde hat abgelehnt."}
        for answer, text in texts.items():
            with self.subTest(answer=answer):
                customer = self._create_customer()
                self.env['dsgvo.consent.record'].with_user(self.clerk).create({
                    'partner_ids': customer.ids, 'consent_storage': answer, 'means': 'paper',
                    'date': MARCH}).action_record()
                self.assertEqual(
                    (customer.consent_text, str(customer.consent_date)), (text, MARCH))

    def test_what_is_typed_beside_marked_consents_has_the_last_word(self):
        typed = {'consent_storage': 'granted', 'consent_text': "Am Telefon", 'consent_date': MARCH}
        self.client.write(typed)
        self._assert_documented("Am Telefon", MARCH)
        created = self.env['res.partner'].with_user(self.clerk).create({'name': "Neu"} | typed)
        self.assertEqual(
            (created.consent_text, str(created.consent_date)), ("Am Telefon", MARCH))

    def test_date_in_the_future_and_empty_text_are_refused(self):
        self.client.consent_storage = 'granted'
        self.client.action_dsgvo()
        with self.assertRaisesRegex(ValidationError, "in the future"):
            self.client.consent_date = self.today + timedelta(days=1)
        for empty in {'consent_text': False}, {'consent_text': "\u200b \u2060"}, {
                'consent_date': False}:
            with self.subTest(empty), self.assertRaisesRegex(UserError, "cannot be empty"):
                self.client.write(empty)
        with self.assertRaisesRegex(ValidationError, "cannot be empty"):
            self.company.dsgvo_text = "\u200b"

    def _ago(self, days):
        return self.today - timedelta(days=days)

    def test_consent_that_is_over_is_no_refusal(self):
        self.company.dsgvo_validity_storage = 12
        day = self._ago(500)
        for others in (), ('marketing',):
            with self.subTest(refused=others):
                customer = self._create_customer()
                customer.with_user(self.clerk)._dsgvo_record(
                    {'storage': 'granted'} | dict.fromkeys(others, 'refused'), day, means='paper')
                self.assertFalse(customer.consent_storage)
                written = (self.company.dsgvo_text, day)
                self.assertEqual((customer.consent_text, customer.consent_date), written)
                self.env['dsgvo.consent.event']._expire(customer)
                self._migrate()
                self.assertEqual((customer.consent_text, customer.consent_date), written)
                customer.with_user(self.clerk).consent_marketing = 'granted'
                customer.with_user(self.clerk).consent_marketing = 'refused'
                self.assertEqual(customer.consent_text, "Kunde hat widerrufen.")

    def test_withdrawal_of_the_last_consent_is_written_whatever_was_edited(self):
        self._decide('granted', 'storage', 'notification', day=self._ago(100))
        self.client.action_dsgvo()
        self.client.write({'consent_text': "Am Tresen", 'consent_date': self._ago(5)})
        self._decide('withdrawn', 'notification', day=self._ago(4))
        self.assertIn("Am Tresen", self.customer.consent_text)
        self._decide('withdrawn', 'storage', day=self._ago(8))
        self._assert_documented("Kunde hat widerrufen.", self._ago(4))

    def test_form_from_before_the_withdrawal_of_something_else_is_dated_by_itself(self):
        self._decide('granted', 'storage', day=self._ago(90))
        self._decide('withdrawn', 'storage', day=self._ago(10))
        self._decide('granted', 'marketing', day=self._ago(60))
        self._assert_documented(self.company.dsgvo_text, self._ago(60))

    def test_text_of_a_withdrawal_is_known_of_all_who_share_consents(self):
        branch = self.env['res.company'].create({
            'name': "Filiale", 'parent_id': self.company.id,
            'dsgvo_text_withdrawn': "Filiale: widerrufen"})
        self._decide('granted', 'storage', day=self._ago(90))
        self.env['dsgvo.consent.event'].with_company(branch).create({
            'partner_id': self.customer.id, 'purpose': 'storage', 'decision': 'withdrawn',
            'date': self._ago(2)})
        self.env.invalidate_all()
        self.assertEqual(self.customer.consent_text, "Filiale: widerrufen")
        self._decide('granted', 'notification', day=self._ago(5))
        self._assert_documented(self.company.dsgvo_text, self._ago(5))

    def test_nothing_is_documented_of_who_decided_nothing(self):
        for values in {'consent_text': "Am Telefon"}, {'consent_date': MARCH}:
            with self.subTest(values):
                with self.assertRaisesRegex(UserError, "has not decided anything yet"):
                    self.client.write(values)
                with self.assertRaisesRegex(UserError, "has not decided anything yet"):
                    self.client.create({'name': "Neu"} | values)
        self.assertTrue(self.client.create({'name': "Neu", 'consent_text': False}))

    def _migrate(self):
        path = file_path('dsgvo/migrations/19.0.1.2.0/post-documentation.py')
        spec = importlib.util.spec_from_file_location('post_documentation', path)
        migration = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(migration)
        migration.migrate(self.env.cr, '19.0.1.1.0')
        self.env.invalidate_all()

    def test_update_corrects_the_text_of_who_had_withdrawn_and_of_nobody_else(self):
        self._decide('granted', 'storage')
        self._decide('withdrawn', 'storage', day='2026-04-01')
        undecided = self._create_customer()
        (self.customer | undecided).sudo().write(
            {'consent_text': self.company.dsgvo_text, 'consent_date': MARCH})
        for _run in range(2):
            self._migrate()
            self._assert_documented("Kunde hat widerrufen.", '2026-04-01')
            self.assertEqual(undecided.consent_text, self.company.dsgvo_text)

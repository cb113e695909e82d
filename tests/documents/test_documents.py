import re
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged

from ...models.documents import docx_writer
from ...models.documents.document_kinds import KINDS
from ...models.documents.document_parts import GAP, flatten
from ..common import DsgvoCommon, ErasureMixin

NO_ADVICE = "no legal advice"
ADDRESS = {'street': "Hauptstraße 1", 'zip': '10115', 'city': "Berlin", 'phone': '030 1',
           'email': 'laden@example.com'}
# What each article demands, and the block that says it (LAW.md 4.1).
MANDATORY = {
    'customer_information': {
        'controller': "13 (1) (a)", 'officer': "13 (1) (b)", 'purposes': "13 (1) (c), (d), (e)",
        'recipients': "13 (1) (e)", 'third_countries': "13 (1) (f)", 'periods': "13 (2) (a)",
        'rights': "13 (2) (b)", 'consents': "13 (2) (c)", 'complaint': "13 (2) (d)",
        'duty': "13 (2) (e)", 'automated': "13 (2) (f)", 'others': "14", 'objection': "21",
        'joint': "26 (2)"},
    'processing_agreement': {
        'instructions': "28 (3) (a)", 'confidentiality': "28 (3) (b)", 'measures': "28 (3) (c)",
        'subprocessors': "(3) (d)", 'rights': "28 (3) (e)", 'help': "28 (3) (f)",
        'end': "28 (3) (g)", 'audits': "28 (3) (h)", 'nature': "28 (3)"},
    'register': {
        'controller': "30 (1) (a)", 'activities': "30 (1) (b) to (g)", 'clients': "30 (2)"},
    'information': {'breach': "33, 34"},
}


def get_text(parts):
    """Return all that a document says, in lines."""
    lines = []
    for part in flatten(parts):
        lines += [part[name] for name in ('text', 'caption') if name in part]
        lines += part.get('items', [])
        for row in [part.get('head', []), *part.get('rows', [])]:
            lines += row
    return "\n".join(lines)


class DocumentCommon(DsgvoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('de_DE')
        cls.company = cls.env.company
        cls.company.write(ADDRESS | {
            'country_id': cls.env.ref('base.de').id,
            'state_id': cls.env.ref('base.state_de_be').id})
        cls.Document = cls.env['dsgvo.document'].with_user(cls.officer)

    def _compose(self, kind, lang='en_US', **values):
        return self.Document.new(
            {'kind': kind, 'company_id': self.company.id, 'lang': lang} | values)._compose()

    def _get_block(self, kind, code):
        kind = self.env['dsgvo.document.kind'].search([('code', '=', kind)])
        return kind.block_ids.filtered(lambda block: block.code == code).with_user(self.officer)


@tagged('post_install', '-at_install')
class TestDocuments(DocumentCommon):
    """What documents say, and when they are outdated. Files are a matter of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(type(cls.Document), '_make_files'))

    def test_each_kind_is_composed_of_its_blocks_with_their_articles(self):
        for code, kind in KINDS.items():
            for lang in ('en_US', 'de_DE'):
                with self.subTest(kind=code, lang=lang):
                    text = get_text(self._compose(code, lang))
                    speak = self.Document.with_context(lang=lang).env._
                    optional = {'joint', 'own', 'clients'}
                    for block in kind.blocks:
                        if block.code not in optional:
                            title = re.sub(r'{\w+}', self.company.name, speak(block.title))
                            self.assertIn(title, text)
                            self.assertIn(
                                speak(block.article) if kind.is_letter_size else "", text)
                    self.assertNotRegex(text, r'{\w+}')

    def test_each_document_says_that_it_is_no_legal_advice(self):
        for kind in KINDS:
            with self.subTest(kind=kind):
                self.assertIn(NO_ADVICE, self._compose(kind)[-1]['text'])

    def test_each_mandatory_item_has_its_block(self):
        for kind, items in MANDATORY.items():
            articles = {block.code: block.article._source for block in KINDS[kind].blocks}
            for code, article in items.items():
                with self.subTest(kind=kind, article=article):
                    self.assertIn(article, articles[code])

    def test_objection_stands_apart_in_a_box(self):
        for kind in ('customer_notice', 'customer_information'):
            with self.subTest(kind=kind):
                [box] = [part for part in self._compose(kind) if part['type'] == 'box']
                self.assertIn("object", box['parts'][0]['text'])

    def test_company_and_its_authority_stand_in_the_customer_information(self):
        text = get_text(self._compose('customer_information'))
        for words in (*ADDRESS.values(), self.company.name, "Berliner Beauftragte"):
            self.assertIn(words, text)

    def test_gaps_stand_in_the_document_and_in_the_list(self):
        activities = self.env['dsgvo.processing.activity'].search([])
        activities.third_country = 'no'
        self.assertNotIn(GAP, get_text(self._compose('customer_information')))
        self.company.write(dict.fromkeys(ADDRESS, False) | {'state_id': False})
        document = self.Document._make('customer_information', self.company, 'en')
        self.assertIn(GAP, get_text(document.content))
        for label in ("Street", "City", "Email", "Competent Authority"):
            self.assertIn(label, document.missing)

    def test_information_names_only_activities_of_the_register_and_periods_of_the_map(self):
        register = get_text(self._compose('register'))
        for part in self._compose('customer_information'):
            if part['type'] == 'heading' and part['level'] == 3:
                self.assertIn(part['text'], register)
            if part['type'] == 'facts':
                periods = dict(part['rows']).get("How long", "")
                self.assertIn(periods, register)
        self.assertNotIn("Employees and applicants", get_text(
            self._compose('customer_information')))

    def test_countries_outside_europe_are_a_gap_until_somebody_answers(self):
        activities = self.env['dsgvo.processing.activity'].search([])
        for answer, words in ((False, GAP), ('no', "No data go there.")):
            with self.subTest(answer=answer):
                activities.third_country = answer
                self.assertIn("European Economic Area:\n" + words, get_text(
                    self._compose('customer_information')))
        activities[0].write({
            'third_country': 'yes', 'third_country_ids': self.env.ref('base.us'),
            'safeguard': "Standard contractual clauses"})
        self.assertIn("United States\nStandard contractual clauses", get_text(
            self._compose('customer_information')))

    def test_joint_controllers_and_clients_are_named_where_there_are_some(self):
        activity = self.env.ref('dsgvo.processing_activity_special_order')
        activity.joint_controllers = "Buchgruppe Nord"
        self.env['dsgvo.processing.activity'].create(
            {'name': "Parcels", 'role': 'processor', 'clients': "Paketdienst Ost"})
        self.assertIn("Buchgruppe Nord", get_text(self._compose('customer_information')))
        self.assertIn("Paketdienst Ost", get_text(self._compose('register')))

    def test_customer_reads_the_own_decisions(self):
        self.customer.write({'consent_storage': 'granted', 'consent_marketing': 'refused'})
        text = get_text(self._compose('customer_information', partner_id=self.customer.id))
        self.assertRegex(text, "(?s)Unlimited storage\nGranted\nCustomer notification\n"
                               "not asked yet\n.*profile\nRefused")
        self.assertNotIn("What you decided", get_text(self._compose('customer_information')))

    def test_agreement_names_the_activities_of_its_processor(self):
        recipient = self.env.ref('dsgvo.processing_recipient_host')
        recipient.partner_id = self.customer
        text = get_text(self._compose('processing_agreement', partner_id=self.customer.id))
        self.assertIn("Adelheid Quittenbaum", text)
        self.assertIn("Special orders", text)
        self.assertNotIn("Profile and interests", text)

    def test_example_names_nobody_of_the_shop(self):
        self.env.ref('dsgvo.processing_recipient_host').partner_id = self.customer
        self.env.ref('dsgvo.processing_activity_special_order').responsible_id = self.officer
        text = get_text(self._compose('register_example'))
        self.assertIn("Web shop", text)
        for name in (self.customer.name, self.officer.name, self.company.email):
            self.assertNotIn(name, text)

    def test_own_text_counts_in_its_language_and_survives_an_update(self):
        block = self._get_block('customer_information', 'duty')
        block.own_text_de = "Nein, {company} verlangt keine Daten. {unbekannt} „§“ 🙂"
        self.env['dsgvo.document.kind']._create_missing()
        german = get_text(self._compose('customer_information', 'de_DE'))
        self.assertIn(
            f"Nein, {self.company.name} verlangt keine Daten. {{unbekannt}} „§“ 🙂", german)
        self.assertIn("At the till you can shop", get_text(self._compose('customer_information')))
        with self.assertRaisesRegex(UserError, "Only the own texts"):
            block.sequence = 7

    def test_document_is_outdated_by_whatever_it_says(self):
        changes = {
            'company': lambda: self.company.write({'phone': '030 99'}),
            'period': lambda: self.env.ref('dsgvo.retention_vouchers').write({'years': 9}),
            'activity': lambda: self.env.ref('dsgvo.processing_activity_claims').write(
                {'purposes': "Other purposes"}),
            'text': lambda: self._get_block('customer_information', 'rights').write(
                {'own_text_en': "All of them."}),
            'customer information switched': lambda: self.env.ref(
                'dsgvo.processing_activity_till').write({'is_about_customers': False}),
        }
        for what, change in changes.items():
            with self.subTest(what=what):
                document = self.Document._make('customer_information', self.company, 'en_US')
                self.assertEqual(document.state, 'current')
                change()
                document.invalidate_recordset(['state'])
                self.assertEqual(document.state, 'outdated')
                self.assertTrue(document.kind_id.is_outdated)
                document.action_make_anew()
                document.invalidate_recordset(['state'])
                self.assertEqual(document.state, 'superseded')
                self.assertFalse(self.Document._get_outdated(self.company))

    def test_changed_period_outdates_all_documents_that_quote_it(self):
        kinds = ('customer_information', 'register', 'deletion_concept')
        documents = self.Document.union(
            *(self.Document._make(kind, self.company, 'en_US') for kind in kinds))
        self.env.ref('dsgvo.retention_vouchers').years = 9
        self.env.invalidate_all()  # as for the next request
        self.assertEqual(self.Document._get_outdated(self.company), documents)

    def test_new_place_of_the_map_outdates_the_deletion_concept(self):
        document = self.Document._make('deletion_concept', self.company, 'en_US')
        self.env.ref('dsgvo.rule_dsgvo_notification').category = 'marketing'
        document.invalidate_recordset(['state'])
        self.assertEqual(document.state, 'outdated')

    def test_deletion_concept_tells_which_periods_are_on(self):
        period = self.env['dsgvo.erasure.period'].search(
            [('company_id', '=', self.company.id), ('kind', '=', 'inactive')])
        for duration, words in (4, "4 years"), (1, "one year"):
            period.sudo().write({'duration': duration})
            period.sudo().write({'is_on': True})
            self.assertIn(f"Inactive customers\n{words}\nYes", get_text(
                self._compose('deletion_concept')))

    def test_english_documents_cite_the_law_in_english(self):
        for kind in 'customer_information', 'register', 'deletion_concept', 'till_procedure':
            with self.subTest(kind=kind):
                self.assertNotRegex(get_text(self._compose(kind)), r"Art\.[^\n]*DSGVO|\bNr\.")

    def test_document_for_nobody_in_particular_takes_no_contact(self):
        with self.assertRaisesRegex(ValidationError, "nobody in particular"):
            self.Document._make('register', self.company, 'en_US', self.customer)

    def test_language_that_is_not_installed_is_refused(self):
        with self.assertRaisesRegex(UserError, "not installed"):
            self.Document._make('register', self.company, 'fr_FR')

    def test_nobody_writes_what_a_document_says(self):
        document = self.Document.create({
            'kind': 'measures', 'company_id': self.company.id, 'lang': 'en_US',
            'content': [{'type': 'paragraph', 'text': "Forged"}]})
        self.assertNotIn("Forged", get_text(document.content))
        with self.assertRaises(AccessError):
            document.write({'lang': 'de_DE'})

    def test_only_officers_of_the_company_make_documents(self):
        with self.assertRaises(AccessError):
            self.Document.with_user(self.clerk)._make('measures', self.company, 'en_US')
        other = self.env['res.company'].create({'name': "Other Shop"})
        with self.assertRaises(AccessError):
            self.Document._make('measures', other, 'en_US')

    def test_officer_alone_makes_the_documents_of_a_shop(self):
        alone = new_test_user(self.env, 'officer_alone', groups='dsgvo.group_officer')
        for kind in KINDS:
            with self.subTest(kind=kind):
                self.Document.with_user(alone)._make(kind, self.company, 'en_US')

    def test_missing_programs_are_named_when_somebody_wants_the_file(self):
        document = self.Document._make('measures', self.company, 'en_US')
        with patch.object(docx_writer, 'docx', None), self.assertRaisesRegex(
                UserError, "pip install python-docx"):
            document.action_docx()
        with patch.object(type(self.env['ir.actions.report']), 'get_wkhtmltopdf_state',
                          lambda _self: 'install'), self.assertRaisesRegex(
                UserError, "wkhtmltopdf is not installed"):
            document.action_pdf()


@tagged('post_install', '-at_install')
class TestPersonalDocuments(ErasureMixin, DocumentCommon):
    """A document for one customer is one more place where the customer lies."""

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(
            type(self.Document), '_make_files',
            lambda document: document.write({'docx': b'UXVpdHRl'})))
        self.document = self.Document._make(
            'customer_information', self.company, 'en_US', self.customer)
        self.assertTrue(self._count_files())

    def _count_files(self):
        return self.env['ir.attachment'].sudo().search_count([
            ('res_model', '=', 'dsgvo.document'), ('res_id', '=', self.document.id),
            ('res_field', '=', 'docx')])

    def test_document_of_an_erased_customer_goes_with_its_files(self):
        self.env['dsgvo.erasure']._enqueue(self.customer, 'request', self.company)
        self._run_cron()
        self.assertFalse(self.document.exists())
        self.assertFalse(self._count_files())

    def test_document_of_a_deleted_customer_goes_with_its_files(self):
        manager = new_test_user(self.env, 'manager', 'base.group_partner_manager')
        self.customer.with_user(manager).unlink()
        self.assertFalse(self.document.exists())
        self.assertFalse(self._count_files())


@tagged('post_install', '-at_install')
class TestInformationPage(DocumentCommon, HttpCase):
    """What the QR code on the counter opens."""

    def test_everybody_reads_the_information_in_the_own_language(self):
        address = f'/dsgvo/information/{self.company.id}'
        for lang, words in (('en', "Customer Information"), ('de', "Hauptstraße 1")):
            with self.subTest(lang=lang):
                answer = self.url_open(address, headers={'Accept-Language': lang})
                self.assertEqual(answer.status_code, 200)
                self.assertIn(words, answer.text)
                self.assertRegex(answer.text, fr'^<!DOCTYPE html>\s*<html lang="{lang}-')
        self.assertTrue(self.Document.new(
            {'kind': 'customer_notice', 'company_id': self.company.id, 'lang': 'en_US'},
        )._speaking()._get_page_address().endswith(address))

    def test_language_that_is_a_file_is_passed_over(self):
        answer = self.url_open(
            f'/dsgvo/information/{self.company.id}', files={'lang': b'de'}, method='GET')
        self.assertEqual(answer.status_code, 200)

    def test_page_of_no_company_is_not_found(self):
        self.assertEqual(self.url_open('/dsgvo/information/0').status_code, 404)

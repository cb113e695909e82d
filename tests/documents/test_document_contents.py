from base64 import b64encode
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import file_open

from ...models.documents.document_parts import GAP
from .test_documents import DocumentCommon, get_text

LOGO, OTHER_LOGO = (
    b64encode(file_open(f'base/static/img/country_flags/{code}.png', 'rb').read())
    for code in ('de', 'at'))


@tagged('post_install', '-at_install')
class TestDocumentContents(DocumentCommon):
    """Documents say what is so at their company, and nothing of others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(type(cls.Document), '_make_files'))
        cls.other = cls.env['res.company'].create({'name': "Zweite Buchhandlung"})
        cls.activity = cls.env.ref('dsgvo.processing_activity_special_order')

    def test_recipients_of_another_company_are_not_named(self):
        Recipient = self.env['dsgvo.processing.recipient']
        for company, check in ((self.company, self.assertIn), (self.other, self.assertNotIn)):
            recipient = Recipient.create({
                'name': f"Hoster {company.name}", 'is_processor': True, 'company_id': company.id,
                'partner_id': self.env['res.partner'].create(
                    {'name': f"Rechenzentrum {company.name}"}).id})
            self.activity.recipient_ids |= recipient
            for kind in ('customer_information', 'register', 'measures'):
                with self.subTest(kind=kind, company=company.name):
                    check(recipient.partner_id.name, get_text(self._compose(kind)))
            with self.subTest(kind='processing_agreement', company=company.name):
                check("Special orders", get_text(self._compose(
                    'processing_agreement', partner_id=recipient.partner_id.id)))

    def test_own_text_counts_at_the_company_of_the_officer_who_wrote_it(self):
        block = self._get_block('customer_information', 'duty')
        block.own_text_en = "Nothing is demanded here."
        elsewhere = get_text(self._compose('customer_information', company_id=self.other.id))
        self.assertNotIn("Nothing is demanded", elsewhere)
        self.assertIn("At the till you can shop", elsewhere)
        self.assertIn("Nothing is demanded", get_text(self._compose('customer_information')))
        self.assertFalse(block.sudo().with_company(self.other).is_own)

    def test_block_that_is_not_used_any_more_stays_if_a_company_worded_it(self):
        kind = self._get_block('measures', 'people').sudo().kind_id
        worded, plain = self.env['dsgvo.document.block'].create(
            [{'kind_id': kind.id, 'code': code} for code in ('worded', 'plain')])
        worded.with_company(self.other).own_text_en = "Ours"
        self.env['dsgvo.document.kind']._create_missing()
        self.assertTrue(worded.exists())
        self.assertFalse(plain.exists())

    def test_document_is_outdated_by_another_letterhead_and_prints_what_it_had(self):
        self.company.logo = LOGO
        for values in ({'street': "Marktplatz 3"}, {'email': 'neu@example.com'},
                       {'name': "Buchladen Neu"}, {'logo': OTHER_LOGO}):
            with self.subTest(changed=values.keys()):
                document = self.Document._make('measures', self.company, 'en_US')
                shop = document._speaking()
                printed = shop._render(document.content)
                self.assertIn('src="data:image/png', printed)
                self.assertEqual(document.with_context(bin_size=True).state, 'current')
                self.company.write(values)
                document.invalidate_recordset(['state'])
                self.assertEqual(document.state, 'outdated')
                if 'logo' in values:  # the old picture is gone
                    self.assertNotIn('<img', shop._render(document.content))
                else:
                    self.assertEqual(shop._render(document.content), printed)

    def test_notice_and_procedure_say_what_the_switch_of_the_erasure_does(self):
        sentences = {
            True: ("keep your data after the sale", "Until your order is done",
                   "after the special order was sold"),
            False: ("Only if you agree, we tell you", "Until you ask us to erase them",
                    "A customer is replaced by the anonymous customer on request")}
        for is_on, words in sentences.items():
            self.company.dsgvo_erase_after_sale = is_on
            text = "\n".join(map(get_text, map(
                self._compose, ('customer_notice', 'till_procedure'))))
            for word in words:
                with self.subTest(is_on=is_on, word=word):
                    self.assertIn(word, text)
            for word in sentences[not is_on]:
                with self.subTest(is_on=is_on, left_out=word):
                    self.assertNotIn(word, text)

    def test_new_activity_is_told_to_customers_only_if_the_officer_says_so(self):
        Activity = self.env['dsgvo.processing.activity'].with_user(self.officer)
        for new in (Activity.create({'name': "Umfrage"}),
                    self.activity.with_user(self.officer).copy({'name': "Umfrage"})):
            with self.subTest(new=new):
                self.assertNotIn("Umfrage", get_text(self._compose('customer_information')))
                self.assertIn("Umfrage", get_text(self._compose('register')))
                new.is_about_customers = True
                self.assertIn("Umfrage", get_text(self._compose('customer_information')))
                new.unlink()

    def test_form_without_a_company_names_nothing_that_is_missing(self):
        document = self.Document.new({'kind': 'customer_information', 'company_id': False})
        self.assertFalse(document.missing)

    def test_file_and_content_of_the_context_are_refused(self):
        forged = {'default_pdf': b'Rm9yZ2Vk', 'default_docx': b'Rm9yZ2Vk',
                  'default_content': [{'type': 'paragraph', 'text': "Forged"}]}
        document = self.Document.with_context(**forged).create(
            {'kind': 'measures', 'company_id': self.company.id, 'lang': 'en_US'})
        self.assertFalse(document.pdf or document.docx)
        self.assertNotIn("Forged", get_text(document.content))

    def test_recipients_are_a_gap_until_somebody_answers(self):
        Activity = self.env['dsgvo.processing.activity']
        Activity.search([]).write({'recipient_ids': [(5,)], 'is_about_customers': False})
        self.activity.is_about_customers = True
        for is_internal, words in ((False, GAP), (True, "Nobody outside the shop")):
            self.activity.is_internal = is_internal
            information = get_text(self._compose('customer_information'))
            self.assertIn(f"Who gets them\n{words}\n", information)
            self.assertEqual(
                information.count("Nobody outside the shop"), 2 if is_internal else 0)
            register = get_text(self._compose('register'))
            self.assertIn(f"Recipients\n{words}\n", register[register.index("Special orders"):])

    def test_blank_text_is_a_gap(self):
        self.activity.purposes = " \n"
        for kind, label in (('customer_information', "What for"), ('register', "Purposes")):
            with self.subTest(kind=kind):
                self.assertIn(
                    f"Special orders\n{label}\n{GAP}\n", get_text(self._compose(kind)))

    def test_missing_safeguard_is_a_gap(self):
        self.env['dsgvo.processing.activity'].search([]).third_country = 'no'
        self.activity.recipient_ids |= self.env['dsgvo.processing.recipient'].create([
            {'name': name, 'country_id': self.env.ref(f'base.{code}').id, 'safeguard': safeguard}
            for name, code, safeguard in (("A", 'us', "Clauses"), ("B", 'ch', False))])
        for kind in ('customer_information', 'register'):
            with self.subTest(kind=kind):
                self.assertIn(f"\nClauses\n{GAP}", get_text(self._compose(kind)))

    def test_place_that_is_kept_for_years_of_its_own_stands_in_the_documents(self):
        self.env['dsgvo.data.rule'].create({
            'model': 'stock.picking', 'field': 'partner_id', 'reached_by': 'partner_id',
            'category': 'delivery', 'erase': 'hold', 'retention_years': 12, 'basis': "§ 24 UStG",
            'retention_start': 'date_done'})
        period = "12 years from the end of the calendar year"
        information = get_text(self._compose('customer_information'))
        self.assertIn(f"Deliveries and receipts\n§ 24 UStG\n{period}", information)
        self.assertIn(f"Deliveries and receipts: {period}", information)
        concept = get_text(self._compose('deletion_concept'))
        self.assertIn(f"{period}\n–\nDeliveries and receipts\n", concept)

    def test_archived_activities_are_told_of_nowhere_whatever_the_list_showed(self):
        self.activity.write({'name': "Zettelkasten", 'active': False})
        document = self.Document.with_context(active_test=False)._make(
            'customer_information', self.company, 'en_US')
        self.assertNotIn("Zettelkasten", get_text(document.content))

    def test_own_text_keeps_the_order_of_its_lines(self):
        block = self._get_block('customer_information', 'duty')
        block.own_text_en = "Rights:\n- a\n- b\nWrite\nus."
        parts = self._compose('customer_information')
        place = parts.index({'type': 'paragraph', 'text': "Rights:"})
        self.assertEqual(parts[place + 1:place + 3], [
            {'type': 'bullets', 'items': ["a", "b"]}, {'type': 'paragraph', 'text': "Write us."}])

    def test_blank_own_text_is_none(self):
        block = self._get_block('customer_information', 'objection')
        block.own_text_en = " \n"
        self.assertFalse(block.is_own)
        [box] = [part for part in self._compose('customer_information') if part['type'] == 'box']
        self.assertIn("You can object at any time", get_text(box['parts']))

    def test_agreement_with_a_contact_of_a_firm_names_the_activities_of_the_firm(self):
        firm = self.env['res.partner'].create({'name': "Host AG", 'is_company': True})
        contact = self.env['res.partner'].create({'name': "Frau Host", 'parent_id': firm.id})
        self.activity.recipient_ids |= self.env['dsgvo.processing.recipient'].create(
            {'name': "Host", 'partner_id': firm.id})
        self.assertIn("Special orders", get_text(self._compose(
            'processing_agreement', partner_id=contact.id)))

    def test_document_of_one_customer_is_not_that_of_the_shop(self):
        for kind, is_of_shop in (('customer_information', False), ('processing_agreement', True)):
            with self.subTest(kind=kind):
                document = self.Document._make(kind, self.company, 'en_US', self.customer)
                self.assertEqual(bool(document.kind_id.last_made), is_of_shop)

    def test_recipient_outside_europe_is_a_third_country_whatever_the_activity_says(self):
        self.env['dsgvo.processing.activity'].search([]).third_country = 'no'
        recipient = self.env['dsgvo.processing.recipient'].create(
            {'name': "Postfach", 'safeguard': "Standard contractual clauses"})
        self.activity.recipient_ids |= recipient
        for code, is_abroad in (('us', True), ('ch', True), ('fr', False), ('no', False)):
            recipient.country_id = self.env.ref(f'base.{code}')
            for kind in ('customer_information', 'register'):
                with self.subTest(country=code, kind=kind):
                    named = "Standard contractual clauses" in get_text(self._compose(kind))
                    self.assertEqual(named, is_abroad)
            text = get_text(self._compose('customer_information'))
            self.assertEqual("No data go there." in text, not is_abroad)

    def test_example_names_no_recipient_of_the_shop_and_no_activity_of_another(self):
        self.activity.recipient_ids |= self.env['dsgvo.processing.recipient'].create(
            {'name': "Hoster Huber"})
        self.env.ref('dsgvo.processing_activity_web_shop').company_id = self.other
        text = get_text(self._compose('register_example'))
        self.assertIn("Special orders", text)
        self.assertIn("Carriers", text)
        self.assertNotIn("Hoster Huber", text)
        self.assertNotIn("Web shop", text)

    def test_day_in_the_footer_is_that_of_the_shop(self):
        document = self.Document._make('measures', self.company, 'en_US')
        self.env.cr.execute(
            "UPDATE dsgvo_document SET create_date = '2026-06-30 22:30' WHERE id = %s",
            [document.id])
        document.invalidate_recordset()
        self.assertIn("07/01/2026", document._speaking()._get_footer(document.content))

    def test_address_of_a_file_quotes_its_name(self):
        self.company.name = "Wer liest? #1 & Söhne/Co"
        self.startPatcher(patch.object(
            type(self.Document), '_make_pdf', lambda _document: b'UERG'))
        document = self.Document._make('measures', self.company, 'en_US')
        self.assertIn("/pdf/Technical%20and%20Organisational%20Measures%20Wer%20liest%3F%20%231"
                      "%20%26%20S%C3%B6hne-Co.pdf?download=true", document.action_pdf()['url'])

    def test_list_of_kinds_tells_of_the_documents_of_the_current_company(self):
        document = self.Document._make('measures', self.company, 'en_US')
        self.company.phone = '030 99'
        kind = document.kind_id.sudo()
        for company, is_there in ((self.company, True), (self.other, False)):
            with self.subTest(company=company.name):
                there = kind.with_company(company)
                self.assertEqual(bool(there.last_made), is_there)
                self.assertEqual(there.is_outdated, is_there)

    def test_officer_changes_nothing_of_a_kind_but_its_texts(self):
        block = self._get_block('measures', 'people')
        kind = block.kind_id
        for name in ('code', 'name', 'sequence'):
            with self.subTest(field=name), self.assertRaisesRegex(UserError, "Which documents"):
                kind.write({name: '7'})
        kind.write({'block_ids': [(1, block.id, {'own_text_en': "All."})]})
        self.assertEqual(block.own_text_en, "All.")

    def test_any_installed_language_serves_who_has_none(self):
        self.startPatcher(patch.object(
            type(self.Document), '_get_langs', lambda _document: [('de_DE', "Deutsch")]))
        Document = self.Document.with_context(lang=None)
        self.assertEqual(Document._find_lang(None), 'de_DE')
        with self.assertRaisesRegex(UserError, "not installed"):
            Document._find_lang('en')

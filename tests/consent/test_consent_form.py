from lxml.html import fromstring

from odoo.tests import tagged

from odoo.addons.dsgvo.models.consent.paragraphs import split

from ..common import DsgvoCommon


@tagged('post_install', '-at_install')
class TestConsentForm(DsgvoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('de_DE')
        cls.report = cls.env['ir.actions.report'].with_user(cls.clerk)

    def _render(self, partners):
        html, _type = self.report._render_qweb_html('dsgvo.consent_form', partners.ids)
        return html.decode()

    def _wording(self, purpose, lang):
        return self.env['dsgvo.wording'].search(
            [('purpose', '=', purpose), ('lang', '=', lang)], limit=1)

    def test_form_has_the_data_the_wordings_and_nothing_ticked(self):
        html = self._render(self.customer)
        for text in (
            "Adelheid Quittenbaum", "Holunderweg 17", "adelheid@quittenbaum.example",
            "+49 30 901820", self.env.company.name, "Signature", "withdraw this consent",
            self.customer.dsgvo_reference,
            *(self._wording(purpose, 'en_US').text.split('</p>')[0]
              for purpose in ('storage', 'notification', 'marketing')),
        ):
            self.assertIn(text, html)
        self.assertEqual(html.count("Yes, I agree"), 3)
        self.assertNotIn("checked", html)

    def test_address_of_the_shop_has_no_empty_line(self):
        self.env.company.partner_id.write({
            'street': "Marktplatz 1", 'street2': False, 'zip': '10115', 'city': "Berlin",
            'country_id': self.env.ref('base.de').id})
        address, = fromstring(self._render(self.customer)).xpath(
            "(//span[contains(@style, 'pre-line')])[1]")
        self.assertEqual(
            address.text_content().split('\n'), ["Marktplatz 1", "10115 Berlin", "Germany"])

    def test_withdrawal_is_said_once_and_its_article_is_not_torn(self):
        self.customer.lang = 'de_DE'
        html = self._render(self.customer)
        self.assertEqual(html.count("widerrufen"), 1)
        self.assertEqual(
            html.count("Art. 7 Abs. 3".replace(" ", "\N{NO-BREAK SPACE}")), 1)
        company = self._create_customer(is_company=True)
        self.assertEqual(self._render(company).count("withdraw this consent"), 1)

    def test_withdrawal_is_said_although_the_wordings_do_not(self):
        for purpose in 'storage', 'notification', 'marketing':
            version = self.env['dsgvo.wording'].browse(
                self._wording(purpose, 'en_US').action_new_version()['res_id'])
            version.text = f"<p>Yes to {purpose}.</p>"
        html = self._render(self.customer)
        self.assertIn("Yes to storage.", html)
        self.assertEqual(html.count("withdraw each consent"), 1)

    def test_text_outside_of_paragraphs_is_printed(self):
        wording = self.env['dsgvo.wording'].browse(
            self._wording('storage', 'en_US').action_new_version()['res_id'])
        for text, parts in {
            "I agree &amp; sign.<ul><li>Name</li></ul>They go to X.<p>Bye.</p>End": [
                "<p>I agree &amp; sign.</p>", "<ul><li>Name</li></ul>", "<p>They go to X.</p>",
                "<p>Bye.</p>", "<p>End</p>"],
            "<b>Yes</b>, I agree.<br>Also by phone.": [
                "<p><b>Yes</b>, I agree.<br>Also by phone.</p>"],
            " <p>One</p>\n<p>Two</p> ": ["<p>One</p>", "<p>Two</p>"],
        }.items():
            with self.subTest(text):
                self.assertEqual(split(text), parts)
        wording.text = "<b>Yes</b>, I agree.<br>Also by phone."
        html = self._render(self.customer)
        self.assertIn(", I agree.", html)
        self.assertIn("Also by phone.", html)

    def test_customer_of_notification_chooses_the_way(self):
        html = self._render(self.customer)
        for way in "M – E-Mail", "T – Telephone", "S – SMS", "B – Letter":
            self.assertEqual(html.count(way), 1)
        self.assertNotIn("K – No Message", html)
        company = self._create_customer(is_company=True)
        self.assertNotIn("B – Letter", self._render(company))

    def test_stack_is_one_document_for_the_printer(self):
        second = self._create_customer(name="Balduin Wacholder")
        html = self._render(self.customer | second)
        self.assertEqual(len(self.report._prepare_html(html)[0]), 1)

    def test_wording_is_in_the_language_of_the_customer(self):
        self.customer.lang = 'de_DE'
        html = self._render(self.customer)
        self.assertIn("Ich willige ein, dass meine Kontaktdaten", html)
        self.assertNotIn("I agree that my contact details", html)

    def test_wording_of_a_neighbour_country_is_what_is_recorded(self):
        self.env['res.lang']._activate_lang('de_CH')
        self.customer.lang = 'de_CH'
        self.assertIn("Ich willige ein, dass meine Kontaktdaten", self._render(self.customer))
        self.customer.with_user(self.clerk).consent_storage = 'granted'
        self.assertEqual(
            self.customer.consent_event_ids.wording_id, self._wording('storage', 'de_DE'))

    def test_company_is_asked_for_advertising_only(self):
        company = self._create_customer(is_company=True)
        self.assertEqual(self._render(company).count("Yes, I agree"), 1)

    def test_one_sheet_per_person_of_a_selection(self):
        second = self._create_customer(name="Balduin Wacholder")
        address = self._create_customer(name="Laube", parent_id=second.id, type='delivery')
        html = self._render(self.customer | second | address)
        self.assertEqual(html.count('data-oe-model="res.partner"'), 2)

    def test_barcode_finds_the_customer_and_only_the_customer(self):
        Partner = self.env['res.partner'].with_user(self.clerk)
        self._create_customer(name="Namensvetter")
        reference = self.customer.dsgvo_reference
        self.assertRegex(reference, r'^DSGVO-\d+$')
        for text in reference, reference.lower(), f' {reference} ':
            self.assertEqual(
                [found for found, _name in Partner.name_search(text)], self.customer.ids)
        self.assertEqual(
            Partner.search([('dsgvo_reference', '=', reference)]), self.customer)
        self.assertFalse(Partner.search([('dsgvo_reference', 'ilike', 'DSGVO-x')]))
        address = self._create_customer(parent_id=self.customer.id, type='invoice')
        self.assertEqual(address.dsgvo_reference, reference)
        self.assertEqual(
            Partner.name_search("Namensvetter")[0][1], "Namensvetter")

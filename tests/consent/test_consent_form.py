from odoo.tests import tagged

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
            "+49 30 901820", self.env.company.name, "Signature", "withdraw each consent",
            self.customer.dsgvo_reference,
            *(self._wording(purpose, 'en_US').text.split('</p>')[0]
              for purpose in ('storage', 'notification', 'marketing')),
        ):
            self.assertIn(text, html)
        self.assertEqual(html.count("Yes, I agree"), 3)
        self.assertNotIn("checked", html)

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

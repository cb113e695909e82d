from odoo.tests import TransactionCase, tagged

from odoo.addons.dsgvo.models.map.needles import find_needles
from odoo.addons.dsgvo.models.map.searching import ClearValues, Recogniser, Searcher

NOBODY = dict.fromkeys(('name', 'email', 'phone', 'street')) | {
    'country_code': 'DE', 'phone_code': 49}
BERLIN = "+49 30 901820"
WRITTEN = (
    "Bruno\n030 901820", "Bruno\n030 901820\nAnna", "10115\nBerlin\n+49 30 901820\n",
    "030 901820", "030/901820", "(030) 90 18 20", "030\u00a0901820", "030–901820", "030.901820",
    "+49 30 901820", "+49 (0)30 901820", "+49 030 901820", "0049 30 901820", "0049(0)30/901820",
    "+49 30 901820-0", "+49 (30) 90 18 20 - 0",
    "tel:+4930901820", "4930901820", "Tel.:030/901820", "Tel.030/901820.",
    "Handy-Nr. 030 901820", "Telefonnummer: 030901820", "Tel.-Nr. 030901820", "TelNr 030901820",
    "Rückrufnummer 030901820", "Auftrag 030 901820", "030 901820 privat",
    "Bruno 030 901820", "030 901820 (mittags)",
    "030 901820 17 Uhr",
    "030 901820 12.05.2026", "12.05.2026 030 901820", "Weg 17 030 901820",
    "030 901820 0171 1234567", "0171 1234567 030 901820", "030 901820,0171 1234567",
    "030 901820 / 0171 1234567", "0171 1234567, 030 901820", "+49 171 1234567 +49 30 901820",
    "%2B49%2030%20901820", "q=030+901820", '{"call": "030\\u00a0901820"}', "030&nbsp;901820",
    "030 <b>901820</b>", "030=20901820", "03\u00ad0 901\u200b820")
LONGER_NUMBERS = (
    "978-3-16-148410-0", "9783161484100", "978 3 16 148410 0", "ISBN 0-306-40615-2",
    "EAN 4006381333931", "S00042-231777", "S00042-0231777", "RE/2026/0231777",
    "1234 0231 7770 9999", "2026/0231/777", "0231 7770", "40231 777", "0231 777-5",
    "42_0231777", "0231777_42", "Nr. 0231 7770", "A40231777B")
LABELLED_NUMBERS = (
    "RE-0231-777", "Art.-Nr. 0231777", "Artikelnummer: 0231 777", "0231777A", "A0231777",
    "#0231777", "Bestellnr.: 0231777", "Bestellnummer 0231 777", "Titelnr. 0231777",
    "Rechnung 0231777", "Invoice 0231777", "SKU 0231777", "Auftrag: 0231777", "No: 0231777",
    "N° 0231777", "№ 0231777")


@tagged('post_install', '-at_install')
class TestNumbers(TransactionCase):
    """A telephone number among all the other numbers of a shop."""

    def _searcher(self, phone, **values):
        return Searcher(find_needles(NOBODY | {'phone': phone} | values))

    def _finder(self, phone, **values):
        needles = find_needles(NOBODY | {'phone': phone} | values)
        return Recogniser(ClearValues({1: needles.certain}))

    def test_is_found_and_taken_out_however_it_is_written(self):
        finder = self._finder(BERLIN)
        for text in WRITTEN:
            with self.subTest(text=text):
                self.assertEqual(finder.find(text), {1})
                new = finder.take_out(text)
                self.assertEqual(finder.find(new), set())
                self.assertNotIn("901820", new.replace(" ", ""))
                self.assertEqual("1234567" in text, "1234567" in new)

    def test_is_the_same_however_it_was_typed(self):
        for typed in ("030 901820", "030/901820", "+49 (0)30 901820", "0049 30 901820",
                      "Tel. 030 901820", "030 901820-0"):
            for text in "030 901820", "+49 30 901820", "004930901820":
                with self.subTest(typed=typed, text=text):
                    self.assertEqual(self._finder(typed).find(text), {1})

    def test_is_in_no_other_number(self):
        for typed in "231777", "0231 777", "+49 231 777", "0231777", "030 640615 2":
            searcher, finder = self._searcher(typed), self._finder(typed)
            for text in LONGER_NUMBERS:
                with self.subTest(typed=typed, text=text):
                    self.assertFalse(searcher.names(text))
                    self.assertEqual(searcher.take_out(text), text)
                    self.assertEqual(finder.find(text), set())

    def test_what_has_another_name_is_no_telephone_number_in_texts_of_others(self):
        for typed in "231777", "0231 777", "+49 231 777", "0231777":
            finder = self._finder(typed)
            for text in LABELLED_NUMBERS:
                with self.subTest(typed=typed, text=text):
                    self.assertEqual(finder.find(text), set())
                    self.assertEqual(finder.take_out(text), text)

    def test_is_found_in_texts_of_the_person_whatever_it_is_called(self):
        searcher = self._searcher(BERLIN)
        for text, expected in {
                "unter der Nummer 030 901820": "unter der Nummer …",
                "WhatsApp-Nr. 030 901820": "WhatsApp-Nr. …",
                "neue Nr.: 030/901820": "neue Nr.: …",
                "Auftrag 030901820": "Auftrag …",
                "Tel030901820": "Tel…",
                "030901820Fax": "…Fax",
                "030-901820-Privat": "…-Privat",
                "Nr. 030_901820_mobil": "Nr. …_mobil",
                "S0017 Nr. 030 901820": "S0017 Nr. …"}.items():
            with self.subTest(text=text):
                self.assertTrue(searcher.is_in(text))
                self.assertEqual(searcher.take_out(text), expected)
                self.assertEqual(self._finder(BERLIN).find(text), set())

    def test_without_area_code_what_has_another_name_stays_with_the_person_too(self):
        searcher = self._searcher("231777")
        for text in "Art.-Nr. 231777", "RE-231777", "231777A", "Auftrag 231777":
            with self.subTest(text=text):
                self.assertEqual(searcher.take_out(text), text)

    def test_central_number_before_a_time_is_no_book(self):
        """Of nine digits the last one may be the check digit that ten digits of a book have."""
        for text in "030 1110-0", "030 11-10-0", "030 11-10-0 17 Uhr", "030 14-80-0 12.05.":
            finder = self._finder(text[:11])
            with self.subTest(text=text):
                self.assertEqual(finder.find(text), {1})
                self.assertEqual(finder.find(finder.take_out(text)), set())

    def test_without_area_code_is_never_certain(self):
        for typed in "231777", "231 777", "Tel. 231777", "901820":
            needles = find_needles(NOBODY | {'phone': typed})
            self.assertFalse(needles.certain, typed)
            self.assertFalse(needles.own, typed)
        self.assertEqual(self._searcher("231777").take_out("Tel. 231777"), "Tel. …")

    def test_with_and_without_area_code_are_two(self):
        self.assertFalse(self._searcher("231777").names("0231 777"))
        self.assertFalse(self._searcher("231777").names("+49 231 777"))
        self.assertFalse(self._searcher("0231 777").names("231777"))
        self.assertFalse(self._searcher("0231 777").names("231 777"))

    def test_from_abroad(self):
        for typed, code, phone_code, written in (
                ("+43 1 5550123", 'DE', 49, ("01 5550123", "0043 1 5550123", "+43 (0)1/5550123")),
                ("01 5550123", 'AT', 43, ("+43 1 5550123", "0043 1 5550123", "01/555 01 23")),
                ("+33 1 42 68 53 00", 'DE', 49, ("01 42 68 53 00", "0033142685300")),
                ("0039 06 1234567", 'DE', 49, ("06 1234567", "+39 06 1234567")),
                ("+49 1 5", 'AT', 43, ())):
            finder = self._finder(typed, country_code=code, phone_code=phone_code)
            for text in written:
                with self.subTest(typed=typed, text=text):
                    self.assertEqual(finder.find(text), {1})

    def test_without_zero_in_the_country_counts_in_own_texts_only(self):
        searcher, finder = self._searcher("+1 212 555 0123"), self._finder("+1 212 555 0123")
        self.assertEqual(searcher.take_out("Call (212) 555-0123"), "Call …")
        self.assertEqual(finder.find("Call (212) 555-0123"), set())
        self.assertEqual(finder.find("Call +1 212-555-0123"), {1})

    def test_several_in_one_field(self):
        for typed in ("030 901820 / 0171 1234567", "030 901820, 0171 1234567",
                      "030901820;01711234567"):
            for text in "030/901820", "+49 171 1234567":
                with self.subTest(typed=typed, text=text):
                    self.assertEqual(self._finder(typed).find(text), {1})

    def test_many_numbers_in_a_text_cost_little(self):
        text = "030 901821 " * 20_000 + "030 901820"
        self.assertEqual(self._finder(BERLIN).find(text), {1})

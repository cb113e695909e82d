import re

from odoo.tests import TransactionCase

from odoo.addons.dsgvo.models.erasure.needles import (
    PersonFinder,
    Searcher,
    find_needles,
    make_pattern,
)

EMPTY = dict.fromkeys(('name', 'email', 'phone', 'phone_sanitized', 'street'))


class TestNeedles(TransactionCase):
    def test_values_that_identify_a_person(self):
        contact = {
            'name': "Jörg Müller", 'email': 'joerg@example.com', 'phone': '030 1234567',
            'phone_sanitized': '+49301234567', 'street': "Weg 17"}
        self.assertEqual(find_needles(contact), set(contact.values()))

    def test_values_that_stand_in_any_text_are_not_searched(self):
        for value in {'name': "Zauberberg"}, {'street': "Holunderweg"}, {'phone': '110'}:
            self.assertEqual(find_needles(EMPTY | value), set())

    def test_pattern_finds_the_spellings_and_nothing_else(self):
        pattern = make_pattern({"Jörg Müller & Co. (Söhne)"})
        for text in ("Jörg Müller & Co. (Söhne)", "Jörg Müller &amp; Co. (Söhne)",
                     r"J\u00f6rg M\u00fcller & Co. (S\u00f6hne)"):
            self.assertTrue(re.search(pattern, f"für {text}!"), text)
        self.assertFalse(re.search(pattern, "Jörg Müller & CoX (Söhne)"))

    def test_several_persons_in_one_text(self):
        finder = PersonFinder({
            1: Searcher({"Jörg Müller"}), 2: Searcher({'+49 30 901820', "Ute Berg"}),
            3: Searcher({'ute@berg.example'})})
        self.assertEqual(finder.find("Joerg Müller, Tel. 030/901820"), {1, 2})
        self.assertEqual(finder.find("Ute Bergmann und Jörg"), set())

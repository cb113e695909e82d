import re

from odoo.tests import TransactionCase

from odoo.addons.dsgvo.models.erasure.needles import (
    PersonFinder,
    Searcher,
    find_needles,
    get_genitives,
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

    def test_only_whole_words_are_taken_out(self):
        searcher = Searcher({"Ute Berg", '+49 30 901820', "Weg 17", 'ute@berg.example'})
        for text, expected in {
                "Ute Berg, Weg 17, Tel. 030/901820": "…, …, Tel. …",
                "Ute Bergmann, Umweg 17, Weg 17b": "Ute Bergmann, Umweg 17, Weg 17b",
                "ISBN 9783090182055": "ISBN 9783090182055",
                "brute@berg.example, ute@berg.example.org": "brute@berg.example, ….org",
                "q=Ute%20Berg&from=%20Weg+17": "q=…&from=%20…",
                r'["\nUte Berg", "\u00a0Ute Berg"]': r'["\n…", "\u00a0…"]'}.items():
            self.assertEqual(searcher.take_out(text), expected)

    def test_genitive(self):
        names = {"Ute Berg", 'ute@berg.example', "Weg 17"}
        self.assertEqual(get_genitives(names), {"Ute Bergs"})
        searcher = Searcher(names | get_genitives(names))
        self.assertEqual(searcher.take_out("Ute Bergs Buch"), "… Buch")

    def test_several_persons_in_one_text(self):
        finder = PersonFinder({
            1: {"Jörg Müller"}, 2: {'+49 30 901820', "Ute Berg"}, 3: {'maier@laden.example'}})
        self.assertEqual(finder.find("Joerg Müller, Tel. 030/901820"), {1, 2})
        self.assertEqual(finder.find("Ute Bergmann und Jörg"), set())
        self.assertEqual(
            finder.take_out("Joerg Müller, Berg, Ute, Ute Bergmann, 030/901820"),
            "…, …, Ute Bergmann, …")

    def test_address_of_somebody_else(self):
        finder = PersonFinder({1: {'maier@laden.example'}})
        for text in ("<MAIER@laden.example>", "mailto:maier%40laden.example",
                     "_maier@laden.example_", "q=Hallo+maier@laden.example"):
            self.assertEqual(finder.find(text), {1}, text)
        for text in ("anna.maier@laden.example", "maier@laden.example.org",
                     "maier-laden-example"):
            self.assertEqual(finder.find(text), set(), text)
        self.assertEqual(
            finder.take_out("maier@laden.example, nicht anna.maier@laden.example"),
            "…, nicht anna.maier@laden.example")

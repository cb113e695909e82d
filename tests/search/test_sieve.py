"""What the sieve passes by can hold no value."""
import json
from itertools import chain, pairwise, product
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.dsgvo.models.map.needles import find_needles
from odoo.addons.dsgvo.models.map.searching import SEPARATOR, Recogniser
from odoo.addons.dsgvo.models.search import sieve as sieve_module
from odoo.addons.dsgvo.models.search.fingerprints import HashedValues, Hasher
from odoo.addons.dsgvo.models.search.sieve import Sieve

from ..map import test_spellings as spellings

# What may stand between the parts of a value, whole or in pieces.
BETWEEN = (
    "", " ", "  ", "\n", "\t", "\xa0", "\u2009", "-", "\u2013", "/", "(", ")", ".", "+", "=\n",
    "=\r\n", "=\u00ad\n", "=\u200b\r\n", "=\r\u200b\n", "&nbsp;", "&#160;",
    " &nbsp; ", "&lt;br&gt;", "&#8203;", "\u200b", "\u00ad", "%20",
    "=20", "\\n", "\\u0020", "\\u003cb x\\u003e", "<b>", "</b>", '<b class="x y">',
    "</b><i a=1 b=2>", " <td> ", "</td>\n<td>", '<t a="1 &gt; 2">', "&lt;b x=&quot;y&quot;&gt;",
    "<br/>", "<span>&nbsp;</span>", "(at)", " (at) ", "( at )", "[AT]", "(<b>at</b>)", "(&#64;)",
    "&#40;at&#41;", "(punkt)", "@", "&#64;", "'", "?id=", "12", "17 Uhr", "Nr. ", "x", "_",
    "e\u0301", "\u0663", '"', '\\"', "\\\\", "\0", SEPARATOR, "97831614841", "12.05.2026 ",
    " 17:30", "00", "(0)", "-0", " - 0", "> 1 ", "12 > 10 ", "-> 2. ")
# What other texts of the same page may begin and end with.
NEIGHBOURS = (
    "", "Bestellung 5", "S00005", "> 1 x Buch", "12 > 10", "-> 2.", "030 90", "1820", "+49",
    "12 <", "<b", "5<b", "b>", "b>7", "</b>", "5<b>", "&lt;b", "5 &lt;", "&gt;", "&nbsp", ";", "(",
    "(at", ")", "x@", "@", "=", "=\r", "=2", "%", "\\", "\n", "\n7", "7\n", "5 -", "- 5", "\u200b",
    "5\u00ad", "\u0301", "\u0663", "Adelheid", "QUJD", "QUJDREVGR0hJSktMTU5PUFFSU1Q=")
# What stands in front in the same text.
OPENINGS = ("", "> ", "> 1 x Buch\n> ", "12 > 10 ", "-> 2. ", "b> ", "5 ", "<p>")
ROUNDS = 20


@tagged('post_install', '-at_install')
class TestSieve(spellings.SpellingsCommon):
    """Nothing that a recogniser finds is passed by."""

    def _make_both(self, people):
        """Return a recogniser that reads everything, and a sieve for the same values."""
        hasher = Hasher(b'key')
        known = HashedValues(hasher)
        for person in people:
            for mark in find_needles(person).certain:
                known.add(*hasher.get_fingerprint(mark))
        return Recogniser(known), Sieve(known)

    def test_every_spelling_of_a_value_passes(self):
        for number in range(20):
            person = self._make_person()
            recogniser, sieve = self._make_both([person])
            texts = [
                own for kind in ('name', 'email', 'phone', 'street')
                for _spelling, text in self._make_texts(person[kind], kind in ('email', 'phone'))
                for own in (text, f"Tag {text}")]
            texts += [self._surround(respell(person['email']))
                      for respell, _is_certain in spellings.RESPELL_ADDRESS.values()]
            expected = [number for number, text in enumerate(texts) if recogniser.find(text)]
            self.assertGreater(len(expected), 40)
            passed = set(sieve.find(texts))
            for place in expected:
                self.assertIn(place, passed, f"{person}: {texts[place]!r}")

    def test_whatever_is_found_in_a_value_in_pieces_passes(self):
        """The parts of values, with all kinds of signs between them, as texts of one page."""
        found = 0
        for _round in range(ROUNDS):
            person = self._make_person()
            recogniser, sieve = self._make_both([person])
            values = [person[kind] for kind in ('name', 'email', 'phone', 'street')]
            texts = [own for _text in range(200) for own in (
                self._cut_up(self.random.choice(values)), self.random.choice(NEIGHBOURS))]
            passed = set(sieve.find(texts))
            for place, text in enumerate(texts):
                if recogniser.find(text):
                    self.assertIn(place, passed, f"{person}: {text!r}")
                    found += 1
        self.assertGreater(found, 10 * ROUNDS)

    def test_whatever_is_found_in_json_passes(self):
        """A page in JSON has signs in front of its quotes, and of the ends of its lines."""
        person = self._make_person() | {
            'name': f"N{self._make_word()} {self._make_word()}",
            'street': f"Nö{self._make_word()}weg 17"}
        recogniser, sieve = self._make_both([person])
        name, phone = person['name'], person['phone']
        local, domain = person['email'].split('@')
        values = [
            name, person['email'], phone, person['street'],
            f"\\{name.lower()}", f"\\{person['street'].lower()}",
            *(name.replace(' ', sign) for sign in ('\n', '\\n', '" "', '<b\nx="1"> ')),
            *(f'{local}{sign}{domain}' for sign in (
                '("at")', '(\nat)', '("<b>at</b>")', '<b\nx="1">@', '=40', '"@')),
            *(f'{phone[:-3]}{sign % ord(phone[-3])}{phone[-2:]}' for sign in (
                '=%x', '"=%x"', '\n=%x\n'))]
        texts = [
            encode(f'{before}{value}{behind}') for value in values
            for before, behind in product(('', '"', '\n', '\\', '\\n', 'x', 'x" '), repeat=2)
            for encode in (str, _encode, lambda text: _encode(_encode(text)))]
        passed = set(sieve.find(texts))
        expected = [place for place, text in enumerate(texts) if recogniser.find(text)]
        self.assertGreater(len(expected), len(texts) / 3)
        for place in expected:
            self.assertIn(place, passed, f"{person}: {texts[place]!r}")

    def test_neighbours_on_the_page_hide_nothing(self):
        """What one text ends with and the next one begins with is not read as one."""
        person = self._make_person()
        recogniser, sieve = self._make_both([person])
        first, last = person['phone'][:-4], person['phone'][-4:]
        values = (
            person['name'], person['email'], person['phone'], f"Tel. {first}<b>{last}</b>",
            f"Tel. {first}<br>{last}", f"Tel. {first}&lt;b&gt;{last}", f"Tel. {first}&nbsp;{last}")
        for text in map(''.join, product(OPENINGS, values)):
            if recogniser.find(text):
                page = [own for before, behind in product(NEIGHBOURS, repeat=2)
                        for own in (before, text, behind)]
                hidden = {*range(1, len(page), 3)}.difference(sieve.find(page))
                self.assertFalse(
                    hidden and page[min(hidden) - 1:min(hidden) + 2], f"{person}: {text!r}")

    def test_lines_that_are_cut_with_unseen_signs_pass(self):
        person = self._make_person()
        recogniser, sieve = self._make_both([person])
        for cut in product(("", "\u00ad", "\u200b\u2060"), ("", "\r"), ("", "\ufeff")):
            for kind in 'name', 'phone':
                text = f"{person[kind][:-2]}={''.join(cut)}\n{person[kind][-2:]}"
                with self.subTest(text=text):
                    self.assertTrue(recogniser.find(text))
                    self.assertEqual(sieve.find([text]), [0])

    def test_no_more_pieces_are_remembered_than_said(self):
        """However many a single text has; what was forgotten is found out again."""
        person = self._make_person()
        recogniser, whole = self._make_both([person])
        texts = [f"{' '.join(f'w{number}x' for number in range(1000))} {own}" for own in (
            person['name'], "nobody", person['phone'], person['email'])]
        expected = whole.find(texts)
        self.startPatcher(patch.object(sieve_module, 'PIECES', 50))
        sieve = Sieve(whole._known)
        self.assertEqual(sieve.find(texts), expected)
        self.assertEqual(expected, [place for place, text in enumerate(texts)
                                    if recogniser.find(text)])
        self.assertLessEqual(len(sieve._pieces._known), 50)

    def _cut_up(self, value):
        """Return a value with something between some of its signs, or between all its words."""
        if self.random.random() < 0.5:
            parts = [(word, *self.random.choices(BETWEEN, k=self.random.randint(1, 2)))
                     for word in value.split()]
        else:
            cuts = sorted(self.random.choices(range(len(value) + 1), k=self.random.randint(1, 3)))
            parts = [(value[start:end], self.random.choice(BETWEEN))
                     for start, end in pairwise([0, *cuts, len(value)])]
        text = ''.join([self.random.choice(BETWEEN), *chain.from_iterable(parts)])
        return _encode(text) if self.random.random() < 0.3 else text

    def test_other_texts_do_not_pass(self):
        """A sieve that lets everything through would find everything, too."""
        _recogniser, sieve = self._make_both([self._make_person() for _number in range(300)])
        texts = [
            f"<p>Guten Tag,</p><p>Ihre <b>Bestellung</b> S{number:05} vom 12.05.2026 über"
            f" {number},50&nbsp;EUR (2 Bücher) liegt zur Abholung bereit.</p>\n<table><tr><td>2"
            f"</td><td>{number},95</td></tr></table> laden@buch.example Tel. 030 {number:07}"
            for number in range(500)]
        self.assertLess(len(sieve.find(texts)), 5)

    def test_namesakes_do_not_pass(self):
        """Others have the same first name, or live in the same street, whatever tags are around."""
        people = [self._make_person() | {'name': f"Maria {self._make_word()}mann",
                                         'street': f"Hauptstraße {number}"}
                  for number in range(300)]
        _recogniser, sieve = self._make_both(people)
        texts = [text.format(name=f"Maria {self._make_word()}er", street=f"Hauptstraße {number}")
                 for number in range(1000, 1100) for text in (
                     "<p>Guten Tag {name},</p><p>{street}</p>", '<b class="x y">{name}</b> kommt',
                     "<td>{name}</td>\n<td>{street}</td>", "{name}&nbsp;aus {street}&amp;")]
        self.assertLess(len(sieve.find(texts)), 5)
        texts = [text.replace("Maria", people[0]['name']) for text in texts]
        self.assertEqual(sieve.find(texts), [*range(len(texts))])


def _encode(text):
    return json.dumps(text)[1:-1]

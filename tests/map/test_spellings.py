import base64
import html
import json
import quopri
import random
import unicodedata
from urllib.parse import quote, quote_plus

from odoo.tests import TransactionCase, tagged

from odoo.addons.dsgvo.models.map.needles import find_needles
from odoo.addons.dsgvo.models.map.searching import (
    SEPARATOR,
    ClearValues,
    MentionFinder,
    Recogniser,
    Searcher,
)
from odoo.addons.dsgvo.models.map.texts import get_words
from odoo.addons.dsgvo.models.search.fingerprints import HashedValues, Hasher

from .test_numbers import NOBODY

SYLLABLES = ('ba', 'lü', 'ström', 'ße', 'łuk', 'ørn', 'đor', 'ægi', 'œu', 'þor', 'ıl', 'né', 'ñu',
             'ač', 'ğan', 'rå', 'mi', 'ster', 'wald', 'ho', 'kar', 'quit')
FILLERS = ("Guten Tag,", "Abholung am Montag", "Der Zauberberg", "(bitte anrufen)", "S00042-7",
           "978-3-16-148410-0", "23,50 EUR", "Grüße!", "№ 5")
PLAIN = str.maketrans({'ł': 'l', 'ø': 'ö', 'đ': 'd', 'ı': 'i', 'œ': 'oe', 'þ': 'th', 'æ': 'ae'})
RESPELL = {
    'decomposed': lambda text: unicodedata.normalize('NFD', text),
    'upper case': lambda text: text.replace('ı', 'i').upper(),
    'letters of the keyboard': lambda text: text.translate(PLAIN),
    'umlauts written out': lambda text: text.replace('ü', 'ue').replace('ö', 'oe').replace(
        'ß', 'ss'),
    'no accents': lambda text: ''.join(
        letter if letter in 'üö' else unicodedata.normalize('NFD', letter)[0] for letter in text),
    'typographic': lambda text: text.replace('-', '\u2010').replace("'", '’'),
    'soft hyphens': lambda text: '\u00ad'.join(text),
    'no width': lambda text: text[:2] + '\u200b' + text[2:] + '\ufeff',
    'no break': lambda text: text.replace(' ', '\u00a0'),
    'wrapped': lambda text: text.replace(' ', '  \n '),
}
ENCODE = {
    'HTML': html.escape,
    'HTML numbers': lambda text: ''.join(
        letter if letter.isascii() else f'&#{ord(letter)};' for letter in text),
    'tags': lambda text: ''.join(f'<b>{word}</b> ' for word in text.split()),
    'JSON': json.dumps,
    'quoted-printable': lambda text: quopri.encodestring(text.encode()).decode(),
    'link': quote,
    'form': quote_plus,
    'Base64': lambda text: base64.encodebytes(f"{text}: {'x' * 40}".encode()).decode(),
}


def spell_at(at, dot='.'):
    return lambda email: email.replace('@', at).replace('.', dot)


def encode_domain(email):
    local, _at, domain = email.partition('@')
    return f"{local}@{domain.encode('idna').decode()}"


# What the person's own texts may have besides; whether it is certain in those of others, too.
RESPELL_ADDRESS = {
    'in brackets': (spell_at('(at)'), True),
    'in square brackets': (spell_at(' [AT] ', ' [dot] '), True),
    'dot in brackets': (spell_at('@', '(punkt)'), True),
    'domain in ASCII': (encode_domain, True),
    'in braces': (spell_at('{at}'), False),
    'as spoken': (spell_at(' at ', ' punkt '), False),
    'as spoken in English': (spell_at(' at ', ' dot '), False),
    'with blanks': (spell_at(' @ '), False),
    'low lines': (spell_at('_at_', '_dot_'), False),
}


class SpellingsCommon(TransactionCase):
    """Makes persons, and spells and encodes their values."""

    def setUp(self):
        super().setUp()
        self.random = random.Random(12)

    def _make_word(self, count=3):
        return ''.join(self.random.choices(SYLLABLES, k=count)).capitalize()

    def _make_person(self):
        surname = self.random.choice((self._make_word(), f"{self._make_word()}-{self._make_word()}",
                                      f"O'{self._make_word()}"))
        number = self.random.randrange(1_000_000, 9_999_999)
        return NOBODY | {
            'name': f"{self._make_word(2)} {surname}",
            'email': f'kunde{number}@laden{number}.example',
            'phone': self.random.choice((f"030 {number}", f"+49 171 {number}", f"+43 1 {number}")),
            'street': self._make_word() + self.random.choice(('straße', 'str.', 'weg', ' Straße'))
                      + f" {number % 97 + 1}{self.random.choice(('', 'a', ' B'))}"}

    def _surround(self, value):
        before, behind = self.random.sample(FILLERS, 2)
        return f"{before} {value}, {behind}"

    def _make_texts(self, value, plain):
        for name, respell in (RESPELL if not plain else {}).items():
            yield name, self._surround(respell(value))
        for name, encode in ENCODE.items():
            yield name, encode(self._surround(value))


@tagged('post_install', '-at_install')
class TestSpellings(SpellingsCommon):
    """What is found is what is taken out: generated persons, spelled and encoded."""

    def _check(self, finder, text, message):
        self.assertTrue(finder.find(text), message)
        new = finder.take_out(text)
        self.assertFalse(finder.find(new), f"{message}: {new}")
        self.assertEqual(finder.take_out(new), new, message)

    def _make_recognisers(self, marks):
        """Return one that knows the marks, one that knows only their hashes, and `{mark: hash}`."""
        hasher, hashed = Hasher(b'key'), HashedValues(Hasher(b'key'))
        prints = {mark: hasher.get_fingerprint(mark) for mark in marks}
        for fingerprint in prints.values():
            hashed.add(*fingerprint)
        return (Recogniser(ClearValues({mark: {mark} for mark in marks})), Recogniser(hashed),
                {mark: fingerprint.hash for mark, fingerprint in prints.items()})

    def test_found_and_taken_out_are_one(self):
        """Whether the values are known or only their hashes."""
        for number in range(40):
            person = self._make_person()
            needles = find_needles(person)
            clear, hashed, hashes = self._make_recognisers(needles.certain)
            for kind in 'name', 'email', 'phone', 'street':
                for spelling, text in self._make_texts(person[kind], kind in ('email', 'phone')):
                    with self.subTest(number=number, kind=kind, spelling=spelling):
                        message = f"{person[kind]}: {text}"
                        self._check(clear, text, message)
                        self.assertEqual(
                            hashed.find(text), {hashes[mark] for mark in clear.find(text)})
                        self.assertEqual(hashed.take_out(text), clear.take_out(text))
                        self.assertTrue(Searcher(needles).is_in(text), message)

    def _check_own(self, values, text, is_certain=False):
        """Check that a value goes from texts of the person, and from others only if certain."""
        needles = find_needles(NOBODY | values)
        with self.subTest(values=values, text=text):
            searcher, text = Searcher(needles), self._surround(text)
            new = searcher.take_out(text)
            self.assertTrue(searcher.names(text))
            self.assertIn("…", new)
            self.assertFalse(searcher.names(new), new)
            self.assertEqual(searcher.take_out(new), new)
            finder = MentionFinder({1: needles.certain})
            self.assertEqual(finder.find_certain({'note': text}), {1} if is_certain else set())
            return new

    def test_addresses_that_machines_shall_not_read(self):
        for number in range(5):
            domain = f'{self._make_word().lower()}{number}ü.example'
            email = f"{self.random.choice(('ute', 'u.berg'))}@{domain}"
            for spelling, (respell, is_certain) in RESPELL_ADDRESS.items():
                with self.subTest(spelling=spelling):
                    new = self._check_own({'email': email}, respell(email), is_certain)
                    self.assertNotIn('example', new)
                    if is_certain or spelling == 'as spoken':
                        self._check_own({'email': respell(email)}, email, is_certain=True)

    def test_number_without_its_area_code(self):
        for area in "030 ", "+49 40 ", "0231/", "+43 1 ", "+41 44 ":
            local = str(self.random.randrange(1_000_000, 9_999_999))
            for text in local, f"{local[:3]} {local[3:]}", f"{local[:3]}-{local[3:]}":
                self._check_own({'phone': area + local}, f"Tel. {text}")

    def test_names_in_another_order_and_given_names_as_one_word(self):
        for _number in range(3):
            first, second, surname = (self._make_word() for _word in range(3))
            joined, hyphened = first + second.lower(), f"{first}-{second}"
            ways = joined, hyphened, f"{first} {second}"
            for entered in ways:
                for written in ways:
                    for name in f"{entered} {surname}", f"{surname} {entered}":
                        for text in f"{written} {surname}", f"{surname} {written}":
                            if get_words(text) not in (
                                    get_words(name), get_words(f"{surname} {entered}"),
                                    get_words(f"{entered} {surname}")):
                                self._check_own({'name': name}, text)
            for text in f"{first} {surname}", f"Frau {surname}":
                self._check_own({'name': f"{surname} {first} {second}"}, text)

    def test_birth_names(self):
        for _number in range(3):
            given, surname, other = self._make_word(), self._make_word(), self._make_word()
            for remark in "geb.", "née", "verw.", "früher":
                for text in f"{given} {other}", f"Frau {other}", f"{other}s":
                    self._check_own({'name': f"{given} {surname} {remark} {other}"}, text)
            # What stands in brackets may be a remark: Anna Berg (Buchclub).
            bracketed = {'name': f"{given} {surname} ({other})"}
            self._check_own(bracketed, f"{given} {other}")
            self.assertFalse(Searcher(find_needles(NOBODY | bracketed)).names(f"Frau {other}"))

    def test_several_persons_are_taken_out_the_same_way_with_hashes_only(self):
        """Of texts in which values overlap, repeat, stand in titles, or form one another anew."""
        for number in range(40):
            persons = [self._make_person() for _person in range(3)]
            needles = [find_needles(person) for person in persons]
            clear, hashed, hashes = self._make_recognisers(
                set().union(*(own.certain | own.doubtful for own in needles)))
            parts = [word for person in persons for value in (
                person['name'], person['email'], person['phone'], person['street'])
                for word in (value, *value.split())] + [*FILLERS, "[", "]", "<b>", "</b>", "&amp;"]
            titles = {f"{person['name']}: Gedichte" for person in persons[:1]}
            for _text in range(20):
                text = " ".join(self.random.choices([*parts, *titles], k=12))
                for own in (), titles:
                    with self.subTest(number=number, text=text, titles=own):
                        found = clear.find(text, own)
                        self.assertEqual(
                            hashed.find(text, own), {hashes[mark] for mark in found})
                        some = set(sorted(found)[::2])
                        self.assertEqual(
                            hashed.take_out(text, {hashes[mark] for mark in some}, own),
                            clear.take_out(text, some, own))
                        for recogniser in clear, hashed:
                            new = recogniser.take_out(text, titles=own)
                            self.assertFalse(recogniser.find(new, own), new)

    def test_what_stands_in_one_of_several_texts_is_found_in_all_of_them_together(self):
        """A row is read as one text: a number of the next column must not hide what is there."""
        encoded = base64.b64encode(b"Guten Tag und vielen Dank").decode()
        others = "17", "12345678901234", "Artikelnummer:", "S00042-", "a < b", encoded, "Tag="
        for number in range(20):
            person = self._make_person()
            clear, _hashed, _hashes = self._make_recognisers(find_needles(person).certain)
            for kind in 'name', 'email', 'phone', 'street':
                for spelling, text in (
                        ('plain', person[kind]), *self._make_texts(person[kind], plain=True)):
                    for before in others:
                        behind = self.random.choice(others)
                        with self.subTest(number=number, spelling=spelling, before=before):
                            self.assertLessEqual(
                                clear.find(text),
                                clear.find(SEPARATOR.join([before, text, behind])))

    def test_in_texts_of_others_what_is_certain_goes_and_nothing_else(self):
        """By two values or one that nobody else has; a name, or a street, alone stays."""
        certain = {'name': False, 'street': False, 'email': True, 'phone': True,
                   'name, street': True, 'street, name': True, 'name, phone': True}
        for number in range(20):
            person, other = self._make_person(), self._make_person()
            finder = MentionFinder({
                1: find_needles(person).certain, 2: find_needles(other).certain})
            for kinds, is_certain in certain.items():
                value = ", ".join(person[kind] for kind in kinds.split(', '))
                for spelling, text in self._make_texts(value, 'email' in kinds or 'phone' in kinds):
                    with self.subTest(number=number, kinds=kinds, spelling=spelling):
                        persons = finder.find_certain({'note': text})
                        self.assertEqual(persons, {1} if is_certain else set(), text)
                        new = finder.take_out(text, persons)
                        self.assertEqual(finder.find(new), {} if is_certain else finder.find(text))
                        self.assertEqual(new == text, not is_certain)

    def test_what_forms_a_name_when_something_else_is_taken_out_goes_too(self):
        person = self._make_person() | {'name': "Anna Alster", 'phone': "030 901820"}
        finder = MentionFinder({1: find_needles(person).certain})
        text = "Alster 030/901820 Anna"
        self.assertEqual(finder.find(text), {1: {'phone'}})
        self.assertEqual(finder.take_out(text, {1}), "…")

    def test_what_is_around_stays(self):
        for number in range(40):
            person = self._make_person()
            searcher = Searcher(find_needles(person))
            for kind in 'name', 'email', 'phone', 'street':
                with self.subTest(number=number, kind=kind):
                    text = self._surround(person[kind])
                    self.assertEqual(
                        searcher.take_out(text), text.replace(person[kind], '…'))

    def test_nobody_else_is_touched(self):
        persons = [self._make_person() for _number in range(40)]
        texts = ["; ".join(person[kind] for kind in ('name', 'email', 'phone', 'street'))
                 for person in persons]
        for number, person in enumerate(persons):
            finder = Recogniser(ClearValues({number: find_needles(person).certain}))
            for other, text in enumerate(texts):
                with self.subTest(number=number, other=other):
                    self.assertEqual(finder.find(text), {number} if number == other else set())

    def test_base64_stays_base64(self):
        text = f"Guten Tag, Jörg Müller, {'Grüße ' * 5}"
        searcher = Searcher(find_needles(NOBODY | {'name': "Jörg Müller"}))
        packed = f"Content: {base64.encodebytes(text.encode()).decode()}"
        new = searcher.take_out(packed)
        self.assertEqual(
            base64.b64decode(new.removeprefix("Content: ")).decode().strip(),
            text.replace("Jörg Müller", "…").strip())

    def test_street_in_other_ways(self):
        for street, text in (("Alte Straße 17a", "Alte Str. 17 A"),
                             ("Hauptstr. 5", "Haupt-Strasse 5"),
                             ("Haupt Straße 5", "HAUPTSTRASSE 5"), ("Weg 17 B", "Weg 17b")):
            with self.subTest(street=street):
                needles = find_needles(NOBODY | {'street': street})
                self._check(Recogniser(ClearValues({1: needles.certain})), f"wohnt {text}.", text)

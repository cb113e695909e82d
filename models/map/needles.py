"""The person's own values, as they are looked for in texts after an erasure."""
import re
from itertools import chain
from typing import NamedTuple

from .numbers import TYPED_NUMBER, read_numbers
from .placeholders import is_placeholder_email, is_placeholder_number
from .texts import find_whole_emails, get_words, read_value, spell_out

COLUMNS = ('name', 'email', 'phone', 'street')

SHORTEST_PART = 3  # letters of each of two given names that are written as one: Hanspeter, Evamaria
SHORTEST = 6  # letters: shorter values stand in texts that have nothing to do with the person
# What belongs to one person as a rule. A name or a street may be somebody else's, both are not.
DECISIVE = ({'email'}, {'phone'}, {'name', 'street'})
# Words in a name that are not the name.
TITLES = """
    dr prof professor med phil jur rer nat pol oec ing dipl mag lic habil hc univ mba msc bsc ma
    herr herrn frau hr fr fraeulein frl mr mrs ms miss mme familie fam eheleute firma fa
    osb ofm sj mdb mdl
    gmbh mbh ag kg kgaa ug ohg gbr ev eg ek ltd inc llc co cie se inhaber inh sen jun jr sr ii iii
"""
PARTICLES = "von vom van der den dem de zu zur zum di da del della la le du al el ter ten af av"
SALUTATIONS = "frau fr herr herrn hr familie fam"
TITLES, PARTICLES, SALUTATIONS = (
    frozenset(words.split()) for words in (TITLES, PARTICLES, SALUTATIONS))
COUPLE = re.compile(r'[&+/;]|\b(?:und|and|u)\b\.?', re.IGNORECASE)
CARE_OF = re.compile(r'\bc\s?/\s?o\b', re.IGNORECASE)
# Remarks behind a name, up to a comma: geb. Alster, (Buchclub), - Stammkundin.
OTHER_NAME = (
    r'\b(?:(?:geb|geboren|verw|verwitwet|verh|verheiratet|gesch|geschieden)(?:e|er)?'
    r'|n[ée]e(?=\s+\w)|vorm|vormals|ehem|ehemals|früher)\b')
REMARK = re.compile(
    rf'\([^)]*\)?|(?:\s[-\u2013\u2014]\s|{OTHER_NAME})[^,]*', re.IGNORECASE)
# Frau Berg geb. Alster is also called Alster; a word in brackets alone may be a remark.
MAIDEN_NAME = re.compile(rf'{OTHER_NAME}\.?\s+([^,;()]+)', re.IGNORECASE)
IN_BRACKETS = re.compile(r'\(([^\W\d_][^\W\d_ -]+(?:-[^\W\d_]+)?)\)')
DEGREES = re.compile(
    r'(?:[\s,]+(?:[MB]\.\s?(?:A|Ed|Eng)|[MB]\.?\s?Sc|LL\.?\s?[MB]|M\.?\s?B\.?\s?A|Ph\.?\s?D'
    r'|D\.\s?Phil)\b\.?)+\s*$', re.IGNORECASE)
POSTAL_CODE = re.compile(r'(?:[A-Z]{1,2}-)?\d{4,5}\s')
SEPARATOR = re.compile(r'[,;(\n]')
HOUSE = re.compile(r'(\d+)([a-z])')
RANGE = re.compile(r'(?:\s?[-\u2013\u2014/+]\s?|\s+(?:u\.?|und)\s+)')
DOTTED = re.compile('[äöüåÄÖÜÅ]')
UNDOTTED = str.maketrans('äöüåÄÖÜÅ', 'aouaAOUA')
LETTER = re.compile(r'[^\W\d_]')
NUMBER = r'\d{1,4}(?:\s?[a-z]\b(?!\.?\s*\d))?'
# 17, 17 A or 17-19, but not that of Straße des 17. Juni 135, or of Straße 12 Nr. 5.
HOUSES = re.compile(
    rf'(?<!\d)(?<!\b{LETTER.pattern}){NUMBER}(?:{RANGE.pattern}{NUMBER})*'
    rf'(?!\d|\.\s*{LETTER.pattern}|\s*nr\b)', re.IGNORECASE)
NUMBER_WORDS = ('nr', 'no', 'nummer', 'hausnr', 'hausnummer')
NUMBER_IN_FRONT = re.compile(rf'\s*{NUMBER}\s+[^\W\d_]', re.IGNORECASE)  # 17 rue de Rivoli
# What stands in front of a street, or in its place, and has a number that many others have.
UNIT = re.compile(r'''\A(?:\s*(?:
    \d+\.?\s*(?:stock|stockwerk|etage|og|ug|obergeschoss|untergeschoss)\b
    |(?:(?:dhl|deutsche\s+post|wg)\s+)?
     (?:stock|stockwerk|etage|og|ug|wohnung|wohneinheit|we|whg|apartment|appartement|app|zimmer|raum
      |haus|vorderhaus|hinterhaus|gebäude|block|aufgang|eingang|stiege|tür|top|station|abteilung|abt
      |packstation|postfiliale|filiale|paketshop|postfach|pf|postnummer|parzelle|stellplatz
      |klingel|fach|schließfach|regal|gleis|halle|tor
      )\b[.-]?\s*(?:nr\b)?\.?\s*\d[\d\s]*(?:[a-z]\b)?
    |(?:eg|dg|vorderhaus|hinterhaus|erdgeschoss|dachgeschoss)\b
    )\.?(?:\s*(?:links|rechts|mitte)\b)?\s*)+''', re.IGNORECASE | re.VERBOSE)
SHORT_SUFFIXES = {'weg': 'w', 'platz': 'pl', 'gasse': 'g'}
STREET_SUFFIXES = (*SHORT_SUFFIXES, 'str', 'allee', 'ring', 'damm', 'ufer', 'hof', 'chaussee')


class Mark(NamedTuple):
    """One spelling by which a value of a person is recognised.

    :param str kind: email, phone, name or street; doubtful, which proves nothing; or short
        (surname, initials, a telephone number without area code), for texts of the person only
    :param str text: words between blanks, an e-mail address, or the digits of a number
    :param int words: how many, 0 for an address or a number
    """
    kind: str
    text: str
    words: int


class Needles(NamedTuple):
    """How a person is recognised.

    :param set certain: marks that hardly anybody else has; also looked for in rows of others
    :param set own: marks that hold in rows of the person only, and must not be left there
    :param set short: marks that are taken out of texts of the person, where they may also be words
    :param set doubtful: marks that are looked for in rows of others, but never taken out there
    """
    certain: set
    own: set
    short: set
    doubtful: set

    def __or__(self, other):
        return Needles(*(mine | theirs for mine, theirs in zip(self, other, strict=True)))

    def doubt(self, is_doubtful):
        """Return the same marks, with those as doubtful that somebody else may have, too.

        :param is_doubtful: returns whether somebody else may have a certain `Mark`
        """
        doubted = {mark for mark in self.certain if is_doubtful(mark)}
        return Needles(self.certain - doubted, self.own | doubted, self.short, self.doubtful | {
            mark._replace(kind='doubtful') for mark in doubted})


NO_NEEDLES = Needles(set(), set(), set(), set())


def is_decisive(kinds):
    """Return whether values of these kinds, in one place, cannot be those of somebody else.

    A name alone never is: it may be an author's, a namesake's, or words ("Rosa Stern").
    """
    return any(sufficient <= kinds for sufficient in DECISIVE)


def find_needles(contact, known=None):
    """Return the `Needles` of a contact.

    A name is certain if it has two words, and a street if it has a number. Otherwise a customer
    entered as "Berg" would be found in every book about the mountains.

    :param dict contact: name, email, phone and street as stored, None if empty; the street has one
        or more lines. country_code and phone_code are those of the contact's country, or else of
        the company
    :param dict known: what was read of the names and streets of a batch, which addresses repeat
    """
    needles, known = NO_NEEDLES, {} if known is None else known
    contact = contact | {kind: read_value(contact[kind]) for kind in COLUMNS}
    name = contact['name']
    if numbers := TYPED_NUMBER.findall(name):
        contact = contact | {'name': TYPED_NUMBER.sub(' ', name),
                             'phone': ', '.join(filter(None, [contact['phone'], *numbers]))}
    for read, typed in (_mark_name, contact['name']), (_mark_street, contact['street']):
        if (read, typed) not in known:
            known[read, typed] = _read_undotted(read, typed)
        needles |= known[read, typed]
    addresses = spell_out(f"{contact['email']} {name}", is_spoken=True).text
    for token in find_whole_emails(addresses):
        if len(token.text) >= SHORTEST:
            words = _make_mark('email', get_words(token.text))
            found = Needles({Mark('email', token.text, 0)}, {words}, set(), set())
            needles |= found.doubt(lambda mark: is_placeholder_email(mark.text))
    for number in read_numbers(
            contact['phone'], contact['country_code'], contact['phone_code']):
        found = Needles({Mark('phone', way, 0) for way in number.certain}, set(),
                        {Mark('short', way, 0) for way in number.possible | number.local}, set())
        home = min(number.certain | number.possible, key=len)
        needles |= found.doubt(lambda _mark, home=home: is_placeholder_number(home))
    return needles


def _read_undotted(read, typed):
    needles = read(typed)
    if DOTTED.search(typed):  # Öztürk is Ozturk in a passport, and on many a keyboard
        needles |= _leave_to_own(read(typed.translate(UNDOTTED)))
    return needles


def find_former_needles(contact):
    """Return the `Needles` of values that a contact had before; they may be somebody else's now."""
    return _leave_to_own(find_needles(contact))


def _leave_to_own(needles):
    """Return the same marks for texts of the person only."""
    return Needles(set(), needles.certain | needles.own, needles.short, set())


def _make_mark(kind, words):
    return Mark(kind, ' '.join(words), len(words))


def _sort_by_certainty(marks):
    """Return the marks that are certain, and the others that are more than a word."""
    certain = {mark for mark in marks if mark.words > 1 and len(mark.text) >= SHORTEST}
    return certain, {mark for mark in marks - certain if mark.words > 1}


# === NAMES === #

def _mark_name(name):
    """Return the `Needles` of a name: also without title, of each of a couple, as lists have it."""
    plain = _cut_name(name)
    persons = list(_split_name(plain))
    full, own, short = [], [], []
    # "Frau Berg" and "A. Berg" are many persons.
    (full if not persons or any(_is_name(given) for given, *_ in persons) else own).append(
        get_words(name))
    maiden_names = list(map(get_words, MAIDEN_NAME.findall(name)))
    bracketed = map(get_words, IN_BRACKETS.findall(name))
    own += [given + other for other in (*maiden_names, *bracketed)
            for given, *_surname in persons[:1]]
    short += [way for maiden in maiden_names for way in (maiden, _add_s(maiden))]
    is_numbered = _has_digit(get_words(plain)[-1:])  # Anna Berg 2, or Buchclub Berg 2000
    for given, surname, is_sure in persons:
        if given:
            (full if is_sure and _is_name(given) and not is_numbered else own).extend(
                (given + surname, surname + given))
        if is_sure:
            for spell in (_spell_name, _spell_reversed)[:1 + _is_name(given)]:
                of_person, maybe_words = spell(given, surname)
                own += of_person
                short += maybe_words
    certain, other = _sort_by_certainty({_make_mark('name', words) for words in full})
    return Needles(
        certain, other | {_make_mark('name', words) for words in own if len(words) > 1},
        {_make_mark('short', words) for words in short if len(words[-1]) > 1}, set())


def _spell_name(given, surname):
    """Return the ways in texts of the person, and those that may be words that mean nobody."""
    # Berg-Alster is called Berg, von der Heide is called Heide.
    parts = [[word] for word in surname if word not in PARTICLES and len(word) > 1]
    if len(surname) > 1:  # O'Connor is OConnor, al-Rashid is Alrashid
        parts.append([''.join(surname)])
    letters = [word[0] for word in given]
    own, short = [], [surname, _add_s(surname)]
    for part in parts:
        short += [part, _add_s(part)]
    for family in (surname, *parts) if given else ():
        for names in (given, given[:1], [''.join(given[:2])],
                      *chain(*map(_split_given_name, given[:1])),
                      *([word] for word in given[1:] if len(word) > 1)):
            own += [names + family, family + names, _add_s(names + family)]
        own.append(given[:1] + letters[1:] + family)
        short += [letters + family, letters[:1] + family, family + letters[:1]]
    # Nguyen Thi Minh and BERG Anna have the surname in front; García López has two.
    short += [[salutation, name]
              for salutation in SALUTATIONS for name in {*given[:1], *given[-1:]}]
    own.append(given if _is_name(given) else [])
    return own, short


def _split_given_name(word):
    """Return the ways to write a given name as two: Hans Peter for Hanspeter."""
    return [[word[:place], word[place:]]
            for place in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)]


def _spell_reversed(given, surname):
    """Return what `_spell_name` does for names with the surname in front: Muster Erika."""
    [family, *names] = given + surname
    own = [[*names, family], [names[0], f'{family}s']]
    for first in (names[:1], [''.join(names[:2])], *_split_given_name(names[0])):
        own += [*first, family], [family, *first]
    return own, [[names[0][0], family], [family, names[0][0]]]


def _add_s(words):
    """Return the genitive: Adelheid Quittenbaums Buch."""
    return [*words[:-1], f'{words[-1]}s']


def _cut_name(name):
    """Return a name without c/o and, if two words are left, without remarks and degrees."""
    name = next(filter(get_words, CARE_OF.split(name)), '')
    cut = DEGREES.sub('', REMARK.sub(' ', name))
    return cut if len(get_words(cut)) > 1 else name


def _is_name(given):
    """Whether there is a given name, and not only its initials."""
    return any(len(word) > 1 for word in given)


def _has_digit(words):
    return any(map(str.isdigit, ''.join(words)))


def _split_name(name):
    """Yield `(given names, surname, whether that is sure)` of the persons in a name, as words."""
    before, _comma, behind = name.partition(',')
    if get_words(behind):
        name = f'{behind} {before}'  # Quittenbaum, Adelheid
        for part in before, behind:  # or Anna Berg, Stammkundin; or Anna Berg, Bert Alster
            words = [word for word in get_words(part) if word not in TITLES]
            if len(words) > 1 and not PARTICLES & {*words} and len(get_words(before)) > 1:
                yield words[:1], words[1:], False
    persons = [person for part in COUPLE.split(name) if (person := [
        words for raw in part.split() if (words := [
            word for word in get_words(raw) if word not in TITLES])])]
    if persons and len(persons[-1]) > 2 and _has_digit(persons[-1][-1]):
        persons[-1].pop()  # the mark of a duplicate: Anna Berg 2
    if not persons or _has_digit(persons[-1][-1]):
        return
    *_given, family = _split_surname(persons[-1])
    for person in persons:
        given, surname = _split_surname(person)
        if person is persons[-1]:
            yield given, surname, True
        elif given:  # Anna Berg und Bert Alster, or Anna Maria und Bert Alster
            yield given, surname, False
            yield given + surname, family, True
        else:
            yield surname, family, True


def _split_surname(person):
    """Return the words of the given names and those of the surname, which may start with von.

    Also where nothing stands in front of it: Frau von der Heide.
    """
    start = next((place for place, words in enumerate(person[:-1]) if words[0] in PARTICLES),
                 len(person) - 1)
    return ([word for words in person[:start] for word in words],
            [word for words in person[start:] for word in words])


# === STREETS === #

def _mark_street(street):
    """Return the `Needles` of a street with a number, without words in front or behind."""
    found, own, short = [], list(filter(_has_digit, map(get_words, street.split('\n')))), []
    for part in SEPARATOR.split(street):
        plain, *behind = CARE_OF.split(part)
        if address := _read_street(plain):
            found.append(address)
        elif not _has_digit(words := get_words(plain)):  # Hof Quallenstein
            short.append(words)
        for name, numbers in filter(None, map(_read_street, behind)):  # c/o Alster Am Holunder 17
            for start in range(len(name)):
                if numbers and (len(name[start]) > 3 or start < len(name) - 1):
                    own += _spell_freely(name[start:], numbers)
    for address in found:
        own += _spell_freely(*address)
    found.sort(key=lambda address: not address[0][-1].endswith(STREET_SUFFIXES))
    certain, other = _sort_by_certainty({
        _make_mark('street', words) for name, numbers in found[:1]
        for words in _spell_street([*name, *chain(*numbers)])})
    return Needles(certain, other | {
        mark for words in own if (mark := _make_mark('street', words)).words > 1
        or len(mark.text) >= SHORTEST}, {
            mark for words in short if len((mark := _make_mark('short', words)).text) >= SHORTEST},
        set())


def _read_street(part):
    """Return `(words of the street, [words of each house number])`, None if there is no number.

    A number in front is a part of the street: 17 rue de Rivoli.
    """
    part = UNIT.sub('', part)
    if POSTAL_CODE.match(part.strip()):
        return None
    letter = LETTER.search(part)
    house = letter and HOUSES.search(part, letter.end())
    if house and (name := get_words(part[:house.start()])):
        is_called = len(name) > 1 and name[-1] in NUMBER_WORDS
        return name[:-1] if is_called else name, list(map(get_words, RANGE.split(house[0])))
    return (get_words(part), []) if NUMBER_IN_FRONT.match(part) else None


def _spell_freely(name, numbers):
    """Return the ways to write a street in texts of the person: Holunderw. Nr. 17 for 17-19."""
    names = [name]
    for suffix, short in SHORT_SUFFIXES.items():
        if name[-1].endswith(suffix):
            stem = name[-1].removesuffix(suffix)
            names.append([*name[:-1], stem + short])
    names += [[*name[:-1], stem, suffix] for suffix in STREET_SUFFIXES
              if name[-1].endswith(suffix) and (stem := name[-1].removesuffix(suffix))]
    ways = []
    for number in numbers if len(numbers) == 1 else ([*chain(*numbers)], *numbers):
        for words in names:
            ways += [words + number, [*words, 'nr', *number],
                     [*words[:-1], ''.join([words[-1], *number])]]
    return [spelled for way in ways for spelled in _spell_street(way)]


def _spell_street(words):
    """Return the ways to write a street: Alte Straße or Altestr., 17a or 17 A."""
    ways = [words]
    for place, word in enumerate(words):
        if word == 'str' and place:
            ways.append([*words[:place - 1], f'{words[place - 1]}str', *words[place + 1:]])
        elif word.endswith('str') and len(word) > 3:
            ways.append([*words[:place], word[:-3], 'str', *words[place + 1:]])
    for way in list(ways):
        if way and (house := HOUSE.fullmatch(way[-1])):
            ways.append([*way[:-1], *house.groups()])
        elif len(way) > 2 and HOUSE.fullmatch(''.join(way[-2:])):
            ways.append([*way[:-2], ''.join(way[-2:])])
    return [way for way in ways if way]

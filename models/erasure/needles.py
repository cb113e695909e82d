"""The person's own values, as they are looked for in texts after an erasure."""
import re
from typing import NamedTuple

from .numbers import read_numbers
from .texts import find_emails, get_words

SHORTEST = 6  # letters: shorter values stand in texts that have nothing to do with the person
# Words in a name that are not the name.
TITLES = """
    dr prof professor med phil jur rer nat pol oec ing dipl mag lic habil hc univ mba msc bsc ma
    herr herrn frau hr fr fraeulein frl mr mrs ms miss mme familie fam eheleute firma fa
    gmbh mbh ag kg kgaa ug ohg gbr ev eg ek ltd inc llc co cie se inhaber inh sen jun jr sr
"""
PARTICLES = "von vom van der den dem de zu zur zum di da del della la le du al el ter ten af av"
TITLES, PARTICLES = (frozenset(words.split()) for words in (TITLES, PARTICLES))
COUPLE = re.compile(r'[&+/]|\b(?:und|and|u)\b\.?', re.IGNORECASE)
CARE_OF = re.compile(r'c\s?/\s?o\b', re.IGNORECASE)
POSTAL_CODE = re.compile(r'(?:[A-Z]{1,2}-)?\d{4,5}\s')
SEPARATOR = re.compile(r'[,;(\n]')
HOUSE = re.compile(r'(\d+)([a-z])')


class Mark(NamedTuple):
    """One spelling by which a value of a person is recognised.

    :param str kind: email, phone, name, street; or what counts in texts of the person only: short
        (surname, initials, a telephone number without area code)
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
    """
    certain: set
    own: set
    short: set

    def __or__(self, other):
        return Needles(*(mine | theirs for mine, theirs in zip(self, other, strict=True)))


NO_NEEDLES = Needles(set(), set(), set())


def find_needles(contact):
    """Return the `Needles` of a contact.

    A name is certain when it has two words and a street when it has a number: a customer entered
    as "Berg" must not be found in a book about the mountains.

    :param dict contact: name, email, phone and street as stored, None when empty, country_code and
        phone_code of the contact's country or else of the company
    """
    needles = NO_NEEDLES
    for found in _mark_name(contact['name'] or ''), _mark_street(contact['street'] or ''):
        needles |= found
    for token in find_emails(contact['email'] or ''):
        if len(token.text) >= SHORTEST:
            words = _make_mark('email', get_words(token.text))
            needles |= Needles({Mark('email', token.text, 0)}, {words}, set())
    for number in read_numbers(
            contact['phone'] or '', contact['country_code'], contact['phone_code']):
        needles |= Needles({Mark('phone', way, 0) for way in number.certain}, set(),
                           {Mark('short', way, 0) for way in number.possible})
    return needles


def find_former_needles(contact):
    """Return the `Needles` of values that a contact had before; they may be somebody else's now."""
    former = find_needles(contact)
    return Needles(set(), former.certain | former.own, former.short)


def _make_mark(kind, words):
    return Mark(kind, ' '.join(words), len(words))


def _sort_by_certainty(marks):
    """Return the marks that are certain, and the others that are more than a word."""
    certain = {mark for mark in marks if mark.words > 1 and len(mark.text) >= SHORTEST}
    return certain, {mark for mark in marks - certain if mark.words > 1}


# === NAMES === #

def _mark_name(name):
    """Return the `Needles` of a name: also without title, of each of a couple, as lists have it."""
    persons = list(_split_name(name))
    full, own, short = [], [], []
    # "Frau Berg" is many persons.
    (full if not persons or any(given for given, *_ in persons) else own).append(get_words(name))
    for given, surname, is_sure in persons:
        if not is_sure:
            own += [given + surname, surname + given]
            continue
        first = given[:1]
        if given:
            full += [given + surname, surname + given]
            own += [first + surname, surname + first]
            own += [_add_s(names + surname) for names in (given, first)]
            letters = [word[0] for word in given]
            own += [first + letters[1:] + surname]
            short += [letters + surname, letters[:1] + surname, surname + letters[:1]]
        short += [surname, _add_s(surname), surname[-1:], _add_s(surname[-1:])]
    certain, other = _sort_by_certainty({_make_mark('name', words) for words in full})
    return Needles(
        certain, other | {_make_mark('name', words) for words in own if len(words) > 1},
        {_make_mark('short', words) for words in short if len(words[-1]) > 1})


def _add_s(words):
    """Return the genitive: Adelheid Quittenbaums Buch."""
    return [*words[:-1], f'{words[-1]}s']


def _split_name(name):
    """Yield `(given names, surname, whether that is sure)` of the persons in a name, as words."""
    before, _comma, behind = name.partition(',')
    if get_words(behind):
        name = f'{behind} {before}'  # Quittenbaum, Adelheid
    persons = [person for part in COUPLE.split(name) if (person := [
        words for raw in part.split() if (words := [
            word for word in get_words(raw) if word not in TITLES])])]
    if not persons or any(map(str.isdigit, ''.join(persons[-1][-1]))):
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
    """Return the words of the given names and those of the surname, which may start with von."""
    start = next((place for place, words in enumerate(person) if place and words[0] in PARTICLES),
                 len(person) - 1)
    return ([word for words in person[:start] for word in words],
            [word for words in person[start:] for word in words])


# === STREETS === #

def _mark_street(street):
    """Return the `Needles` of a street with a number, without what stands in front or behind."""
    parts = [part for part in SEPARATOR.split(street)
             if any(map(str.isdigit, part)) and not POSTAL_CODE.match(part.strip())]
    plain = next((part for part in parts if not CARE_OF.match(part.strip())), '')
    certain, other = _sort_by_certainty(
        {_make_mark('street', words) for words in _spell_street(get_words(plain))})
    typed = [get_words(street)]
    for part in parts if not plain else ():  # c/o Alster Holunderweg 17
        words = get_words(part)
        typed += [spelled for start in range(2, len(words) - 1) for spelled in (
            _spell_street(words[start:])) if len(words[start]) > 3]
    own = {_make_mark('street', words) for words in typed if any(
        word[0].isdigit() for word in words)}
    return Needles(certain, other | {mark for mark in own if mark.words > 1}, set())


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

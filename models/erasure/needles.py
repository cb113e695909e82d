"""The person's own values, as they are looked for in texts after an erasure."""
import json
import re
from collections import defaultdict

from markupsafe import escape

from .texts import SHORTEST, fold, fold_phone, get_numbers, get_readings, get_words

# As a pattern: how a letter may be written besides itself.
LETTERS = {
    'ä': r'ae|a\u0308|&auml;|\\u00[ec]4|[=%]c3[=%][a8]4',
    'ö': r'oe|o\u0308|&ouml;|\\u00[fd]6|[=%]c3[=%][b9]6',
    'ü': r'ue|u\u0308|&uuml;|\\u00[fd]c|[=%]c3[=%][b9]c',
    'ß': r'ss|&szlig;|\\u00df|[=%]c3[=%]9f',
}
BLANK = r'(?:\s|\+|&nbsp;|[=%]20)+'


def find_needles(contact):
    """Return the values of a contact that identify the person wherever they stand.

    A name counts when it has two words and a street when it has a number: a customer entered as
    "Berg" must not be found in a book about the mountains.

    :param dict contact: name, email, phone, phone_sanitized and street as stored, None when empty
    :return: set of texts, each at least SHORTEST characters long
    """
    values = {contact['email'], contact['phone'], contact['phone_sanitized']}
    if name := contact['name']:
        values |= {name} if len(name.split()) > 1 else set()
    if street := contact['street']:
        values |= {street} if re.search(r'\d', street) else set()
    return {value.strip() for value in values if value and len(value.strip()) >= SHORTEST}


def make_pattern(needles):
    """Return a regular expression of PostgreSQL that finds the values in all their spellings.

    For texts out of which they are taken; `Searcher` is what proves that they are gone.
    """
    spellings = {
        _make_flexible(spelling)
        for needle in needles
        for spelling in (needle, json.dumps(needle)[1:-1], str(escape(needle)))
    }
    return '|'.join(sorted(spellings))


def _make_flexible(value):
    if is_phone(value):
        digits = r'[\s/().-]{0,3}'.join(fold_phone(value))
        return rf'(?:(?:\+|00)?49[\s/().-]{{0,3}}(?:\(?0\)?)?|0)?[\s/().-]{{0,3}}{digits}'
    return ''.join(map(_make_flexible_part, re.findall(r'\s+|.', value, re.DOTALL)))


def _make_flexible_part(part):
    if part.isspace():
        return BLANK
    letter = part.lower()
    if letter in LETTERS:
        return f'(?:{part}|{letter}|{letter.upper()}|{LETTERS[letter]})'
    return re.escape(part)


def is_phone(value):
    """Return whether a value is a telephone number: nothing but digits and signs between them."""
    return bool(re.fullmatch(r'\+?[\d\s/().-]+', value)) and len(fold_phone(value)) >= SHORTEST


class Searcher:
    """Says whether one of the values of a person stands in a text, however it is written.

    Whole words only: "Ute Berg" is not found in "Ute Bergmann".
    """

    def __init__(self, values):
        words = [value for value in values if not is_phone(value)]
        self.phrases = {fold(value) for value in words} | {
            f" {names[-1]} {' '.join(names[:-1])} "  # Quittenbaum, Adelheid
            for names in map(get_words, words) if len(names) == 2}
        self.numbers = {fold_phone(value) for value in values if is_phone(value)}

    def is_in(self, text):
        return any(
            any(phrase in folded for phrase in self.phrases)
            or (self.numbers and not self.numbers.isdisjoint(get_numbers(reading)))
            for reading in get_readings(text) if (folded := fold(reading)))


class PersonFinder:
    """Says which of many persons stand in a text. Its cost does not depend on how many they are.

    :param dict searchers: `{person: Searcher}`
    """

    def __init__(self, searchers):
        self.phrases = defaultdict(list)  # {first word: [(all words, person)]}
        self.numbers = defaultdict(set)
        for person, searcher in searchers.items():
            for phrase in searcher.phrases:
                if words := phrase.split():
                    self.phrases[words[0]].append((words, person))
            for number in searcher.numbers:
                self.numbers[number].add(person)

    def find(self, text):
        """Return the set of persons of whom one of the values stands in a text."""
        found = set()
        for reading in get_readings(text):
            words = get_words(reading)
            for start, word in enumerate(words):
                found.update(
                    person for phrase, person in self.phrases.get(word, ())
                    if words[start:start + len(phrase)] == phrase)
            if self.numbers:
                for number in get_numbers(reading):
                    found |= self.numbers.get(number, set())
        return found

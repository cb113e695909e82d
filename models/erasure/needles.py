"""The person's own values, as they are looked for in texts after an erasure."""
import json
import re
from collections import defaultdict
from functools import cached_property

from markupsafe import escape

from .texts import (
    SHORTEST,
    fold,
    fold_phone,
    get_emails,
    get_numbers,
    get_readings,
    get_tokens,
    get_words,
)

# As a pattern: how a letter may be written besides itself.
LETTERS = {
    'ä': r'ae|a\u0308|&auml;|\\u00[ec]4|[=%]c3[=%][a8]4',
    'ö': r'oe|o\u0308|&ouml;|\\u00[fd]6|[=%]c3[=%][b9]6',
    'ü': r'ue|u\u0308|&uuml;|\\u00[fd]c|[=%]c3[=%][b9]c',
    'ß': r'ss|&szlig;|\\u00df|[=%]c3[=%]9f',
}
BLANK = r'(?:\s|\+|&nbsp;|[=%]20)+'
# In front of a value, though it may look like a letter or a digit: =20, %3A, \n, \u00a0
ENCODED = r'(?<=[=%](?:0[9ad]|2[0-9a-f]|3[a-f]))|(?<=\\[nrtbf])|(?<=\\u[0-9a-f]{4})'
REPLACEMENT = '…'


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


def get_marks(value):
    """Return how a value is recognised in a text about anybody: `(phrases, tokens)`.

    Phrases are lists of words; tokens are what `get_tokens` finds, numbers and addresses.
    """
    if is_phone(value):
        return [], {fold_phone(value)}
    if emails := get_emails(value):
        return [], emails
    phrases = [get_words(spelling) for spelling in _add_reversed({value})]
    return [words for words in phrases if words], set()


def get_kind(value):
    """Return the kind of a value of `find_needles`: email, phone, name or street."""
    if '@' in value:
        return 'email'
    if is_phone(value):
        return 'phone'
    return 'street' if any(map(str.isdigit, value)) else 'name'


def get_genitives(needles):
    """Return the names among the values as "Adelheid Quittenbaums Buch" has them.

    Only for texts about the person: elsewhere it may be the name of somebody else.
    """
    return {f'{needle}s' for needle in needles if get_kind(needle) == 'name'}


def make_pattern(needles, exact=False):
    """Return a regular expression that finds the values as whole words in all their spellings.

    :param bool exact: whether `ute@berg.example` must not be found in `anna.ute@berg.example`
    """
    spellings = {
        _make_flexible(spelling, exact and get_kind(needle) == 'email')
        for needle in needles
        for spelling in (needle, json.dumps(needle)[1:-1], str(escape(needle)))
    }
    return '|'.join(sorted(spellings))


def _make_flexible(value, exact_email):
    if is_phone(value):
        digits = r'[\s/().-]{0,3}'.join(fold_phone(value))
        prefix = r'(?:(?:\+|00)?49[\s/().-]{0,3}(?:\(?0\)?)?|0)?[\s/().-]{0,3}'
        return rf'(?:(?<!\d)|{ENCODED}){prefix}{digits}(?!\d)'
    letters = ''.join(map(_make_flexible_part, re.findall(r'\s+|.', value, re.DOTALL)))
    before, behind = (r'(?<![.-])', r'(?!-|\.\w)') if exact_email else ('', '')
    return rf'(?:(?<![^\W_])|{ENCODED}){before}{letters}(?![^\W_]){behind}'


def _make_flexible_part(part):
    if part.isspace():
        return BLANK
    if part == ',':  # Quittenbaum Adelheid
        return ',?'
    letter = part.lower()
    if letter in LETTERS:
        return f'(?:{part}|{letter}|{letter.upper()}|{LETTERS[letter]})'
    return re.escape(part)


def is_phone(value):
    """Return whether a value is a telephone number: nothing but digits and signs between them."""
    return bool(re.fullmatch(r'\+?[\d\s/().-]+', value)) and len(fold_phone(value)) >= SHORTEST


def _add_reversed(values):
    """Return the values, and names of two words as lists have them: Quittenbaum, Adelheid."""
    names = [value.split() for value in values if get_kind(value) == 'name']
    return {*values, *(f'{words[1]}, {words[0]}' for words in names if len(words) == 2)}


class Searcher:
    """Says whether one of the values of a person stands in a text, however it is written.

    For texts about this person. Whole words only: "Ute Berg" is not found in "Ute Bergmann".
    """

    def __init__(self, values):
        self._values = _add_reversed(values)
        self.phrases = {fold(value) for value in self._values if not is_phone(value)}
        self.numbers = {fold_phone(value) for value in values if is_phone(value)}

    @cached_property
    def _pattern(self):
        return re.compile(make_pattern(self._values), re.IGNORECASE)

    def take_out(self, text):
        """Return the text without the values."""
        return self._pattern.sub(REPLACEMENT, text)

    def is_in(self, text):
        return any(
            any(phrase in folded for phrase in self.phrases)
            or (self.numbers and not self.numbers.isdisjoint(get_numbers(reading)))
            for reading in get_readings(text) if (folded := fold(reading)))


class PersonFinder:
    """Says which of many persons stand in a text. Its cost does not depend on how many they are.

    For texts about anybody: an e-mail address counts as a whole only, unlike in `Searcher`.

    :param dict values: `{person: values of find_needles}`
    """

    def __init__(self, values):
        self._values = values
        self._phrases = defaultdict(list)  # {first word: [(all words, person)]}
        self._tokens = defaultdict(set)  # {e-mail address or number: persons}
        for person, own in values.items():
            for phrases, tokens in map(get_marks, own):
                for token in tokens:
                    self._tokens[token].add(person)
                for words in phrases:
                    self._phrases[words[0]].append((words, person))

    def find(self, text):
        """Return the set of persons of whom one of the values stands in a text."""
        found = set()
        for reading in get_readings(text):
            words = get_words(reading)
            for start, word in enumerate(words):
                found.update(
                    person for phrase, person in self._phrases.get(word, ())
                    if words[start:start + len(phrase)] == phrase)
            for token in get_tokens(reading) if self._tokens else ():
                found |= self._tokens.get(token, set())
        return found

    def take_out(self, text):
        """Return the text without the values of whoever stands in it."""
        for person in self.find(text):
            pattern = make_pattern(_add_reversed(self._values[person]), exact=True)
            text = re.sub(pattern, REPLACEMENT, text, flags=re.IGNORECASE)
        return text

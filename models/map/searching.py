"""Finds values in texts, and takes out exactly what it finds.

There is one recogniser for values in clear and for those of which only keyed hashes are left. They
differ in how a value is looked up, never in how a text is read or in what is taken out.
"""
import re
from collections import defaultdict
from collections.abc import Callable
from itertools import chain
from typing import NamedTuple

from .needles import is_decisive
from .numbers import find_numbers
from .texts import (
    decode_base64,
    encode_base64,
    find_emails,
    find_spelled_emails,
    find_words,
    get_readings,
    get_words,
)

REPLACEMENT = '…'
# Stands between texts that are read as one. A name may go on behind it. A number, its label and an
# encoded passage do not: whatever one text alone shows is found in all of them together, too.
SEPARATOR = '\f' * 5
# A passage that is taken out must not swallow these: the marks of HTML and JSON around its words.
MARKS = re.compile(r'[<>"\\\n]')
SLICE = 1_000_000  # characters that are read at once: words take many times the memory of the text
OVERLAP = 2000  # characters; half of it is longer than a value, in whatever encoding
BLANK = re.compile(r'\s')
NO_DIGITS = re.compile(r'\D+')


class Spelling(NamedTuple):
    """How the words, addresses and numbers of a text are compared.

    :param get_words: returns the words of a text
    :param find_words: returns the same words as a list of `Token`
    :param fold_token: returns an e-mail address or a number as it is compared
    """
    get_words: Callable
    find_words: Callable
    fold_token: Callable


SPELLING = Spelling(get_words, find_words, str)


class ClearValues:
    """Values in clear, as a `Recogniser` looks them up.

    `get_lengths` says of a word how many words the marks have that start with it. It is called for
    each word of a text.

    :param dict marks: `{value: set of Mark}`; a value is whatever stands for these marks
    """
    spelling = SPELLING

    def __init__(self, marks):
        self._values = defaultdict(set)  # {text of a mark: values}
        lengths = defaultdict(set)
        self.get_lengths = lengths.get
        self.has_tokens = False
        self._tails = set()  # last digits of the numbers
        for value, own in marks.items():
            for mark in own:
                self._values[mark.text].add(value)
                if mark.words:
                    lengths[mark.text.split(' ', 1)[0]].add(mark.words)
                else:
                    self.has_tokens = True
                    if '@' not in mark.text:
                        # A zero behind one of the first two digits may be left out.
                        self._tails.add(mark.text[2:][-6:])

    def get_values(self, text):
        """Return the values of which a phrase, an e-mail address or a number is a mark."""
        return self._values.get(text, ())

    def may_stand_in(self, text):
        """Whether one of the numbers may stand in a text; to read all its numbers takes longer."""
        digits = NO_DIGITS.sub('', text.replace('(0)', ''))
        return any(tail in digits for tail in self._tails)


class Recogniser:
    """Finds values, however they are written, as whole words, numbers and addresses.

    `find` and `take_out` agree: every value that was found can be taken out, and nothing else is.
    What it costs does not depend on how many values there are.

    Titles are texts that are nobody's, such as the name of a book. A value that is a part of a
    title in the text is neither found nor taken out, once for each title.

    :param known: `ClearValues`, or others with the same methods, one for each spelling
    :param bool is_own: whether texts are those of the person: see `find_numbers` and
        `find_spelled_emails`
    :param sieve: finds the texts that may hold a value at all, None to read all of them: see
        `sift`
    """

    def __init__(self, *known, is_own=False, sieve=None):
        self._known = known
        self._is_own = is_own
        self._sieve = sieve

    def sift(self, texts):
        """Return the numbers of the texts that may hold a value; the others need not be read."""
        return self._sieve.find(texts) if self._sieve else range(len(texts))

    def find(self, text, titles=()):
        """Return the set of values in a text."""
        found = set()
        for values in self.find_in_parts(text, titles):
            found |= values
        return found

    def find_in_parts(self, text, titles=()):
        """Yield the sets of values in the parts of a text, so that the caller may stop."""
        for _start, part in _cut(text, titles):
            found = self._find_in_part(part) if self.sift([part]) else set()
            if found and titles:
                found = {value for value, _spans in self._find_passages(part, titles)}
            yield found
        for _match, packed in decode_base64(text):
            yield from self.find_in_parts(packed, titles)

    def take_out(self, text, values=None, titles=()):
        """Return the text without the values, by default without all that it finds."""
        # The rest may form a value again: Ute [Ute Berg] Berg.
        while (new := self._take_out_once(text, values, titles)) != text:
            text = new
        return text

    def _take_out_once(self, text, values, titles):
        parts, position = [], 0
        for match, packed in decode_base64(text):
            if (new := self.take_out(packed, values, titles)) != packed:
                parts += [text[position:match.start()], encode_base64(new)]
                position = match.end()
        text = ''.join(parts) + text[position:]
        return _replace(text, [spans for value, spans in self._find_passages(text, titles)
                               if values is None or value in values])

    def _find_in_part(self, text):
        found = set()
        for reading in get_readings(text):
            for known in self._known:
                for value, *_place in _match_words(known, known.spelling.get_words(reading.text)):
                    found.add(value)
            for value, _token in self._match_tokens(reading.text):
                found.add(value)
        return found

    def _find_passages(self, text, titles):
        """Yield `(value, spans)` of the values in a text, Base64 apart."""
        for start, part in _cut(text, titles):
            readings = get_readings(part)
            covered = _find_titles(readings, titles) if titles else []
            for reading in readings:
                for value, spans in self._find_in_reading(reading.text):
                    if located := _locate(part, reading, spans, covered):
                        yield value, [(start + first, start + last) for first, last in located]

    def _find_in_reading(self, text):
        """Yield `(value, spans of its parts)` of the values in the text of a reading."""
        for known in self._known:
            words = known.spelling.find_words(text)
            for value, first, count in _match_words(known, [word.text for word in words]):
                yield value, [span for word in words[first:first + count] for span in word.spans]
        for value, token in self._match_tokens(text):
            yield value, token.spans

    def _match_tokens(self, text):
        """Yield `(value, token)` of the addresses and telephone numbers that are values."""
        if with_tokens := [known for known in self._known if known.has_tokens]:
            reads_numbers = not self._is_own or any(  # one of many persons nearly always may
                known.may_stand_in(text) for known in with_tokens)
            for token in chain(find_emails(text), find_spelled_emails(text, self._is_own),
                               find_numbers(text, self._is_own) if reads_numbers else ()):
                for known in with_tokens:
                    for value in known.get_values(known.spelling.fold_token(token.text)):
                        yield value, token


def _match_words(known, words):
    """Yield `(value, number of the first word, number of words)` of the values in words."""
    get_lengths = known.get_lengths
    for start, word in enumerate(words):
        for length in get_lengths(word) or ():
            end = start + length
            if end <= len(words):
                for value in known.get_values(' '.join(words[start:end])):
                    yield value, start, length


def _cut(text, titles):
    """Yield `(start, part)` of a long text; each value stands whole in one of the parts.

    Titles are looked for in the whole text.
    """
    start = 0
    while not titles and len(text) - start > SLICE and (
            blank := BLANK.search(text, start + SLICE)):
        end = blank.end()
        yield start, text[start:end]
        overlap = BLANK.search(text, end - OVERLAP, end - OVERLAP // 2)
        start = overlap.end() if overlap else end - OVERLAP
    yield start, text[start:]


def _locate(text, reading, spans, covered):
    """Return where the parts of a passage stand in the text as it is, those in titles left out.

    It is one part with what is between, unless that must stay.
    """
    located = [reading.locate(*span) for span in spans]
    outside = [(start, end) for start, end in located if not any(
        first <= start and end <= last for first, last in covered)]
    start, end = located[0][0], located[-1][1]
    has_marks = MARKS.search(reading.text, spans[0][0], spans[-1][1]) or (
        MARKS.search(text, start, end))
    return outside if has_marks or len(outside) < len(located) else [(start, end)]


def _find_titles(readings, titles):
    """Return where titles stand in a text, each once."""
    covered = []
    for reading in readings:
        words = find_words(reading.text)
        texts = [word.text for word in words]
        places = defaultdict(list)
        for place, word in enumerate(texts):
            places[word].append(place)
        for title in titles:
            wanted = get_words(get_readings(title)[-1].text)
            place = next((place for place in places.get(wanted[0], ()) if (
                texts[place:place + len(wanted)] == wanted)), None) if wanted else None
            if place is not None:
                covered.append(reading.locate(
                    words[place].spans[0][0], words[place + len(wanted) - 1].spans[0][1]))
    return covered


def _replace(text, passages):
    """Replace passages, each a list of the spans of its parts."""
    parts, position = [], 0
    for start, end in sorted(span for spans in passages for span in spans):
        if start >= position:
            parts += [text[position:start], REPLACEMENT]
        position = max(position, end)
    return ''.join(parts) + text[position:]


def find_in_row(find, texts, titles, whole):
    """Return `{column: values}` of a row; under '' are those that stand across several columns.

    If the row has titles, each column is looked at alone, and no value counts that is part of one.

    :param find: called with a text and titles, returns the set of values in the text
    :param dict texts: `{column: text}`
    :param set whole: values in the texts of all columns, read as one text
    """
    found = {name: find(text, titles) for name, text in texts.items()}
    return found | {'': set() if titles else whole.difference(*found.values())}


class MentionFinder:
    """Says which of many persons stand in texts of others.

    :param dict marks: `{person: set of Mark}`
    """

    def __init__(self, marks):
        values = defaultdict(set)
        for person, own in marks.items():
            for mark in own:
                values[person, mark.kind].add(mark)
        self._values = values
        self._recogniser = Recogniser(ClearValues(values))

    def find(self, text, titles=()):
        """Return `{person: kinds of the values}` of persons who may stand in a text."""
        kinds = defaultdict(set)
        for person, kind in self._recogniser.find(text, titles):
            kinds[person].add(kind)
        return kinds

    def find_certain(self, texts, titles=()):
        """Return the persons who certainly stand in a row, by more than a name.

        :param dict texts: `{column: text}`
        """
        kinds, find = defaultdict(set), self._recogniser.find
        whole = find(SEPARATOR.join(texts.values()))
        for values in find_in_row(find, texts, titles, whole).values():
            for person, kind in values:
                kinds[person].add(kind)
        return {person for person, found in kinds.items() if is_decisive(found)}

    def take_out(self, text, persons, titles=()):
        """Return the text without any value of these persons."""
        return self._recogniser.take_out(
            text, {value for value in self._values if value[0] in persons}, titles)


class Searcher:
    """Says whether a person stands in a text of the person, and takes everything of it out.

    :param Needles needles: of the person
    """

    def __init__(self, needles):
        # True stands for values that tell who it is, False for words or numbers that may be
        # others'.
        self._recogniser = Recogniser(ClearValues({
            True: needles.certain | needles.own, False: needles.short}), is_own=True)

    def is_in(self, text, titles=()):
        """Whether the person stands in a text, by more than a word or a number that may be it."""
        return True in self._recogniser.find(text, titles)

    def names(self, text):
        """Whether there is anything to take out of a text."""
        return bool(self._recogniser.find(text))

    def take_out(self, text, titles=()):
        """Return the text without the person."""
        return self._recogniser.take_out(text, titles=titles)

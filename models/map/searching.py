"""Finds values in texts, and takes out exactly what it finds."""
import re
from collections import defaultdict

from .needles import is_decisive
from .numbers import find_numbers
from .texts import (
    decode_base64,
    encode_base64,
    find_emails,
    find_words,
    get_readings,
    get_words,
)

REPLACEMENT = '…'
# What a passage that is taken out must not swallow: the marks of HTML and JSON around its words.
MARKS = re.compile(r'[<>"\\\n]')
SLICE = 1_000_000  # characters that are read at once: words take many times the memory of the text
OVERLAP = 2000  # characters; half of it is longer than a value, in whatever encoding
BLANK = re.compile(r'\s')


def cut(text):
    """Yield a long text in slices that overlap, so that each value stands whole in one of them."""
    start = 0
    while len(text) - start > SLICE and (blank := BLANK.search(text, start + SLICE)):
        end = blank.end()
        yield text[start:end]
        overlap = BLANK.search(text, end - OVERLAP, end - OVERLAP // 2)
        start = overlap.end() if overlap else end - OVERLAP
    yield text[start:]


class TextSearcher:
    """Finds values, however they are written, as whole words, numbers and addresses.

    What a subclass recognises is the same for `find` and `take_out`: every value that was found
    can be taken out, and nothing else is.

    Titles are texts that are nobody's, such as the name of a book: what stands in the text as a
    part of a title is neither found nor taken out, once for each title.
    """

    def _match_words(self, words):
        """Yield `(value, number of the first word, number of words)` of the values in words."""
        raise NotImplementedError

    def _match_token(self, token):
        """Return the values that an e-mail address or a telephone number is."""
        raise NotImplementedError

    def find(self, text, titles=()):
        """Return the set of values in a text."""
        if len(text) > SLICE and not titles:
            return set().union(*map(self._find_in_slice, cut(text)))
        return self._find_in_slice(text, titles)

    def _find_in_slice(self, text, titles=()):
        found = set()
        for reading in get_readings(text):
            found.update(value for value, *_ in self._match_words(self._read_words(reading.text)))
            for token in self._find_tokens(reading.text):
                found.update(self._match_token(token.text))
        for _match, packed in decode_base64(text):
            found |= self.find(packed, titles)
        if found and titles:
            found = {value for value, _spans in self._find_passages(text, titles)}.union(
                *(self.find(packed, titles) for _match, packed in decode_base64(text)))
        return found

    def take_out(self, text, values=None, titles=()):
        """Return the text without the values, by default without all that it finds."""
        parts, position = [], 0
        for match, packed in decode_base64(text):
            if (new := self.take_out(packed, values, titles)) != packed:
                parts += [text[position:match.start()], encode_base64(new)]
                position = match.end()
        text = ''.join(parts) + text[position:]
        # What is left may form a value again: Ute [Ute Berg] Berg.
        while passages := [spans for value, spans in self._find_passages(text, titles)
                           if values is None or value in values]:
            text = _replace(text, passages)
        return text

    def _read_words(self, text):
        """Return the words of a reading as they are compared."""
        return get_words(text)

    def _locate_words(self, text):
        """Return the same words as a list of `Token`."""
        return find_words(text)

    def _find_tokens(self, text):
        yield from find_emails(text)
        yield from find_numbers(text)

    def _find_passages(self, text, titles):
        """Yield `(value, spans)` of the values in a text, Base64 apart."""
        readings = get_readings(text)
        covered = _find_titles(readings, titles) if titles else []
        for reading in readings:
            words = self._locate_words(reading.text)
            passages = [
                (value, [span for word in words[first:first + count] for span in word.spans])
                for value, first, count in self._match_words([word.text for word in words])]
            passages += [
                (value, token.spans) for token in self._find_tokens(reading.text)
                for value in self._match_token(token.text)]
            for value, spans in passages:
                if located := _locate(text, reading, spans, covered):
                    yield value, located


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


class PersonFinder(TextSearcher):
    """Says which of many persons stand in a text. Its cost does not depend on how many they are.

    :param dict marks: `{person: set of Mark}`
    """

    def __init__(self, marks):
        self._phrases = defaultdict(list)  # {first word: [(all words, person)]}
        self._tokens = defaultdict(set)  # {e-mail address or number: persons}
        for person, own in marks.items():
            for mark in own:
                if mark.words:
                    words = mark.text.split()
                    self._phrases[words[0]].append((words, person))
                else:
                    self._tokens[mark.text].add(person)

    def _match_words(self, words):
        for first, word in enumerate(words):
            for phrase, person in self._phrases.get(word, ()):
                if words[first:first + len(phrase)] == phrase:
                    yield person, first, len(phrase)

    def _match_token(self, token):
        return self._tokens.get(token, ())

    def _find_tokens(self, text):
        return super()._find_tokens(text) if self._tokens else ()


class MentionFinder:
    """Says which of many persons stand in texts of others.

    :param dict marks: `{person: set of Mark}`
    """

    def __init__(self, marks):
        values = defaultdict(set)
        for person, own in marks.items():
            for mark in own:
                values[person, mark.kind].add(mark)
        self._finder = PersonFinder(values)

    def find(self, text):
        """Return `{person: kinds of the values}` of who may stand in a text."""
        kinds = defaultdict(set)
        for person, kind in self._finder.find(text):
            kinds[person].add(kind)
        return kinds

    def find_certain(self, text):
        """Return the persons who certainly stand in a text, by more than a name."""
        return {person for person, kinds in self.find(text).items() if is_decisive(kinds)}

    def take_out(self, text, persons, titles=()):
        """Return the text without any value of these persons."""
        return self._finder.take_out(
            text, {value for value in self._finder.find(text) if value[0] in persons}, titles)


class OwnFinder(PersonFinder):
    """Finds a person in texts of the person, where fewer numbers are somebody else's."""

    def _find_tokens(self, text):
        if self._tokens:
            yield from find_emails(text)
            yield from find_numbers(text, is_own=True)


class Searcher:
    """Says whether a person stands in a text of the person, and takes everything of it out.

    :param Needles needles: of the person
    """

    def __init__(self, needles):
        own = needles.certain | needles.own
        self._finder = OwnFinder({True: own})
        self._all_finder = OwnFinder({True: own | needles.short})

    def is_in(self, text, titles=()):
        """Whether the person stands in a text, by more than a word or a number that may be it."""
        return bool(self._finder.find(text, titles))

    def names(self, text):
        """Whether there is anything to take out of a text."""
        return bool(self._all_finder.find(text))

    def take_out(self, text, titles=()):
        """Return the text without the person."""
        return self._all_finder.take_out(text, titles=titles)

"""Values of erased persons as keyed hashes, and the search for them in texts.

Nothing is kept in clear. A value is a phrase of words, an e-mail address, or the digits of a
telephone number. In a text everything that may be one is hashed with the same key and compared.
"""
import re
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from .needles import REPLACEMENT, get_marks
from .texts import NUMBER, TAG, find_emails, fold_phone, get_readings, get_tokens, get_words

WORD_SPAN = re.compile(r'[^\W_]+')
HEAD_BITS = 20
LONGEST = 7  # words; whatever is longer counts as this long where values start
FILTER_BITS = 26  # 8 MB: a million values let one run of words in seventy through for a look-up
# What a replaced passage must not swallow: the marks of HTML and JSON around its words.
MARKS = re.compile(r'[<>"\\\n]')


class Fingerprint(NamedTuple):
    """One way to write a value; `words` is 0 for an e-mail address or a telephone number."""
    hash: str
    head: int
    words: int


class Hasher:
    """Makes fingerprints.

    :param bytes key: at most 64 bytes
    """

    def __init__(self, key):
        self._key = key

    def hash(self, text):
        return blake2b(text.encode(), key=self._key, digest_size=16).digest()

    def hash_head(self, word):
        """Return a number that many words share: it says where a value cannot start."""
        return int.from_bytes(self.hash(word)[:4]) >> (32 - HEAD_BITS)

    def get_fingerprints(self, value):
        """Return a list of `Fingerprint` of a value of `find_needles`."""
        phrases, tokens = get_marks(value)
        return [self._make(token, 0) for token in tokens] + [
            self._make(' '.join(words), len(words)) for words in phrases
            if len(words) > 1]  # a single word stands in too many texts

    def _make(self, text, words):
        head = text.split(' ', 1)[0]
        return Fingerprint(self.hash(text).hex(), self.hash_head(head), words)


class Sieve:
    """Picks the hashes in a text that may be those of the values: one of them, or hardly ever not.

    Its memory does not depend on how many values were added.
    """

    def __init__(self, hasher):
        self._hasher = hasher
        self._heads = bytearray(1 << HEAD_BITS)  # how long the values are that start so, as bits
        self._filter = bytearray(1 << (FILTER_BITS - 3))
        self._lengths = set()
        self._get_lengths = lru_cache(1 << 16)(self._look_up_lengths)

    def add(self, value_hash, head, words):
        """Let `find` find a value; the arguments are those of its `Fingerprint`."""
        self._heads[head] |= 1 << min(words, LONGEST)
        bit = self._get_bit(bytes.fromhex(value_hash))
        self._filter[bit >> 3] |= 1 << (bit & 7)
        self._lengths.add(words)

    def find(self, text):
        """Return the hashes, in hexadecimal, of what may be values in a text in any spelling."""
        found = set()
        for reading in get_readings(text):
            found.update(value for value, _start, _words in self._find_phrases(get_words(reading)))
            if 0 in self._lengths:
                found.update(filter(None, map(self._get_hash, get_tokens(reading))))
        return found

    def _find_phrases(self, words):
        """Yield `(hash, number of the first word, number of words)`."""
        for start, word in enumerate(words):
            for length in self._get_lengths(word):
                end = start + length
                if end <= len(words) and (
                        found := self._get_hash(' '.join(words[start:end]))):
                    yield found, start, length

    def redact(self, text, hashes):
        """Return the text without the values, which must stand in it as they are written."""
        plain = TAG.sub(lambda tag: ' ' * len(tag[0]), text)
        spans = [(''.join(get_words(match[0])), *match.span())
                 for match in WORD_SPAN.finditer(plain)]
        words = [word for word, _start, _end in spans]
        passages = [
            [span[1:] for span in spans[start:start + length]]
            for value, start, length in self._find_phrases(words) if value in hashes]
        passages += [[span] for token, *span in (*_find_numbers(plain), *find_emails(plain))
                     if self._hasher.hash(token).hex() in hashes]
        return _replace(text, passages)

    def _look_up_lengths(self, word):
        """Return how many words the values may have that start with a word."""
        lengths = self._heads[self._hasher.hash_head(word)]
        return [length for length in self._lengths
                if length and lengths >> min(length, LONGEST) & 1]

    def _get_hash(self, text):
        digest = self._hasher.hash(text)
        bit = self._get_bit(digest)
        return self._filter[bit >> 3] >> (bit & 7) & 1 and digest.hex()

    def _get_bit(self, digest):
        return int.from_bytes(digest[-4:]) >> (32 - FILTER_BITS)


def _find_numbers(text):
    """Yield `(folded number, start, end)` of what may be telephone numbers or parts of them."""
    for match in NUMBER.finditer(text):
        groups = list(re.finditer(r'\+?\d+', match[0]))
        for first in range(len(groups)):
            for last in range(first, len(groups)):
                start, end = groups[first].start(), groups[last].end()
                yield fold_phone(match[0][start:end]), match.start() + start, match.start() + end


def _replace(text, passages):
    """Replace passages, each a list of the spans of its words, and leave the marks between them."""
    spans = []
    for words in passages:
        start, end = words[0][0], words[-1][1]
        spans += words if MARKS.search(text, start, end) else [(start, end)]
    parts, position = [], 0
    for start, end in sorted(spans):
        if start >= position:
            parts += [text[position:start], REPLACEMENT]
        position = max(position, end)
    return ''.join(parts) + text[position:]

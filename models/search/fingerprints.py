"""Values of erased persons as keyed hashes, and how they are looked up.

Nothing is kept in clear. A value is a phrase of words, an e-mail address, or the digits of a
telephone number. In a text everything that may be one is hashed with the same key and compared.
"""
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from ..map.searching import SPELLING

HEAD_BITS = 20
LONGEST = 7  # words; whatever is longer counts as this long where values start
FILTER_BITS = 26  # 8 MB: a million values let one run of words in seventy through for a look-up


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

    def get_fingerprint(self, mark):
        """Return the `Fingerprint` of a `Mark`."""
        head = mark.text.split(' ', 1)[0]
        return Fingerprint(self.hash(mark.text).hex(), self.hash_head(head), mark.words)


class HashedValues:
    """Values that are left only as hashes, as a `Recogniser` looks them up.

    The values are the hashes themselves. A hash that was not added hardly ever passes. The memory
    does not depend on how many were added.
    """

    def __init__(self, hasher, spelling=SPELLING):
        self.spelling = spelling
        self._hasher = hasher
        self._heads = bytearray(1 << HEAD_BITS)  # how long the values are that start so, as bits
        self._filter = bytearray(1 << (FILTER_BITS - 3))
        self._lengths = set()
        self.has_tokens = False
        self.get_lengths = lru_cache(1 << 16)(self._look_up_lengths)

    def add(self, value_hash, head, words):
        """Let a value be found; the arguments are those of its `Fingerprint`."""
        self._heads[head] |= 1 << min(words, LONGEST)
        bit = self._get_bit(bytes.fromhex(value_hash))
        self._filter[bit >> 3] |= 1 << (bit & 7)
        if words:
            self._lengths.add(words)
        else:
            self.has_tokens = True
        self.get_lengths.cache_clear()

    def get_values(self, text):
        """Return the hash of a phrase, an e-mail address or a number, if it may be a value."""
        digest = self._hasher.hash(text)
        bit = self._get_bit(digest)
        return (digest.hex(),) if self._filter[bit >> 3] >> (bit & 7) & 1 else ()

    def _look_up_lengths(self, word):
        """Return how many words the values may have that start with a word."""
        lengths = self._heads[self._hasher.hash_head(word)]
        return lengths and [
            length for length in self._lengths if lengths >> min(length, LONGEST) & 1]

    def _get_bit(self, digest):
        return int.from_bytes(digest[-4:]) >> (32 - FILTER_BITS)

"""Finds values that 19.0.1.1.0 hashed: it compared words and numbers in another spelling.

The clear values are gone, so texts are read in that spelling, too, as long as such hashes are left.
"""
import re
import unicodedata

from ..map.texts import COMBINING, WORD, Token
from .fingerprints import Sieve

UMLAUTS = str.maketrans({'ä': 'ae', 'ö': 'oe', 'ü': 'ue'})
COUNTRY = re.compile('(?:00)?49')


class LegacySieve(Sieve):
    """Picks the hashes of 19.0.1.1.0, and takes out what they stand for."""

    def _read_words(self, text):
        return [word.text for word in self._locate_words(text)]

    def _locate_words(self, text):
        return [Token(word, [match.span()]) for match in WORD.finditer(text)
                for word in WORD.findall(_fold(match[0]))]

    def _find_tokens(self, text):
        for token in super()._find_tokens(text):
            yield token if '@' in token.text else token._replace(text=_fold_number(token.text))


class Sieves:
    """Several sieves in the place of one."""

    def __init__(self, *sieves):
        self._sieves = sieves

    def find(self, text, titles=()):
        return set().union(*(sieve.find(text, titles) for sieve in self._sieves))

    def take_out(self, text, values=None, titles=()):
        for sieve in self._sieves:
            text = sieve.take_out(text, values, titles)
        return text


def _fold(word):
    """Return a word in lower case without accents, umlauts written out."""
    word = unicodedata.normalize('NFC', word).casefold()  # which makes ss of ß
    return COMBINING.sub('', unicodedata.normalize('NFKD', word.translate(UMLAUTS)))


def _fold_number(digits):
    """Return the digits without the code of Germany and without zeros in front."""
    code = COUNTRY.match(digits)
    return digits[code.end() if code else 0:].lstrip('0')

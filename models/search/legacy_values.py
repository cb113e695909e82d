"""Finds values that 19.0.1.1.0 hashed: it compared words and numbers in another spelling.

The clear values are gone, so texts are read in that spelling, too, as long as such hashes are left.
"""
import re
import unicodedata

from ..map.searching import Spelling
from ..map.texts import COMBINING, WORD, Token

UMLAUTS = str.maketrans({'ä': 'ae', 'ö': 'oe', 'ü': 'ue'})
COUNTRY = re.compile('(?:00)?49')


def _find_words(text):
    return [Token(word, [match.span()]) for match in WORD.finditer(text)
            for word in WORD.findall(_fold(match[0]))]


def _get_words(text):
    return [word.text for word in _find_words(text)]


def _fold(word):
    """Return a word in lower case without accents, umlauts written out."""
    word = unicodedata.normalize('NFC', word).casefold()  # which makes ss of ß
    return COMBINING.sub('', unicodedata.normalize('NFKD', word.translate(UMLAUTS)))


def _fold_token(token):
    """Return the digits of a number without the code of Germany and without zeros in front."""
    if '@' in token:
        return token
    code = COUNTRY.match(token)
    return token[code.end() if code else 0:].lstrip('0')


LEGACY_SPELLING = Spelling(_get_words, _find_words, _fold_token)

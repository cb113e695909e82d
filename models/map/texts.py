"""Texts as they are compared: one reading for all the spellings of a value, and where it stands."""
import base64
import binascii
import html
import re
import unicodedata
from bisect import bisect_right
from functools import cached_property, lru_cache
from typing import NamedTuple

WORD = re.compile(r'[^\W_]+')
TAG = re.compile(r'<[^<>]*>')
# Tags that change the looks of letters may stand within a word: Quitten<b>baum</b>.
TAG_OF_LOOKS = (
    r'</?(?:a|b|big|em|font|i|mark|s|small|span|strong|sub|sup|tspan|u|wbr)\b[^<>]*>')
# It begins with a sign and not with what is in front: so the search for it skips all other signs.
TAG_IN_WORD = re.compile(
    rf'<(?<=[\w@.]<){TAG_OF_LOOKS[1:]}(?:{TAG_OF_LOOKS})*(?=[\w@.])', re.IGNORECASE)
SOFT_BREAK = re.compile(r'=\r?\n')
JSON_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|[bfnrt"/\\])')
ENTITY = re.compile(r'&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)')
# One letter in quoted-printable or in a link: its bytes in UTF-8, or one byte of Latin-1.
ESCAPED_LETTER = re.compile(
    '[=%][cd]{0}[=%][89ab]{0}|[=%]e{0}(?:[=%][89ab]{0}){{2}}|[=%]f{0}(?:[=%][89ab]{0}){{3}}'
    '|[=%]{0}{0}'.format('[0-9a-f]'), re.IGNORECASE)
# Signs that nobody sees: soft hyphen, blanks without width, marks of the direction of writing.
UNSEEN = '\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff'
INVISIBLE = re.compile(f'[{UNSEEN}]+')
ACCENTS = '\u0300-\u036f'  # apart from their letters
COMBINING = re.compile(f'[{ACCENTS}]+')
UNCOMMON = re.compile(f'[{UNSEEN}{ACCENTS}]')
ACCENTED = re.compile(rf'[^\W\d_][{ACCENTS}]+')
BASE64 = re.compile(r'(?:[A-Za-z0-9+/]{4}[\r\n]*){5,}(?:[A-Za-z0-9+/]{2,3}={0,2})?')
BASE64_SIGNS = b'+/\r\n' + bytes(sign for sign in range(128) if chr(sign).isalnum())
# All of them are one sign, and all others a blank: so passages are found faster than by a pattern.
IS_BASE64 = bytes(ord('a' if sign in BASE64_SIGNS else ' ') for sign in range(256))
SHORTEST_BASE64 = b'a' * 20
# How letters are written where they are missing; other letters lose their accent.
LETTERS = str.maketrans({
    'ä': 'ae', 'ö': 'oe', 'ü': 'ue', 'ø': 'oe', 'æ': 'ae', 'œ': 'oe', 'þ': 'th', 'ð': 'd',
    'đ': 'd', 'ħ': 'h', 'ı': 'i', 'ł': 'l', 'ŋ': 'n', 'ŧ': 't'})
STREET, SHORT_STREET = 'strasse', 'str'
# An e-mail address, from the @ on: a search for its beginning would read long texts many times.
EMAIL = re.compile(r'@[\w-]{1,63}(?:\.[\w-]{1,63})+')
LOCAL_PART = re.compile(r"[\w.'+&!#$%*=?^{|}~/-]+$")
# Where an address may begin, because a text has these signs also in front of one: ?email=ute@….
BEGINNING = re.compile(r'[+&!#$%*=?^{|}~/]')
LONGEST_LOCAL_PART = 64
PUNYCODE = re.compile(r'(?<=[@.])xn--([a-z0-9-]+)')
# Addresses as people write them where machines read: ute(at)berg(punkt)example, ute at berg punkt
# example. The least that an address needs is looked for first, since hardly any text has it.
SPELLED = re.compile(
    r'\s?[(\[]\s?(?:(?P<at>at|ät|@)|dot|punkt)\s?[)\]]\s?', re.IGNORECASE)
SPOKEN = re.compile(
    r'(?<=\w)(?:\s{0,3}[(\[{]\s?|[\s_*-]{1,3})(?:(?P<at>ät|at?|@)|dot|punkt|\.)'
    r'(?:\s?[)\]}]\s{0,3}|[\s_*-]{1,3})(?=\w)'
    r'|(?<=\w)(?:\s{1,3}@\s{0,3}|@\s{1,3})(?=\w)', re.IGNORECASE)
SIGNS_OF_SPELLED = ('t)', 't]', 'T)', 'T]', '@)', '@]')
SIGNS_OF_SPOKEN = (' at ', '_at_', '-at-', '*at*', ' ät ', '(a)', '[a]', 't}', ' @', '@ ')


class Token(NamedTuple):
    """A word, address or number: as it is compared, and the `(start, end)` of its parts."""
    text: str
    spans: list


class Reading:
    """A text, of which one kind of encoding may be undone.

    :param str text: the text
    :param Reading before: the reading in which `pattern` was replaced, None for the text as it is
    """

    def __init__(self, text, before=None, pattern=None, replace=None):
        self.text = text
        self._before, self._pattern, self._replace = before, pattern, replace

    def undo(self, pattern, replace):
        """Return the reading with all matches replaced.

        :param replace: the new text, or a function that makes it of a match
        """
        text = pattern.sub(replace, self.text)
        return self if text == self.text else Reading(text, self, pattern, replace)

    def locate(self, start, end):
        """Return where a part of this reading stands in the text as it is."""
        if not self._before:
            return start, end
        return self._before.locate(
            self._find_position(start, at_end=False), self._find_position(end, at_end=True))

    def _find_position(self, position, at_end):
        edits = self._edits
        number = bisect_right(edits, position - at_end, key=lambda edit: edit[0]) - 1
        if number < 0:
            return position
        _start, end, start_before, end_before = edits[number]
        if position < end:
            return start_before if not at_end else end_before
        return end_before + position - end

    @cached_property
    def _edits(self):
        """The replaced passages, as `[(start, end, start before, end before)]`."""
        edits, shift = [], 0
        for match in self._pattern.finditer(self._before.text):
            new = self._replace if isinstance(self._replace, str) else self._replace(match)
            if new != match[0]:
                start = match.start() + shift
                edits.append((start, start + len(new), *match.span()))
                shift += len(new) - len(match[0])
        return edits


def get_readings(text):
    """Return readings: as it is, with the encodings of mails, pages and links undone, untagged.

    Base64 is no reading, see `decode_base64`: its text is one of its own.
    """
    visible = _make_visible(Reading(text))
    readings, plain = [visible], _make_visible(_undo_escapes(visible))
    further = [plain]
    if '<' in plain.text:
        further.append(plain.undo(TAG, ' '))
        if (joined := plain.undo(TAG_IN_WORD, '')) is not plain:
            further.append(joined.undo(TAG, ' '))
    for reading in further:
        if reading is not readings[-1]:
            readings.append(reading)
    return readings


def get_plain_texts(text):
    """Return the first two of these readings: without signs that nobody sees, and decoded."""
    visible = _make_visible(Reading(text))
    return visible.text, _make_visible(_undo_escapes(visible)).text


def read_value(value):
    """Return what somebody typed into a field as texts are read, so that it is found in them."""
    return _make_visible(Reading(unicodedata.normalize('NFC', value or ''))).text


def _make_visible(reading):
    if reading.text.isascii() or not UNCOMMON.search(reading.text):
        return reading
    return reading.undo(INVISIBLE, '').undo(ACCENTED, _compose)


def _compose(match):
    return COMBINING.sub('', unicodedata.normalize('NFC', match[0]))


def _undo_escapes(reading):
    if '=' in reading.text or '%' in reading.text:
        reading = reading.undo(SOFT_BREAK, '').undo(ESCAPED_LETTER, _decode_letter)
    if '\\' in reading.text:
        reading = reading.undo(
            JSON_ESCAPE, lambda match: chr(int(match[1], 16)) if match[1] else ' ')
    if '&' in reading.text:
        reading = reading.undo(ENTITY, lambda match: html.unescape(match[0]))
    return reading


def _decode_letter(match):
    data = bytes.fromhex(re.sub('[=%]', '', match[0]))
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode('latin-1')


def decode_base64(text):
    """Yield `(match, text)` for each passage that is a text in base64."""
    signs, position = text.encode('latin-1', 'replace').translate(IS_BASE64), 0
    while (start := signs.find(SHORTEST_BASE64, position)) >= 0:
        position = signs.find(b' ', start)
        position = len(text) if position < 0 else position
        for match in BASE64.finditer(text, start, position + 2):  # with two signs that fill it up
            packed = re.sub(r'\s', '', match[0])
            try:
                yield match, base64.b64decode(packed + '=' * (-len(packed) % 4)).decode()
            except (binascii.Error, UnicodeDecodeError):
                continue  # a hash, a picture, a long word


def encode_base64(text):
    return base64.b64encode(text.encode()).decode()


def get_words(text):
    """Return the words of a reading as they are compared."""
    if text.isascii():
        return WORD.findall(text.lower().replace(STREET, SHORT_STREET))
    return list(filter(None, map(_fold, WORD.findall(text))))


def find_words(text):
    """Return the same words as `get_words`, as a list of `Token`."""
    return [Token(word, [match.span()]) for match in WORD.finditer(text)
            if (word := _fold(match[0]))]


@lru_cache(1 << 16)
def _fold(word):
    """Return a word in lower case without accents, umlauts written out, streets shortened."""
    if not word.isascii():
        word = unicodedata.normalize('NFC', word).casefold()  # which makes ss of ß
        word = COMBINING.sub('', unicodedata.normalize('NFKD', word.translate(LETTERS)))
        word = ''.join(WORD.findall(word))
    return word.lower().replace(STREET, SHORT_STREET)


def find_emails(text):
    """Yield a `Token` for each passage of a reading that may be an e-mail address.

    The address is found without signs in front, as in `?email=ute@berg.example`, and without
    quotes.
    """
    for match in EMAIL.finditer(text):
        before = text[max(match.start() - LONGEST_LOCAL_PART, 0):match.start()]
        if local := LOCAL_PART.search(before):
            email = local[0] + match[0].rstrip('_-')
            first = match.start() - len(local[0])
            for start in {0, len(email) - len(email.lstrip("_'")),
                          *(sign.end() for sign in BEGINNING.finditer(local[0][:-1]))}:
                yield Token(_fold_email(email[start:]), [(first + start, first + len(email))])


def find_spelled_emails(text, is_own=False):
    """Yield a `Token` for each e-mail address of a reading that is written with (at) or (dot).

    :param bool is_own: whether the text is of the person whose address is looked for: it may also
        be written as it is spoken
    """
    reading = spell_out(text, is_own)
    if reading.text != text:
        for token in find_emails(reading.text):
            yield token._replace(spans=[reading.locate(*span) for span in token.spans])


def spell_out(text, is_spoken):
    """Return the reading of a text in which (at) and (dot) are the signs of an address."""
    reading, lowered = Reading(text), text.lower() if is_spoken else ''
    if any(sign in text for sign in SIGNS_OF_SPELLED) or (
            any(sign in lowered for sign in SIGNS_OF_SPOKEN)):
        return reading.undo(SPOKEN if is_spoken else SPELLED, _get_sign)
    return reading


def _get_sign(match):
    return '@' if match['at'] or '@' in match[0] else '.'


def _fold_email(email):
    """Return an address as it is compared, its domain as people write it: without xn--."""
    email = email.casefold()
    if not email.isascii():  # İ has become an i with a dot that stands apart
        email = COMBINING.sub('', unicodedata.normalize('NFC', email))
    return PUNYCODE.sub(_decode_domain, email) if 'xn--' in email else email


def spell_address(kind, address):
    """Return the ways in which a normalised e-mail address or number may be written elsewhere.

    The domain as people or as machines write it (IDNA), accents with their letters or apart, and
    without signs that nobody sees. Numbers are normalised to one way.

    :param str kind: email or phone
    """
    if kind != 'email' or (address.isascii() and 'xn--' not in address):
        return {address}
    plain = unicodedata.normalize('NFC', INVISIBLE.sub('', address))
    local, at, domain = PUNYCODE.sub(_decode_label, plain).rpartition('@')
    encoded = '.'.join(
        label if label.isascii() else f"xn--{label.encode('punycode').decode()}"
        for label in domain.split('.'))
    ways = {plain, f'{local}{at}{domain}', f'{local}{at}{encoded}'}
    return {address} | ways | {unicodedata.normalize('NFD', way) for way in ways}


def _decode_domain(match):
    return _decode_label(match).casefold()


def _decode_label(match):
    try:
        return match[1].encode().decode('punycode')
    except UnicodeError:
        return match[0]


def find_whole_emails(text):
    """Yield the `Token` of each e-mail address of a field, of which the end is another address."""
    starts = {}
    for token in find_emails(text):
        [(start, end)] = token.spans
        starts.setdefault(end, []).append((start, token))
    for found in starts.values():
        yield min(found)[1]

"""Texts as they are compared: one reading for all the spellings of a value."""
import base64
import binascii
import html
import re
import unicodedata

WORD = re.compile(r'[^\W_]+')
COMBINING = re.compile(r'[\u0300-\u036f]+')  # accents, apart from their letters
TAG = re.compile(r'<[^<>]*>')
SOFT_BREAK = re.compile(r'=\r?\n')
ESCAPED_BYTES = re.compile(r'(?:[=%][0-9A-Fa-f]{2})+')
JSON_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|[bfnrt"/\\])')
BASE64 = re.compile(r'(?:[A-Za-z0-9+/]{4}[\r\n]*){5,}(?:[A-Za-z0-9+/]{2,3}={0,2})?')
# A telephone number: digits with at most three signs between two of them.
NUMBER = re.compile(r'\d(?:[\s/().-]{0,3}\d){5,18}')
DIGITS = re.compile(r'\d+')
# An e-mail address, from the @ on: a search for its beginning would read long texts many times.
EMAIL = re.compile(r'@[\w-]{1,63}(?:\.[\w-]{1,63})+')
LOCAL_PART = re.compile(r"[\w.+'-]+$")
LONGEST_LOCAL_PART = 64
SHORTEST = 6  # Shorter values stand in texts that have nothing to do with the person.


def get_readings(text):
    """Return the text as it is and with the encodings of mails, pages and links undone."""
    texts = [text, *_decode_base64(text)]
    for reading in list(texts):
        plain = _undo_escapes(reading)
        texts += {plain, TAG.sub(' ', plain)} - {reading}
    return texts


def get_words(text):
    """Return the words in lower case without accents, umlauts written out."""
    if text.isascii():
        return WORD.findall(text.lower())
    text = unicodedata.normalize('NFC', text).casefold()  # which makes ss of ß
    text = text.replace('ä', 'ae').replace('ö', 'oe').replace('ü', 'ue')
    if not text.isascii():
        text = COMBINING.sub('', unicodedata.normalize('NFKD', text))
    return WORD.findall(text)


def fold(text):
    """Return the words of a text between single blanks, one in front and one behind too."""
    return f" {' '.join(get_words(text))} "


def find_emails(text):
    """Yield `(address in lower case, start, end)` of what may be e-mail addresses in a text.

    Also without a name in front, as in `Hallo+ute@berg.example`, and without quotes.
    """
    for match in EMAIL.finditer(text):
        before = text[max(match.start() - LONGEST_LOCAL_PART, 0):match.start()]
        if local := LOCAL_PART.search(before):
            email = local[0] + match[0].rstrip('_-')
            first = match.start() - len(local[0])
            for start in {0, email.rfind('+') + 1, len(email) - len(email.lstrip("_'"))}:
                yield email[start:].casefold(), first + start, first + len(email)


def get_emails(text):
    """Return the e-mail addresses in a text, in lower case."""
    return {email for email, _start, _end in find_emails(text)}


def get_tokens(text):
    """Return the telephone numbers and e-mail addresses in a text, as they are compared."""
    return get_numbers(text) | get_emails(text)


def fold_phone(number):
    """Return the digits of a number without the country code, which one leaves out at home."""
    return _fold_digits(re.sub(r'\D', '', number.replace('(0)', '')))


def get_numbers(text):
    """Return what may be telephone numbers in a text, folded, also as parts of longer ones."""
    numbers = set()
    for match in NUMBER.findall(text):
        groups = DIGITS.findall(match.replace('(0)', ''))
        for start in range(len(groups)):
            digits = ''
            for group in groups[start:]:
                digits += group
                numbers.add(_fold_digits(digits))
    return {number for number in numbers if len(number) >= SHORTEST}


def _fold_digits(digits):
    if digits.startswith(('49', '0049')):
        digits = digits[digits.index('49') + 2:]
    return digits.lstrip('0')


def _undo_escapes(text):
    if '=' in text or '%' in text:
        text = ESCAPED_BYTES.sub(_decode_bytes, SOFT_BREAK.sub('', text))
    if '\\' in text:
        text = JSON_ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else ' ', text)
    return html.unescape(text) if '&' in text else text


def _decode_bytes(match):
    data = bytes.fromhex(re.sub('[=%]', '', match[0]))
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode('latin-1')


def _decode_base64(text):
    for match in BASE64.finditer(text):
        packed = re.sub(r'\s', '', match[0])
        try:
            yield base64.b64decode(packed + '=' * (-len(packed) % 4)).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue  # a hash, a picture, a long word

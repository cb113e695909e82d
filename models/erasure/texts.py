"""Texts as they are compared: one reading for all the spellings of a value."""
import base64
import binascii
import html
import re
import unicodedata

UMLAUTS = str.maketrans({'ä': 'ae', 'ö': 'oe', 'ü': 'ue'})  # casefold() has made ss of ß
WORD = re.compile(r'[^\W_]+')
TAG = re.compile(r'<[^<>]*>')
SOFT_BREAK = re.compile(r'=\r?\n')
ESCAPED_BYTES = re.compile(r'(?:[=%][0-9A-Fa-f]{2})+')
JSON_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|[bfnrt"/\\])')
BASE64 = re.compile(r'(?:[A-Za-z0-9+/]{4}[\r\n]*){5,}(?:[A-Za-z0-9+/]{2,3}={0,2})?')
# A telephone number: digits with at most three signs between two of them.
NUMBER = re.compile(r'\d(?:[\s/().-]{0,3}\d){5,18}')


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
    text = unicodedata.normalize('NFC', text).casefold().translate(UMLAUTS)
    text = ''.join(char for char in unicodedata.normalize('NFKD', text)
                   if not unicodedata.combining(char))
    return WORD.findall(text)


def fold(text):
    """Return the words of a text between single blanks, one in front and one behind too."""
    return f" {' '.join(get_words(text))} "


def fold_phone(number):
    """Return the digits of a number without the country code, which one leaves out at home."""
    digits = re.sub(r'\D', '', number.replace('(0)', ''))
    return re.sub(r'^(?:00)?49|^0+', '', digits).lstrip('0')


def get_numbers(text):
    """Return what may be telephone numbers in a text, folded, also as parts of longer ones."""
    numbers = set()
    for match in NUMBER.finditer(text):
        groups = re.findall(r'\d+', match[0].replace('(0)', ''))
        for start in range(len(groups)):
            numbers |= {
                fold_phone(''.join(groups[start:end])) for end in range(start + 1, len(groups) + 1)}
    return numbers


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

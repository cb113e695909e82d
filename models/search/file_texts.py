"""The text of files that are texts: notes, tables, pages, address cards, calendars and mails."""
import base64
import codecs
import email
import io
import re
from email.header import decode_header, make_header

from .file_parts import (
    HEAD,
    LARGEST,
    PICTURES,
    Contained,
    Unread,
    decode,
    get_wide_encoding,
    is_text,
    read_whole,
)

# A header by which a mail is known, behind others that are not.
MAIL = re.compile(
    rb'\s*(?:From .*\n)?(?:[\w-]+:.*\n(?:[ \t].*\n)*)*?(?i:MIME-Version|Message-ID|Date'
    rb'|(?:ARC|Content|DKIM|X)-[\w-]+|Authentication-Results|Received|Delivered-To|Return-Path'
    rb'|Subject|From|Sender|Reply-To|To):')
CARD = re.compile(
    rb'(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*BEGIN:V(?:CARD|CALENDAR)\b', re.IGNORECASE)
FOLD = re.compile(rb'\r?\n[ \t]')  # RFC 5545 3.1, RFC 6350 3.2; it may stand within a letter
CARD_BASE64 = re.compile(
    r';(?:ENCODING=)?(?:B|BASE64)[;:](?:[^:\n]*:)?\s*([A-Z0-9+/=]+)', re.IGNORECASE)
ENCODED_WORDS = re.compile(r'(?:=\?[^\s?]+\?[BbQq]\?[^?]*\?=\s*)+')  # RFC 2047
# A word goes on behind a tag that changes only its look.
INLINE_TAGS = re.compile(
    r'<(?<=\w<){0}(?:<{0})*(?=\w)'.format(
        r'/?(?:a|b|big|em|font|i|mark|small|span|strong|sub|sup|text:span|tspan|u|wbr)\b[^<>]*>'),
    re.IGNORECASE)
UTF_7 = re.compile(r'\+(A[A-Za-z0-9+/]{2,})-?')  # RFC 2152; a letter of Latin scripts begins so
BEHIND_LATIN = '\u0250'
# Texts in which something stands that is no text.
ENCRYPTED = re.compile(rb'-----BEGIN (?:PGP MESSAGE|PKCS7|CMS)-----')
POSTSCRIPT = b'%!PS'
# Files that are written in texts, by how they begin.
PACKED_FILES = (
    *PICTURES, b'%PDF-', b'PK\x03\x04', b'\xd0\xcf\x11\xe0\xa1\xb1', b'{\\rtf', b'\x1f\x8b\x08',
    b'BZh', b'\xfd7zXZ', b'Rar!', b"7z\xbc\xaf")
BASE64_FILE = re.compile(r'(?:{})[A-Za-z0-9+/\s]{{20,}}'.format('|'.join(
    re.escape(base64.b64encode(sign).decode()[:len(sign) * 4 // 3]) for sign in PACKED_FILES)))


# === TEXTS === #

def read_plain(file):
    """Yield a text, to be read in whatever way it may be meant, and the files in it."""
    content = file.stream.read(LARGEST)
    is_whole = not file.stream.read(1)
    if CARD.match(content[:HEAD].replace(b'\0', b'')):
        yield from _read_card(content)
    text = decode(content, is_whole)
    yield text
    if file.charset and (declared := _decode_as(content, file.charset)) not in ('', text):
        yield declared
    if (decoded := UTF_7.sub(_decode_utf_7, text)) != text:
        yield decoded
    if '<' in text and INLINE_TAGS.search(text):
        yield INLINE_TAGS.sub('', text)
    yield from find_files(text)
    if ENCRYPTED.search(content):
        raise Unread('encrypted')
    if content.startswith(POSTSCRIPT):
        raise Unread('other')
    if not is_whole:
        raise Unread('large')


def _decode_utf_7(match):
    """Return letters that are written in UTF-7, which is ASCII: +APY- is an ö."""
    letters = _decode_base64(match[1]).decode('utf-16-be', 'ignore')
    is_latin = letters.isprintable() and max(letters, default=BEHIND_LATIN) < BEHIND_LATIN
    return letters if is_latin else match[0]


def _decode_as(content, charset):
    """Return a text as its mail says that it is encoded, which is not always true."""
    try:
        return content.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return ''


def find_files(text):
    """Yield the files that a text holds in base64: a picture of a page, a PDF."""
    text = text.replace('\\/', '/').replace('\\r', '').replace('\\n', '\n')  # as in JSON
    for match in BASE64_FILE.finditer(text):
        if not text[max(match.start() - 1, 0):match.start()].isalnum():
            yield _unpack(match[0])


def _unpack(text):
    """Return the file that is written in base64; a picture is only said to be there."""
    content = _decode_base64(text)
    if content.startswith(PICTURES):
        return Unread('inner_picture')
    return Contained('', io.BytesIO(content), 'text/plain' if is_text(content[:HEAD]) else '')


def _decode_base64(text):
    letters = re.sub(r'[^A-Za-z0-9+/]', '', text)
    return base64.b64decode(letters[:len(letters) - (len(letters) % 4 == 1)] + '==')


def _read_card(content):
    """Yield the text of an address card or a calendar, its long lines joined again."""
    if encoding := get_wide_encoding(content):
        content = content.decode(encoding, 'replace').encode()
    text = decode(FOLD.sub(b'', content))
    yield text
    for match in CARD_BASE64.finditer(text):
        yield _unpack(match[1])


# === MAILS === #

def read_mails(file):
    """Yield headers, texts and attachments of a mail, or of all mails of an mbox."""
    content = read_whole(file.stream).lstrip(codecs.BOM_UTF8).lstrip()
    if content.startswith(b'From '):
        for mail in re.split(rb'\n(?=From )', content):
            yield from _read_mail(email.message_from_bytes(mail))
    else:
        yield from _read_mail(email.message_from_bytes(content))


def _read_mail(mail):
    for part in mail.walk():
        yield '\n'.join(f'{name}: {_decode_header(value)}' for name, value in part.raw_items())
        if part.is_multipart():
            yield from map(_restore, filter(None, (part.preamble, part.epilogue)))
            yield from _read_packed_mail(part)
            continue
        content = part.get_payload(decode=True) or b''
        name, mimetype = part.get_filename() or '', part.get_content_type()
        if mimetype.startswith('text/') and not is_text(content[:HEAD]):
            mimetype = ''
        yield Contained(name, io.BytesIO(content), mimetype, part.get_content_charset() or '')


def _read_packed_mail(part):
    """Yield a mail that was attached in base64, which is against the rules: RFC 2046 5.2.1."""
    if part.get_content_type() == 'message/rfc822' and (
            part.get('Content-Transfer-Encoding', '').strip().lower() == 'base64'):
        inner = part.get_payload(0).get_payload()
        if isinstance(inner, str):
            yield Contained('', io.BytesIO(_decode_base64(inner)), 'message/rfc822')


def _decode_header(value):
    return ENCODED_WORDS.sub(lambda match: _decode_words(match[0]), _restore(value))


def _restore(text):
    """Return a text of a mail; what is not ASCII in it was kept byte by byte, as half letters."""
    return decode(text.encode('utf-8', 'surrogateescape'))


def _decode_words(words):
    try:
        return str(make_header(decode_header(words)))
    except (LookupError, ValueError):
        return words

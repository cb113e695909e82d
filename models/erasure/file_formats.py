"""The text of files, by what is in them and not by what they are called.

Runs in a process of its own, see `files`: imports nothing of Odoo, and nothing that has to be
installed before it is needed.
"""
import bz2
import codecs
import email
import gzip
import io
import lzma
import mimetypes
import os
import re
import tarfile
import time
import zipfile
from email.header import decode_header, make_header
from itertools import islice
from typing import NamedTuple

LARGEST = 50 * 1024 * 1024  # characters of text of a file, and bytes that are unpacked for it
LARGEST_FILE = 200 * 1024 * 1024  # bytes; larger ones are read only if they are texts
DEEPEST = 2  # files in files: an archive in a mail
MOST = 1000  # files in one
HEAD = 8192  # bytes by which a file is recognised
MAIL = re.compile(rb'(?:From |[\w-]+:).*\r?\n(?s:.*\n)?(?i:MIME-Version|Message-ID):')
PICTURES = (b'\x89PNG', b'\xff\xd8\xff', b'GIF8', b'II*\0', b'MM\0*')
CONTROL = bytes(set(range(32)) - set(b'\t\n\r\f\b\x1b'))
CLOSED_ARCHIVES = (b'Rar!', b"7z\xbc\xaf'\x1c")
# Where a word ends in an office file; all other tags may stand within one.
END_OF_TEXT = re.compile(
    r'</(?:[wa]:p|text:[ph]|si|c|v|table:table-cell)>|<(?:w:tab|w:br|a:br|text:[a-z-]+)\b[^>]*/>')
TAG = re.compile(r'<[^>]*>')
# Who wrote a comment, what a link leads to: whatever has two words or is an address.
ATTRIBUTE = re.compile(r'="([^"<>]*[ @][^"<>]*)"')
RTF = (
    r"\\u(?P<letter>-?\d+) ?(?:\\'[0-9a-fA-F]{2}|[^\\{}])%s|\\'(?P<byte>[0-9a-fA-F]{2})"
    r"|\\(?P<word>[a-z]+)-?\d* ?|\\(?P<sign>[^a-z])|[{}\r\n]+")
RTF_ENDS = {
    'par', 'pard', 'line', 'tab', 'cell', 'row', 'sect', 'page', 'author', 'operator', 'title'}
RTF_SIGNS = {'~': ' ', '_': '-', '-': ''}


class Unread(Exception):
    """A file was not read, or not to its end; `kind` is one of `files.KINDS`."""

    def __init__(self, kind):
        super().__init__(kind)
        self.kind = kind


class Contained(NamedTuple):
    """A file in a file."""
    name: str
    stream: io.BufferedIOBase
    mimetype: str = ''


class FileText:
    """Collects the text of a file and of the files in it.

    :ivar str unread: why that is not all, or None
    """

    def __init__(self, seconds):
        self.parts = []
        self.unread = None
        self._end = time.monotonic() + seconds
        self._size = self._unpacked = 0

    def add(self, file, depth=0):
        """Read a file; what cannot be read of it is noted, and nothing is raised."""
        try:
            for part in _find_reader(file)(file):
                if isinstance(part, Contained):
                    self._read_contained(part, depth + 1)
                else:
                    self.parts.append(part)
                    self._size += len(part)
                if self._size > LARGEST or time.monotonic() > self._end:
                    raise Unread('large')
        except Unread as unread:
            self.unread = self.unread or unread.kind
        except MemoryError:
            self.unread = 'large'
        except Exception:
            self.unread = self.unread or 'broken'

    def _read_contained(self, file, depth):
        if depth > DEEPEST:
            self.unread = 'archive'
            return
        content = file.stream.read(LARGEST - self._unpacked + 1)
        self._unpacked += len(content)
        if self._unpacked > LARGEST:
            raise Unread('archive')
        self.add(file._replace(stream=io.BytesIO(content)), depth)


# === WHAT IT IS === #

def _find_reader(file):
    """Return the function that yields the texts of a file, and the files in it.

    :raise Unread: if there is none
    """
    head = file.stream.read(HEAD)
    size = file.stream.seek(0, os.SEEK_END)
    file.stream.seek(0)
    reader = next((reader for sign, reader in READERS if head.startswith(sign)), None)
    if b'%PDF' in head[:1024]:
        reader = _read_pdf
    elif head[257:262] == b'ustar':
        reader = _read_tar
    if not reader and (kind := _get_unreadable_kind(file, head)):
        raise Unread(kind)
    if reader and size > LARGEST_FILE:
        raise Unread('large')
    is_mail = MAIL.match(head) or file.mimetype.startswith('message/')
    return reader or (_read_mails if is_mail else _read_plain)


def _is_text(head):
    """Whether there are hardly any bytes that no text has; in what is packed, a tenth is so."""
    return bool(_get_utf16(head)) or len(head.translate(None, CONTROL)) >= len(head) * 0.99


def _get_utf16(content):
    """Return the encoding of a text in which, as a rule, every other byte is 0, or None."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return 'utf-16'
    head = content[:HEAD]
    zeros = [head[start::2].count(0) * 2 > len(head[start::2]) for start in (0, 1)]
    return {(False, True): 'utf-16-le', (True, False): 'utf-16-be'}.get(tuple(zeros))


def _get_unreadable_kind(file, head):
    """Return what a file is if nothing reads it, None for a text."""
    if head.startswith(CLOSED_ARCHIVES):
        return 'archive'
    if head.startswith(PICTURES) or head[8:12] == b'WEBP':
        return 'picture'
    if _is_text(head):
        return None
    mimetype = file.mimetype or mimetypes.guess_type(file.name)[0] or ''
    return 'picture' if mimetype.startswith('image/') else 'other'


# === FORMATS === #

def _read_whole(stream):
    content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Unread('large')
    return content


def _read_plain(file):
    content = file.stream.read(LARGEST)
    is_whole = not file.stream.read(1)
    yield _decode(content, is_whole)
    if not is_whole:
        raise Unread('large')


def _decode(content, is_whole=True):
    if encoding := _get_utf16(content):
        return content.decode(encoding, 'replace')
    try:
        return codecs.getincrementaldecoder('utf-8-sig')().decode(content, is_whole)
    except UnicodeDecodeError:  # one wrong letter does not spoil the other lines
        return '\n'.join(map(_decode_line, content.split(b'\n')))


def _decode_line(line):
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode('cp1252', 'replace')


def _read_mails(file):
    content = _read_whole(file.stream)
    if content.startswith(b'From '):
        for mail in re.split(rb'\n(?=From )', content):
            yield from _read_mail(email.message_from_bytes(mail))
    else:
        yield from _read_mail(email.message_from_bytes(content))


def _read_mail(mail):
    for part in mail.walk():
        yield '\n'.join(_decode_header(value) for value in part.values())
        if part.is_multipart():
            continue
        content = part.get_payload(decode=True) or b''
        if part.get_content_maintype() == 'text':
            yield _decode_part(content, part.get_content_charset())
        else:
            yield Contained(
                part.get_filename() or '', io.BytesIO(content), part.get_content_type())


def _decode_header(value):
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError):
        return str(value)


def _decode_part(content, charset):
    try:
        return content.decode(charset or 'utf-8')
    except (LookupError, UnicodeDecodeError):
        return _decode(content)


def _read_pdf(file):
    try:
        from pypdf import PdfReader
    except ImportError:  # as old as Odoo allows
        from PyPDF2 import PdfReader
    document = PdfReader(file.stream, strict=False)
    if document.is_encrypted and not document.decrypt(''):
        raise Unread('encrypted')
    yield '\n'.join(map(str, (document.metadata or {}).values()))
    yield '\n'.join(
        str(field.get('/V', '')) for field in (document.get_fields() or {}).values())
    has_text = has_scan = False
    for page in document.pages:
        yield (text := page.extract_text())
        yield '\n'.join(
            str(note.get_object().get('/Contents', '')) for note in page.get('/Annots') or ())
        has_text |= bool(text.strip())
        has_scan |= not text.strip() and _has_picture(page)
    for name, contents in getattr(document, 'attachments', {}).items():
        for content in contents:
            yield Contained(name, io.BytesIO(content))
    if has_scan or not has_text:
        raise Unread('scan')


def _has_picture(page):
    objects = (page.get('/Resources') or {}).get('/XObject')
    return bool(objects) and any(
        thing.get_object().get('/Subtype') == '/Image' for thing in objects.get_object().values())


def _read_zip(file):
    with zipfile.ZipFile(file.stream) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if any(member.flag_bits & 1 for member in members):
            raise Unread('encrypted')
        names = {member.filename for member in members}
        is_office = '[Content_Types].xml' in names or (
            'mimetype' in names and b'opendocument' in archive.open('mimetype').read(100))
        yield from (_read_office if is_office else _read_members)(archive, members)


def _read_members(archive, members):
    for member in members[:MOST]:
        with archive.open(member) as stream:
            yield Contained(member.filename, stream)
    if len(members) > MOST:
        raise Unread('archive')


def _read_office(archive, members):
    """Yield the texts of a document; its pictures belong to it and are no files of their own."""
    if any(member.filename.endswith('/workbook.bin') for member in members):
        raise Unread('office')
    size = 0
    for member in members:
        if member.filename.endswith(('.xml', '.rels')):
            with archive.open(member) as stream:
                content = stream.read(LARGEST - size + 1)
            size += len(content)
            if size > LARGEST:
                raise Unread('large')
            if b'<manifest:encryption-data' in content:
                raise Unread('encrypted')
            xml = content.decode('utf-8', 'replace')
            yield TAG.sub('', END_OF_TEXT.sub('\n', xml))
            yield '\n'.join(ATTRIBUTE.findall(xml))
        elif '/embeddings/' in member.filename:
            with archive.open(member) as stream:
                yield Contained(member.filename, stream)


def _read_tar(file):
    with tarfile.open(fileobj=file.stream, mode='r:') as archive:
        for number, member in enumerate(islice(archive, MOST + 1)):
            if number == MOST:
                raise Unread('archive')
            if member.isfile():
                yield Contained(member.name, archive.extractfile(member))


def _read_packed(unpack):
    def read(file):
        with unpack(file.stream) as stream:
            yield Contained(os.path.splitext(file.name)[0], stream)
    return read


def _read_rtf(file):
    """Yield everything that is not a command: what is no text, such as a picture, does no harm."""
    content = _read_whole(file.stream)
    page = re.search(rb'\\ansicpg(\d+)', content)
    charset = f'cp{page[1].decode()}' if page else 'cp1252'
    if charset == 'cp65001':
        charset = 'utf-8'

    def undo(match):
        if match['letter']:
            return chr(int(match['letter']) % 65536)
        if match['byte']:
            return bytes.fromhex(match['byte']).decode(charset, 'replace')
        if match['word']:
            return '\n' if match['word'] in RTF_ENDS else ''
        return RTF_SIGNS.get(match['sign'], match['sign'] or '')

    # Behind a letter stand so many to be shown where it is unknown.
    width = re.search(rb'\\uc(\d)', content)
    pattern = RTF % f'{{0,{width[1].decode() if width else 1}}}'
    yield re.sub(pattern, undo, content.decode(charset, 'replace'))


def _read_compound(file):
    content = _read_whole(file.stream)
    for name, kind in COMPOUNDS.items():
        if name.encode('utf-16-le') in content:
            if kind:
                raise Unread(kind)
            return _read_workbook(content)
    raise Unread('other')


def _read_workbook(content):
    import xlrd
    try:
        book = xlrd.open_workbook(file_contents=content, on_demand=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        raise Unread('encrypted' if 'encrypted' in str(error) else 'broken') from error
    for sheet in map(book.sheet_by_name, book.sheet_names()):
        yield sheet.name
        for row in sheet.get_rows():
            yield '\n'.join(map(_get_cell, row))
        yield '\n'.join(note.text for note in sheet.cell_note_map.values())


def _get_cell(cell):
    """Return a cell as text: a telephone number is a whole number, but a table has it as 1.0."""
    value = cell.value
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)


COMPOUNDS = {  # {stream: kind, None for what is read}; a text may hold a workbook: it comes first
    'EncryptedPackage': 'encrypted',
    'WordDocument': 'old_office',
    'PowerPoint Document': 'old_office',
    '__properties_version1.0': 'outlook',
    'Workbook': None,
    'Book': None,
}
READERS = (
    (b'PK\x03\x04', _read_zip),
    (b'PK\x05\x06', _read_zip),
    (b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', _read_compound),
    (b'{\\rtf', _read_rtf),
    (b'\x1f\x8b', _read_packed(lambda stream: gzip.GzipFile(fileobj=stream))),
    (b'BZh', _read_packed(bz2.BZ2File)),
    (b'\xfd7zXZ\0', _read_packed(lzma.LZMAFile)),
)

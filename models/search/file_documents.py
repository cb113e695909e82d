"""The text of documents: PDF, office files of today and of before 2007, RTF."""
import io
import re
import signal
from contextlib import contextmanager
from itertools import pairwise
from urllib.parse import unquote

from .file_parts import HEAD, LARGEST, Contained, Unread, decode, is_text, read_whole
from .file_texts import find_files

# Where a word ends in an office file; all other tags may stand within one.
END_OF_TEXT = re.compile(
    r'</(?:[wa]:p|text:[ph]|si|c|v|table:table-cell)>|<(?:w:tab|w:br|a:br|text:[a-z-]+)\b[^>]*/>')
TAG = re.compile(r'<[^>]*>')
CDATA = re.compile(r'<!\[CDATA\[(.*?)\]\]>', re.DOTALL)
HEADER = re.compile(r'<(?:odd|even|first)(?:Header|Footer)>[^<]*')  # of a sheet
LAYOUT = re.compile(r'&(?:amp;)?(?:&quot;[^&]*&quot;|"[^"]*"|\d+|K[0-9A-F]{6}|[A-Z])')  # &L: left
# Who wrote a comment, what a link leads to: whatever is more than one word.
ATTRIBUTE = re.compile(r'''=\s*(["'])([^<>"']*[^<>"'\w][^<>"']*)\1''')
LOOKS = re.compile(r'(?:^|/)(?:media|Pictures|ObjectReplacements)/')
# A small picture of the first page, and where lines end on which page.
COPIES = re.compile(r'(?:docProps/thumbnail\.\w+|Thumbnails/.*|layout-cache)$')
SETTINGS = re.compile(r'/printerSettings\d*\.bin$')  # of Windows, in UTF-16
MANIFEST = 'META-INF/manifest.xml'
HYPHENATED = re.compile(r'\w[-\u2010\u00ad]$')
RTF = (
    r"\\u(?P<letter>-?\d+) ?(?:\\'[0-9a-fA-F]{2}|[^\\{}])%s|\\'(?P<byte>[0-9a-fA-F]{2})"
    r"|\\(?P<word>[a-z]+)-?\d* ?|\\(?P<sign>[^a-z])|[{}\r\n]+")
RTF_ENDS = {
    'par', 'pard', 'line', 'tab', 'cell', 'row', 'sect', 'page', 'author', 'operator', 'title',
    'emspace', 'enspace', 'qmspace', 'emdash', 'endash'}
RTF_SIGNS = {'~': ' ', '_': '-', '-': ''}
COMPOUNDS = {  # {stream: kind, None for what is read}; a text may hold a workbook: it comes first
    'EncryptedPackage': 'encrypted',
    'WordDocument': 'old_office',
    'PowerPoint Document': 'old_office',
    '__properties_version1.0': 'outlook',
    'Workbook': None,
    'Book': None,
}
MACROS = '_VBA_PROJECT'.encode('utf-16-le')
PICTURES_IN_WORKBOOK = (b'\x89PNG', b'\xff\xd8\xff', b'GIF8')
PICTURE_IN_PAGE = b'INLINE IMAGE'
END_OF_VERSION = b'%%EOF'
LINEARIZED = b'/Linearized'
PAGE_SECONDS = 3  # of the processor; the pages behind one that takes longer are read all the same
TEXT_STREAMS = {'/XFA', '/JS', '/RC', '/V'}
# Six letters or more in a row, as Office wrote them before 2007: one byte for each, or two.
NARROW_TEXT = re.compile(rb'[\x20-\x7e\xc0-\xff\r\n\t]{6,}')
WIDE_TEXT = re.compile(r'[\x20-\x7e\xa0-\u024f\r\n\t]{6,}')


# === PDF === #

class _PageTooSlow(BaseException):
    """Not an `Exception`: libraries take those for mistakes in the file, and go on."""


@contextmanager
def _limit_page():
    """Raise `_PageTooSlow` after PAGE_SECONDS; for the main thread of a process that reads.

    Again after as many more: Python drops what is raised while it collects garbage.
    """
    def stop(_signal, _frame):
        raise _PageTooSlow

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, PAGE_SECONDS, PAGE_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _join_hyphenated(lines):
    """Yield each line that ends within a word as one with the next line."""
    for line, following in pairwise(lines):
        if HYPHENATED.search(line) and following[:1].isalnum():
            yield line[:-1] + following


def read_pdf(file):
    """Yield the texts of a file and of its older versions, behind which a change is written."""
    yield from _read_version(file.stream)
    file.stream.seek(0)
    content = file.stream.read()
    ends = [end.end() for end in re.finditer(END_OF_VERSION, content)]
    if LINEARIZED in content[:HEAD]:  # the first page stands in front of the others
        del ends[:1]
    for end in ends[:-1]:
        yield from _read_version(io.BytesIO(content[:end]), is_old=True)


def _read_version(stream, is_old=False):
    """Yield the text of the pages, then whatever else is a text in the file, and attachments."""
    try:
        from pypdf import PdfReader
    except ImportError:  # as old as Odoo allows
        from PyPDF2 import PdfReader
    document = PdfReader(stream, strict=False)
    if document.is_encrypted and not document.decrypt(''):
        raise Unread('encrypted')
    has_text = has_scan = False
    operators = set()
    for page in document.pages:
        try:
            with _limit_page():
                text = page.extract_text(
                    visitor_operand_before=lambda operator, *_: operators.add(operator))
        except _PageTooSlow:
            yield Unread('large')
            has_text = True  # it is no scan
            continue
        yield text
        yield from _join_hyphenated(text.split('\n'))
        has_text |= bool(text.strip())
        has_scan |= not text.strip() and _has_picture(page)
    for thing in _get_objects(document):
        yield from _read_object(thing)
    if has_scan or not (has_text or is_old):
        yield Unread('scan')
    if PICTURE_IN_PAGE in operators:
        yield Unread('inner_picture')


def _has_picture(page):
    objects = (page.get('/Resources') or {}).get('/XObject')
    return bool(objects) and any(
        thing.get_object().get('/Subtype') == '/Image' for thing in objects.get_object().values())


def _get_objects(document):
    """Yield all that a PDF is made of: notes, fields of forms, links, properties, pictures …"""
    try:
        from pypdf.generic import IndirectObject
    except ImportError:
        from PyPDF2.generic import IndirectObject
    numbers = {(number, generation) for generation, places in document.xref.items()
               for number in places} | {(number, 0) for number in document.xref_objStm}
    for number in sorted(numbers):
        yield document.get_object(IndirectObject(*number, document))
    yield document.trailer


def _read_object(thing):
    """Yield the texts that stand in an object itself and not in another one."""
    if isinstance(thing, dict):
        yield from _read_streams(thing)
        for value in thing.values():
            yield from _read_object(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from _read_object(value)
    elif isinstance(thing, bytes):
        yield decode(thing)
    elif isinstance(thing, str) and not thing.startswith('/'):
        yield thing


def _read_streams(thing):
    if thing.get('/Subtype') == '/Image':
        yield Unread('inner_picture')
    if thing.get('/Type') == '/Metadata':
        yield decode(thing.get_data())
    for key in thing.keys() & TEXT_STREAMS:
        parts = thing[key].get_object()
        for part in parts if isinstance(parts, list) else (parts,):
            if hasattr(part.get_object(), 'get_data'):
                yield decode(part.get_object().get_data())
    if '/EF' in thing:
        for content in thing['/EF'].get_object().values():
            yield Contained('', io.BytesIO(content.get_object().get_data()))


# === OFFICE FILES === #

def is_office(archive):
    """Whether an archive is an office file."""
    names = archive.namelist()
    return '[Content_Types].xml' in names or (
        'mimetype' in names and b'opendocument' in archive.open('mimetype').read(100))


def read_office(archive):
    """Yield the texts of a document and of the objects in it, and say whether it has pictures."""
    members = sorted(archive.infolist(), key=lambda member: member.filename != MANIFEST)
    if any(member.flag_bits & 1 for member in members):
        raise Unread('encrypted')
    size = 0
    for member in members:
        if member.is_dir() or COPIES.fullmatch(member.filename):
            continue
        with archive.open(member) as stream:
            content = stream.read(LARGEST - size + 1)
        size += len(content)
        if size > LARGEST:
            raise Unread('large')
        yield from _read_member(member.filename, content)
    if 'xl/workbook.xml' in archive.namelist():
        yield from _read_rows(archive)


def _read_member(name, content):
    if name == MANIFEST and b'<manifest:encryption-data' in content:
        raise Unread('encrypted')
    if name.endswith('/workbook.bin'):
        raise Unread('office')
    if name.endswith(('.xml', '.rels')):
        yield from _read_xml(decode(content))
    elif SETTINGS.search(name):
        yield content.decode('utf-16-le', 'replace')
    elif LOOKS.search(name) and not is_text(content[:HEAD]):
        yield Unread('inner_picture')
    else:
        yield Contained(name, io.BytesIO(content))


def _read_xml(xml):
    """Yield the text: a word may be cut by tags, and nothing but tags may stand between two."""
    xml = HEADER.sub(lambda match: LAYOUT.sub(' ', match[0]), CDATA.sub(r'\1', xml))
    joined = TAG.sub('', END_OF_TEXT.sub('\n', xml))
    apart = TAG.sub('\n', xml)
    yield joined
    if joined.split() != apart.split():
        yield apart
    yield '\n'.join(unquote(value) for _quote, value in ATTRIBUTE.findall(xml))
    if 'base64' in xml or 'binaryData' in xml:
        yield from find_files(xml)


def _read_rows(archive):
    """Yield the rows of a workbook: its cells only say the number of their texts."""
    from openpyxl import load_workbook
    book = load_workbook(archive.fp, read_only=True, data_only=True)
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what a program wrote there may be wrong
        for row in sheet.iter_rows(values_only=True):
            yield '\n'.join(_get_cell(value) for value in row if value is not None)


# === OFFICE FILES OF BEFORE 2007 === #

def read_rtf(file):
    """Yield everything that is not a command, and say whether there are pictures or objects.

    The text comes twice: a word may go on beside a group (bold letters), or end there (a footnote).
    """
    content = read_whole(file.stream)
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
    text = content.decode(charset, 'replace')
    yield re.sub(pattern, undo, text)
    yield re.sub(pattern, undo, text.replace('{', ' {').replace('}', '} '))
    if b'\\objdata' in content:
        raise Unread('other')
    if b'\\pict' in content:
        raise Unread('inner_picture')


def read_compound(file):
    """Yield the clear text in a file of streams, and the cells if it is a workbook."""
    content = read_whole(file.stream)
    kind = next((kind for name, kind in COMPOUNDS.items()
                 if name.encode('utf-16-le') in content), 'other')
    if kind == 'encrypted':
        raise Unread(kind)
    text = _get_clear_text(content)
    yield text if kind else LAYOUT.sub(' ', text)
    if kind:
        raise Unread(kind)
    yield from _read_workbook(content)
    if MACROS in content:
        raise Unread('other')
    if any(sign in content for sign in PICTURES_IN_WORKBOOK):
        raise Unread('inner_picture')


def _get_clear_text(content):
    """Return the text among other bytes."""
    return '\n'.join([
        b'\n'.join(NARROW_TEXT.findall(content)).decode('cp1252'),
        *(text for start in (0, 1) for text in WIDE_TEXT.findall(
            content[start:].decode('utf-16-le', 'replace')))])


def _read_workbook(content):
    import xlrd
    try:
        book = xlrd.open_workbook(file_contents=content, on_demand=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        raise Unread('encrypted' if 'encrypted' in str(error) else 'broken') from error
    for sheet in map(book.sheet_by_name, book.sheet_names()):
        yield sheet.name
        for row in sheet.get_rows():
            yield '\n'.join(_get_cell(cell.value) for cell in row)
        yield '\n'.join(note.text for note in sheet.cell_note_map.values())


def _get_cell(value):
    """Return a cell as text: a telephone number is a whole number, but a table has it as 1.0."""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)

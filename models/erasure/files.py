"""The text of files, to be searched for a person. There is no index of umlauts in Odoo's own."""
import codecs
import io
import logging
import re
import time
import zipfile

from odoo.tools.pdf import PdfReader

_logger = logging.getLogger(__name__)
LARGEST = 50 * 1024 * 1024  # bytes of text; what is behind them is not read
SECONDS = 20  # for one file: the server ends a job that takes minutes
PDF = 'application/pdf'
TEXT = re.compile(r'text/|message/|application/(?:.*\+)?(?:json|xml|csv|mbox|x-sql|javascript)$')
OFFICE = re.compile(r'application/vnd\.(?:openxmlformats-officedocument|oasis\.opendocument)\.')
MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Where a word ends in an office file; all other tags may stand within one.
END_OF_TEXT = re.compile(
    r'</(?:[wa]:p|text:[ph]|si|c|v|table:table-cell)>|<(?:w:tab|w:br|a:br|text:[a-z-]+)\b[^>]*/>')
TAG = re.compile(r'<[^>]*>')


def is_readable(mimetype):
    """Return whether `read_text` reads files of this type."""
    mimetype = mimetype or ''
    return mimetype == PDF or bool(TEXT.match(mimetype) or OFFICE.match(mimetype))


def read_text(mimetype, content):
    """Return the text of a file, and whether that is all of it.

    Texts, mails, tables and data as text; PDF; office files (docx, xlsx, pptx, odt, ods, odp).

    :param str mimetype: as Odoo stores it
    :param bytes content: the whole file
    """
    parts, size, end = [], 0, time.monotonic() + SECONDS
    try:
        for text in _get_reader(mimetype)(content):
            parts.append(text)
            size += len(text)
            if size > LARGEST or time.monotonic() > end:
                raise ValueError("too large")
    except Exception as error:
        _logger.info("A file of type %s cannot be read: %s", mimetype, type(error).__name__)
        return '\n'.join(parts), False
    return '\n'.join(parts), True


def _get_reader(mimetype):
    if mimetype == PDF:
        return _read_pdf
    return _read_office if OFFICE.match(mimetype) else _read_plain


def _read_plain(content):
    yield _decode(content[:LARGEST])
    if len(content) > LARGEST:
        raise ValueError("too large")


def _decode(content):
    if content.startswith(MARKS):
        return content.decode('utf-16', 'replace')
    try:
        return content.decode('utf-8-sig')
    except UnicodeDecodeError:
        return content.decode('cp1252', 'replace')


def _read_pdf(content):
    if b'%PDF' not in content[:1024]:
        raise ValueError("no PDF")
    has_text = False
    for page in PdfReader(io.BytesIO(content), strict=False).pages:
        text = page.extract_text()
        has_text = has_text or bool(text.strip())
        yield text
    if not has_text:
        raise ValueError("a scan")


def _read_office(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            if member.filename.endswith('.xml'):
                if member.file_size > LARGEST:
                    raise ValueError("too large")
                text = END_OF_TEXT.sub('\n', archive.read(member).decode('utf-8', 'replace'))
                yield TAG.sub('', text)

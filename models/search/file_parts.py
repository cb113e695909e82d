"""The parts of a file: texts in whatever encoding, files in it, and parts that cannot be read.

The readers of formats yield texts, `Contained` and `Unread`. It imports nothing of Odoo, see
`files`.
"""
import codecs
import io
from typing import NamedTuple

LARGEST = 50 * 1024 * 1024  # characters of text of a file, and bytes that are unpacked for it
HEAD = 8192  # bytes by which a file is recognised
CONTROL = bytes(set(range(32)) - set(b'\t\n\r\f\b\x1b'))
PICTURES = (b'\x89PNG', b'\xff\xd8\xff', b'GIF8', b'II*\0', b'MM\0*')
# Of what is not UTF-8: Windows in the west, east and Turkey, Latin-2 of Unix, DOS, and the old Mac.
CODE_PAGES = ('cp1252', 'cp1250', 'cp1254', 'iso8859-2', 'cp850', 'mac_roman')


class Unread(Exception):
    """A file was not read, or not to its end; `kind` is one of `files.KINDS`."""

    def __init__(self, kind):
        super().__init__(kind)
        self.kind = kind


class Contained(NamedTuple):
    """A file in a file. A text that a mail is made of has the type text/… and is no deeper."""
    name: str
    stream: io.BufferedIOBase
    mimetype: str = ''
    charset: str = ''


def read_whole(stream):
    """Return the content.

    :raise Unread: if it is too large
    """
    content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Unread('large')
    return content


def is_text(head):
    """Whether hardly any byte is one that no text has; packed data have a tenth of these."""
    if encoding := get_wide_encoding(head):
        head = head.decode(encoding, 'replace').encode()
    return len(head.translate(None, CONTROL)) >= len(head) * 0.99


def get_wide_encoding(content):
    """Return the encoding of a text whose letters take two or four bytes, or None.

    Without a mark at the start: as a rule, every other byte is 0, or three of four.
    """
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return 'utf-32'
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return 'utf-16'
    head = content[:HEAD]
    zeros = [head[start::4].count(0) * 2 > len(head[start::4]) for start in range(4)]
    return {
        (False, True, False, True): 'utf-16-le', (True, False, True, False): 'utf-16-be',
        (False, True, True, True): 'utf-32-le', (True, True, True, False): 'utf-32-be',
    }.get(tuple(zeros))


def decode(content, is_whole=True):
    """Return a text. Lines that are not in UTF-8 follow as in each of `CODE_PAGES`, each once.

    :param bool is_whole: whether the last letter must be complete
    """
    if encoding := get_wide_encoding(content):
        return content.decode(encoding, 'replace')
    try:
        return codecs.getincrementaldecoder('utf-8-sig')().decode(content, is_whole)
    except UnicodeDecodeError:  # one wrong letter does not spoil the other lines
        foreign = b'\n'.join(line for line in content.split(b'\n') if not _is_utf8(line))
        return '\n'.join([content.decode('utf-8-sig', 'replace'), *_decode_foreign(foreign)])


def _decode_foreign(content):
    """Yield the lines of a text by code page; most are the same in several of them."""
    seen = set()
    for page in CODE_PAGES:
        lines = content.decode(page, 'replace').split('\n')
        if new := [line for line in lines if line not in seen]:
            yield '\n'.join(new)
            seen.update(new)


def _is_utf8(line):
    try:
        return line.isascii() or bool(line.decode())
    except UnicodeDecodeError:
        return False

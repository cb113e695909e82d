"""The text of files, told by their content and not by their names.

It runs in a process of its own, see `files`. So it imports nothing of Odoo, and installed libraries
only when they are needed.
"""
import bz2
import gzip
import io
import lzma
import mimetypes
import os
import tarfile
import time
import zipfile
from itertools import islice

from .file_documents import is_office, read_compound, read_office, read_pdf, read_rtf
from .file_parts import HEAD, LARGEST, PICTURES, Contained, Unread, decode, is_text
from .file_texts import CARD, MAIL, read_mails, read_plain

LARGEST_FILE = 200 * 1024 * 1024  # bytes; larger ones are read only if they are texts
DEEPEST = 2  # files in files: an archive in a mail
MOST = 1000  # files in one
# RAR, 7-Zip, Zstandard, Cabinet, compress
CLOSED_ARCHIVES = (b'Rar!', b"7z\xbc\xaf'\x1c", b'(\xb5/\xfd', b'MSCF', b'\x1f\x9d')
WEAKEST = 'inner_picture'  # says least of a file: whatever else was left out is said instead


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
                if self._size > LARGEST or time.monotonic() > self._end:
                    raise Unread('large')  # there is more
                self._add_part(part, depth)
        except Unread as unread:
            self.note(unread.kind)
        except MemoryError:
            self.note('large')
        except Exception:
            self.note('broken')

    def note(self, kind):
        """Note that something was not read."""
        if self.unread in (None, WEAKEST):
            self.unread = kind

    def _add_part(self, part, depth):
        if isinstance(part, Unread):
            self.note(part.kind)
        elif isinstance(part, Contained):
            self._add_text(part.name)
            self._read_contained(part, depth + (not part.mimetype.startswith('text/')))
        else:
            self._add_text(part)

    def _add_text(self, text):
        self.parts.append(text)
        self._size += len(text)

    def _read_contained(self, file, depth):
        if depth > DEEPEST:
            self.note('archive')
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
        reader = read_pdf
    elif head[257:262] == b'ustar':
        reader = _read_tar
    if not reader and (kind := _get_unreadable_kind(file, head)):
        raise Unread(kind)
    if reader and size > LARGEST_FILE:
        raise Unread('large')
    is_mail = MAIL.match(head) or file.mimetype.startswith('message/')
    return reader or (read_mails if is_mail and not CARD.match(head) else read_plain)


def _get_unreadable_kind(file, head):
    """Return the kind of a file that nothing reads, None for a text."""
    if head.startswith(CLOSED_ARCHIVES):
        return 'archive'
    if head.startswith(PICTURES) or head[8:12] == b'WEBP':
        return 'picture'
    if is_text(head):
        return None
    mimetype = file.mimetype or mimetypes.guess_type(file.name)[0] or ''
    return 'picture' if mimetype.startswith('image/') else 'other'


# === ARCHIVES === #

def _read_zip(file):
    with zipfile.ZipFile(file.stream) as archive:
        if is_office(archive):
            yield from read_office(archive)
            return
        yield _get_names(archive)
        members = [member for member in archive.infolist() if not member.is_dir()]
        if any(member.flag_bits & 1 for member in members):
            raise Unread('encrypted')
        for member in members[:MOST]:
            with archive.open(member) as stream:
                yield Contained(member.filename, stream)
        if len(members) > MOST:
            raise Unread('archive')


def _get_names(archive):
    """Return the names and remarks; what does not say that it is UTF-8 may be so all the same."""
    texts = [decode(archive.comment)]
    for member in archive.infolist():
        texts += member.filename, decode(member.comment)
        if not member.flag_bits & 0x800:
            texts.append(decode(member.orig_filename.encode('cp437', 'replace')))
    return '\n'.join(texts)


def _read_tar(file):
    with tarfile.open(fileobj=file.stream, mode='r:') as archive:
        for number, member in enumerate(islice(archive, MOST + 1)):
            if number == MOST:
                raise Unread('archive')
            yield decode(member.name.encode('utf-8', 'surrogateescape'))
            if member.isfile():
                yield Contained(member.name, archive.extractfile(member))


def _read_packed(unpack):
    def read(file):
        # The name before it was packed, and a remark, stand in clear before what is packed.
        yield decode(file.stream.read(512).replace(b'\0', b'\n'))
        file.stream.seek(0)
        with unpack(file.stream) as stream:
            yield Contained(os.path.splitext(file.name)[0], stream)
    return read


READERS = (
    (b'PK\x03\x04', _read_zip),
    (b'PK\x05\x06', _read_zip),
    (b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', read_compound),
    (b'{\\rtf', read_rtf),
    (b'\x1f\x8b', _read_packed(lambda stream: gzip.GzipFile(fileobj=stream))),
    (b'BZh', _read_packed(bz2.BZ2File)),
    (b'\xfd7zXZ\0', _read_packed(lzma.LZMAFile)),
)

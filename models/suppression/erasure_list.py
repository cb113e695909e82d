"""The list of erasures outside the database, which a restored backup does not know any more.

It is a text file with one JSON object a line; the first one says to which key the hashes belong. A
person or an address is a hash that says nothing without the key, which stays in the database. The
number of the company, the reason and the time stand beside it in clear.
"""
import fcntl
import hashlib
import json
import os
from contextlib import contextmanager
from pathlib import Path

FORMAT = 'dsgvo-erasures'
TAIL = 64 * 1024  # bytes


class ForeignList(ValueError):
    """The list belongs to another database, or is none at all."""


class ErasureList:
    """The list of one database, on the disk of the server.

    It belongs to the name of the database and to its key: an erasure in a copy with another name,
    for tests, must never be repeated in the original.

    :param str folder: the data directory of Odoo
    :param str database: name of the database
    :param bytes key: the key of the hashes
    """

    def __init__(self, folder, database, key):
        self.fingerprint = hashlib.sha256(key).hexdigest()[:16]
        # It is not in the filestore: a backup takes that along and would bring an old list back.
        self.path = Path(folder, 'dsgvo', f'{database}-{self.fingerprint}.jsonl')

    def append(self, entries):
        """Add entries; several workers may do so at once.

        :raise OSError: if it cannot be written; earlier entries stay readable
        """
        with self._open() as file:
            lines = entries if file.tell() else [self._get_header(), *entries]
            if not self._ends_with_a_line():  # cut off when the disk was full
                file.write('\n')
            file.write(''.join(f'{json.dumps(line, sort_keys=True)}\n' for line in lines))
            file.flush()
            os.fsync(file.fileno())

    def drop(self, is_over):
        """Write the list anew without the entries that are over, as a whole or not at all.

        :param is_over: a function that returns whether an entry is over
        :raise OSError: if the list cannot be written; it stays as it was
        :raise ForeignList: if the file belongs to another database
        """
        if not self.path.exists():
            return
        with self._open():
            entries = self.read_entries()
            left = [entry for entry in entries if not is_over(entry)]
            if len(left) == len(entries):
                return
            new = self.path.with_suffix('.new')
            with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 'w',
                      encoding='utf-8') as file:
                file.write(''.join(f'{json.dumps(line, sort_keys=True)}\n'
                                   for line in (self._get_header(), *left)))
                file.flush()
                os.fsync(file.fileno())
            new.replace(self.path)

    @contextmanager
    def _open(self):
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with open(descriptor, 'a', encoding='utf-8') as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                if not self._is_current(descriptor):  # written anew while this worker waited
                    continue
                file.seek(0, os.SEEK_END)
                yield file
                return

    def _is_current(self, descriptor):
        try:
            return os.path.samestat(os.fstat(descriptor), os.stat(self.path))
        except FileNotFoundError:
            return False

    def _ends_with_a_line(self):
        content = self.path.open('rb')
        with content:
            if not content.seek(0, os.SEEK_END):
                return True
            content.seek(-1, os.SEEK_END)
            return content.read() == b'\n'

    def _get_header(self):
        return {'format': FORMAT, 'key': self.fingerprint}

    def read_content(self):
        """Return the list as bytes, to be downloaded; b'' if there is none."""
        return self.path.read_bytes() if self.path.exists() else b''

    def read_tail(self):
        """Return the entries that were added last, some hundred, without reading the others."""
        if not self.path.exists():
            return []
        with self.path.open('rb') as file:
            start = max(file.seek(0, os.SEEK_END) - TAIL, 0)
            file.seek(start)
            lines = file.read().splitlines()[1:]  # the header, or half of a line
        return [entry for entry in map(_parse, lines) if entry]

    def read_entries(self, content=None):
        """Return the entries of this list, or of a copy of it.

        A line that was cut off when the disk was full is left out.

        :raise ForeignList: if the copy is none of a list of this database
        """
        lines = (self.read_content() if content is None else content).splitlines()
        entries = [entry for entry in map(_parse, lines) if entry]
        if not entries and content is None:
            return []
        if not entries or entries[0] != self._get_header():
            raise ForeignList(self.path.name)
        return entries[1:]


def _parse(line):
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None

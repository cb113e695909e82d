"""The text of files, to be searched for a person. Odoo's own index of files has no umlauts."""
import contextlib
import json
import logging
import os
import subprocess
import sys

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)
_logger = logging.getLogger(__name__)
SECONDS = 15  # for a file or a text: the server ends a job that takes minutes
MEMORY = 1024 * 1024 * 1024  # bytes, of the process that reads
# With the packages of the server, but this folder as a package of its own, without Odoo.
START = """
import sys, types
seconds, memory, folder, *sys.path = sys.argv[1:]
package = sys.modules['dsgvo_files'] = types.ModuleType('dsgvo_files')
package.__path__ = [folder]
from dsgvo_files.file_process import serve
serve(float(seconds), int(memory))
"""
KINDS = {  # why something was not read, or not to its end
    'picture': _lt("Pictures"),
    'field_picture': _lt("Pictures of products, logos and signatures"),
    'inner_picture': _lt("Documents whose text was read, but not the pictures in them"),
    'scan': _lt("PDF files with pages without text (scans)"),
    'old_office': _lt("Word and PowerPoint files of before 2007 (.doc, .ppt)"),
    'office': _lt("Binary workbooks (.xlsb)"),
    'outlook': _lt("Messages of Outlook (.msg)"),
    'archive': _lt("Archives that cannot be opened (RAR, 7z) or hold too much"),
    'encrypted': _lt("Encrypted files"),
    'large': _lt("Files that are too large or take too long"),
    'broken': _lt("Broken files"),
    'missing': _lt("Files that are missing in the filestore or may not be read"),
    'outside': _lt("Files that are kept outside of Odoo (cloud storage, links)"),
    'other': _lt("Files of other kinds (sound, films, programs)"),
    'text': _lt("Texts of records that are too long or take too long"),
    'row': _lt("Records at which the search stopped twice"),
}
NO_FILES = ('text', 'row')


class FileReader:
    """Reads files in a process of its own, started when it is needed.

    It is limited in time and memory. A file that reaches a limit ends at most this process, and
    the next file starts another one.
    """

    def __init__(self):
        self._process = None

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._end()

    def get_text(self, name, mimetype, path=None, content=b''):
        """Return the text of a file, and which of `KINDS` was left out, or None.

        :param str path: of the file, or None if the content is given
        """
        question = {'name': name, 'mimetype': mimetype, 'path': path, 'size': len(content)}
        try:
            self._start()
            self._process.stdin.write(json.dumps(question).encode() + b'\n' + content)
            self._process.stdin.flush()
            answer = json.loads(self._process.stdout.readline())
            text = self._process.stdout.read(answer['size']).decode()
        except (OSError, ValueError):  # it has ended
            _logger.info("A file of type %s took too long or too much memory", mimetype)
            self._end()
            return '', 'large'
        return text, answer['unread']

    def _start(self):
        if not self._process:
            self._process = subprocess.Popen(
                [sys.executable, '-I', '-c', START, str(SECONDS), str(MEMORY),
                 os.path.dirname(__file__), *sys.path],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def _end(self):
        if self._process:
            self._process.kill()
            with contextlib.suppress(OSError):
                self._process.communicate()
            self._process = None

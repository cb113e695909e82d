import bz2
import gzip
import io
import lzma
import os
import subprocess
import tempfile
import time
import zlib
from unittest.mock import patch

from reportlab.lib.pdfencrypt import StandardEncryption

from odoo.tests import tagged

from odoo.addons.dsgvo.models.search import file_formats, files
from odoo.addons.dsgvo.models.search.files import KINDS, FileReader

from .files_common import (
    COMPOUND,
    NAME,
    ODT,
    PNG,
    FilesCase,
    make_encrypted_zip,
    make_mail,
    make_office,
    make_pdf,
    make_raw_pdf,
    make_tar,
    make_xls,
    make_xlsx,
    make_zip,
)


@tagged('post_install', '-at_install')
class TestFiles(FilesCase):
    """Which files are read, whatever they are called, and what is said of the others."""

    def setUp(self):
        super().setUp()
        self.folder = self.enterContext(tempfile.TemporaryDirectory())

    def test_files_are_read_by_what_is_in_them(self):
        text = NAME.encode()
        for kind, content in {
            'text': text,
            'text of Windows': NAME.encode('cp1252'),
            'text with a wrong letter': text + b'\n\xff',
            'UTF-16': NAME.encode('utf-16'),
            'UTF-16 without mark': NAME.encode('utf-16-le'),
            'page': f'<p>{NAME}</p>'.encode(),
            'RTF of Word': rb"{\rtf1\ansi\ansicpg1252\uc1 K\'e4t{\b he} Gr\u246\'f6\u223?}",
            'RTF of a Mac': rb"{\rtf1\ansi\ansicpg1252\uc0 K\u228 the Gr\u246 \u223 }",
            'PDF': make_pdf(),
            'author of a PDF': make_pdf('-', author=NAME),
            'form in a PDF': make_pdf('-', field=NAME),
            'PDF that may not be changed': make_pdf(
                encrypt=StandardEncryption('', ownerPassword='x')),
            'docx': make_office('word/document.xml', f'<w:p>Kät<b/>he {NAME[6:]}</w:p>'),
            'comment in a docx': make_office('word/comments.xml', f'<w:c w:author="{NAME}"/>'),
            'xlsx in a docx': make_office('word/document.xml', '<w:p/>', **{
                'word/embeddings/book.xlsx': make_xlsx()}),
            'odt': make_zip(mimetype=ODT, **{'content.xml': f'<text:p>{NAME}</text:p>'}),
            'xlsx': make_xlsx(),
            'xls': make_xls(),
            'zip': make_zip(text=text),
            'zip in a mail': make_mail(archive=make_zip(text=text)),
            'tar': make_tar(text),
            'tar.gz': gzip.compress(make_tar(text)),
            'gz': gzip.compress(text), 'bz2': bz2.compress(text), 'xz': lzma.compress(text),
            'mail': make_mail(),
            'PDF in a mail': make_mail(paper=make_pdf()),
            'mails': b'From a\n' + make_mail() + b'\nFrom b\n' + make_mail(paper=make_pdf()),
        }.items():
            for name, mimetype in ('', 'application/octet-stream'), ('a.png', 'image/png'):
                with self.subTest(kind, mimetype=mimetype):
                    found, unread = self._read(content, name, mimetype)
                    self.assertIn(NAME, found)
                    self.assertIsNone(unread)

    def test_text_of_a_mail_in_base64_and_whole_numbers_of_a_table_are_read(self):
        self.assertIn("Ein Gruß", self._read(make_mail())[0])
        self.assertIn("4930901820", self._read(make_xls())[0].split())

    def test_what_cannot_be_read_is_named_by_its_kind(self):
        for kind, contents in {
            'picture': [PNG, b'\xff\xd8\xff\xe0\0\x10JFIF', make_zip(text=NAME, picture=PNG),
                        make_mail(picture=PNG)],
            'scan': [make_pdf('')],
            'old_office': [COMPOUND + 'WordDocument'.encode('utf-16-le') + bytes(600)],
            'office': [make_office('xl/workbook.bin', b'\0')],
            'outlook': [COMPOUND + '__properties_version1.0'.encode('utf-16-le')],
            'archive': [b'Rar!\x1a\x07\0', b"7z\xbc\xaf'\x1c\0\4",
                        make_zip(a=make_zip(b=make_zip(c=make_zip(d=NAME)))),
                        make_zip(**{str(number): b'' for number in range(1001)})],
            'encrypted': [make_encrypted_zip(), make_pdf(encrypt='secret'),
                          COMPOUND + 'EncryptedPackage'.encode('utf-16-le'),
                          make_zip(mimetype=ODT, **{
                              'META-INF/manifest.xml': '<manifest:encryption-data/>'})],
            'broken': [b'%PDF-1.4 and nothing else', b'PK\x03\x04 and nothing else',
                       COMPOUND + 'Workbook'.encode('utf-16-le'),
                       gzip.compress(bytes(range(256)))[:60]],
            'other': [b'\x00\x01\x02\x03' * 100, b'OggS\0\2' + bytes(50)],
        }.items():
            for content in contents:
                with self.subTest(kind, head=content[:20]):
                    self.assertEqual(self._read(content)[1], kind)
                    self.assertIn(kind, KINDS)

    def test_what_can_be_read_of_an_archive_is_read(self):
        text, unread = self._read(make_zip(a=PNG, b=NAME, c=b'Rar!\x1a\x07\0'))
        self.assertIn(NAME, text)
        self.assertEqual(unread, 'picture')

    def test_archive_that_explodes_is_given_up(self):
        bomb = zlib.compressobj(wbits=31)
        block = bytes(1_000_000)
        packed = b''.join(bomb.compress(block) for _number in range(60)) + bomb.flush()
        for content in packed, make_zip(a=packed), make_zip(a=NAME, b=packed, c=packed):
            self.assertLess(len(content), 200_000)
            self.assertEqual(self._read(content)[1], 'archive')

    def test_file_that_hangs_ends_only_itself(self):
        pipe = os.path.join(self.folder, 'pipe')
        os.mkfifo(pipe)  # whoever opens it waits for ever
        endless = make_raw_pdf(b'BT (a) Tj ET\n' * 300_000)
        started = time.monotonic()
        with patch.object(files, 'SECONDS', 0.5), FileReader() as reader:
            self.assertEqual(reader.get_text('', '', pipe), ('', 'large'))
            self.assertEqual(reader.get_text('', '', content=NAME.encode()), (NAME, None))
            self.assertEqual(reader.get_text('', '', content=endless)[1], 'large')
            self.assertEqual(reader.get_text('', '', content=NAME.encode()), (NAME, None))
        self.assertLess(time.monotonic() - started, 30)

    def test_file_that_takes_too_much_memory_ends_only_itself(self):
        with patch.object(files, 'MEMORY', 200_000_000), FileReader() as reader:
            self.assertEqual(reader.get_text('', '', content=b'a b ' * 10_000_000)[1], 'large')
            self.assertEqual(reader.get_text('', '', content=NAME.encode()), (NAME, None))

    def test_files_of_two_gigabytes_are_not_read_into_memory(self):
        for head, length in (b'%PDF-1.4\n', 0), (b'Text ' * 2000, file_formats.LARGEST):
            path = os.path.join(self.folder, 'sparse')
            with open(path, 'wb') as file:
                file.write(head)
                file.truncate(2 * 1024 ** 3)
            text, unread = self.reader.get_text('', '', path)
            self.assertEqual((len(text), unread), (length, 'large'))

    def test_file_that_was_read_to_its_end_is_not_too_large(self):
        """Lines that are not in UTF-8 are read in several code pages, which makes them longer."""
        lines = [f"{NAME} {number};Köln".encode('latin-1') for number in range(20)]
        with patch.object(file_formats, 'LARGEST', 1000):
            for content, unread in (
                    (b'\n'.join(lines), None), (make_zip(a=b'\n'.join(lines), b=NAME), 'large')):
                text = file_formats.FileText(seconds=60)
                text.add(file_formats.Contained('', io.BytesIO(content), ''))
                self.assertEqual(text.unread, unread)
                self.assertGreater(sum(map(len, text.parts)), 1000)
                self.assertTrue(self.finder.find(text.parts[-1]))

    def test_missing_file_is_named(self):
        self.assertEqual(
            self.reader.get_text('', '', os.path.join(self.folder, 'none')), ('', 'missing'))

    def test_process_is_started_when_needed_and_ended(self):
        start = self.startPatcher(
            patch.object(files.subprocess, 'Popen', wraps=subprocess.Popen))
        with FileReader() as reader:
            start.assert_not_called()
            for _number in range(3):
                reader.get_text('', '', content=NAME.encode())
            start.assert_called_once()
            process = reader._process
        self.assertIsNotNone(process.returncode)


"""Files of all kinds in which a person stands, to be read."""
import io
import re
import tarfile
import zipfile
import zlib
from email.message import EmailMessage

import xlsxwriter
import xlwt
from reportlab.pdfgen.canvas import Canvas

from odoo.tests import BaseCase

from odoo.addons.dsgvo.models.map.needles import find_needles
from odoo.addons.dsgvo.models.map.searching import ClearValues, Recogniser
from odoo.addons.dsgvo.models.search.files import FileReader

NAME = "Käthe Größ"
PNG = b'\x89PNG\r\n\x1a\n\0\0\0\rIHDR'
COMPOUND = b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'
ODT = 'application/vnd.oasis.opendocument.text'


def make_pdf(text=NAME, author='', field='', **options):
    content = io.BytesIO()
    canvas = Canvas(content, **options)
    canvas.setAuthor(author)
    if field:
        canvas.acroForm.textfield(name='field', value=field)
    canvas.drawString(100, 100, text)
    canvas.save()
    return content.getvalue()


def make_raw_pdf(operators):
    """Return a PDF of one page with these operators, packed."""
    packed = zlib.compress(operators)
    return (
        b'%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n'
        b'2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n'
        b'3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<<>>>>endobj\n'
        b'4 0 obj<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream endobj\n'
        b'trailer<</Root 1 0 R>>\nstartxref\n0\n%%%%EOF' % (len(packed), packed))


def change_pdf_behind(content, operators):
    """Return a PDF with another text on its page; as editors do, it is appended."""
    [page], [root], [size], [start] = (re.findall(pattern, content) for pattern in (
        rb'/Contents (\d+) 0 R', rb'/Root (\d+) 0 R', rb'/Size (\d+)', rb'startxref\s+(\d+)'))
    changed = content + b'%s 0 obj\n<</Length %d>>stream\n%s\nendstream\nendobj\n' % (
        page, len(operators), operators)
    return changed + (
        b'xref\n%s 1\n%010d 00000 n \ntrailer\n<</Size %s/Root %s 0 R/Prev %s>>\n'
        b'startxref\n%d\n%%%%EOF\n' % (page, len(content), size, root, start, len(changed)))


def make_zip(**members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, 'w', zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


def make_encrypted_zip():
    """Return an archive whose entry says that it is encrypted: Python does not write such."""
    content = bytearray(make_zip(text=NAME))
    for sign, place in (b'PK\x03\x04', 6), (b'PK\x01\x02', 8):
        content[content.index(sign) + place] |= 1
    return bytes(content)


def make_office(path, xml, **members):
    return make_zip(**{'[Content_Types].xml': '<Types/>', path: xml} | members)


def make_tar(content):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode='w') as archive:
        member = tarfile.TarInfo('text')
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def make_xls():
    book, content = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("Blatt")
    sheet.write(0, 0, NAME)
    sheet.write(0, 1, 4930901820)
    book.save(content)
    return content.getvalue()


def make_xlsx():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.add_worksheet().write(0, 0, NAME)
    return content.getvalue()


def make_mail(**attachments):
    mail = EmailMessage()
    mail['Subject'] = NAME
    mail['MIME-Version'] = '1.0'
    mail.set_content("Ein Gruß", charset='latin-1', cte='base64')
    for name, content in attachments.items():
        mail.add_attachment(content, maintype='application', subtype='x', filename=name)
    return mail.as_bytes()


class FilesCase(BaseCase):
    """Reads files and looks for `NAME` in what was read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        contact = dict.fromkeys(('phone', 'street', 'country_code', 'phone_code', 'email'))
        cls.finder = Recogniser(ClearValues({True: find_needles(contact | {'name': NAME}).own}))

    def setUp(self):
        super().setUp()
        self.reader = self.enterContext(FileReader())

    def _read(self, content, name='', mimetype='application/octet-stream'):
        return self.reader.get_text(name, mimetype, content=content)

    def assertFound(self, contents, unread=None):
        """Assert that the person is found in each of the files, by its kind, and no other."""
        for kind, content in contents.items():
            with self.subTest(kind):
                text, left_out = self._read(content)
                self.assertTrue(self.finder.find(text), text[:500])
                self.assertEqual(left_out, unread)

    def assertCounted(self, contents, unread):
        """Assert that it is said of each of the files, by its kind, why it was not read."""
        for kind, content in contents.items():
            with self.subTest(kind):
                self.assertEqual(self._read(content)[1], unread)

import base64
import json

from odoo.tests import tagged

from .files_common import NAME, PNG, FilesCase, make_mail, make_pdf, make_zip

HEADERS = b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=X\n'


def encode(content):
    return base64.b64encode(content)


def make_parts(part=b'\nText', before=b'', behind=b''):
    """Return a mail of one part, with what stands before and behind its parts."""
    return HEADERS + b'\n%s\n--X\n%s\n--X--\n%s' % (before, part, behind)


def make_card(*lines):
    return b'\r\n'.join([b'BEGIN:VCARD', *lines, b'END:VCARD'])


@tagged('post_install', '-at_install')
class TestFileTexts(FilesCase):
    """Texts are read in whatever encoding, and so is what is packed in them."""

    def test_text_is_read_in_any_encoding(self):
        table = f"Name;Ort\n{NAME};Köln\n"
        self.assertFound({
            page: table.encode(page) for page in (
                'utf-8', 'utf-8-sig', 'utf-16', 'utf-16-le', 'utf-16-be', 'utf-32', 'utf-32-le',
                'utf-32-be', 'utf-7', 'cp1252', 'cp1250', 'cp1254', 'iso8859-2', 'cp850',
                'mac_roman')})
        self.assertFound({'zeros in it': b'x' * 1000 + f' {NAME}'.encode() + bytes(5)})

    def test_signs_that_are_no_letters_in_utf_7_stay(self):
        for text in "Tel. +4930901820", "a +ANDERE+ b", "x+ABCDE y", "C+A":
            self.assertEqual(self._read(text.encode()), (text, None))

    def test_bytes_with_many_zeros_are_no_text(self):
        self.assertCounted({
            'two bytes': b'\1\0' * 200, 'four': b'\1\0\0\0' * 100,
            'mark': b'\xff\xfe' + b'\1\0' * 200, 'after a text': NAME.encode() + bytes(50),
        }, 'other')

    def test_long_lines_of_cards_and_calendars_are_joined(self):
        self.assertFound({
            'letter': b'BEGIN:VCALENDAR\r\nSUMMARY:K\xc3\r\n \xa4the Gr\xc3\xb6\r\n\t\xc3\x9f\r\n',
            'card': make_card('FN:Käthe Gr\n öß'.encode()),
            'UTF-16': make_card(b'FN:K\xe4the Gr\n \xf6\xdf').decode('latin-1').encode('utf-16'),
            'blank of 2.1': make_card('NOTE:Käthe\r\n Größ'.encode()),
            'quoted-printable': make_card(
                b'N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Gr=C3=B6=\r\n=C3=9F;K=C3=A4the'),
            'base64': make_card(b'FN;ENCODING=b:' + encode(NAME.encode('cp1252'))),
        })

    def test_files_written_in_texts_are_read(self):
        pdf = encode(make_pdf()).decode()
        self.assertFound({
            'JSON': json.dumps({'file': pdf}).encode(),
            'JSON of PHP': json.dumps({'file': encode(make_zip(a=NAME)).decode()}).replace(
                '/', '\\/').encode(),
            'lines': b'File:\n' + base64.encodebytes(make_zip(a=NAME)),
            'page': f'<a href="data:application/pdf;base64,{pdf}">PDF</a>'.encode(),
        })

    def test_pictures_written_in_texts_are_counted(self):
        picture = PNG + bytes(range(256))
        self.assertCounted({
            'page': b'<img src="data:image/png;base64,%s"/>' % encode(picture),
            'card': make_card(b'PHOTO;ENCODING=b;TYPE=PNG:' + encode(picture)),
            'card 4.0': make_card(b'PHOTO:data:image/png;base64\\,' + encode(picture)),
        }, 'inner_picture')

    def test_marks_of_pages_are_undone(self):
        self.assertFound({
            'entities': b'K&auml;the Gr&#246;&#xdf;',
            'soft hyphen': b'K&auml;the Gr&shy;&ouml;&szlig;',
            'first letter': '<b>K</b>äthe Gr<span class="x">ö</span>ß'.encode(),
            'drawing': '<svg><tspan>Käthe</tspan><tspan>Größ</tspan></svg>'.encode(),
            'JSON': json.dumps({'name': NAME}).encode(),
        })

    def test_texts_that_hide_something_are_counted(self):
        self.assertCounted({'PGP': b'-----BEGIN PGP MESSAGE-----\n\nhQEMA\n'}, 'encrypted')
        self.assertCounted({'PostScript': b'%!PS-Adobe-3.0\n<4b> show'}, 'other')

    def test_mail_is_known_by_any_header(self):
        packed = b'Content-Transfer-Encoding: base64\n\n' + encode(NAME.encode('cp1252'))
        self.assertFound({
            'many headers': b'X-A: b\n c\n' * 2000 + b'Subject: x\n' + packed,
            'list of headers': b'Keywords: b\r\n' * 500 + b'To: x\r\n' + packed,
            'no headers of MIME': b'From: a@b.de\n' + packed,
            'blank lines': b'\r\n\r\nSubject: x\n' + packed,
            'mbox of Windows': (b'From a\nSubject: x\n\nText\nFrom b\nDate: x\n' + packed).replace(
                b'\n', b'\r\n'),
            'no letters before': HEADERS.replace(b'multipart/mixed; boundary=X', b'text/plain')
            + packed,
        })

    def test_headers_of_a_mail_are_decoded(self):
        self.assertFound({
            'UTF-8': f'From: a@b.de\nSubject: {NAME}\n\nText'.encode(),
            'Latin-1': f'From: a@b.de\nSubject: {NAME}\n\nText'.encode('latin-1'),
            'encoded': b'From: a@b.de\nSubject: =?utf-8?B?S8OkdGhlIEdyw7bDnw==?=\n\nText',
            'letter in two words': b'From: a@b.de\n'
            b'Subject: =?utf-8?Q?K=C3?=\n =?utf-8?Q?=A4the_Gr=C3=B6=C3=9F?=\n\nText',
            'unknown encoding beside it':
            f'From: =?x?Q?a?= <a@b.de>\nSubject: {NAME}\n\nText'.encode(),
        })

    def test_names_of_attached_files_are_decoded(self):
        self.assertFound({
            name: make_parts(
                b'Content-Type: image/x; %s\nContent-Transfer-Encoding: 8bit\n\nText' % name)
            for name in (
                b"name*=utf-8''K%C3%A4the%20Gr%C3%B6%C3%9F.txt",
                b"name*=iso-8859-1''K%E4the%20Gr%F6%DF.txt",
                b"name*0*=utf-8''K%C3%A4the%20Gr; name*1*=%C3%B6%C3%9F.txt",
                b'name="=?utf-8?B?S8OkdGhlIEdyw7bDnw==?="',
                f'name="{NAME}.txt"'.encode())})

    def test_parts_of_a_mail_are_read_whatever_they_say(self):
        plain = b'Content-Type: text/plain; charset=%s\nContent-Transfer-Encoding: %s\n\n%s'
        self.assertFound({
            'before the parts': make_parts(before=NAME.encode()),
            'behind the parts': make_parts(behind=NAME.encode('latin-1')),
            'Latin-1 that is UTF-8': make_parts(plain % (b'iso-8859-1', b'8bit', NAME.encode())),
            'UTF-8 that is Latin-1': make_parts(
                plain % (b'utf-8', b'8bit', NAME.encode('latin-1'))),
            'UTF-7': make_parts(plain % (b'utf-7', b'7bit', NAME.encode('utf-7'))),
            'PDF that is a text': make_parts(plain % (b'utf-8', b'base64', encode(make_pdf()))),
            'mail in base64': make_parts(
                b'Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n'
                + encode(b'Subject: x\n' + make_mail(paper=make_pdf()).split(b'\n', 1)[1])),
        })

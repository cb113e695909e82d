import gzip
import io
import tarfile
import zipfile
from unittest.mock import patch

import xlsxwriter
import xlwt
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader, PdfFileWriter

from ...models.search import file_documents
from ...models.search.file_formats import Contained, FileText
from .files_common import (
    COMPOUND,
    NAME,
    ODT,
    PNG,
    FilesCase,
    change_pdf_behind,
    make_office,
    make_pdf,
    make_raw_pdf,
    make_zip,
)


def make_docx(xml='<w:p/>', **members):
    return make_office('word/document.xml', xml, **members)


def make_xlsx(write):
    """Return a workbook of two sheets; `write` is given the book and the second one."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.add_worksheet().write(0, 0, "Blatt")
        write(book, book.add_worksheet())
    return content.getvalue()


def draw_pdf(draw):
    content = io.BytesIO()
    canvas = Canvas(content)
    canvas.drawString(9, 99, "Text")
    draw(canvas)
    canvas.save()
    return content.getvalue()


def change_pdf(change):
    writer, content = PdfFileWriter(), io.BytesIO()
    writer.append_pages_from_reader(PdfFileReader(io.BytesIO(make_pdf("Text"))))
    change(writer)
    writer.write(content)
    return content.getvalue()


def make_old(stream, text):
    return COMPOUND + bytes(600) + stream.encode('utf-16-le') + bytes(50) + text + b'\r\0'


def make_old_workbook():
    book, content = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("Blatt")
    sheet.write(0, 0, "Text")
    sheet.header_str = b'&LQqqqq Qqqq'
    book.save(content)
    return content.getvalue().replace(b'Qqqqq Qqqq', NAME.encode('cp1252'))


@tagged('post_install', '-at_install')
class TestFileDocuments(FilesCase):
    """Documents and archives are read with all that belongs to them, or it is said what not."""

    def test_long_line_of_a_pdf_is_read_with_what_follows(self):
        def draw(canvas):
            canvas.drawString(9, 99, "wort " * 6000)
            canvas.showPage()
            canvas.drawString(9, 99, NAME)

        self.assertFound({'long line': draw_pdf(draw)})

    def test_page_that_takes_too_long_keeps_no_other_page_from_being_read(self):
        def draw(canvas):
            for _number in range(100_000):
                canvas.drawString(9, 99, "x")
            canvas.showPage()
            canvas.drawString(9, 99, NAME)

        content = draw_pdf(draw)
        text = FileText(seconds=60)
        with patch.object(file_documents, 'PAGE_SECONDS', 0.5):
            text.add(Contained('', io.BytesIO(content)))
        self.assertTrue(self.finder.find('\n'.join(text.parts)))
        self.assertEqual(text.unread, 'large')

    def test_word_is_read_across_the_marks_in_it(self):
        self.assertFound({
            'runs': make_docx(
                '<w:p><w:r><w:t>Kä</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>the Gr</w:t></w:r>'
                '<w:proofErr w:type="x"/><w:r><w:t>öß</w:t></w:r></w:p>'),
            'soft hyphen': make_docx('<w:p>Käthe Gr<w:softHyphen/>öß</w:p>'),
            'soft hyphen as a letter': make_docx('<w:p>Käthe Gr\u00adöß</w:p>'),
            'tab': make_docx('<w:p><w:t>Käthe</w:t><w:tab/><w:t>Größ</w:t></w:p>'),
            'entities': make_docx('<w:p>K&#228;the Gr&#xf6;&#223;</w:p>'),
            'CDATA': make_docx(f'<w:p><![CDATA[{NAME}]]></w:p>'),
            'deleted': make_docx(f'<w:p><w:del><w:delText>{NAME}</w:delText></w:del></w:p>'),
        })

    def test_all_parts_of_an_office_file_are_read(self):
        name = f'<w:p>{NAME}</w:p>'
        self.assertFound({
            'UTF-16': make_docx(f'<?xml version="1.0"?>{name}'.encode('utf-16')),
            'properties': make_docx(**{'docProps/core.xml': (
                f'<dc:title>Brief</dc:title><dc:creator>{NAME}</dc:creator><cp:x>Ute</cp:x>')}),
            'header': make_docx(**{'word/header1.xml': name}),
            'footnote': make_docx(**{'word/footnotes.xml': name}),
            'notes of a talk': make_office(
                'ppt/notesSlides/n.xml', f'<a:p><a:t>{NAME}</a:t></a:p>'),
            'people': make_docx(**{'word/people.xml': f"<w15:person w15:author='{NAME}'/>"}),
            'link': make_docx(**{
                'word/_rels/document.xml.rels': '<R Target="x?q=K%C3%A4the%20Gr%C3%B6%C3%9F"/>'}),
            'page': make_docx(**{'word/afchunk.htm': f'<p>{NAME}</p>'}),
            'printer': make_docx(**{
                'xl/printerSettings/printerSettings1.bin': NAME.encode('utf-16-le') + bytes(9)}),
            'object': make_zip(mimetype=ODT, **{'content.xml': '', 'Object 1/content.xml': name}),
            'XPS': make_office('Pages/1.fpage', f'<Glyphs UnicodeString="{NAME}"/>'),
        })

    def test_what_is_no_text_in_an_office_file_is_counted(self):
        picture = PNG + bytes(range(256))
        self.assertCounted({
            'docx': make_docx(**{'word/media/image1.png': picture}),
            'drawing of Windows': make_docx(**{'word/media/image1.emf': b'\1\0\0\0' * 99}),
            'odt': make_zip(mimetype=ODT, **{'content.xml': '', 'Pictures/a.png': picture}),
            'pptx': make_office('ppt/media/film.mp4', b'\0\0\0 ftypisom'),
            'RTF': rb'{\rtf1 Text{\pict 8950}}',
        }, 'inner_picture')
        self.assertCounted({
            'object': make_docx(**{'word/embeddings/oleObject1.bin': COMPOUND + bytes(600)}),
            'object and picture': make_docx(**{
                'word/media/image1.png': picture, 'word/vbaProject.bin': COMPOUND + bytes(600)}),
            'RTF': rb'{\rtf1 Text{\object{\*\objdata 0105}}}',
        }, 'other')

    def test_copies_of_a_page_are_not_counted(self):
        self.assertFound({'thumbnail': make_zip(mimetype=ODT, **{
            'content.xml': f'<text:p>{NAME}</text:p>', 'Thumbnails/thumbnail.png': PNG,
            'layout-cache': b'\1\2'})})

    def test_workbook_is_read_by_rows_with_all_that_is_hidden(self):
        first, last = NAME.split()
        self.assertFound({
            'cells': make_xlsx(lambda _book, sheet: (
                sheet.write(0, 0, last), sheet.write(1, 0, "Ute"), sheet.write(2, 0, first),
                sheet.write(2, 1, last))),
            'formula': make_xlsx(lambda _book, sheet: sheet.write_formula(0, 0, '=A2', value=NAME)),
            'hidden sheet': make_xlsx(lambda _book, sheet: (sheet.write(0, 0, NAME), sheet.hide())),
            'rich text': make_xlsx(lambda book, sheet: sheet.write_rich_string(
                0, 0, "Kä", book.add_format({'bold': True}), "the Grö", "ß")),
            'comment': make_xlsx(lambda _book, sheet: sheet.write_comment('A1', NAME)),
            'header': make_xlsx(lambda _book, sheet: sheet.set_header(f'&L&"Arial"&12{NAME}')),
            'author': make_xlsx(lambda book, _sheet: book.set_properties(
                {'title': "Liste", 'author': NAME, 'comments': "x"})),
            'link': make_xlsx(lambda _book, sheet: sheet.write_url(
                0, 0, 'https://x.example/K%C3%A4the%20Gr%C3%B6%C3%9F', None, "Karte")),
            'header of before 2007': make_old_workbook(),
        })

    def test_what_stands_in_clear_in_old_files_is_found_and_they_are_counted(self):
        for kind, stream, code in (
                ('old_office', 'WordDocument', 'cp1252'),
                ('old_office', 'PowerPoint Document', 'utf-16-le'),
                ('outlook', '__properties_version1.0', 'utf-16-le')):
            self.assertFound({stream: make_old(stream, NAME.encode(code))}, kind)

    def test_all_texts_of_a_pdf_are_read(self):
        self.assertFound({
            'note': draw_pdf(lambda canvas: canvas.textAnnotation(NAME)),
            'link': draw_pdf(lambda canvas: canvas.linkURL(f'mailto:{NAME}', (1, 1, 9, 9))),
            'name of a field': draw_pdf(lambda canvas: canvas.acroForm.checkbox(name=NAME)),
            'bookmark': draw_pdf(lambda canvas: (
                canvas.bookmarkPage('x'), canvas.addOutlineEntry(NAME, 'x'))),
            'name of a file': change_pdf(lambda pdf: pdf.addAttachment(f'{NAME}.txt', b'Text')),
            'file': change_pdf(lambda pdf: pdf.addAttachment('a.txt', NAME.encode())),
            'end of a line': draw_pdf(lambda canvas: (
                canvas.drawString(9, 80, "Käthe Gr-"), canvas.drawString(9, 60, "öß"))),
        })
        metadata = b'<x:xmpmeta>%s</x:xmpmeta>' % NAME.encode()
        self.assertFound({'XMP': make_raw_pdf(b'').replace(
            b'/Catalog', b'/Catalog/Metadata 5 0 R').replace(
            b'trailer', b'5 0 obj<</Type/Metadata/Subtype/XML/Length %d>>stream\n%s\n'
            b'endstream endobj\ntrailer' % (len(metadata), metadata))}, 'scan')

    def test_older_versions_of_a_pdf_are_read(self):
        """A change is appended: what it replaces is still in the file."""
        changed = change_pdf_behind(make_pdf(), b'BT ET')
        self.assertEqual(PdfFileReader(io.BytesIO(changed)).pages[0].extract_text().strip(), "")
        self.assertFound({'changed': changed}, unread='scan')  # the page of today has no text
        linearized = make_pdf().replace(b'\n', b'\n%/Linearized %%EOF\n', 1)
        self.assertFound({'first page in front': linearized})

    def test_pictures_in_a_pdf_are_counted(self):
        picture = Image.new('RGB', (90, 90))
        self.assertCounted({
            'in the page': draw_pdf(lambda canvas: canvas.drawInlineImage(picture, 1, 1)),
            'object': draw_pdf(lambda canvas: canvas.drawImage(ImageReader(picture), 1, 1)),
        }, 'inner_picture')

    def test_word_of_an_rtf_file_ends_with_its_group_or_goes_on(self):
        name = rb"K\'e4the Gr\'f6\'df"
        self.assertFound({
            'author': rb'{\rtf1\ansi{\info{\author Ute}{\manager %s}{\company Ute}}}' % name,
            'groups side by side': rb'{\rtf1\ansi{%s}{Ute}}' % name,
            'footnote': rb'{\rtf1\ansi Text{\footnote %s}Ute}' % name,
            'bold letters': rb"{\rtf1\ansi K\'e4the {\b Gr}\'f6\'df}",
        } | {
            space: rb"{\rtf1\ansi Ute\%s K\'e4the\%s Gr\'f6\'df\%s Ute}" % ((space.encode(),) * 3)
            for space in ('emspace', 'enspace', 'qmspace', 'tab', 'line')
        } | {
            dash: rb'{\rtf1\ansi Ute\%s %s\%s Ute}' % (dash.encode(), name, dash.encode())
            for dash in ('emdash', 'endash')})

    def test_names_in_an_archive_are_read(self):
        remark = io.BytesIO()
        with zipfile.ZipFile(remark, 'w') as archive:
            archive.comment = NAME.encode('cp1252')
        tar = io.BytesIO()
        with tarfile.open(fileobj=tar, mode='w') as archive:
            archive.addfile(tarfile.TarInfo(f'{NAME}.txt'))
        packed = io.BytesIO()
        with gzip.GzipFile(f'{NAME}.txt', 'wb', fileobj=packed) as archive:
            archive.write(b'Text')
        self.assertFound({
            'file': make_zip(**{f'{NAME}.txt': b'Text'}), 'folder': make_zip(**{f'{NAME}/': ''}),
            'zip of a Mac': make_zip(**{f'{NAME}.txt': b''}).replace(b'\0\x08\0\0', b'\0\0\0\0'),
            'remark': remark.getvalue(), 'tar': tar.getvalue(), 'gz': packed.getvalue()})

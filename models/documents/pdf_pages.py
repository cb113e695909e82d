"""Finishes a PDF: numbers on its pages, its title and its language."""
import io

from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from odoo.tools import file_path
from odoo.tools.pdf import NameObject, PdfFileReader, PdfFileWriter, createStringObject

FONT = 'web/static/fonts/google/Open_Sans/Open_Sans-Regular.ttf'


def finish(pdf, footer, title, lang):
    """Return a PDF with a footer and a number on each page.

    Not every build of wkhtmltopdf can print them itself.

    :param bytes pdf: as it was printed
    :param str lang: as web pages name it, so that a screen reader speaks it
    """
    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    stamps = PdfFileReader(io.BytesIO(_draw_stamps(reader, footer)), strict=False)
    writer = PdfFileWriter()
    for number in range(reader.getNumPages()):
        page = reader.getPage(number)
        page.mergePage(stamps.getPage(number))
        writer.addPage(page)
    writer.addMetadata({'/Title': title})
    writer._root_object[NameObject('/Lang')] = createStringObject(lang)
    finished = io.BytesIO()
    writer.write(finished)
    return finished.getvalue()


def _draw_stamps(reader, footer):
    """Return a PDF that has nothing but the footers, without letters that the font lacks."""
    font = TTFont('footer', file_path(FONT))
    pdfmetrics.registerFont(font)
    footer = "".join(letter for letter in footer if ord(letter) in font.face.charToGlyph)
    drawn = io.BytesIO()
    canvas = Canvas(drawn)
    pages = reader.getNumPages()
    for number in range(pages):
        box = reader.getPage(number).mediaBox
        width = float(box.getWidth())
        canvas.setPageSize((width, float(box.getHeight())))
        canvas.setFont(font.fontName, 7)
        canvas.drawString(18 * mm, 8 * mm, footer)
        canvas.drawRightString(width - 18 * mm, 8 * mm, f'{number + 1} / {pages}')
        canvas.showPage()
    canvas.save()
    return drawn.getvalue()

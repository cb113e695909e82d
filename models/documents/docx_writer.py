"""Writes the parts of a document as DOCX, with the styles that Word knows.

python-docx is the one package that Odoo does not bring. Without it everything else works.
"""
import io
from collections.abc import Callable
from typing import NamedTuple

try:
    import docx
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor
except ImportError:
    docx = None

SIZES = {True: (210, 297), False: (148, 210)}  # A4 and A5, in mm
MARGINS = {True: 18, False: 12}
FONT = 'Arial'
LONGEST_PROPERTY = 255


class Frame(NamedTuple):
    """What surrounds the content of a document."""
    title: str
    lang: str
    """As web pages name it."""
    footer: str
    letterhead: list
    logo: bytes
    """A PNG, or nothing."""
    is_letter_size: bool
    """A4 with a table of contents, otherwise A5 without."""
    draw_code: Callable
    """Returns the QR code of an address as PNG."""


def is_installed():
    return docx is not None


def write(parts, frame):
    """Return the document as bytes."""
    return _Writer(frame)._write(parts)


class _Writer:
    def __init__(self, frame):
        self.frame = frame
        self.document = docx.Document()

    def _write(self, parts):
        self._set_up()
        for number, part in enumerate(parts):
            self._add(part, self.document)
            if number == 0 and self.frame.is_letter_size:
                _add_field(self.document.add_paragraph(), r'TOC \o "2-3" \h \z \u', is_dirty=True)
        written = io.BytesIO()
        self.document.save(written)
        return written.getvalue()

    def _set_up(self):
        properties, section = self.document.core_properties, self.document.sections[0]
        properties.title, properties.language = self.frame.title, self.frame.lang
        properties.author, properties.comments = self.frame.letterhead[0][:LONGEST_PROPERTY], ''
        width, height = SIZES[self.frame.is_letter_size]
        margin = MARGINS[self.frame.is_letter_size]
        self.width = Mm(width - 2 * margin)
        section.page_width, section.page_height = Mm(width), Mm(height)
        section.left_margin = section.right_margin = Mm(margin)
        section.top_margin = section.bottom_margin = Mm(margin + 2)
        section.header_distance = section.footer_distance = Mm(margin - 5)
        self._set_fonts()
        for lang in self.document.styles.element.iter(qn('w:lang')):
            lang.set(qn('w:val'), self.frame.lang)
        header = section.header.paragraphs[0]
        if self.frame.logo:
            header.add_run().add_picture(io.BytesIO(self.frame.logo), height=Mm(12))
            header = section.header.add_paragraph()
        header.text = "\n".join(self.frame.letterhead)
        footer = section.footer.paragraphs[0]
        footer.paragraph_format.tab_stops.add_tab_stop(self.width, WD_TAB_ALIGNMENT.RIGHT)
        footer.text = f"{self.frame.footer}\t"
        _add_field(footer, 'PAGE')
        footer.add_run(" / ")
        _add_field(footer, 'NUMPAGES')

    def _set_fonts(self):
        """Take a font that every office program has, and sizes that fit the paper."""
        sizes = (10, 20, 14, 12) if self.frame.is_letter_size else (8, 14, 9.5, 9)
        for name, size in zip(('Normal', 'Title', 'Heading 1', 'Heading 2'), sizes, strict=True):
            style = self.document.styles[name]
            style.font.size = Pt(size)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for key in list(fonts.attrib):
                del fonts.attrib[key]
            style.font.name = FONT
            if name != 'Normal':
                style.paragraph_format.space_before = Pt(size)
                style.font.color.rgb = RGBColor(0x21, 0x25, 0x29)
        self.document.styles['Normal'].paragraph_format.space_after = Pt(sizes[0] / 2)
        for name in ('Header', 'Footer'):
            style = self.document.styles[name]
            style.font.size = Pt(8)
            # Those of Word are made for the width of other paper.
            style.paragraph_format.tab_stops.clear_all()

    # === PARTS === #

    def _add(self, part, place):
        getattr(self, f"_add_{part['type']}")(part, place)

    def _add_heading(self, part, place):
        style = "Title" if part['level'] == 1 else f"Heading {part['level'] - 1}"
        paragraph = place.add_paragraph(part['text'], style=style)
        paragraph.paragraph_format.keep_with_next = True

    def _add_paragraph(self, part, place):
        place.add_paragraph(part['text'])

    def _add_article(self, part, place):
        paragraph = place.add_paragraph()
        paragraph.add_run(part['text']).italic = True
        paragraph.paragraph_format.keep_with_next = True

    def _add_bullets(self, part, place):
        for item in part['items']:
            place.add_paragraph(item, style="List Bullet")

    def _add_facts(self, part, place):
        table = self._add_grid(place, len(part['rows']), 2)
        for row, (label, text) in zip(table.rows, part['rows'], strict=True):
            row.cells[0].paragraphs[0].add_run(label).bold = True
            row.cells[1].text = text
            _keep_together(row)
        self._widen(table, [3, 7])
        place.add_paragraph()

    def _add_table(self, part, place):
        table = self._add_grid(place, 1 + len(part['rows']), len(part['head']))
        for row, cells in zip(table.rows, (part['head'], *part['rows']), strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
            _keep_together(row)
        for cell in table.rows[0].cells:
            for run in cell.paragraphs[0].runs:
                run.bold = True
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement('w:tblHeader'))
        self._widen(table, [1] * len(part['head']))
        place.add_paragraph()

    def _add_box(self, part, place):
        cell = self._add_grid(place, 1, 1).cell(0, 0)
        for inner in part['parts']:
            self._add(inner, cell)
        # A new cell starts with an empty paragraph.
        cell._tc.remove(cell.paragraphs[0]._p)
        place.add_paragraph()

    def _add_code(self, part, place):
        picture = io.BytesIO(self.frame.draw_code(part['address']))
        place.add_paragraph().add_run().add_picture(picture, width=Mm(24))
        place.add_paragraph(part['caption'])

    def _add_grid(self, place, rows, columns):
        table = place.add_table(rows, columns)
        table.style = self.document.styles['Table Grid']
        table.autofit = False
        return table

    def _widen(self, table, shares):
        for column, share in zip(table.columns, shares, strict=True):
            width = self.width * share // sum(shares)
            column.width = width
            for cell in column.cells:
                cell.width = width


def _keep_together(row):
    """Let a page end between rows, not within one."""
    row._tr.get_or_add_trPr().append(OxmlElement('w:cantSplit'))


def _add_field(paragraph, instruction, *, is_dirty=False):
    """Add what Word fills in; a dirty field is filled when the document is opened."""
    field = OxmlElement('w:fldSimple')
    field.set(qn('w:instr'), instruction)
    if is_dirty:
        field.set(qn('w:dirty'), 'true')
    paragraph._p.append(field)

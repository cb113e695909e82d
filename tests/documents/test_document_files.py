from odoo.tests import tagged

from ...models.documents.document_parts import flatten
from .printing import (
    can_print,
    convert_docx,
    count_characters,
    get_texts_of_docx,
    read_docx,
    read_pdf,
)
from .test_documents import DocumentCommon

# Together they have every type of part.
KINDS = ('customer_notice', 'customer_information', 'deletion_concept')


@tagged('post_install', '-at_install')
class TestDocumentFiles(DocumentCommon):
    """PDF and DOCX, read back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with can_print(cls.env):
            cls.documents = {
                kind: cls.Document._make(kind, cls.company, 'de_DE') for kind in KINDS}

    def test_pdf_and_docx_say_the_same(self):
        for kind, document in self.documents.items():
            with self.subTest(kind=kind):
                pages = read_pdf(document).pages
                printed = self._join(pages, document)
                written = read_docx(document)
                texts = [paragraph.text for paragraph in written.sections[0].header.paragraphs]
                in_pdf = count_characters(printed)
                in_docx = count_characters("".join(texts + get_texts_of_docx(written)))
                self.assertFalse(in_docx - in_pdf)
                self.assertFalse(in_pdf - in_docx - self._count_repeated(document, len(pages)))

    def test_libreoffice_shows_the_docx_as_the_pdf_is(self):
        for kind, document in self.documents.items():
            with self.subTest(kind=kind):
                pages = convert_docx(document).pages
                [section] = read_docx(document).sections
                repeated = count_characters("".join(
                    paragraph.text for paragraph in section.header.paragraphs) * len(pages))
                repeated += count_characters("".join(
                    "".join(part.get('head', [])) for part in document.content) * len(pages))
                printed = count_characters(self._join(read_pdf(document).pages, document))
                shown = count_characters(self._join(pages, document))
                self.assertFalse(printed - shown - self._count_repeated(document, len(pages)))
                self.assertFalse(shown - printed - repeated)

    def _count_repeated(self, document, pages):
        """Count what a PDF repeats: heads, and without patched Qt a row that a page cuts."""
        return count_characters("".join(
            "".join(row) for part in document.content if 'rows' in part
            for row in [*part['rows'], *[part.get('head', [])] * pages]))

    def _join(self, pages, document):
        """Return the text of the pages without their footer and number."""
        footer = document._speaking()._get_footer(document.content)
        return "\n".join(
            page.extract_text().replace(footer, "").replace(f"{number} / {len(pages)}", "")
            for number, page in enumerate(pages, 1))

    def test_pdf_has_numbers_a_title_and_a_language(self):
        pdf = read_pdf(self.documents['customer_information'])
        self.assertIn(f"2 / {len(pdf.pages)}", pdf.pages[1].extract_text())
        self.assertEqual(pdf.metadata.title, self.documents[
            'customer_information']._speaking().kind_id.name)
        self.assertEqual(pdf.trailer['/Root']['/Lang'], 'de-DE')

    def test_docx_has_styles_contents_and_tables_with_repeated_head(self):
        document = self.documents['deletion_concept']
        written = read_docx(document)
        headings = [paragraph.text for paragraph in written.paragraphs
                    if paragraph.style.name.startswith(("Title", "Heading"))]
        self.assertEqual(headings, [
            part['text'] for part in flatten(document.content) if part['type'] == 'heading'])
        self.assertIn(r'TOC \o', written.element.xml)
        tables = [part for part in document.content if part['type'] == 'table']
        self.assertEqual(written.element.xml.count('<w:tblHeader/>'), len(tables))
        self.assertIn('w:lang w:val="de-DE"', written.styles.element.xml)

    def test_counter_notice_fits_a_page_of_a5_with_its_code(self):
        [page] = read_pdf(self.documents['customer_notice']).pages
        self.assertAlmostEqual(float(page.mediabox.width) / 72 * 25.4, 148, delta=2)
        self.assertTrue(page.images)
        self.assertEqual(len(read_docx(self.documents['customer_notice']).inline_shapes), 1)

    def test_long_texts_and_strange_characters_are_printed(self):
        self._get_block('measures', 'people').own_text_en = "Ä „x“ <b> & 🙂 " * 350
        with can_print(self.env):
            document = self.Document._make('measures', self.company, 'en_US')
        self.assertIn("<b> & 🙂", "\n".join(get_texts_of_docx(read_docx(document))))
        self.assertGreater(len(read_pdf(document).pages), 1)

    def test_characters_of_no_xml_and_long_names_are_printed(self):
        self.company.name = "Laden\x0b\x02\x1f\ufffe" + "x" * 300
        self._get_block('measures', 'people').own_text_en = "Alle\x0bwissen\x02 es"
        with can_print(self.env):
            document = self.Document._make('measures', self.company, 'en_US')
        written = read_docx(document)
        self.assertIn("Alle wissen  es", get_texts_of_docx(written))
        self.assertEqual(len(written.core_properties.author), 255)
        self.assertTrue(read_pdf(document).pages)

    def test_footer_has_letters_of_all_europe_and_no_boxes(self):
        self.company.name = "Księgarnia Łódź Ωβ 🙂"
        with can_print(self.env):
            document = self.Document._make('measures', self.company, 'en_US')
        last = read_pdf(document).pages[-1].extract_text()
        self.assertIn("Księgarnia Łódź Ωβ", last)
        self.assertNotIn("■", last)

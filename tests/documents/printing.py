"""Prints PDFs where wkhtmltopdf has left the distribution, and reads files back."""
import io
import subprocess
import tempfile
from base64 import b64decode
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from unicodedata import normalize
from unittest.mock import patch

from odoo.tests.common import _find_executable, _preexec
from odoo.tools.pdf import PdfFileReader

BULLETS = str.maketrans("", "", "•\uf0b7")  # of printing, and of the font Symbol


@contextmanager
def can_print(env):
    """Let Chromium print the same HTML if there is no wkhtmltopdf."""
    Report = type(env['ir.actions.report'])
    if env['ir.actions.report'].get_wkhtmltopdf_state() != 'install':
        yield
        return
    with (patch.object(Report, 'get_wkhtmltopdf_state', lambda _self: 'ok'),
          patch.object(Report, '_run_wkhtmltopdf', _run_browser)):
        yield


def _run_browser(_report, bodies, **_options):
    [body] = bodies
    with tempfile.TemporaryDirectory() as folder:
        page, printed = Path(folder, 'page.html'), Path(folder, 'printed.pdf')
        size = 'A5' if 'class="paper a5"' in body else 'A4'
        page.write_text(f'{body}<style>@page {{ size: {size}; margin: 12mm }}</style>')
        subprocess.run([
            _find_executable(), '--headless', '--no-sandbox', '--disable-gpu',
            '--no-pdf-header-footer', f'--user-data-dir={folder}/profile',
            f'--print-to-pdf={printed}', page.as_uri()], check=True, capture_output=True,
            preexec_fn=_preexec)  # without the memory limit of Odoo
        return printed.read_bytes()


def read_pdf(document):
    return PdfFileReader(io.BytesIO(b64decode(document.pdf)))


def convert_docx(document):
    """Return the PDF that LibreOffice makes of the DOCX."""
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder, 'document.docx')
        written.write_bytes(b64decode(document.docx))
        subprocess.run([
            'soffice', '--headless', f'-env:UserInstallation=file://{folder}/profile',
            '--convert-to', 'pdf', '--outdir', folder, written], check=True, capture_output=True,
            preexec_fn=_preexec)  # without the memory limit of Odoo
        return PdfFileReader(io.BytesIO(written.with_suffix('.pdf').read_bytes()))


def read_docx(document):
    import docx  # only these tests need it
    return docx.Document(io.BytesIO(b64decode(document.docx)))


def get_texts_of_docx(place):
    """Return the texts of paragraphs and cells, boxes included."""
    texts = [paragraph.text for paragraph in place.paragraphs]
    for table in place.tables:
        for row in table.rows:
            for cell in row.cells:
                texts += get_texts_of_docx(cell)
    return texts


def count_characters(text):
    """Return how often each character occurs; only PDFs draw bullets and ligatures."""
    return Counter("".join(normalize('NFKC', text).split()).translate(BULLETS))

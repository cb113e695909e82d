from base64 import b64decode, b64encode
from hashlib import sha256

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.image import image_process
from odoo.tools.misc import format_date

from . import docx_writer, pdf_pages
from .document_kinds import KINDS

PNG = b'\x89PNG'
DOCTYPE = Markup('<!DOCTYPE html>')


class DsgvoDocument(models.Model):
    """How a document is printed: web page, PDF and DOCX, all from its content."""
    _inherit = 'dsgvo.document'

    def _make_files(self):
        """Make the files; one whose program is not installed stays empty."""
        self.ensure_one()
        if self.env['ir.actions.report'].get_wkhtmltopdf_state() not in ('install', 'broken'):
            self.pdf = self._make_pdf()
        if docx_writer.is_installed():
            self.docx = self._make_docx()

    def _make_pdf(self):
        """Return the PDF, as Odoo stores files.

        :raise UserError: without wkhtmltopdf
        """
        Report = self.env['ir.actions.report']
        if Report.get_wkhtmltopdf_state() in ('install', 'broken'):
            raise UserError(self.env._(
                "The PDF cannot be made, because wkhtmltopdf is not installed on the server. Ask"
                " your administrator to install it, or take the DOCX."))
        shop = self._speaking()
        # sudo: report.paperformat - of this addon
        paper = self.env.ref(f'dsgvo.paperformat_document_{self._get_size()}').sudo()
        report = Report.new({'paperformat_id': paper})
        printed = report._run_wkhtmltopdf([shop._render(self.content, on_paper=True)])
        return b64encode(pdf_pages.finish(
            printed, shop._get_footer(self.content), shop._get_title(self.content),
            shop._get_web_lang()))

    def _make_docx(self):
        """Return the DOCX, as Odoo stores files.

        :raise UserError: without python-docx
        """
        if not docx_writer.is_installed():
            raise UserError(self.env._(
                "The DOCX cannot be made, because the Python package python-docx is not installed"
                " on the server. Ask your administrator to run: pip install python-docx"))
        shop = self._speaking()
        head, *parts = self.content
        return b64encode(docx_writer.write(parts, docx_writer.Frame(
            title=shop._get_title(self.content), lang=shop._get_web_lang(),
            footer=shop._get_footer(self.content),
            letterhead=head['lines'], logo=shop._get_logo(head['logo']),
            is_letter_size=KINDS[self.kind].is_letter_size, draw_code=self._draw_code)))

    def _render(self, content, on_paper=False):
        """Return the content as a web page."""
        head, *parts = content
        return DOCTYPE + self.env['ir.qweb']._render('dsgvo.document_page', {
            'title': self._get_title(content), 'web_lang': self._get_web_lang(), 'parts': parts,
            'letterhead': head['lines'], 'logo': self._get_image(self._get_logo(head['logo'])),
            'size': self._get_size(), 'on_paper': on_paper, 'footer': self._get_footer(content),
            'draw': self._draw_image})

    def _render_parts(self, content):
        """Return the content for the screen of the officer."""
        return self.env['ir.qweb']._render(
            'dsgvo.document_parts', {'parts': content[1:], 'draw': self._draw_image})

    def _draw_image(self, address):
        return self._get_image(self._draw_code(address))

    def _get_size(self):
        return 'a4' if KINDS[self.kind].is_letter_size else 'a5'

    def _get_web_lang(self):
        return self.lang.replace('_', '-')

    def _get_letterhead(self):
        """Return the lines with the name and the address of the company."""
        controller = self.company_id._dsgvo_get_controller()
        if not KINDS[self.kind].is_letter_size:
            return [controller['name']]
        return list(filter(None, (
            controller['name'], ", ".join(controller['address'].splitlines()),
            " · ".join(filter(None, (controller['phone'], controller['mail']))))))

    def _get_title(self, content):
        return content[1]['text']

    def _get_footer(self, content):
        day = fields.Datetime.context_timestamp(
            self.with_context(tz=self.company_id._dsgvo_timezone()),
            self.create_date or self.env.cr.now())
        return " · ".join((
            content[0]['lines'][0], self._get_title(content), format_date(self.env, day.date())))

    def _get_logo_hash(self):
        company = self.company_id
        if company.uses_default_logo or not company.logo:
            return ''
        return sha256(company.logo).hexdigest()

    def _get_logo(self, known):
        """Return the logo of the company as PNG; nothing for one that cannot be drawn.

        :param str known: the hash of the logo that was there when the document was made; it is not
            printed with another one
        """
        if not known or known != self._get_logo_hash():
            return b''
        logo = image_process(
            b64decode(self.company_id.logo), size=(600, 200), output_format='PNG')
        return logo if logo.startswith(PNG) else b''

    def _draw_code(self, address):
        return self.env['ir.actions.report'].barcode('QR', address, width=300, height=300)

    def _get_image(self, png):
        return png and f'data:image/png;base64,{b64encode(png).decode()}'

    def _get_file_name(self, name):
        title = f"{self._speaking().kind_id.name} {self.company_id.name}".replace('/', '-')
        return f'{title}.{name}'

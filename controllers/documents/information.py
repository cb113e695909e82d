from odoo import http
from odoo.exceptions import UserError
from odoo.http import request


class DsgvoInformation(http.Controller):
    @http.route(
        '/dsgvo/information/<int:company_id>', type='http', auth='public', sitemap=False,
        readonly=True, save_session=False)
    def information(self, company_id, lang=None, **_kwargs):
        """Show what a company tells its customers, to whoever asks, as it is today.

        :param str lang: code of a language; otherwise that of the browser or of the company
        """
        # sudo: res.company - a company informs the public (Art. 12 to 14 DSGVO)
        company = request.env['res.company'].sudo().browse(company_id).exists()
        if not company.active:
            raise request.not_found()
        # sudo: dsgvo.document - see above; nothing is stored
        document = request.env['dsgvo.document'].sudo().new({
            'kind': 'customer_information', 'company_id': company.id,
            'lang': self._choose_lang(company, lang)})
        return request.make_response(
            document._speaking()._render(document._compose()),
            [('Content-Type', 'text/html; charset=utf-8')])

    def _choose_lang(self, company, lang):
        # sudo: dsgvo.document - only which languages there are
        Document = request.env['dsgvo.document'].sudo()
        wanted = request.httprequest.accept_languages.values()
        for code in (lang, *wanted, company.partner_id.lang):
            if code and isinstance(code, str):
                try:
                    return Document._find_lang(code.replace('-', '_'))
                except UserError:
                    continue
        return Document._find_lang(None)

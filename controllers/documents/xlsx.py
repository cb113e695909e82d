import os
from contextlib import ExitStack

from odoo import http
from odoo.http import content_disposition, request

XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
CHUNK = 1 << 16


class DsgvoXlsx(http.Controller):
    @http.route('/dsgvo/xlsx/<name>', type='http', auth='user')
    def xlsx(self, name):
        """Send a workbook of `dsgvo.xlsx` to an officer, as it is read from the disk."""
        Xlsx = request.env['dsgvo.xlsx']
        if name not in Xlsx._get_titles():
            raise request.not_found()
        with ExitStack() as stack:
            written = stack.enter_context(Xlsx._open(name))
            size = os.fstat(written.fileno()).st_size
            response = request.make_response(iter(lambda: written.read(CHUNK), b''), [
                ('Content-Type', XLSX), ('Content-Length', size), ('Cache-Control', 'no-store'),
                ('Content-Disposition', content_disposition(f'{Xlsx._get_titles()[name]}.xlsx'))])
            response.call_on_close(stack.pop_all().close)
            return response

from base64 import b64encode

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Command
from odoo.tools import date_utils

REPORT = 'dsgvo.dsgvo_overview_report_pdf'


class DsgvoOverview(models.AbstractModel):
    """The monthly report, by e-mail to the privacy officers of companies that want it."""
    _inherit = 'dsgvo.overview'

    @api.model
    def _cron_report(self):
        """Send the report of the month that is over, once to the officers of each company.

        Each company is a transaction of its own. One whose officers get no e-mail, for want of an
        address or of a consent, is looked at again the next day.
        """
        companies = self.env['res.company'].search([('dsgvo_report_by_mail', '=', True)])
        commit_progress = self.env['ir.cron']._commit_progress
        commit_progress(remaining=len(companies))
        for company in companies:
            self.env['dsgvo.job.failure']._run(
                'report', company.with_company(company), self._send_report)
            if not commit_progress(1):
                break

    @api.model
    def _get_last_month(self, company):
        """Return the first day of the last month that is over in the shop."""
        return date_utils.start_of(company._dsgvo_today(), 'month') - relativedelta(months=1)

    @api.model
    def _send_report(self, company):
        """Send the report of the last month to the officers, each in the own language."""
        month = self._get_last_month(company)
        officers = company._dsgvo_get_officers().filtered('email')
        if not officers or (company.dsgvo_report_month and company.dsgvo_report_month >= month):
            return
        mails = [self.with_context(lang=lang)._mail_report(company, month, some)
                 for lang, some in officers.grouped('lang').items()]
        if any(mail.id for mail in mails):
            company.dsgvo_report_month = month

    def _mail_report(self, company, month, officers):
        """Return the e-mail; it has no id if nobody may get it."""
        report = self.env['dsgvo.overview.report'].create(
            {'company_id': company.id, 'month': f'{month:%Y-%m}'})
        mail = self.env['mail.mail'].create({
            'subject': report._get_title(),
            'body_html': self.env['ir.qweb']._render('dsgvo.overview_report_body', {'doc': report}),
            'email_from': company.email_formatted or self.env.user.email_formatted,
            'recipient_ids': [Command.set(officers.partner_id.ids)],
            'auto_delete': True,
        })
        # The e-mail says the same in its text, so nothing is missing without wkhtmltopdf.
        Report = self.env['ir.actions.report']
        if mail.id and Report.get_wkhtmltopdf_state() not in ('install', 'broken'):
            content, kind = Report._render_qweb_pdf(REPORT, report.ids)
            mail.attachment_ids = [Command.create({
                'name': f'{report._get_title()}.{kind}', 'datas': b64encode(content),
                'res_model': mail._name, 'res_id': mail.id})]
        return mail

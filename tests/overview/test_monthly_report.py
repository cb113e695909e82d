import io
from unittest.mock import patch

from lxml import html

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from ...models.overview.dsgvo_overview_sending import DsgvoOverview
from ..documents.printing import can_print
from .common import OverviewCommon

TODAY = fields.Date.to_date('2026-04-01')


@tagged('post_install', '-at_install')
class TestMonthlyReport(OverviewCommon):
    """One page for a month, printed and by e-mail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(
            type(cls.env['res.company']), '_dsgvo_today', lambda company: TODAY))
        cls.erasure = cls.env['dsgvo.erasure'].sudo().create([
            {'state': 'done', 'reason': 'request', 'done_on': '2026-03-10 10:00:00'},
            {'state': 'done', 'reason': 'request', 'done_on': '2026-02-10 10:00:00'},
            {'state': 'blocked', 'reason': 'request', 'blocker': "Open order: S00042"}])
        cls.quince = cls._add_customers(Quittenbaum='granted')

    def _make(self, user=None, **values):
        return self.env['dsgvo.overview.report'].with_user(user or self.officer).with_context(
            allowed_company_ids=self.company.ids).create(values)

    def _print(self, report):
        page, _kind = self.env['ir.actions.report'].with_user(self.officer)._render_qweb_html(
            'dsgvo.overview_report', report.ids)
        return html.fromstring(page)

    def _get_rows(self, page, chart):
        return [[cell.text_content().strip() for cell in row] for row in page.xpath(
            f'//table[@data-chart="{chart}"]/tbody/tr')]

    def test_last_month_is_proposed_and_its_numbers_stand_on_the_page(self):
        report = self._make()
        self.assertEqual(report.month, '2026-03')
        page = self._print(report)
        self.assertIn("Data protection in March 2026: Buchladen", page.text_content())
        self.assertEqual(self._get_rows(page, 'erased'), [["Mar 2026", "1"]])
        self.assertEqual(self._get_rows(page, 'blocked'), [["Open order", "1"]])
        self.assertIn(["Unlimited storage (100\u00a0%)", "1", "0"], self._get_rows(page, 'share'))
        self.assertEqual(self._get_rows(page, 'mailings'), [["None"]])

    def test_other_months_can_be_chosen(self):
        page = self._print(self._make(month='2026-02'))
        self.assertEqual(self._get_rows(page, 'erased'), [["Feb 2026", "1"]])
        self.assertIn(('2024-05', "May 2024"), self._make()._list_months())

    def test_nobody_is_named_and_no_order_either(self):
        text = self._print(self._make()).text_content()
        for secret in ("Quittenbaum", "S00042"):
            self.assertNotIn(secret, text)

    def test_report_fits_on_a_page(self):
        self.env['dsgvo.erasure'].sudo().create([
            {'state': 'restricted', 'reason': 'request', 'restricted_until': f'{year}-12-31'}
            for year in range(2027, 2037)])
        report = self._make()
        self.env['res.lang']._activate_lang('de_DE')
        with can_print(self.env):
            printed, kind = self.env['ir.actions.report'].with_context(
                force_report_rendering=True, lang='de_DE')._render_qweb_pdf(
                    'dsgvo.dsgvo_overview_report_pdf', report.ids)
        self.assertEqual(kind, 'pdf')
        self.assertEqual(PdfFileReader(io.BytesIO(printed)).getNumPages(), 1)

    @mute_logger('odoo.http')
    def test_only_officers_of_the_company_get_it(self):
        for user in self.clerk, self.manager:
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._make(user, company_id=self.company.id)
        foreign = self.env['res.company'].create({'name': "Fremde"})
        with self.assertRaises(AccessError):
            self._make(company_id=foreign.id)


@tagged('post_install', '-at_install')
class TestReportByMail(OverviewCommon):
    """The officers get the report once for each month, if the company wants it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = TODAY
        cls.startClassPatcher(patch.object(
            type(cls.env['res.company']), '_dsgvo_today', lambda company: cls.today))

    def _run_job(self):
        """Run the job and return the e-mails that it made."""
        Mail = self.env['mail.mail'].sudo()
        known = Mail.search([])
        with self.enter_registry_test_mode():
            self.env.ref('dsgvo.ir_cron_report').method_direct_trigger()
        self.env.invalidate_all()
        return Mail.search([]) - known

    def _want(self, companies=None):
        for company in companies or self.company:
            company.with_user(self.officer).with_context(
                allowed_company_ids=company.ids).write({'dsgvo_report_by_mail': True})

    def test_nothing_is_sent_unless_it_is_wanted(self):
        self.assertFalse(self._run_job())

    def test_officers_get_it_once_for_a_month(self):
        self._want()
        mail = self._run_job()
        self.assertEqual(mail.recipient_ids, self.officer.partner_id)
        self.assertEqual(mail.subject, "Data protection in March 2026: Buchladen")
        self.assertIn("Consents of all customers", mail.body_html)
        self.assertFalse(self._run_job())
        type(self).today = fields.Date.to_date('2026-05-01')
        self.addCleanup(setattr, type(self), 'today', TODAY)
        self.assertEqual(self._run_job().subject, "Data protection in April 2026: Buchladen")

    def test_each_officer_reads_the_own_language(self):
        self.env['res.lang']._activate_lang('de_DE')
        self.env['ir.module.module']._load_module_terms(['dsgvo'], ['de_DE'])
        other = new_test_user(
            self.env, 'overview_german', groups='dsgvo.group_officer', lang='de_DE',
            email='g@shop.example', company_id=self.company.id, company_ids=self.company.ids)
        self._want()
        mails = {mail.recipient_ids: mail.subject for mail in self._run_job()}
        self.assertEqual(set(mails), {self.officer.partner_id, other.partner_id})
        self.assertIn("März 2026", mails[other.partner_id])

    def test_pdf_is_attached_where_it_can_be_made(self):
        self._want()
        Report = type(self.env['ir.actions.report'])
        with patch.object(Report, 'get_wkhtmltopdf_state', lambda _self: 'ok'):
            [attachment] = self._run_job().attachment_ids
        self.assertIn(b"Data protection in March 2026", attachment.raw)

    def test_company_that_fails_does_not_keep_the_others_from_it(self):
        self._want(self.company | self.other)
        send = DsgvoOverview._mail_report

        def fail(overview, company, month, officers):
            if company == self.company:
                raise ValueError
            return send(overview, company, month, officers)

        with (patch.object(DsgvoOverview, '_mail_report', fail),
              mute_logger('odoo.addons.dsgvo.models.jobs.dsgvo_job_failure')):
            subjects = self._run_job().mapped('subject')
        self.assertIn("Data protection in March 2026: Papierladen", subjects)
        self.assertNotIn("Data protection in March 2026: Buchladen", subjects)
        self.assertEqual(self.env['dsgvo.job.failure'].sudo().search(
            [('job', '=', 'report')]).company_id, self.company)

    def test_without_an_address_it_is_sent_later(self):
        self.officer.email = False
        self._want()
        self.assertFalse(self._run_job())
        self.officer.email = 'o@shop.example'
        self.assertTrue(self._run_job())

    def test_report_that_no_officer_may_get_is_sent_later(self):
        """The gate leaves out the e-mail; nothing is attached to one that does not exist."""
        self._want()
        Attachment = self.env['ir.attachment'].sudo()
        known = Attachment.search_count([])
        with (patch.object(type(self.env['ir.actions.report']), 'get_wkhtmltopdf_state',
                           lambda _self: 'ok'),
              patch.object(type(self.env['mail.mail']), '_dsgvo_prepare',
                           lambda _self, vals_list: [None] * len(vals_list))):
            self.assertFalse(self._run_job())
        self.assertFalse(self.company.dsgvo_report_month)
        self.assertEqual(Attachment.search_count([]), known)
        self.assertTrue(self._run_job())

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import date_utils, format_date

MONTHS = 24  # that can be chosen, this one included


class DsgvoOverviewReport(models.TransientModel):
    """The monthly report: the numbers of the overview for one month of one company, on a page."""
    _name = 'dsgvo.overview.report'
    _description = "Monthly Report"
    _rec_name = 'month'

    company_id = fields.Many2one(
        'res.company', required=True, default=lambda self: self.env.company)
    month = fields.Selection(
        '_list_months', required=True, default=lambda self: self._default_month())

    @api.model
    def _default_month(self):
        return f'{self.env["dsgvo.overview"]._get_last_month(self.env.company):%Y-%m}'

    @api.model
    def _list_months(self):
        this_month = date_utils.start_of(self.env.company._dsgvo_today(), 'month')
        months = (this_month - relativedelta(months=number) for number in range(MONTHS))
        return [(f'{month:%Y-%m}', self._format(month)) for month in months]

    def action_print(self):
        return self.env.ref('dsgvo.dsgvo_overview_report_pdf').report_action(self)

    def _get_columns(self):
        """Return the sections of the overview in two columns, which stand side by side."""
        sections = self.env['dsgvo.overview']._read_month(self.company_id, self._get_day())
        return sections[:2], sections[2:]

    def _get_title(self):
        return self.env._(
            "Data protection in %(month)s: %(company)s", month=self._format(self._get_day()),
            company=self.company_id.name)

    def _get_day(self):
        return fields.Date.to_date(f'{self.month}-01')

    def _format(self, month):
        return format_date(self.env, month, date_format='LLLL yyyy')

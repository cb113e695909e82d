from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, date_utils, format_date, format_datetime

from .charts import CHARTS, SECTIONS
from .numbers import add

MONTHS = 12
LONGEST_AXIS = 8  # rows of a chart whose texts nobody knows before
# Rows of a table from which on the charts show what the job has counted at night.
LARGE = 100_000
COUNTED_TABLES = ('res_partner', 'dsgvo_consent_event', 'dsgvo_notification', 'mailing_trace',
                  'dsgvo_erasure')


class DsgvoOverview(models.AbstractModel):
    """How the shop does, in numbers, for privacy officers and managers.

    Nothing here names a person. The numbers are those of the chosen companies, whoever asks; what
    lies behind them opens only for users who may see it.
    """
    _name = 'dsgvo.overview'
    _description = "Overview"

    @api.model
    def read_overview(self, anew=False):
        """Return the sections of the overview for the chosen companies, in the user's language.

        The charts are about twelve months, this one included.

        :param bool anew: count now, even if that takes longer than anybody likes to wait
        :return: `{'counted_on': text, 'is_counted_at_night': bool, 'sections': […]}`, see
            `_describe`
        :raise AccessError: for anybody but privacy officers and managers
        """
        if not self.env.user.has_group('dsgvo.group_manager'):
            raise AccessError(self.env._(
                "Only privacy officers and managers see the overview. Ask your administrator for"
                " one of these roles if you need the numbers."))
        companies = self.env.companies
        # sudo: dsgvo.overview - numbers of companies of the user, which name nobody
        overview = self.sudo()
        counts, counted_on = overview._get_counts(companies, anew)
        return {
            'counted_on': format_datetime(self.env, counted_on),
            'is_counted_at_night': overview._is_large(),
            'sections': overview._describe(
                counts, self._get_tiles(companies, counts), *self._get_period(self.env.company)),
        }

    @api.model
    def _read_month(self, company, month):
        """Return the sections for one month of one company, for its report.

        What has no date is as it is now.

        :param month: any day of the month
        """
        # sudo: dsgvo.overview - as in `read_overview`; the caller checks who asks
        overview = self.sudo().with_context(allowed_company_ids=company.ids)
        first, last = date_utils.start_of(month, 'month'), date_utils.end_of(month, 'month')
        counts = overview._add_up({company: overview._count(company, first, last)})
        return overview._describe(counts, overview._get_tiles(company, counts), first, last)

    @api.model
    def _get_period(self, company):
        """Return the first and the last day that the charts show."""
        today = company._dsgvo_today()
        return date_utils.start_of(today, 'month') - relativedelta(months=MONTHS - 1), today

    @api.model
    def _is_large(self):
        """Return whether counting takes so long that nobody is to wait for it."""
        [[rows]] = self.env.execute_query(SQL(
            "SELECT max(reltuples) FROM pg_class WHERE oid = ANY(%s::regclass[]::oid[])",
            [*COUNTED_TABLES]))
        return rows >= LARGE

    # === WORDS === #

    @api.model
    def _describe(self, counts, tiles, first, last):
        """Return `[{'name', 'title', 'tiles', 'charts'}]`.

        A chart is `{'name', 'title', 'labels': [text], 'series': [{'name', 'label', 'values':
        [number for each label]}], 'total'}`. For tiles see `_get_tiles`. Sections of which the
        user sees nothing are left out.
        """
        return [
            {'name': section, 'title': self.env._(title), 'tiles': tiles.get(section, []),
             'charts': charts}
            for section, title in SECTIONS.items()
            if (charts := [
                self._describe_chart(chart, counts.get(chart.name, {}), first, last)
                for chart in CHARTS if chart.section == section]) or tiles.get(section)]

    def _describe_chart(self, chart, counts, first, last):
        if chart.rows == 'text':
            counts = self._join_rare(counts)
        elif chart.rows == 'year':  # two companies may not have the same years
            counts = dict(sorted(counts.items()))
        known = self._get_labels(chart.rows, first, last) or {row: row for row in counts}
        rows = {row: label for row, label in known.items() if chart.shows_all or row in counts}
        series = [
            {'name': column, 'label': label,
             'values': [counts.get(row, {}).get(column, 0) for row in rows]}
            for column, label in self._get_labels(chart.columns, first, last).items()]
        return {
            'name': chart.name, 'title': self.env._(chart.title),
            'labels': [self._add_share(label, counts.get(row, {}), chart.share_of)
                       for row, label in rows.items()],
            'series': [one for one in series if any(one['values'])],
            'total': sum(sum(one['values']) for one in series)}

    def _add_share(self, label, columns, column):
        if not column or not (total := sum(columns.values())):
            return label
        return self.env._(
            "%(label)s (%(share)s\u00a0%%)", label=label,
            share=round(100 * columns.get(column, 0) / total))

    def _join_rare(self, counts):
        """Return the counts with the most frequent row first, and the rare ones in one row."""
        ranked = sorted(counts, key=lambda row: (-sum(counts[row].values()), row))
        joined = {row: counts[row] for row in ranked[:LONGEST_AXIS]}
        for row in ranked[LONGEST_AXIS:]:
            add(joined, {self.env._("Others"): counts[row]})
        return joined

    def _get_labels(self, axis, first, last):
        """Return `{key: label}` in the order of the chart, {} if the counts say the texts."""
        if axis in ('text', 'year'):
            return {}
        if axis == 'month':
            return {
                f'{month:%Y-%m}': format_date(self.env, month, date_format='LLL yyyy')
                for month in date_utils.date_range(first, last, relativedelta(months=1))}
        if isinstance(axis, dict):
            return {key: self.env._(label) for key, label in axis.items()}
        model, field = axis
        return dict(self.env[model]._fields[field]._description_selection(self.env))

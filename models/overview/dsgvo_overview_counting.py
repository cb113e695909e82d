from datetime import datetime, time, timedelta

import pytz

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..consent.dsgvo_consent_event import PURPOSES
from ..consent.dsgvo_consent_event_expiry import WARN_BEFORE
from ..notification.res_partner import TOLD
from .charts import HOURS
from .numbers import OF_ALL, add, collect

# Decisions that Odoo recorded without anybody having decided.
OF_NOBODY = ('merge',)
LEFT_OUT = {
    'objected': ('mail_bl', 'mail_optout', 'sms_blacklist', 'sms_optout'),
    'address': ('mail_email_invalid', 'mail_email_missing', 'sms_number_missing',
                'sms_number_format'),
    'twice': ('mail_dup', 'sms_duplicate'),
}


class DsgvoOverview(models.AbstractModel):
    """What is counted for the charts: a statement for each table, whatever is in it."""
    _inherit = 'dsgvo.overview'

    @api.model
    def _count(self, company, first, last):
        """Return `{name of the chart: counts}` of a company, see `numbers.py` and `_add_up`.

        The tiles with these names are counted along: `expiring` and `uncollected`. Customers of
        no company in particular stand apart, under names that end in `OF_ALL`.
        """
        self.env.flush_all()
        here = self.with_company(company)
        start, end = _get_bounds(company, first, last)
        return {
            **here._count_customers(company),
            **here._count_decisions(company, first, last),
            **here._count_notifications(company, start, end),
            'mailings': here._count_mailings(company, start, end),
            **here._count_erasures(company, start, end),
        }

    @api.model
    def _add_up(self, counted):
        """Return the counts of several companies in one.

        Companies that share consents have the customers of no company in common: once is enough.

        :param dict counted: `{company: what _count returned}`
        """
        controllers = self.env['res.company']._dsgvo_controllers()
        total, seen = {}, set()
        for company, numbers in counted.items():
            for name, counts in numbers.items():
                if not name.endswith(OF_ALL) or controllers[company.id] not in seen:
                    add(total.setdefault(name.removesuffix(OF_ALL), {}), counts)
            seen.add(controllers[company.id])
        return total

    def _count_customers(self, company):
        """Read each customer once: what was decided on each purpose, and what expires soon.

        Companies are asked about advertising only.
        """
        Partner = self.env['res.partner']
        query = Partner._search(
            Partner._dsgvo_customers_domain() & Domain('company_id', 'in', [False, company.id]))
        consents = [
            Partner._field_to_sql(query.table, f'consent_{purpose}', query)
            for purpose, _label in PURPOSES]
        expiry = SQL("FALSE")
        if company._dsgvo_get_validity():
            expiry = SQL("coalesce(%s <= %s, FALSE)", Partner._field_to_sql(
                query.table, 'consent_expiry_date', query), company._dsgvo_today() + WARN_BEFORE)
        query.groupby = SQL("1, 2, 3, 4, 5, 6")
        cells, expiring = {'': [], OF_ALL: []}, 0
        for *values, is_company, is_of_all, expires, number in self.env.execute_query(query.select(
                *consents, SQL("%s IS TRUE", SQL.identifier(query.table, 'is_company')),
                SQL("%s IS NULL", SQL.identifier(query.table, 'company_id')), expiry,
                SQL("count(*)"))):
            whose = OF_ALL if is_of_all else ''
            cells[whose] += [
                (purpose, value or 'never', number)
                for (purpose, _label), value in zip(PURPOSES, values, strict=True)
                if purpose == 'marketing' or not is_company]
            expiring += number * expires
        return {
            **{f'share{whose}': collect(own) for whose, own in cells.items()},
            'expiring': {'all': {'number': expiring}}}

    def _count_decisions(self, company, first, last):
        """Count the ledger of a company by month, by means and by till; merging decides nothing."""
        rows = self.env.execute_query(SQL(
            """
            SELECT to_char(date, 'YYYY-MM'), decision, means, till, count(*)
              FROM dsgvo_consent_event
             WHERE company_id = %s AND date BETWEEN %s AND %s AND means != ALL(%s)
             GROUP BY 1, 2, 3, 4
            """, company.id, first, last, list(OF_NOBODY)))
        return {
            'months': collect((month, what, number) for month, what, _, _, number in rows),
            'means': collect((means, what, number) for _, what, means, _, number in rows),
            'tills': collect((till, what, number) for _, what, _, till, number in rows if till),
        }

    def _count_notifications(self, company, start, end):
        """Count messages by type, and how many hours after the goods came the customer knew."""
        speed = SQL("CASE %s ELSE 'later' END", SQL(" ").join(
            SQL("WHEN hours_until_told <= %s THEN %s", limit, str(limit)) for limit in HOURS))
        rows = self.env.execute_query(SQL(
            """
            SELECT notification_type, CASE WHEN state = ANY(%s) THEN 'told' ELSE state END,
                   CASE WHEN state = ANY(%s) AND kind = 'available' AND told_on IS NOT NULL
                        THEN %s END,
                   count(*)
              FROM dsgvo_notification
             WHERE company_id = %s AND create_date >= %s AND create_date < %s
             GROUP BY 1, 2, 3
            """, list(TOLD), list(TOLD), speed, company.id, start, end))
        uncollected = self.env['dsgvo.notification'].search_count(
            Domain('is_uncollected', '=', True) & Domain('company_id', '=', company.id))
        return {
            'channels': collect((channel, state, number) for channel, state, _, number in rows),
            'speeds': collect((late, channel, number) for channel, _, late, number in rows if late),
            'uncollected': {'all': {'number': uncollected}},
        }

    def _count_mailings(self, company, start, end):
        """Count the recipients of the mailings that were sent for a company."""
        sent = self.env['mailing.mailing'].with_context(active_test=False).search(
            Domain('dsgvo_company_id', '=', company.id) & Domain('state', '=', 'done')
            & Domain('sent_date', '>=', start) & Domain('sent_date', '<', end))
        reasons = SQL(" ").join(
            SQL("WHEN failure_type = ANY(%s) THEN %s", list(types), reason)
            for reason, types in LEFT_OUT.items())
        rows = self.env.execute_query(SQL(
            """
            SELECT CASE WHEN trace_status IN ('sent', 'open', 'reply', 'pending') THEN 'reached'
                        WHEN trace_status IN ('outgoing', 'process') THEN 'waiting'
                        %s ELSE 'failed' END,
                   count(*)
              FROM mailing_trace
             WHERE mass_mailing_id = ANY(%s) AND is_test_trace IS NOT TRUE
             GROUP BY 1
            """, reasons, sent.ids))
        left_out = [(reason, sum(sent.mapped(f'dsgvo_{reason}_when_sent')))
                    for reason in ('unasked', 'refused')]
        return collect((outcome, 'number', number) for outcome, number in rows + left_out if number)

    def _count_erasures(self, company, start, end):
        """Count the erased customers, and the blocked and restricted ones of this moment."""
        Erasure, of_company = self.env['dsgvo.erasure'], Domain('company_id', '=', company.id)
        done = Erasure.with_context(tz=company._dsgvo_timezone())._read_group(
            of_company & Domain('state', '=', 'done') & Domain('done_on', '>=', start)
            & Domain('done_on', '<', end), ['done_on:month'], ['__count'])
        return {
            'erased': collect((f'{month:%Y-%m}', 'number', number) for month, number in done),
            'blocked': collect((reason, 'number', number)
                               for reason, number in Erasure._count_reasons(of_company)),
            'restricted': collect((str(year), 'number', number)
                                  for year, number in Erasure._count_years(of_company)),
        }


def _get_bounds(company, first, last):
    """Return when two days of a company begin and end, in UTC: the end is the first moment after"""
    zone = pytz.timezone(company._dsgvo_timezone())
    return [
        zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
        for day in (first, last + timedelta(days=1))]

from collections import defaultdict
from datetime import timedelta
from itertools import chain

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every
from odoo.tools.translate import LazyTranslate

from .res_company import VALIDITY_FIELDS

_lt = LazyTranslate(__name__)
WARN_BEFORE = timedelta(days=30)
EXPIRY = 'dsgvo.activity_type_expiry'
EXPIRES_SOON = _lt("Consents expire soon")


class DsgvoConsentEvent(models.Model):
    _inherit = 'dsgvo.consent.event'

    @api.model
    def _cron_expire(self, batch_size=500):
        """Record the end of consents whose validity is over, and announce those that end soon.

        They have not counted since the day itself (see consent_fields.py). The customer counts as
        never asked: nothing is refused, and nobody is erased.
        """
        commit_progress = self.env['ir.cron']._commit_progress
        companies = self.env['res.company'].search(
            Domain.OR(Domain(field, '>', 0) for field in VALIDITY_FIELDS.values()))
        waiting = {company: self.with_company(company)._find_over() for company in companies}
        # A company is done when its officers are reminded, so it counts as one more.
        commit_progress(remaining=sum(map(len, waiting.values())) + len(companies))
        for company, subjects in waiting.items():
            for ids in split_every(batch_size, subjects.ids):
                self.with_company(company)._expire(subjects.browse(ids))
                if not commit_progress(len(ids)):
                    return
            self.env['dsgvo.job.failure']._run(
                'remind', company, lambda company: company._dsgvo_remind_of_expiry())
            commit_progress(1)

    @api.model
    def _find_over(self):
        """Return the persons with a consent that may not be valid any more at this company."""
        # sudo: res.partner - the contacts of all who decided at this company, whoever runs the job
        Partner = self.env['res.partner'].sudo().with_context(active_test=False)
        return Partner.search(
            Domain('consent_expiry_date', '<=', self.env.company._dsgvo_today())
            & Partner._dsgvo_subjects_domain(), order='id')

    @api.model
    def _expire(self, subjects):
        """Record as expired the consents of these persons that are over at this company."""
        today = self.env.company._dsgvo_today()
        ended = defaultdict(list)
        for last in self._query_last(subjects):
            end = self._get_end(last)
            if end and end <= today:
                # Dated on the last day, so that a consent given anew since then counts.
                ended[last.partner_id].append({
                    'partner_id': last.partner_id, 'purpose': last.purpose, 'decision': 'expired',
                    'means': 'system', 'date': end})
        # sudo: dsgvo.consent.event - only Odoo itself records this decision
        Event = self.sudo()
        self.env['dsgvo.job.failure']._run(
            'expire', subjects.browse(ended),
            lambda some: Event.create([*chain(*(ended[subject_id] for subject_id in some.ids))]))

    @api.model
    def _get_end(self, last):
        """Return the day on which a `LastDecision` ends at this company, None if it does not."""
        months = self.env.company._dsgvo_get_validity().get(last.purpose)
        if last.decision == 'granted' and months:
            return last.date + relativedelta(months=months)
        return None

    @api.model
    def _get_expiry(self, last):
        """Return the same day as `_get_end`, also once the job has recorded the end."""
        return last.date if last.decision == 'expired' else self._get_end(last)


class ResCompany(models.Model):
    _inherit = 'res.company'

    def _dsgvo_remind_of_expiry(self):
        """Remind the privacy officers of this company that consents are to be renewed soon.

        The activity goes when nobody is left.
        """
        self.ensure_one()
        soon = self._dsgvo_today() + WARN_BEFORE
        # sudo: res.partner - only a number
        Partner = self.env['res.partner'].sudo().with_company(self)
        count = Partner.search_count(
            Domain('consent_expiry_date', '<=', soon) & Partner._dsgvo_subjects_domain())
        if not count:
            self._dsgvo_settle(EXPIRES_SOON)
            return
        self._dsgvo_remind_officers(EXPIRES_SOON, _lt(
            "Customers whose consents expire within a month: %(count)s. Ask these customers "
            "again: the filter “Expires Soon” lists them.", count=count),
            'dsgvo.res_partner_action_register', activity_type=EXPIRY)


class ResPartner(models.Model):
    """Whose consents are to be renewed soon."""
    _inherit = 'res.partner'

    dsgvo_expires_soon = fields.Boolean(
        "Consents Expire Soon", store=False, search='_search_dsgvo_expires_soon')

    def _search_dsgvo_expires_soon(self, operator, value):
        """Find whose consents end soon at any of the chosen companies, each by its own validity."""
        if operator != 'in':
            return NotImplemented
        return Domain.OR(
            self._dsgvo_expires_soon_domain(company) for company in self.env.companies
            if company._dsgvo_get_validity())

    @api.model
    def _dsgvo_expires_soon_domain(self, company):
        """Return the `Domain` of contacts whose consents to one company end soon."""
        soon = company._dsgvo_today() + WARN_BEFORE
        return Domain('company_id', 'in', [False, company.id]) & Domain.custom(
            to_sql=lambda model, alias, query: SQL("coalesce(%s <= %s, FALSE)", model.with_company(
                company)._field_to_sql(alias, 'consent_expiry_date', query), soon))

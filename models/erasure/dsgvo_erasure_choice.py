from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

from ..consent.res_partner import CONSENT_FIELDS
from .dry_run import DryRun

_lt = LazyTranslate(__name__)


class DsgvoErasure(models.Model):
    """The persons who may be chosen, what an erasure would do, and those who wait too long."""
    _inherit = 'dsgvo.erasure'

    @api.model
    def _get_refused_ids(self):
        """Return the ids of contacts that are no customers: placeholders, users, staff.

        A person who does not work in the shop any more may have been a customer as well.
        """
        # sudo: res.users - only which contacts are logins of the shop
        users = self.env['res.users'].sudo().search([('share', '=', False)])
        refused = self._get_placeholders() | users.partner_id
        if 'hr.employee' in self.env:
            # sudo: hr.employee - only which contacts are staff
            staff = self.env['hr.employee'].sudo().search(Domain('work_contact_id', '!=', False))
            refused |= staff.work_contact_id
        return refused.ids

    @api.model
    def _find_refused(self, subjects, reason, company):
        """Return `{subject: why}` of those whom `company` cannot choose; one query per kind."""
        refused_ids = set(self._get_refused_ids())
        allowed = self._find_overruling(subjects, reason, company)
        # sudo: dsgvo.erasure - until when, as reason for the officer who chose these customers
        restricted = dict(self.sudo()._read_group(
            [('partner_id', 'in', subjects.ids), ('state', '=', 'restricted')],
            ['partner_id'], ['restricted_until:max']))
        refused = {}
        for subject in subjects:
            if subject.id in refused_ids:
                refused[subject] = self.env._(
                    "Is no customer but belongs to this database: a user, an employee, an own"
                    " company or a placeholder")
            elif subject.dsgvo_erased:
                refused[subject] = self.env._("Was erased already")
            elif subject in restricted:
                refused[subject] = self.env._(
                    "Was erased already, only documents are kept until %(date)s",
                    date=format_date(self.env, restricted[subject]))
            elif subject in allowed:
                refused[subject] = (
                    self.env._("Is a company, not a person: erased on request only")
                    if subject.is_company else
                    self.env._("Agreed to unlimited storage: erased on request only"))
        return refused

    @api.model
    def _find_overruling(self, subjects, reason, company):
        """Return those whom `company` may keep, so that it does not erase them for this reason.

        An address below a company that carries a name of its own needs no consent to be kept; by
        hand it is erased all the same.
        """
        if reason == 'request':
            return subjects.browse()
        subjects = subjects.with_company(company)
        # What the answer needs, without the properties per company that Odoo would read along.
        # sudo: res.partner - only to decide
        subjects.sudo().fetch([
            *CONSENT_FIELDS, 'dsgvo_subject_id', 'is_company', 'type', 'parent_id'])
        allowed = subjects._dsgvo_allows('storage')
        if reason == 'manual':
            allowed = allowed.filtered(
                lambda subject: subject.is_company or 'storage' in subject._dsgvo_granted())
        return allowed

    @api.model
    def _dry_run(self, subjects, company):
        """Return what an erasure would do today, `{subject id: Forecast}`. Changes nothing."""
        if not subjects:
            return {}
        # sudo: any model - counts of rows per kind, for the officer only
        env = self.sudo().env
        anonymous_id = env['res.company'].browse(company.id).dsgvo_anonymous_partner_id.id
        return DryRun(env, [(subject.id, anonymous_id) for subject in subjects]).run()

    @api.model
    def _remind_of_stuck(self, days):
        """Tell the officers, by one activity per company, how many wait longer than `days`.

        Blocked customers count, and so do those who should have gone and did not. Extend with
        `super()`.
        """
        before = fields.Datetime.now() - timedelta(days=days)
        overdue = Domain('not_before', '=', False) | Domain('not_before', '<', before)
        waiting = Domain('create_date', '<', before) & (
            Domain('state', '=', 'blocked') | Domain('state', '=', 'due') & overdue
            | Domain('state', '=', 'restricted') & Domain('restricted_until', '<', before.date()))
        self._remind_of_each_company(waiting, _lt("DSGVO: erasures are stuck"), lambda count: _lt(
            "Erasures that have waited for more than %(days)s days: %(count)s. The list of "
            "erasures gives the reasons. If it gives none, the scheduled action that erases "
            "does not run: tell your Odoo administrator.", count=count, days=days))

    def _remind_of_each_company(self, domain, summary, describe):
        """Remind the officers of each company of its erasures of a domain.

        :param summary: a lazy text, of `odoo.tools.translate.LazyTranslate`
        :param describe: returns the note, as lazy text, for a number of erasures
        :return: the officers who could not be reminded
        """
        # sudo: dsgvo.erasure - only how many there are at each company
        counts = self.sudo()._read_group(domain, ['company_id'], ['__count'])
        companies = self.env['res.company']
        companies._dsgvo_settle_elsewhere(
            summary, companies.union(*(company for company, _count in counts)))
        return self.env['res.users'].union(*(
            company._dsgvo_remind_officers(summary, describe(count), 'dsgvo.dsgvo_erasure_action')
            for company, count in counts))

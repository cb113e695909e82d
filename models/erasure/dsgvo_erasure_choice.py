from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

from .preview import ErasurePreview

_lt = LazyTranslate(__name__)


class DsgvoErasure(models.Model):
    """Who may be chosen for an erasure, what it would do, and who waits for too long."""
    _inherit = 'dsgvo.erasure'

    @api.depends('partner_id', 'state')
    def _compute_advice(self):
        """Say what ends each reason to wait, as it is at this moment."""
        blocked = self.filtered(lambda erasure: erasure.state == 'blocked')
        Blocker = self.env['dsgvo.erasure.blocker']
        seen, _failures = Blocker._look(blocked.partner_id)
        for erasure in self:
            reasons = seen.get(erasure.partner_id, ()) if erasure in blocked else ()
            own, others = erasure._split_orders(reasons)
            erasure.advice = "\n".join([
                *Blocker._get_advice(reasons), *erasure._get_advice_on_orders(own, others)])
            erasure.has_open_orders = bool(own)

    def _split_orders(self, reasons):
        """Return the open orders that *Close Open Orders* closes, and the others.

        It closes those of the customer at the company of the erasure. The others are of another
        company, or of somebody else who has something delivered or invoiced to the customer.

        :param reasons: what keeps the customer, of `dsgvo.erasure.blocker._look`
        """
        orders = self.env['sale.order'].union(*(
            records for check, records in reasons if check.model == 'sale.order'))
        own = orders.filtered(
            lambda order: order.partner_id.dsgvo_subject_id == self.partner_id
            and order.company_id == self.company_id)
        return own, orders - own

    def _get_advice_on_orders(self, own, others):
        """Return who can close which orders, and where."""
        lines = []
        if own:
            lines.append(self.env._(
                "%(orders)s: “Close Open Orders” here closes them, for the privacy officer.",
                orders=", ".join(own.mapped('name'))))
        for company, orders in others.grouped('company_id').items():
            lines.append(self.env._(
                "%(orders)s of %(company)s: cannot be closed here, because the order belongs to "
                "another customer or company. A salesperson there closes it with “DSGVO: Close "
                "Order” in the menu of the order.",
                orders=", ".join(orders.mapped('name')), company=company.name))
        return lines

    def action_close_orders(self):
        """Cancel what these customers did not get, so that their orders are over.

        :raise AccessError: for anybody but the privacy officer
        """
        self.check_access('read')
        if not self.env.user.has_group('dsgvo.group_officer'):
            raise AccessError(self.env._("Only the privacy officer can close all open orders."))
        # sudo: sale.order - the officer decides it for the customer who is to be erased
        erasures = self.sudo()
        seen, _failures = self.env['dsgvo.erasure.blocker']._look(erasures.partner_id)
        erasures.env['sale.order'].union(*(
            erasure._split_orders(seen.get(erasure.partner_id, ()))[0] for erasure in erasures
        )).action_dsgvo_close()

    @api.model
    def _get_refused_ids(self):
        """Return the ids of contacts that are no customers: placeholders, users, staff.

        Who does not work in the shop any more may have been a customer as well.
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
        allowed = subjects.with_company(company)._dsgvo_allows('storage')
        if reason == 'manual':
            allowed = allowed.filtered(
                lambda subject: subject.is_company or 'storage' in subject._dsgvo_granted())
        return allowed

    @api.model
    def _preview(self, subjects, company):
        """Return what an erasure would do today, `{subject id: Forecast}`. Changes nothing."""
        if not subjects:
            return {}
        # sudo: any model - counts of rows per kind, for the officer only
        env = self.sudo().env
        anonymous_id = env['res.company'].browse(company.id).dsgvo_anonymous_partner_id.id
        return ErasurePreview(env, [(subject.id, anonymous_id) for subject in subjects]).run()

    @api.model
    def _remind_of_stuck(self, days):
        """Tell the officers, by one activity per company, how many wait for longer than `days`.

        Not only who is blocked: also who should have gone and did not. Extend with `super()`.
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
        return self.env['res.users'].union(*(
            company._dsgvo_remind_officers(summary, describe(count), 'dsgvo.dsgvo_erasure_action')
            for company, count in counts))

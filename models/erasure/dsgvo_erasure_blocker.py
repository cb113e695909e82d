from collections import defaultdict

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_date, formatLang
from odoo.tools.translate import LazyTranslate

from ..jobs.isolation import BUSY, without_jit
from ..map.rows import PersonRows
from .extensions import Check
from .open_orders import get_open_domain

_lt = LazyTranslate(__name__)

# Claims from a purchase end three years after its year (§§ 195, 199 BGB).
PURCHASE_CLAIMS_SINCE = 'today -3y =1m =1d'
# Half of a hundredth of a point, the last digit that is shown.
HALF_A_POINT = 0.005
# Programs whose cards get their points once.
COUPONS = ('coupons', 'next_order_coupons')
# Models of balances that the officer may give up after having seen the amount.
BALANCE_MODELS = ('loyalty.card',)
CHOSEN_BY_OFFICER = ('request', 'manual')


class DsgvoErasureBlocker(models.AbstractModel):
    """Why somebody must not be erased yet, in words that a shopkeeper understands."""
    _name = 'dsgvo.erasure.blocker'
    _description = "Reasons Against an Erasure"

    def _get_checks(self):
        """Return what keeps a person, a `Check` each. Extend with `super() + […]`."""
        offices = self.env['res.partner']._dsgvo_get_offices()
        return [*self._get_checks_of_business(), *self._get_checks_of_role(),
                *(Check(office.model, office.reason, [office.link], Domain.TRUE, office.advice)
                  for office in offices)]

    def _read_checks(self):
        return [Check(*check) for check in self._get_checks()]

    def _get_checks_of_business(self):
        """The checks for business that is not over yet between the shop and the customer."""
        needed_at_closing = Domain('session_id.state', '!=', 'closed') & Domain(
            'payment_ids.payment_method_id', 'any',
            Domain('split_transactions', '=', True) | Domain('journal_id', '=', False))
        unpaid = Domain([
            ('account_type', 'in', ('asset_receivable', 'liability_payable')),
            ('parent_state', '=', 'posted'), ('reconciled', '=', False),
            ('amount_residual', '!=', 0)])
        unpaid_items, settle = _lt("Unpaid items"), _lt(
            "Register the payment, or write the amount off.")
        order_partners = ['partner_id', 'partner_invoice_id', 'partner_shipping_id']
        is_open, confirmed = get_open_domain(self.env), Domain('state', '=', 'sale')
        return [
            Check('sale.order', _lt("Open order"), order_partners, confirmed & is_open, _lt(
                "Deliver and invoice the order, and refund any overpayment. If nothing more "
                "will happen, close the order."), number_field='name'),
            Check('sale.order', _lt("Paid order that was cancelled or is not confirmed"),
                  order_partners, ~confirmed & is_open, _lt(
                      "Refund the deposit or the payment where it was paid: with a credit note for"
                      " the invoice, or at the till. If the shop keeps the money, close the"
                      " order."), number_field='name'),
            Check('sale.order', _lt("Open quotation"), order_partners,
                  Domain('state', 'in', ('draft', 'sent')),
                  _lt("Confirm the quotation or cancel it."), is_quotation=True,
                  number_field='name'),
            Check('stock.picking', _lt("Goods on their way or waiting for pick-up"),
                  ['partner_id'], Domain('state', 'not in', ('done', 'cancel')),
                  _lt("Validate the transfer when the goods are there, or cancel it."),
                  number_field='name'),
            # Odoo does not know whether a repaired device was fetched, unless a transfer waits.
            Check('repair.order', _lt("Repair that is not confirmed"), ['partner_id'],
                  Domain('state', '=', 'draft'), _lt("Confirm the repair or cancel it."),
                  number_field='name'),
            Check('repair.order', _lt("Repair under way"), ['partner_id'],
                  Domain('state', 'in', ('confirmed', 'under_repair')),
                  _lt("End the repair or cancel it."), number_field='name'),
            Check('pos.order', _lt("Open order at the till"),
                  ['partner_id'], Domain('state', '=', 'draft'),
                  _lt("Pay the order at the till, or delete it there."), number_field='name'),
            Check('pos.order', _lt("Paid at the till, to be fetched later"), ['partner_id'],
                  Domain('state', 'not in', ('draft', 'cancel'))
                  & Domain('preset_time', '>', fields.Datetime.now()),
                  _lt("Wait until the hour of the pick-up is over; then it goes on by itself."),
                  number_field='name'),
            Check('pos.order', _lt("The till needs the customer until its session is closed"),
                  ['partner_id'], needed_at_closing, _lt("Close the session of the till."),
                  number_field='name'),
            Check('payment.transaction', _lt("Payment under way"), ['partner_id'],
                  Domain('state', '=', 'authorized') | Domain([
                      ('state', '=', 'done'), ('is_post_processed', '=', False),
                      ('payment_id', '=', False)]),
                  _lt("Wait a few minutes until Odoo has booked the payment. Capture or void what"
                      " is only authorized. If a payment stays, tell your Odoo administrator."),
                  number_field='reference'),
            Check('account.move', _lt("Draft invoice"), ['partner_id', 'partner_shipping_id'],
                  Domain('state', '=', 'draft'), _lt("Confirm the invoice or delete it.")),
            Check('account.move.line', unpaid_items, ['partner_id'], unpaid, settle),
            # The items of an invoice to somebody in a company are those of the company.
            Check('account.move.line', unpaid_items, ['move_id.partner_id'],
                  unpaid & Domain('partner_id.is_company', '=', True), settle),
            Check('dsgvo.erasure.lock', _lt("Locked by the privacy officer"), ['partner_id'],
                  Domain('active', '=', True) & (
                      Domain('until', '=', False) | Domain('until', '>=', 'today')),
                  _lt("Lift the lock when the dispute is over.")),
            Check('loyalty.card', _lt("Voucher, gift card or loyalty card with a balance"),
                  ['partner_id'], self._get_balance_domain(), _lt(
                      "Wait until it is used or expires, or give the balance up in the preview of"
                      " an erasure on request.")),
        ]

    def _get_checks_of_role(self):
        """What else the customer is in this database."""
        bill = Domain('move_type', 'in', ('in_invoice', 'in_refund', 'in_receipt')) & Domain(
            'state', '=', 'posted')
        supplier, until_barred = _lt("Is also a supplier"), _lt(
            "Claims from a purchase end three years after its year; then it goes on by itself.")
        return [
            # The closed access of a portal user is emptied by the map.
            Check('res.users', _lt("Has a login"), ['partner_id'], Domain('active', '=', True),
                  _lt("Revoke the portal access, or archive the user.")),
            Check('res.users', _lt("Had a login of the shop"), ['partner_id'],
                  Domain('active', '=', False) & Domain('share', '=', False), _lt(
                      "Let an administrator change the type of the archived user to Portal: the"
                      " login is emptied with the contact then.")),
            Check('res.company', _lt("Is a company of this database"), ['partner_id'], Domain.TRUE,
                  _lt("Give the company another contact.")),
            Check('stock.warehouse', _lt("Is the address of a warehouse"), ['partner_id'],
                  Domain.TRUE, _lt("Give the warehouse another address.")),
            Check('product.supplierinfo', supplier, ['partner_id'], Domain.TRUE, _lt(
                "Remove the supplier from the products.")),
            Check('purchase.order', supplier, ['partner_id'], Domain('state', '!=', 'cancel')
                  & Domain('date_order', '>=', PURCHASE_CLAIMS_SINCE), until_barred),
            Check('account.move', supplier, ['partner_id'],
                  bill & Domain('invoice_date', '>=', PURCHASE_CLAIMS_SINCE), until_barred),
            Check('hr.employee', _lt("Is an employee"), ['work_contact_id'],
                  Domain('active', '=', True), _lt(
                      "Archive the employee when the employment ends, or give the employee another"
                      " work contact.")),
            Check('res.partner', _lt("Has contact persons, who are customers of their own"),
                  ['parent_id'], Domain('dsgvo_is_subject', '=', True), _lt(
                      "Take the contact persons out of this contact, or erase them first.")),
        ]

    def _get_balance_domain(self):
        """Return the condition of a card with which something can still be bought.

        Less than half of a hundredth of a point is shown as none. A gift card was paid for: it is
        worth its balance even while nobody can use it. Nothing is added to a coupon: it must be
        enough for a reward.
        """
        lasts = [
            Domain(field, '=', False) | Domain(field, '>=', 'today')
            for field in ('expiration_date', 'program_id.date_to')]
        usable = Domain('program_id.program_type', 'in', ('gift_card', 'ewallet')) | Domain(
            'program_id.reward_ids', 'any', Domain('active', '=', True))
        usable &= ~Domain('program_id.program_type', 'in', COUPONS) | self._get_enough_domain()
        return Domain.AND(lasts) & usable & Domain('points', '>=', HALF_A_POINT) & Domain(
            'active', '=', True) & Domain('program_id.active', '=', True)

    def _get_enough_domain(self):
        """Return the condition of a card whose points are enough for a reward of its program."""
        if 'loyalty.reward' not in self.env:
            return Domain.FALSE
        # sudo: loyalty.reward - only how many points they cost
        cheapest = self.env['loyalty.reward'].sudo()._read_group(
            [('active', '=', True), ('program_id.program_type', 'in', COUPONS)],
            ['program_id'], ['required_points:min'])
        programs = defaultdict(list)
        for program, points in cheapest:
            programs[points].append(program.id)
        return Domain.OR(
            Domain('program_id', 'in', program_ids) & Domain('points', '>=', points - HALF_A_POINT)
            for points, program_ids in programs.items())

    def _find(self, subjects, accepted=(), offered=(), errors=None):
        """Return `{subject: [reasons]}` of subjects that must stay for now; one query per check.

        A subject stays if a check raises an error for it.

        :param accepted: subjects whose balance of vouchers the officer gave up
        :param offered: subjects whose own quotations are cancelled when they go
        :param dict errors: gets `{subject: exception}` of the subjects for which a check fails
        """
        reasons = defaultdict(list)
        found, failures = self._look(subjects)
        for subject, seen in found.items():
            for check, records in seen:
                if check.is_quotation and subject in offered:
                    records = records.filtered(
                        lambda order, own=subject: order.partner_id.dsgvo_subject_id != own)
                if records and not (check.model in BALANCE_MODELS and subject in accepted):
                    reasons[subject].append(self._describe(check, records))
            reasons[subject] = list(dict.fromkeys(reasons[subject]))
        for subject, failed in failures.items():
            reasons[subject] += [self._describe_failure(*failure) for failure in failed]
            if errors is not None:
                errors[subject] = failed[0][1]
        for subject in subjects:
            if subject._dsgvo_subject() != subject:
                reasons[subject].insert(0, self.env._("Has become an address of another contact"))
        return {subject: texts for subject, texts in reasons.items() if texts}

    def _find_balances(self, subjects):
        """Return `{subject: [reasons]}` of those who still have money or points of the shop."""
        checks = [check for check in self._read_checks() if check.model in BALANCE_MODELS]
        return {
            subject: [self._describe(check, records) for check, records in seen]
            for subject, seen in self._look(subjects, checks)[0].items()}

    def _get_advice(self, seen):
        """Return what ends the reasons that `_look` found for one person."""
        return list(dict.fromkeys(
            f"{self.env._(check.reason)}: {self.env._(check.advice)}"
            for check, _records in seen if check.advice))

    def _look(self, subjects, checks=None):
        """Return what keeps these persons, and where it could not be looked at.

        :return: `({subject: [(check, records)]}, {subject: [(check, exception)]})`
        """
        without_jit(self.env.cr)
        last = self.env['res.company']._dsgvo_where_day_ends_last()
        checker = self.with_context(tz=last._dsgvo_timezone())
        family = subjects._dsgvo_family()
        seen, failures = defaultdict(list), defaultdict(list)
        for check in self._read_checks() if checks is None else checks:
            if check.model not in self.env or not family:
                continue
            found, failed = checker._try_check(check, family)
            for result, noted in ((found, seen), (failed, failures)):
                for subject in subjects if result else ():  # most checks find nobody
                    if subject in result:
                        noted[subject].append((check, result[subject]))
        return seen, failures

    def _try_check(self, check, family):
        """Look at all persons at once; if that fails, at one after the other.

        :return: `({subject: records}, {subject: exception})`
        """
        try:
            with self.env.cr.savepoint():
                return self._look_for(check, family), {}
        except BUSY:
            raise
        except Exception as error:
            persons = family.grouped('dsgvo_subject_id')
            if len(persons) == 1:
                return {}, dict.fromkeys(persons, error)
        seen, failed = {}, {}
        for subject, own in persons.items():
            found, errors = self._try_check(check, own)
            failed |= errors
            if subject in found:  # records of other subjects are incomplete here
                seen[subject] = found[subject]
        return seen, failed

    def _look_for(self, check, family):
        """Return `{subject: records}` that a check finds."""
        # sudo: any model - what keeps a person does not depend on who asks
        Model = self.env[check.model].sudo().with_context(active_test=False)
        reached = Domain.OR(Domain(name, 'in', family.ids) for name in check.partner_fields)
        found = defaultdict(Model.browse)
        links = list(dict.fromkeys(name.split('.')[0] for name in check.partner_fields))
        for record in Model.search_fetch(reached & check.domain, links, order='id'):
            for subject in {
                    record.mapped(name).dsgvo_subject_id for name in check.partner_fields}:
                found[subject] |= record
        return found

    def _find_elsewhere(self, subjects, company, reason):
        """Return `{subject: [reasons]}` of subjects that must stay because of another company.

        An erasure that the officer chose in the preview goes on: the preview names the other
        companies.

        :param company: the company that would erase them
        :param reason: of the erasure
        """
        found = self._find_kept_elsewhere(subjects, company, reason)
        if reason not in CHOSEN_BY_OFFICER:
            for subject, texts in self._find_business_elsewhere(subjects, company).items():
                found[subject] = found.get(subject, []) + texts
        return found

    def _find_kept_elsewhere(self, subjects, company, reason):
        """Return `{subject: [reason]}` of those whose consent to storage another company has.

        Companies of one controller differ where consents end at some of them only. A request is
        made to all of them.
        """
        kept = {}
        # sudo: res.company - a company that the caller may not work for
        companies = self.env['res.company'].sudo()
        own = company._dsgvo_same_controller() if reason == 'request' else company
        others = (
            companies.search([('id', '!=', False)])
            | companies._dsgvo_one_of_each_controller()) - own
        # sudo: res.partner - its consent, as above
        subjects = subjects.sudo()._dsgvo_agreed_anywhere('storage')
        for other in others if subjects else ():
            for subject in subjects.with_company(other):
                if 'storage' in subject._dsgvo_granted():
                    kept[subject] = [self.env._(
                        "Another company of this database may keep the customer")]
        return kept

    def _find_business(self, subjects, companies):
        """Return `{subject: companies}`: which of these companies have documents of the person."""
        if not (subjects and companies):
            return {}
        # sudo: any model - only which companies, whoever asks
        rows = PersonRows(self.sudo().env, [(subject.id, None) for subject in subjects])
        found = rows.find_companies(companies)
        return {
            subject: found[subject.id].sorted('id') for subject in subjects if subject.id in found}

    def _find_business_elsewhere(self, subjects, company):
        """Return `{subject: [reason]}` of those whom another company does not erase by itself."""
        # sudo: res.company - the switches of all of them, archived ones included
        off = self.env['res.company'].sudo().with_context(active_test=False).search(
            [('dsgvo_erase_after_sale', '=', False)]) - company
        return {
            subject: [self.env._(
                "Has business with a company where erasing after the sale is off: %(companies)s",
                companies=", ".join(companies.mapped('name')))]
            for subject, companies in self._find_business(subjects, off).items()}

    def _describe_failure(self, check, error):
        return self.env._(
            "“%(reason)s” cannot be looked at because of an error (%(error)s), so nothing is"
            " erased. It is tried again. If it stays, tell your Odoo administrator.",
            reason=self.env._(check.reason), error=type(error).__name__)

    def _describe(self, check, records):
        """Return the reason with numbers and amounts, never with what names the person."""
        reason = self.env._(check.reason)
        if check.number_field:
            return f"{reason}: " + ", ".join(
                str(record[check.number_field] or record.id) for record in records[:5])
        if records._name == 'account.move.line':
            return f"{reason}: " + ", ".join(
                formatLang(self.env, sum(lines.mapped('amount_residual')), currency_obj=currency)
                for currency, lines in records.grouped('company_currency_id').items())
        if records._name == 'loyalty.card':
            return f"{reason}: {', '.join(records[:5].mapped('points_display'))}"
        if records._name == 'dsgvo.erasure.lock' and all(records.mapped('until')):
            return self.env._("%(reason)s until %(date)s", reason=reason, date=format_date(
                self.env, max(records.mapped('until'))))
        return reason

from collections import defaultdict

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL, format_date, formatLang
from odoo.tools.translate import LazyTranslate

from .rows import PersonRows

_lt = LazyTranslate(__name__)

# Their names are numbers; a reason must not name the person.
NAMED_BY_NUMBER = ('sale.order', 'stock.picking', 'pos.order', 'repair.order')
# Claims from a purchase end three years after its year (§§ 195, 199 BGB).
PURCHASE_CLAIMS_SINCE = 'today -3y =1m =1d'
# What the officer may give up after having seen the amount.
BALANCE_MODELS = ('loyalty.card',)
CHOSEN_BY_OFFICER = ('request', 'manual')


class DsgvoErasureBlocker(models.AbstractModel):
    """Why somebody must not be erased yet, in words that a shopkeeper understands."""
    _name = 'dsgvo.erasure.blocker'
    _description = "Reasons Against an Erasure"

    def _get_checks(self):
        """Return what keeps a person: `(model, reason, partner fields, domain)`.

        Models that are not installed are skipped. Extend with `super() + […]`.
        """
        return self._get_checks_of_business() + self._get_checks_of_role()

    def _get_checks_of_business(self):
        """What is not over yet between the shop and the customer."""
        sold = (
            Domain('state', '=', 'sale') & Domain('invoice_status', '!=', 'to invoice')
            & ~Domain('order_line', 'any', self._get_undelivered_domain()))
        needed_at_closing = Domain('session_id.state', '!=', 'closed') & Domain(
            'payment_ids.payment_method_id', 'any',
            Domain('split_transactions', '=', True) | Domain('journal_id', '=', False))
        unpaid = Domain([
            ('account_type', 'in', ('asset_receivable', 'liability_payable')),
            ('parent_state', '=', 'posted'), ('reconciled', '=', False),
            ('amount_residual', '!=', 0)])
        return [
            ('sale.order', _lt("Open order"),
             ['partner_id', 'partner_invoice_id', 'partner_shipping_id'],
             Domain('state', '!=', 'cancel') & ~sold),
            ('stock.picking', _lt("Goods on their way or waiting for pick-up"),
             ['partner_id'], Domain('state', 'not in', ('done', 'cancel'))),
            ('repair.order', _lt("Repair under way"), ['partner_id'],
             Domain('state', 'in', ('confirmed', 'under_repair'))),
            ('pos.order', _lt("Open order at the till"),
             ['partner_id'], Domain('state', '=', 'draft')),
            ('pos.order', _lt("The till needs the customer until its session is closed"),
             ['partner_id'], needed_at_closing),
            ('account.move', _lt("Draft invoice"),
             ['partner_id', 'partner_shipping_id'], Domain('state', '=', 'draft')),
            ('account.move.line', _lt("Unpaid items"), ['partner_id'], unpaid),
            ('dsgvo.erasure.lock', _lt("Locked by the privacy officer"), ['partner_id'],
             Domain('active', '=', True) & (
                 Domain('until', '=', False) | Domain('until', '>=', 'today'))),
            ('loyalty.card', _lt("Voucher, gift card or loyalty card with a balance"),
             ['partner_id'], Domain('points', '>', 0)),
        ]

    def _get_checks_of_role(self):
        """What else the customer is in this database."""
        bill = Domain('move_type', 'in', ('in_invoice', 'in_refund', 'in_receipt')) & Domain(
            'state', '=', 'posted')
        return [
            # The closed access of a portal user is emptied by the map.
            ('res.users', _lt("Has a login"), ['partner_id'],
             Domain('active', '=', True) | Domain('share', '=', False)),
            ('res.company', _lt("Is a company of this database"), ['partner_id'], Domain.TRUE),
            ('stock.warehouse', _lt("Is the address of a warehouse"), ['partner_id'], Domain.TRUE),
            ('product.supplierinfo', _lt("Is also a supplier"), ['partner_id'], Domain.TRUE),
            ('purchase.order', _lt("Is also a supplier"), ['partner_id'],
             Domain('state', '!=', 'cancel') & Domain('date_order', '>=', PURCHASE_CLAIMS_SINCE)),
            ('account.move', _lt("Is also a supplier"), ['partner_id'],
             bill & Domain('invoice_date', '>=', PURCHASE_CLAIMS_SINCE)),
            ('hr.employee', _lt("Is an employee"), ['work_contact_id'], Domain.TRUE),
            ('res.partner', _lt("Has contact persons, who are customers of their own"),
             ['parent_id'], Domain('dsgvo_is_subject', '=', True)),
        ]

    def _get_undelivered_domain(self):
        """Return the condition of an order line of goods that were not handed over completely."""
        undelivered = Domain.custom(to_sql=lambda model, alias, query: SQL(
            "%s < %s",
            model._field_to_sql(alias, 'qty_delivered', query),
            model._field_to_sql(alias, 'product_uom_qty', query)))
        return Domain('product_id.type', '!=', 'service') & undelivered

    def _find(self, subjects, accepted=(), without=()):
        """Return `{subject: [reasons]}` of those who must stay for now; one query per check.

        :param accepted: subjects whose balance of vouchers the officer gave up
        :param without: models that are not looked at
        """
        reasons = self._find_by(subjects, [
            check for check in self._get_checks() if check[0] not in (*BALANCE_MODELS, *without)])
        for subject, balances in self._find_balances(subjects.filtered(
                lambda subject: subject not in accepted)).items():
            reasons[subject] = reasons.get(subject, []) + balances
        for subject in subjects:
            if subject._dsgvo_subject() != subject:
                reasons[subject] = [
                    self.env._("Has become an address of another contact"),
                    *reasons.get(subject, [])]
        return reasons

    def _find_balances(self, subjects):
        """Return `{subject: [reasons]}` of those who still have money or points of the shop."""
        return self._find_by(subjects, [
            check for check in self._get_checks() if check[0] in BALANCE_MODELS])

    def _find_by(self, subjects, checks):
        family = subjects._dsgvo_family()
        reasons = defaultdict(list)
        for model, reason, partner_fields, domain in checks:
            if model not in self.env or not family:
                continue
            # sudo: any model - what keeps a person does not depend on who asks
            Model = self.env[model].sudo().with_context(active_test=False)
            reached = Domain.OR(Domain(name, 'in', family.ids) for name in partner_fields)
            found = defaultdict(Model.browse)
            for record in Model.search(reached & domain, order='id'):
                for subject in {record[name].dsgvo_subject_id for name in partner_fields}:
                    found[subject] |= record
            for subject, records in found.items():
                reasons[subject].append(self._describe(self.env._(reason), records))
        return {
            subject: list(dict.fromkeys(reasons[subject]))
            for subject in subjects if subject in reasons}

    def _find_elsewhere(self, subjects, company, reason):
        """Return `{subject: [reasons]}` of those who must stay because of another company.

        What the officer chose in the preview, which names the other companies, goes on.

        :param company: the one that would erase them
        :param reason: why it would
        """
        found = self._find_kept_elsewhere(subjects, company)
        if reason not in CHOSEN_BY_OFFICER:
            for subject, texts in self._find_business_elsewhere(subjects, company).items():
                found[subject] = found.get(subject, []) + texts
        return found

    def _find_kept_elsewhere(self, subjects, company):
        """Return `{subject: [reason]}` of those who agreed to storage at another controller."""
        kept = {}
        own = company._dsgvo_same_controller()
        for other in self.env['res.company']._dsgvo_one_of_each_controller() - own:
            # sudo: res.partner - a consent of a company that the caller may not work for
            for subject in subjects.sudo().with_company(other):
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

    def _describe(self, reason, records):
        """Return the reason with numbers and amounts, never with what names the person."""
        if records._name in NAMED_BY_NUMBER:
            return f"{reason}: {', '.join(records[:5].mapped('name'))}"
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

from collections import defaultdict

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..consent.res_partner import ADDRESS_TYPES

_lt = LazyTranslate(__name__)

# Their names are numbers; a reason must not name the person.
NAMED_BY_NUMBER = ('sale.order', 'stock.picking', 'pos.order')


class DsgvoErasureBlocker(models.AbstractModel):
    """Why somebody must not be erased yet, in words that a shopkeeper understands."""
    _name = 'dsgvo.erasure.blocker'
    _description = "Reasons Against an Erasure"

    def _get_checks(self):
        """Return what keeps a person: `(model, reason, partner fields, domain)`.

        Models that are not installed are skipped. Extend with `super() + […]`.
        """
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
        address = Domain('type', 'in', ADDRESS_TYPES)
        return [
            ('sale.order', _lt("Open order"),
             ['partner_id', 'partner_invoice_id', 'partner_shipping_id'],
             Domain('state', '!=', 'cancel') & ~sold),
            ('stock.picking', _lt("Goods on their way or waiting for pick-up"),
             ['partner_id'], Domain('state', 'not in', ('done', 'cancel'))),
            ('pos.order', _lt("Open order at the till"),
             ['partner_id'], Domain('state', '=', 'draft')),
            ('pos.order', _lt("The till needs the customer until its session is closed"),
             ['partner_id'], needed_at_closing),
            ('account.move', _lt("Draft invoice"),
             ['partner_id', 'partner_shipping_id'], Domain('state', '=', 'draft')),
            ('account.move.line', _lt("Unpaid items"), ['partner_id'], unpaid),
            ('loyalty.card', _lt("Voucher, gift card or loyalty card with a balance"),
             ['partner_id'], Domain('points', '>', 0)),
            # The closed access of a portal user is emptied by the map.
            ('res.users', _lt("Has a login"), ['partner_id'],
             Domain('active', '=', True) | Domain('share', '=', False)),
            ('res.company', _lt("Is a company of this database"), ['partner_id'], Domain.TRUE),
            ('stock.warehouse', _lt("Is the address of a warehouse"), ['partner_id'], Domain.TRUE),
            ('product.supplierinfo', _lt("Is also a supplier"), ['partner_id'], Domain.TRUE),
            ('purchase.order', _lt("Is also a supplier"), ['partner_id'], Domain.TRUE),
            ('res.partner', _lt("Has contact persons, who are customers of their own"),
             ['parent_id'], ~address),
        ]

    def _get_undelivered_domain(self):
        """Return the condition of an order line of goods that were not handed over completely."""
        undelivered = Domain.custom(to_sql=lambda model, alias, query: SQL(
            "%s < %s",
            model._field_to_sql(alias, 'qty_delivered', query),
            model._field_to_sql(alias, 'product_uom_qty', query)))
        return Domain('product_id.type', '!=', 'service') & undelivered

    def _find(self, subjects):
        """Return `{subject: [reasons]}` of those who must stay for now; one query per check."""
        family = subjects._dsgvo_family()
        reasons = defaultdict(list)
        for subject in subjects:
            if subject._dsgvo_subject() != subject:
                reasons[subject].append(self.env._("Has become an address of another contact"))
        for model, reason, partner_fields, domain in self._get_checks():
            if model not in self.env:
                continue
            # sudo: any model - what keeps a person does not depend on who asks
            Model = self.env[model].sudo().with_context(active_test=False)
            reached = Domain.OR(Domain(name, 'in', family.ids) for name in partner_fields)
            found = defaultdict(Model.browse)
            for record in Model.search(reached & domain, order='id'):
                for subject in {record[name].dsgvo_subject_id for name in partner_fields}:
                    found[subject] |= record
            for subject, records in found.items():
                text = self.env._(reason)
                if model in NAMED_BY_NUMBER:
                    text = f"{text}: {', '.join(records[:5].mapped('name'))}"
                reasons[subject].append(text)
        return {
            subject: list(dict.fromkeys(reasons[subject]))
            for subject in subjects if subject in reasons}

    def _find_kept_elsewhere(self, erasures):
        """Return `{subject: [reason]}` of those who agreed to storage at another controller."""
        kept = {}
        Company = self.env['res.company']
        for company in Company._dsgvo_one_of_each_controller():
            others = erasures.filtered(
                lambda erasure, own=company._dsgvo_same_controller(): erasure.company_id not in own)
            for subject in others.partner_id.with_company(company)._dsgvo_allows('storage'):
                if not subject.is_company:
                    kept[subject] = [self.env._(
                        "Another company of this database may keep the customer")]
        return kept

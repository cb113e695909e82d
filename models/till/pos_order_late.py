from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)
# Longer than a till that is online takes to send a sale, also on a slow line.
LATE = timedelta(minutes=10)
# What a line of a sale says of the special order that was loaded at the till.
SPECIAL_ORDER_LINKS = ('sale_order_origin_id', 'sale_order_line_id')


class PosOrder(models.Model):
    """Sales that reach the server when what they refer to is no longer there.

    They were paid and exist nowhere else (offline till, slow line), so they are booked: without a
    customer who is gone for the anonymous one, without an invoice, without shipping, and without
    what was written about the customer; and without links to any other record that was deleted.
    """
    _inherit = 'pos.order'

    @api.model
    def _get_refunded_orders(self, order):
        """Find none of a line that was deleted; `_process_order` takes the link out."""
        if deleted := self._dsgvo_find_deleted_links(order, ('refunded_orderline_id',)):
            lines = [values for _model, values, _name in deleted]
            order = order | {
                'lines': [command for command in order['lines'] if command[-1] not in lines]}
        return super()._get_refunded_orders(order)

    @api.model
    def _process_order(self, order, existing_order):
        is_lost = self._dsgvo_lost_its_customer(order, existing_order)
        open_ends = self._dsgvo_take_customer_out(order) if is_lost else []
        dropped = self._dsgvo_drop_deleted_links(order)
        booked = self.browse(super()._process_order(order, existing_order))
        if is_lost or dropped or booked._dsgvo_is_late():
            booked._dsgvo_after_late_sale(is_lost, open_ends, dropped)
        return booked.id

    # === WHAT THE TILL SENT === #

    @api.model
    def _dsgvo_lost_its_customer(self, order, existing_order):
        """Whether the customer is gone, or there is none although Odoo cannot book without one.

        At most one query.
        """
        partner_id = order.get('partner_id', existing_order and existing_order.partner_id.id)
        if partner_id:
            return not self.env['res.partner'].browse(partner_id)._dsgvo_filter_customers()
        # The customer of a parked order may be still to be chosen.
        return order.get('state') != 'draft' and bool(
            order.get('to_invoice') or order.get('shipping_date')
            or self._dsgvo_get_payments_by_customer(order))

    @api.model
    def _dsgvo_get_payments_by_customer(self, order):
        """Return the methods of a sale that Odoo books on the account of the customer."""
        methods = self.env['pos.payment.method'].browse({
            command[2].get('payment_method_id') for command in order.get('payment_ids') or ()
            if command[0] in (Command.CREATE, Command.UPDATE)} - {None})
        return methods.filtered('split_transactions')

    @api.model
    def _dsgvo_take_customer_out(self, order):
        """Let the anonymous customer stand in the data of a sale; return what stays open."""
        company = self.env['pos.session'].browse(order['session_id']).company_id
        open_ends = self._dsgvo_get_open_ends(order)
        order.update(
            partner_id=company.dsgvo_anonymous_partner_id.id, to_invoice=False, shipping_date=False)
        return open_ends

    @api.model
    def _dsgvo_get_open_ends(self, order):
        """Return, in lazy texts, what was promised to the customer and cannot be done any more."""
        if order.get('state') == 'draft':
            return []
        promises = [
            (order.get('to_invoice'), _lt("An invoice was asked for.")),
            (order.get('shipping_date'), _lt("The goods should have been shipped.")),
            (self._dsgvo_get_payments_by_customer(order), _lt(
                "It was charged to the account of the customer and is still to be paid.")),
        ]
        return [words for promised, words in promises if promised]

    @api.model
    def _dsgvo_drop_deleted_links(self, order):
        """Take links to deleted records out of the data; return them as `{(model, field name)}`.

        However young the sale is: Odoo would refuse it, and with it all that the till sends along.
        """
        deleted = self._dsgvo_find_deleted_links(order)
        for _model, values, name in deleted:
            values[name] = False
        return {(model, name) for model, _values, name in deleted}

    @api.model
    def _dsgvo_find_deleted_links(self, order, names=None):
        """Return `[(model, values, field name)]` of links that lead to no record.

        At most one query. Without a link that is required, there is no sale.

        :param order: the data of a sale
        :param names: the fields to look at, None for all of the order, its lines and payments
        """
        linked = defaultdict(list)
        for model, values in self._dsgvo_get_rows(order):
            for name in values.keys() & (model._fields.keys() if names is None else names):
                field = model._fields.get(name)
                if isinstance(values[name], int) and values[name] > 0 and field and (
                        field.type == 'many2one' and field.store and not field.required):
                    linked[field.comodel_name].append((model._name, values, name))
        if not linked:
            return []
        gone = set(self.env.execute_query(SQL(" UNION ALL ").join(
            SQL("SELECT %s, id FROM unnest(%s) AS linked(id)"
                " WHERE NOT EXISTS (SELECT FROM %s known WHERE known.id = linked.id)",
                comodel, [values[name] for _model, values, name in links],
                SQL.identifier(self.env[comodel]._table)) for comodel, links in linked.items())))
        return [link for comodel, links in linked.items() for link in links
                if (comodel, link[1][link[2]]) in gone]

    @api.model
    def _dsgvo_get_rows(self, order):
        """Yield `(model, values)` of the data of a sale, its lines and payments."""
        yield self, order
        for name in ('lines', 'payment_ids'):
            for command in order.get(name) or ():
                if command[0] in (Command.CREATE, Command.UPDATE):
                    yield self[name], command[2]

    # === WHAT BECOMES OF IT === #

    def _dsgvo_is_late(self):
        """Whether somebody can have been erased between this sale and its arrival."""
        return self.state != 'draft' and self.date_order < fields.Datetime.now() - LATE

    def _dsgvo_after_late_sale(self, is_lost, open_ends, dropped):
        """Bring nobody back, and tell the privacy officer what is open.

        A paid sale is booked, whatever of that fails, and is listed then. Where two transactions
        collide, Odoo repeats the sale: nobody waits at the counter for a late one.

        :param bool is_lost: whether the customer is gone, and with the customer all texts
        :param list open_ends: what was promised to that customer, in lazy texts
        :param set dropped: `(model, field name)` of links to records that are gone
        """
        # sudo: dsgvo.erasure - only that a search is repeated
        Erasure = self.env['dsgvo.erasure'].sudo()
        steps = [lambda sale: Erasure._search_again(sale.date_order)]
        if is_lost:
            steps.append(lambda sale: sale._dsgvo_empty_texts())
        if open_ends:
            steps.append(lambda sale: sale._dsgvo_report_open_ends(open_ends))
        special = {link for link in dropped if link[1] in SPECIAL_ORDER_LINKS}
        if special:
            steps.append(lambda sale: sale._dsgvo_report_deleted_special_order())
        if others := dropped - special:
            steps.append(lambda sale: sale._dsgvo_report_deleted_links(others))
        for step in steps:
            self.env['dsgvo.job.failure']._run(
                'late_sale', self.with_company(self.company_id), step)

    def _dsgvo_empty_texts(self):
        """Empty what is the customer's in this order and what hangs on it."""
        # sudo: pos.order - what is emptied follows from the map, not from the cashier's rights
        sale = self.sudo()
        sale.env['dsgvo.erasure']._empty_texts(sale)

    def _dsgvo_report_open_ends(self, open_ends):
        self.company_id._dsgvo_remind_officers(
            _lt("DSGVO: sale %(number)s came without its customer", number=self.name),
            lambda company: company.env._(
                "The customer of the sale %(number)s no longer existed when the till sent the sale."
                " It was booked for the anonymous customer, without invoice and shipping. Still "
                "open: %(open)s",
                number=self.name, open=" ".join(company.env._(end) for end in open_ends)))

    def _dsgvo_report_deleted_special_order(self):
        self.company_id._dsgvo_remind_officers(
            _lt("DSGVO: sale %(number)s came without its special order", number=self.name), _lt(
                "A special order was deleted in the back office while a till had it loaded. Its"
                " sale %(number)s was booked without it. See whether a deposit had been paid, and"
                " whether the goods are still on order.", number=self.name))

    def _dsgvo_report_deleted_links(self, links):
        def describe(company):
            labels = sorted(
                company.env['ir.model.fields']._get(*link).field_description for link in links)
            return company.env._(
                "The sale %(number)s refers to records that were deleted in the back office before "
                "the till sent it: %(labels)s. It was booked without them. Check whether something "
                "remains to be done.", number=self.name, labels=", ".join(labels))

        self.company_id._dsgvo_remind_officers(
            _lt("DSGVO: sale %(number)s came too late", number=self.name), describe)

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.translate import LazyTranslate

from .sale_data import SaleData

_lt = LazyTranslate(__name__)
# Longer than a till that is online takes to send a sale, also on a slow line.
LATE = timedelta(minutes=10)
# Fields of a sale's line that refer to the special order loaded at the till.
SPECIAL_ORDER_LINKS = ('sale_order_origin_id', 'sale_order_line_id')


class PosOrder(models.Model):
    """Sales that reach the server when records to which they refer are gone.

    They were paid and exist nowhere else (offline till, slow line), so they are booked. If the
    customer was merged, the sale is that of the contact that remains. If the customer is gone, it
    is that of the anonymous one, without invoice, shipping and texts about the customer. Links to
    any other deleted record are taken out. There is no stand-in for a deleted product or payment
    method: the shop must say what was sold, and where the money is. Odoo refuses such a sale and
    the till keeps it.
    """
    _inherit = 'pos.order'

    @api.model
    def _get_refunded_orders(self, order):
        """Find none of a line that was deleted; `_process_order` takes the link out."""
        name = 'refunded_orderline_id'
        if gone := SaleData(self, order).find_gone((name,))['pos.order.line']:
            order = order | {'lines': [
                command for command in order['lines']
                if command[0] not in (Command.CREATE, Command.UPDATE)
                or command[2].get(name) not in gone]}
        return super()._get_refunded_orders(order)

    @api.model
    def _process_order(self, order, existing_order):
        data = SaleData(self, order)
        # Looked for, and taken out, however young the sale is: Odoo would refuse it, and with it
        # all that the till sends along.
        gone = data.find_gone(partner_ids=existing_order.partner_id.ids if existing_order else ())
        if order['session_id'] in gone.pop('pos.session', ()):
            order['session_id'] = self._dsgvo_find_open_session(order).id
        session = self.env['pos.session'].browse(order['session_id'])
        data.follow_merges(gone, session.company_id)
        is_lost = self._dsgvo_lost_its_customer(order, existing_order, gone)
        data.forget(gone, is_lost)
        open_ends = self._dsgvo_take_customer_out(order) if is_lost else []
        dropped = data.drop(gone)
        booked = self.browse(super()._process_order(order, existing_order))
        if is_lost or dropped or booked._dsgvo_is_late():
            booked._dsgvo_after_late_sale(is_lost, open_ends, dropped)
        return booked.id

    def write(self, vals):
        """Search again when a parked order is cancelled that a till may have sent late."""
        result = super().write(vals)
        if vals.get('state') == 'cancel':
            late = self.filtered(lambda sale: sale._dsgvo_is_late())
            for company, sales in late.grouped('company_id').items():
                self.env['dsgvo.job.failure']._run(
                    'late_sale', sales.with_company(company),
                    lambda sales: sales._dsgvo_search_again())
        return result

    # === WHAT THE TILL SENT === #

    @api.model
    def _dsgvo_find_open_session(self, order):
        """Return the session that takes the sale of one that was deleted, as of a closed one."""
        session = self.env['pos.session'].search(
            [('state', 'not in', ('closed', 'closing_control')),
             ('config_id', '=', order.get('config_id'))], limit=1)
        if not session:
            raise UserError(self.env._(
                "The session of this sale was deleted. Open the register: the till then sends the"
                " sale again."))
        return session

    @api.model
    def _dsgvo_lost_its_customer(self, order, existing_order, gone):
        """Whether the customer is gone, or there is none although Odoo cannot book without one."""
        partner_id = order.get('partner_id', existing_order and existing_order.partner_id.id)
        if partner_id:
            return partner_id in gone['res.partner']
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
        """Return lazy texts about promises to the customer that cannot be kept any more."""
        if order.get('state') == 'draft':
            return []
        promises = [
            (order.get('to_invoice'), _lt("An invoice was asked for.")),
            (order.get('shipping_date'), _lt("The goods should have been shipped.")),
            (self._dsgvo_get_payments_by_customer(order), _lt(
                "It was charged to the account of the customer and is still to be paid.")),
        ]
        return [words for promised, words in promises if promised]

    # === WHAT BECOMES OF IT === #

    def _dsgvo_is_late(self):
        """Whether somebody can have been erased between this sale and its arrival."""
        return self.state != 'draft' and self.date_order < fields.Datetime.now() - LATE

    def _dsgvo_search_again(self):
        """Search for whoever was erased since the first of these sales."""
        # sudo: dsgvo.erasure - only that a search is repeated
        self.env['dsgvo.erasure'].sudo()._search_again(min(self.mapped('date_order')))

    def _dsgvo_after_late_sale(self, is_lost, open_ends, dropped):
        """Bring no erased customer back, and tell the privacy officer what is open.

        If a step of this fails, the paid sale is booked all the same, and is listed. Where two
        transactions collide, Odoo repeats the sale: nobody waits at the counter for a late one.

        :param bool is_lost: whether the customer is gone, so that all texts must go, too
        :param list open_ends: what was promised to that customer, in lazy texts
        :param set dropped: `(model, field name)` of links to records that are gone
        """
        steps = [lambda sale: sale._dsgvo_search_again()]
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
        """Empty the customer's texts in this order and in the rows that hang on it."""
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

import re

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from .dsgvo_erasure import make_sentence


class DsgvoErasure(models.Model):
    """The texts that tell the officer why a customer waits, and the ways to end it."""
    _inherit = 'dsgvo.erasure'

    state_label = fields.Char("Current State", compute='_compute_state_label')
    waits_for = fields.Char("Still Waits For", compute='_compute_waits_for', compute_sudo=True)
    advice = fields.Text("What to Do", compute='_compute_advice', compute_sudo=True)
    blocker_html = fields.Html("Reasons", compute='_compute_advice', compute_sudo=True)
    has_open_orders = fields.Boolean(compute='_compute_advice', compute_sudo=True)
    has_quotations = fields.Boolean(compute='_compute_advice', compute_sudo=True)

    @api.depends_context('lang')
    @api.depends('state', 'not_before')
    def _compute_state_label(self):
        """Name the state, and for somebody in the grace time the day on which it ends."""
        labels = dict(self._fields['state']._description_selection(self.env))
        in_grace = self._find_in_grace()
        for erasure in self:
            erasure.state_label = labels.get(erasure.state)
            if erasure.state == 'due' and erasure in in_grace:
                company = erasure.company_id
                day = fields.Datetime.context_timestamp(
                    self.with_context(tz=company._dsgvo_timezone()), erasure.not_before).date()
                erasure.state_label = {
                    0: self.env._("Due later today"), 1: self.env._("Due from tomorrow"),
                }.get((day - company._dsgvo_today()).days) or self.env._(
                    "Due from %(date)s", date=format_date(self.env, day))

    @api.depends_context('lang')
    @api.depends('partner_id', 'state', 'blocker', 'not_before')
    def _compute_waits_for(self):
        """Say what the job will find, also before it has looked."""
        due = self.filtered(lambda erasure: erasure.state == 'due' and erasure.partner_id)
        found, _failures = due._find_blockers() if due else ({}, {})
        in_grace = due._find_in_grace()
        for erasure in self:
            if erasure not in due:
                erasure.waits_for = erasure._list_reasons()
                continue
            reasons = list(found.get(erasure.partner_id, ()))
            if erasure in in_grace:
                reasons.insert(0, self.env._("Grace time, in which a mistake can be corrected"))
            erasure.waits_for = make_sentence(reasons) or self.env._(
                "Nothing: erased within the next few minutes.")

    @api.depends('partner_id', 'state', 'blocker')
    def _compute_advice(self):
        """Say what ends each reason to wait, as it is at this moment."""
        blocked = self.filtered(lambda erasure: erasure.state == 'blocked')
        Blocker = self.env['dsgvo.erasure.blocker']
        seen, _failures = Blocker._look(blocked.partner_id)
        for erasure in self:
            reasons = seen.get(erasure.partner_id, ()) if erasure in blocked else ()
            orders, quotations, others = erasure._split_orders(reasons)
            erasure.advice = "\n".join([
                *Blocker._get_advice(reasons),
                *erasure._get_advice_on_orders(orders, quotations, others)])
            erasure.has_open_orders = bool(orders)
            erasure.has_quotations = bool(quotations)
            erasure.blocker_html = erasure._link_reasons(reasons)

    # === ACTION METHODS === #

    def action_close_orders(self):
        """Cancel what these customers did not get, so that their orders are over.

        :raise AccessError: for anybody but the privacy officer
        """
        self._close(lambda orders, _quotations, _others: orders)

    def action_cancel_quotations(self):
        """Cancel what these customers were offered and did not order.

        :raise AccessError: for anybody but the privacy officer
        """
        self._close(lambda _orders, quotations, _others: quotations)

    def _close(self, choose):
        self.check_access('read')
        if not self.env.user.has_group('dsgvo.group_officer'):
            raise AccessError(self.env._("Only the privacy officer can close all open orders."))
        # sudo: sale.order - the officer decides it for the customer who is to be erased
        erasures = self.sudo()
        seen, _failures = erasures.env['dsgvo.erasure.blocker']._look(erasures.partner_id)
        erasures.env['sale.order'].union(*(
            choose(*erasure._split_orders(seen.get(erasure.partner_id, ())))
            for erasure in erasures)).action_dsgvo_close()

    # === BUSINESS METHODS === #

    @api.model
    def _count_reasons(self, domain=Domain.TRUE):
        """Return `[(reason, number of blocked persons)]`, the most frequent reason first.

        The reasons come without the numbers of documents; one person may have several.
        """
        query = self._search(Domain('state', '=', 'blocked') & domain)
        return self.env.execute_query(SQL(
            """
            SELECT split_part(line, ':', 1), count(*)
              FROM dsgvo_erasure, unnest(string_to_array(blocker, E'\n')) AS line
             WHERE id IN %s GROUP BY 1 ORDER BY 2 DESC, 1
            """, query.subselect()))

    @api.model
    def _count_years(self, domain=Domain.TRUE):
        """Return `[(last year, number of persons)]` of the restricted persons."""
        rows = self._read_group(
            Domain('state', '=', 'restricted') & domain, ['restricted_until:year'], ['__count'])
        return [(day.year, count) for day, count in rows if day]

    def _split_orders(self, reasons):
        """Return the orders and the quotations that the buttons close, and the others.

        They close those of the customer at the company of the erasure. The others are of another
        company, or of somebody else who has something delivered or invoiced to the customer.

        :param reasons: what keeps the customer, of `dsgvo.erasure.blocker._look`
        """
        Order = self.env['sale.order']
        found = [(check.is_quotation, records) for check, records in reasons
                 if check.model == Order._name]
        orders = Order.union(*(records for _is_quotation, records in found))
        quotations = Order.union(*(records for is_quotation, records in found if is_quotation))
        own = orders.filtered(
            lambda order: order.partner_id.dsgvo_subject_id == self.partner_id
            and order.company_id == self.company_id)
        return own - quotations, own & quotations, orders - own

    def _get_advice_on_orders(self, orders, quotations, others):
        """Return which users can close which orders, and where."""
        lines = []
        if orders:
            lines.append(self.env._(
                "%(orders)s: “Close Open Orders” here closes them, for the privacy officer.",
                orders=", ".join(orders.mapped('name'))))
        if quotations:
            lines.append(self.env._(
                "%(quotations)s: “Cancel Quotations” here cancels them, for the privacy officer.",
                quotations=", ".join(quotations.mapped('name'))))
        for company, foreign in others.grouped('company_id').items():
            lines.append(self.env._(
                "%(orders)s of %(company)s: cannot be closed here, because the order belongs to "
                "another customer or company. A salesperson there closes it with “DSGVO: Close "
                "Order” in the menu of the order.",
                orders=", ".join(foreign.mapped('name')), company=company.name))
        return lines

    def _link_reasons(self, reasons):
        """Return why this one waits, with links to the documents that the user may open."""
        lines = [escape(line) for line in (self.blocker or "").splitlines()]
        for check, records in reasons:
            # Only the links depend on the rights of the user; who waits, and why, does not.
            allowed = records.with_env(self.env(su=False))._filtered_access('read')
            for record in allowed:
                text = str(record[check.number_field] or record.id) if check.number_field else (
                    self.env._(check.reason))
                lines = [self._link(line, text, record) for line in lines]
        return Markup("<br/>").join(lines)

    def _link(self, line, text, record):
        """Link the text of a line to a record, or leave the line if it does not stand there."""
        link = Markup('<a href="/odoo/%s/%s">%s</a>') % (record._name, record.id, text)
        words = re.compile(rf"(?<![\w/>]){re.escape(escape(text))}(?![\w/])")
        return Markup(words.sub(lambda _match: link, line, count=1))

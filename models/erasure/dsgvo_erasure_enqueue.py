import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..jobs.isolation import BUSY, impatient
from .dsgvo_erasure import REASONS_BY_STRENGTH

_logger = logging.getLogger(__name__)

OPEN = Domain('state', 'in', ('due', 'blocked'))
# Who is noted for these and whose consent has only expired is asked again first.
ASKED_AGAIN = ('checkout', 'retention')


class DsgvoErasure(models.Model):
    """Who is noted for an erasure, for what reason and from when on."""
    _inherit = 'dsgvo.erasure'

    @api.model
    def _enqueue_checkout(self, pos_orders):
        """Note customers whose special order was just sold, by a few statements that never wait.

        A person who only fetches an order for somebody else is not noted. If a customer cannot be
        noted, the sale goes on: the customer is listed, and noted by the daily job
        (`_enqueue_delivered`).

        :param pos_orders: paid orders of the till
        """
        # sudo: pos.order - a cashier may not read the special order, nor the company's switch
        for company, orders in pos_orders.sudo().grouped('company_id').items():
            special_orders = orders.lines.sale_order_origin_id
            if special_orders and company.dsgvo_erase_after_sale:
                self.env.cr.flush()  # where the sale itself collides, Odoo repeats it
                try:
                    self.env['dsgvo.job.failure']._run(
                        'checkout', special_orders.with_company(company), self._enqueue_sold)
                except BUSY as error:  # repeating the sale would make the customer wait
                    _logger.info("Sale %s notes nobody: %s", orders.ids, type(error).__name__)

    @api.model
    def _enqueue_sold(self, orders):
        """Note the customers of these orders, and others who got the goods or the invoice."""
        company = orders.env.company
        with impatient(self.env.cr):
            self._enqueue_sold_at(orders, company)

    @api.model
    def _enqueue_sold_at(self, orders, company):
        customers = orders.partner_id._dsgvo_subject()
        others = (orders.partner_shipping_id | orders.partner_invoice_id)._dsgvo_subject()
        others = self._without_business_partners(others - customers)
        for subjects, is_recipient in (customers, False), (others, True):
            agreed = subjects.with_company(company)._dsgvo_allows('storage')
            self._enqueue(subjects - agreed, 'checkout', company, is_recipient=is_recipient)

    @api.model
    def _without_business_partners(self, recipients):
        """Return the recipients of goods or invoices who got them as persons.

        The people of a company take delivery for it, and suppliers are no customers.
        """
        return recipients.filtered(
            lambda p: not (p.commercial_partner_id.is_company or p.supplier_rank))

    @api.model
    def _enqueue(self, subjects, reason, company, period=None, balance_accepted=False,
                 is_recipient=False):
        """Note persons to be erased; a person who is noted already stays noted once.

        :param period: the `dsgvo.erasure.period` that found the persons, None if another reason
            did
        :param bool balance_accepted: whether a balance of vouchers is no reason to wait
        :param bool is_recipient: whether they only got or paid for the order of somebody else
        """
        if not subjects or not (subjects := self._find_erasable(subjects)):
            return
        # sudo: res.company - its grace times, for whoever sells
        grace = company.sudo()._dsgvo_get_grace(reason)
        not_before = fields.Datetime.now() + grace if grace else None
        if not is_recipient:
            subjects -= self._strengthen(subjects, reason, company, not_before, balance_accepted)
        if not subjects:
            return
        moments = self.env.execute_query(SQL(
            """
            INSERT INTO dsgvo_erasure
                   (partner_id, company_id, reason, state, not_before, period_id, is_recipient,
                    balance_accepted, create_uid, write_uid, create_date, write_date)
            SELECT subject.id, %s, %s, 'due', GREATEST(%s, asked.until), %s, %s, %s, %s, %s,
                   now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM unnest(%s) AS subject(id)
              LEFT JOIN (%s) AS asked(id, until) ON asked.id = subject.id
            ON CONFLICT DO NOTHING RETURNING not_before
            """, company.id, reason, not_before, period and period.id, is_recipient,
            balance_accepted, self.env.uid, self.env.uid, subjects.ids,
            self._get_asked_again_sql(subjects, reason, company)))
        # The page of the customer tells of it at once, and those of the customer's addresses.
        self.env['res.partner'].invalidate_model(
            ['dsgvo_erasure_ids', 'dsgvo_erasure_notice', 'dsgvo_can_take_back', 'dsgvo_noted'],
            flush=False)
        for moment in {moment for moment, in moments}:
            self._trigger_cron(moment)

    @api.model
    def _find_erasable(self, subjects):
        """Return those who are customers still: no placeholders, and nobody who was erased."""
        # sudo: res.partner - whoever sells may not see who is kept for documents only
        gone = subjects.sudo().filtered(lambda s: s.dsgvo_restricted or s.dsgvo_erased)
        return subjects - gone - self._get_placeholders()

    @api.model
    def _get_asked_again_sql(self, subjects, reason, company):
        """Return the query of `(subject id, moment)`: who is to be asked again first, until then.

        A customer whose consent to storage has only expired has refused nothing. Nobody asked
        before the end was recorded, which may be years later: the shop has just set for how long
        consents are valid.
        """
        if reason not in ASKED_AGAIN:
            return SQL("SELECT NULL::int, NULL::timestamp WHERE FALSE")
        Event = self.env['dsgvo.consent.event'].with_company(company)
        Event.flush_model(['partner_id', 'purpose', 'decision', 'date', 'recorded_on'])
        # sudo: res.company - as above
        grace = timedelta(days=company.sudo().dsgvo_grace_expiry)
        # A consent that is in force no more without being noted as expired has ended just now.
        return SQL(
            """
            SELECT partner_id, ended FROM (
                SELECT partner_id, %s + CASE decision WHEN 'expired' THEN (
                           SELECT GREATEST(date, recorded_on::date)
                             FROM dsgvo_consent_event WHERE id = last.id)
                       ELSE now() AT TIME ZONE 'UTC' END AS ended
                  FROM (%s) last
                 WHERE purpose = 'storage' AND decision IN ('expired', 'granted')
                ) asked
             WHERE ended > now() AT TIME ZONE 'UTC'
            """, grace, Event._last_sql(subjects))

    @api.model
    def _find_asked_again(self, subjects, reason, company):
        """Return `{subject: moment}` of those who are asked again first, and until when."""
        if not subjects:
            return {}
        return {subjects.browse(subject_id): until for subject_id, until in self.env.execute_query(
            self._get_asked_again_sql(subjects, reason, company))}

    @api.model
    def _stop_asking(self, subjects, company):
        """Let those who refused when they were asked again wait for their reason's grace only."""
        # sudo: dsgvo.erasure - what follows from the decision, whoever records it
        for erasure in self.sudo().search(
                Domain('partner_id', 'in', subjects.ids) & OPEN & Domain('not_before', '!=', False)
                & Domain('company_id', 'in', company._dsgvo_same_controller().ids)
                & Domain('reason', 'in', ASKED_AGAIN)):
            grace = erasure.company_id._dsgvo_get_grace(erasure.reason)
            until = erasure.create_date + grace if grace else False
            if not until or until < erasure.not_before:
                erasure.not_before = until
                self._trigger_cron(until or None)

    def _strengthen(self, subjects, reason, company, not_before, balance_accepted):
        """Let a stronger reason take the place of a noted one; return the noted subjects."""
        # sudo: dsgvo.erasure - a request beats what another user or company has noted
        noted = self.sudo().search(Domain('partner_id', 'in', subjects.ids) & OPEN)
        if balance_accepted:
            noted.balance_accepted = True
        strength = REASONS_BY_STRENGTH.index(reason)
        weaker = noted.filtered(
            lambda erasure: erasure.is_recipient
            or REASONS_BY_STRENGTH.index(erasure.reason) > strength)
        if reason == 'checkout':  # a sale does not wait for the job
            weaker = weaker.try_lock_for_update(allow_referencing=True)
        asked = self._find_asked_again(weaker.partner_id, reason, company)
        for moment, erasures in weaker.grouped(lambda e: max(
                filter(None, (not_before, asked.get(e.partner_id))), default=None)).items():
            erasures.write({
                'reason': reason, 'company_id': company.id, 'not_before': moment,
                'period_id': False, 'is_recipient': False, 'next_try': False})
            self._trigger_cron(moment)
        return noted.partner_id

    # === WHOSE REASON IS GONE === #

    @api.model
    def _forget_sales(self, companies):
        """Drop erasures noted by sales of these companies: their switch is turned off."""
        self._drop(Domain('reason', '=', 'checkout') & Domain('company_id', 'in', companies.ids))

    @api.model
    def _drop(self, domain):
        """Drop noted erasures of persons who lost nothing yet, now or before a restore."""
        self.search(domain & OPEN & Domain('is_replayed', '=', False)).filtered(
            lambda erasure: not erasure.certificate).unlink()

    def _find_uninvolved(self):
        """Return those who were noted for the order of somebody else and do business themselves."""
        recipients = self.filtered('is_recipient')
        busy = self._find_own_business(recipients.partner_id)
        return recipients.filtered(lambda erasure: erasure.partner_id in busy)

    @api.model
    def _find_own_business(self, subjects):
        """Return those who did not only get or pay for an order of somebody else."""
        if not subjects:
            return subjects
        Period = self.env['dsgvo.erasure.period']
        # Deliveries and invoices of an order belong to whoever ordered.
        of_no_order = {
            'sale.order': Domain.TRUE,
            'stock.picking': Domain('sale_id', '=', False),
            'account.move': Domain('pos_order_ids', '=', False) & ~Domain(
                'line_ids', 'any', Domain('sale_line_ids', '!=', False)),
        }
        events = [
            event._replace(domain=of_no_order.get(event.model, event.domain))
            for event in Period._read_events() if event.model != 'dsgvo.consent.event'
            and (event.model != 'sale.order' or event.partner_field == 'partner_id')]
        # sudo: res.partner - only who, for the job
        return subjects.sudo().with_context(active_test=False).search(
            Domain('id', 'in', subjects.ids) & Period._had_any(events))

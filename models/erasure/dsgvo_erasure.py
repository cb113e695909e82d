import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, json_default
from odoo.tools.misc import format_date, format_datetime

from ..jobs.isolation import without_statements
from ..jobs.refusals import unlogged

# The first is the strongest: it takes the place of a weaker one noted for the same person.
REASONS_BY_STRENGTH = ('request', 'manual', 'withdrawal', 'retention', 'checkout')
# The reasons that a later consent undoes: all but the customer's own request.
REASONS_OVERRULED_BY_CONSENT = ('checkout', 'withdrawal', 'retention', 'manual')
# An erasure that was done, or that something keeps, fails no more.
NOT_FAILING = {'failure_count': 0, 'failure_told': False, 'next_try': False}


class DsgvoErasure(models.Model):
    """One person who is to be erased; afterwards the evidence of it, without the person."""
    _name = 'dsgvo.erasure'
    _description = "Erasure"
    _order = 'id desc'
    _rec_name = 'partner_id'

    partner_id = fields.Many2one(
        'res.partner', "Customer", ondelete='set null', index='btree_not_null', readonly=True)
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, default=lambda self: self.env.company)
    reason = fields.Selection(
        [
            ('checkout', "Sale"),
            ('withdrawal', "Consent to storage withdrawn"),
            ('request', "Request of the customer"),
            ('retention', "End of a retention period"),
            ('manual', "By hand"),
        ], required=True, readonly=True)
    state = fields.Selection(
        [
            ('due', "Due"),
            ('blocked', "Blocked"),
            ('restricted', "Restricted"),
            ('done', "Done"),
            ('cancelled', "Taken Back"),
        ], required=True, default='due', readonly=True, index=True)
    period_id = fields.Many2one('dsgvo.erasure.period', ondelete='set null', readonly=True)
    balance_accepted = fields.Boolean(
        "Balance Given Up", readonly=True,
        help="The officer saw the balance of the vouchers and went on. Their codes stay valid.")
    is_recipient = fields.Boolean(
        "Only Recipient or Payer of an Order", readonly=True,
        help="The order of somebody else went to this person or was invoiced to this person.")
    not_before = fields.Datetime(
        readonly=True, help="Grace time in which a mistake can be corrected.")
    blocker = fields.Text("Why Not Yet", readonly=True)
    checked_on = fields.Datetime(
        "Last Looked At", readonly=True, copy=False,
        help="The blocked customer that was checked longest ago comes first.")
    failure_count = fields.Integer("Failed Attempts", readonly=True, copy=False)
    failure_told = fields.Boolean(
        readonly=True, copy=False, help="The privacy officer was told that the erasure fails.")
    next_try = fields.Datetime(
        "Next Attempt", readonly=True, copy=False,
        help="An erasure that fails is tried again automatically, after growing pauses.")
    restricted_until = fields.Date(
        "Kept Until", readonly=True,
        help="Until this day documents with the name and address must be kept by law.")
    done_on = fields.Datetime("Erased On", readonly=True)
    certificate = fields.Json(
        readonly=True, help="What was removed where: {'removed': {model: number of rows}}.")

    _one_open_per_person = models.UniqueIndex(
        "(partner_id) WHERE state IN ('due', 'blocked')",
        "This customer is already listed for erasure.")

    @api.depends('partner_id')
    def _compute_display_name(self):
        for erasure in self:
            erasure.display_name = erasure.partner_id.display_name or self.env._(
                "Erasure %s", erasure.id)

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        if self.filtered(lambda erasure: erasure.state in ('restricted', 'done', 'cancelled')):
            raise UserError(self.env._(
                "A finished erasure cannot be deleted: it is the evidence of what was decided."))

    # === ACTION METHODS === #

    def action_retry(self):
        """Look at blocked customers now instead of with the next run.

        :raise AccessError: for anybody but the privacy officer, who may not write here either: an
            erasure is evidence
        :raise UserError: if the grace time of none of them is over
        """
        self.check_access('read')
        if not self.env.user.has_group('dsgvo.group_officer'):
            raise AccessError(self.env._("Only the privacy officer can look again."))
        if not (due := self - self._find_in_grace()):
            raise unlogged(UserError(self.env._(
                "%(name)s has a grace time until %(time)s, in which a mistake can be corrected. "
                "Nobody is erased before.", name=self[:1].display_name,
                time=format_datetime(self.env, self[:1].not_before, dt_format='short'))))
        with without_statements():
            due._process()
        self._tell_of_erased()

    # === BUSINESS METHODS === #

    def _get_notice(self):
        """Return what the customer's form says, '' for an empty recordset."""
        return self._describe_state()

    def _describe_state(self):
        """Return the state in words, in one line, '' for an empty recordset."""
        if not self:
            return ""
        if self.state == 'due' and self.not_before:
            time = format_datetime(self.env, self.not_before, dt_format='short')
            if self.reason not in REASONS_OVERRULED_BY_CONSENT:
                return self.env._("This customer is erased after %(time)s.", time=time)
            return self.env._(
                "This customer is erased after %(time)s, unless storage is granted again.",
                time=time)
        if self.state == 'due':
            return self.env._("This customer is erased within the next few minutes.")
        if self.state == 'restricted':
            return self.env._(
                "Name and address are kept until %(date)s: %(reason)s",
                date=format_date(self.env, self.restricted_until), reason=self._list_reasons())
        return self.env._(
            "This customer will be erased, but not yet: %(reason)s", reason=self._list_reasons())

    def _list_reasons(self):
        """Return what keeps this person as one sentence, '' if nothing is known yet."""
        return make_sentence((self.blocker or "").splitlines())

    @api.model
    def _trigger_cron(self, at=None):
        if cron := self.env.ref('dsgvo.ir_cron_erase', raise_if_not_found=False):
            # sudo: ir.cron - a cashier may not start jobs, selling may
            cron.sudo()._trigger(at=at)

    @api.model
    def _get_placeholders(self):
        """Return contacts that are no customers and can never be erased."""
        # sudo: res.company - only to compare
        companies = self.env['res.company'].sudo().search([('partner_id', '!=', False)])
        # Each company may have a public user of its own. New logins are copies of the template.
        visitor = Domain('group_ids', 'in', self.env.ref('base.group_public').ids)
        template = Domain(
            'id', '=', self.env['ir.model.data']._xmlid_to_res_id('base.template_portal_user_id'))
        # sudo: res.users - only to compare
        users = self.env['res.users'].sudo().with_context(active_test=False).search(
            visitor | template)
        return companies.dsgvo_anonymous_partner_id | companies.partner_id | users.partner_id

    # === CRON === #

    @api.model
    def _release_restricted(self):
        """Make restricted customers due on the day after the period, if no document keeps them."""
        self.flush_model(['state', 'restricted_until'])
        today = self.env['res.company']._dsgvo_where_day_ends_last()._dsgvo_today()
        over = self.browse(row_id for row_id, in self.env.execute_query(SQL(
            """
            SELECT id FROM dsgvo_erasure over
             WHERE state = 'restricted' AND restricted_until < %s AND %s AND NOT EXISTS (
                SELECT FROM dsgvo_erasure noted
                 WHERE noted.partner_id = over.partner_id AND (
                    noted.state IN ('due', 'blocked')
                    OR noted.state = 'restricted' AND noted.id < over.id)) -- one at a time
             ORDER BY id
            """, today, self._get_release_condition())))
        for company, erasures in over.grouped('company_id').items():
            self.env['dsgvo.job.failure']._run_in_chunks(
                'release', erasures.with_company(company), lambda some: some.write(
                    {'state': 'due', 'not_before': False, 'blocker': False}))

    @api.model
    def _get_release_condition(self):
        """Return a further condition for a row `over` before this person goes for good.

        Extend with `SQL("%s AND …", super()._get_release_condition())`.
        """
        return SQL("TRUE")

    @api.model
    def _tell_of_erased(self):
        """Tell whoever still shows customers that some of them are gone, without saying who.

        Called after the transactions in which they were erased. Extend with `super()`.
        """

    @api.model
    def _after_erasure(self, persons):
        """Called once for each batch, after its persons were erased and have their certificates.

        It runs in the transaction of the erasure: if it raises, none of them is erased, and the
        batch is tried in halves. Extend with `super()` first, so that a room or addon reacts after
        those on which it depends. Values of the persons may be stored as keyed hashes only.

        :param dict persons: `{erasure: ErasedPerson}`
        """

    @api.model
    def _search_again(self, since):
        """Called when a sale of an earlier time may have brought somebody back.

        In the transaction of the sale, which must not wait for anybody. Extend with `super()`.

        :param datetime since: when the sale took place
        """

    def _find_in_grace(self):
        now = fields.Datetime.now()
        return self.filtered(lambda erasure: erasure.not_before and erasure.not_before > now)

    def _drop_obsolete(self):
        """Delete and return erasures of customers who agreed to storage, or whose reason is gone.

        Restricted ones stay: there must be a record that something was erased.
        """
        fresh = self.filtered(lambda erasure: not erasure.certificate)
        obsolete = fresh._find_switched_off() | fresh._find_uninvolved()
        for (company, reason), erasures in fresh.grouped(
                lambda erasure: (erasure.company_id, erasure.reason)).items():
            agreed = self._find_overruling(erasures.partner_id, reason, company)
            obsolete |= erasures.filtered(lambda e, among=agreed: e.partner_id in among)
        of_periods = (fresh - obsolete).filtered('period_id')
        for period, erasures in of_periods.grouped('period_id').items():
            matching = period._match(erasures.partner_id)
            obsolete |= erasures.filtered(lambda e, found=matching: e.partner_id not in found)
        obsolete.unlink()
        return obsolete

    def _find_switched_off(self):
        """Return those whom a sale has noted at a company that does not erase after it any more."""
        return self.filtered(lambda erasure: erasure.reason == 'checkout'
                             and not erasure.company_id.dsgvo_erase_after_sale)

    def _set_blocked(self, reason):
        """Nothing is written when nothing is new, so that a second run leaves no trace."""
        if (self.state, self.blocker, self.failure_count) != ('blocked', reason, 0):
            self.write({'state': 'blocked', 'blocker': reason} | NOT_FAILING)

    def _set_done(self, **values):
        if self:
            self.write({
                'state': 'done', 'blocker': False, 'done_on': fields.Datetime.now(),
            } | NOT_FAILING | values)

    def _set_erased(self, persons):
        """Store the outcome and the certificates of a batch.

        :param dict persons: `{erasure: ErasedPerson}`
        """
        for (until, company), erasures in self.grouped(
                lambda erasure: (persons[erasure].until, erasure.company_id)).items():
            if until:
                erasures.write({
                    'state': 'restricted', 'restricted_until': until,
                    'blocker': self._describe_hold(company)} | NOT_FAILING)
            else:
                erasures._set_done()
        self._store_evidence({
            erasure: erasure._prepare_evidence(person) for erasure, person in persons.items()})

    @api.model
    def _store_evidence(self, values):
        """Store values of its own for each erasure: the ORM would write them one by one.

        :param dict values: `{erasure: what _prepare_evidence returns}`, of the same fields for each
        """
        if not values:
            return
        erasures = self.union(*values)
        erasures.flush_recordset()
        names = list(next(iter(values.values())))
        self.env.execute_query(SQL(
            "UPDATE dsgvo_erasure e SET %s"
            "  FROM jsonb_populate_recordset(NULL::dsgvo_erasure, %s) new WHERE e.id = new.id"
            " RETURNING e.id",
            SQL(", ").join(SQL("%s = new.%s", *[SQL.identifier(name)] * 2) for name in names),
            json.dumps([{'id': erasure.id} | own for erasure, own in values.items()],
                       default=json_default)))
        erasures.invalidate_recordset(names, flush=False)
        erasures.modified(names)

    @api.model
    def _describe_hold(self, company):
        """Return lines: what the law keeps, also where the shop entered itself that it does."""
        # sudo: dsgvo.data.rule - what keeps customers does not depend on who runs the erasure
        rows = self.env['dsgvo.data.rule'].sudo()._get_all()._awake()._get_rows_without_class()
        return "\n".join(dict.fromkeys([self._describe_books(company), *(
            self.env._("%(documents)s (%(basis)s)", documents=row['name'], basis=row['basis'])
            if row['basis'] else row['name'] for row in rows)]))

    @api.model
    def _describe_books(self, company):
        if self.env.ref('dsgvo.retention_letters').is_on:
            return self.env._(
                "Invoices, entries and business letters, and the audit trail of the customer"
                " (§ 147 AO, § 257 HGB)")
        # sudo: res.company - only whether Odoo must keep the changes of contacts with entries
        if company.sudo().restrictive_audit_trail:
            return self.env._(
                "Invoices and entries, and the audit trail of the customer (§ 147 AO, § 257 HGB)")
        return self.env._("Invoices and entries (§ 147 AO, § 257 HGB)")

    def _prepare_evidence(self, person):
        """Return `{field: value}`, to be stored as proof; none tells who it was.

        Extend with `super() | {…}`.

        :param ErasedPerson person: the erased person
        """
        return {'certificate': self._complete_certificate(self._prepare_certificate(person))}

    def _prepare_certificate(self, person):
        """Return the values to store, none that tells who it was. Extend with `super() | {…}`.

        :param ErasedPerson person: the erased person
        """
        return {'removed': person.removed}


def make_sentence(reasons):
    """Return these reasons one after the other, told apart, '' for none."""
    return "; ".join(reason.rstrip('.') for reason in reasons) + "." if reasons else ""

import logging
from collections import defaultdict
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_datetime

from ..jobs.isolation import BUSY
from .engine import ContactsInUse, ErasureEngine
from .proof import PersonStillFound

_logger = logging.getLogger(__name__)
RETRY_BUSY = timedelta(minutes=1)
# The first is the strongest: it takes the place of a weaker one noted for the same person.
REASONS_BY_STRENGTH = ('request', 'manual', 'withdrawal', 'retention', 'checkout')
# What a consent given later undoes: everything but the customer's own request.
REASONS_OVERRULED_BY_CONSENT = ('checkout', 'withdrawal', 'retention', 'manual')


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
        ], required=True, default='due', readonly=True, index=True)
    rule_id = fields.Many2one('dsgvo.erasure.rule', ondelete='set null', readonly=True)
    balance_accepted = fields.Boolean(
        "Balance Given Up", readonly=True,
        help="The officer saw the balance of the vouchers and went on. Their codes stay valid.")
    is_recipient = fields.Boolean(
        "Only Got or Paid for an Order", readonly=True,
        help="The order of somebody else went to this person or was invoiced to this person.")
    not_before = fields.Datetime(
        readonly=True, help="Grace time, in which a mistake can be put right.")
    blocker = fields.Text("Why Not Yet", readonly=True)
    advice = fields.Text("What to Do", compute='_compute_advice', compute_sudo=True)
    has_open_orders = fields.Boolean(compute='_compute_advice', compute_sudo=True)
    restricted_until = fields.Date(
        "Kept Until", readonly=True,
        help="Until this day documents with the name and address must be kept by law.")
    done_date = fields.Datetime("Erased On", readonly=True)
    certificate = fields.Json(
        readonly=True, help="What was removed where: {'removed': {model: number of rows}}.")
    certificate_html = fields.Html("Removed", compute='_compute_certificate_html')

    _one_open_per_person = models.UniqueIndex(
        "(partner_id) WHERE state IN ('due', 'blocked')", "This customer is already to be erased.")

    @api.depends('partner_id')
    def _compute_display_name(self):
        for erasure in self:
            erasure.display_name = erasure.partner_id.display_name or self.env._(
                "Erasure %s", erasure.id)

    @api.depends('certificate')
    def _compute_certificate_html(self):
        for erasure in self:
            removed = (erasure.certificate or {}).get('removed', {})
            rows = Markup().join(
                Markup("<tr><td>%s</td><td class='text-end'>%s</td></tr>")
                % (self.env['ir.model']._get(model).name or model, count)
                for model, count in sorted(removed.items()))
            erasure.certificate_html = Markup("<table class='table table-sm'>%s</table>") % rows

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        if self.filtered(lambda erasure: erasure.state in ('restricted', 'done')):
            raise UserError(self.env._(
                "A finished erasure cannot be deleted: it is the evidence that it was done."))

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
            raise UserError(self.env._(
                "%(name)s has a grace time until %(time)s, in which a mistake can be put right."
                " Nobody is erased before.", name=self[:1].display_name,
                time=format_datetime(self.env, self[:1].not_before)))
        due._process()
        self.env['pos.session']._dsgvo_forget_customers()

    # === BUSINESS METHODS === #

    def _get_notice(self):
        """Return the state in words for the customer's form, '' for an empty recordset."""
        if not self:
            return ""
        if self.state == 'due' and self.not_before:
            return self.env._(
                "This customer is erased after %(time)s, unless storage is granted again.",
                time=format_datetime(self.env, self.not_before))
        if self.state == 'due':
            return self.env._("This customer is erased within the next few minutes.")
        if self.state == 'restricted':
            return self.env._(
                "Name and address are kept until %(date)s: %(reason)s",
                date=self.restricted_until, reason=self.blocker)
        return self.env._(
            "This customer is to be erased, but not yet: %(reason)s", reason=self.blocker)

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
    def _cron_erase(self, batch_size=500):
        """Look once at who was blocked, then erase who is due, batch by batch, until all are done.

        Any number of workers may run at the same time: rows locked by another one are skipped. Each
        batch is a transaction, so a worker may be killed at any point.
        """
        commit_progress = self.env['ir.cron']._commit_progress
        self._release_restricted()
        commit_progress(remaining=self.search_count(
            Domain('state', '=', 'due') & (
                Domain('not_before', '=', False)
                | Domain('not_before', '<=', fields.Datetime.now()))))
        busy = erased = False
        for state in ('blocked', 'due'):
            last_id = 0
            while batch := self._lock_next(state, last_id, batch_size):
                last_id = batch[-1].id
                try:
                    busy |= bool(batch._process())
                except BUSY:
                    self.env.cr.rollback()
                    busy = True
                erased |= bool(batch.exists().filtered(lambda e: e.state in ('restricted', 'done')))
                if not commit_progress(len(batch) if state == 'due' else 0):
                    break
        if busy:
            self._trigger_cron(fields.Datetime.now() + RETRY_BUSY)
        if erased:
            self.env['pos.session']._dsgvo_forget_customers()

    @api.model
    def _release_restricted(self):
        """Let those go whose documents need not be kept any longer, on the day after the period.

        Not before the whole database was searched for them once more, if there is anything to
        search for.
        """
        self.flush_model(['state', 'restricted_until', 'search_id'])
        over = self.browse(row_id for row_id, in self.env.execute_query(SQL(
            """
            SELECT id FROM dsgvo_erasure over
             WHERE state = 'restricted' AND restricted_until < %s AND (NOT EXISTS (
                SELECT FROM dsgvo_erasure_value value WHERE value.erasure_id = over.id
             ) OR EXISTS (
                SELECT FROM dsgvo_erasure_search search
                 WHERE search.finished IS NOT NULL AND search.id = over.search_id
                   AND search.started >= over.restricted_until
             )) AND NOT EXISTS (
                SELECT FROM dsgvo_erasure noted
                 WHERE noted.partner_id = over.partner_id AND (
                    noted.state IN ('due', 'blocked')
                    OR noted.state = 'restricted' AND noted.id < over.id)) -- one at a time
             ORDER BY id
            """, fields.Date.context_today(self))))
        for company, erasures in over.grouped('company_id').items():
            self.env['dsgvo.job.failure']._run_in_chunks(
                'release', erasures.with_company(company), lambda some: some.write(
                    {'state': 'due', 'not_before': False, 'blocker': False}))

    @api.model
    def _lock_next(self, state, last_id, limit):
        """Lock the next batch, at the start of a transaction."""
        self.flush_model(['state'])
        query = SQL(
            """
            SELECT id FROM dsgvo_erasure
             WHERE state = %s AND id > %s AND (not_before IS NULL OR not_before <= %s)
             ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
            """, state, last_id, fields.Datetime.now(), limit)
        while True:
            try:
                self.env.cr.execute(query, log_exceptions=False)
                return self.browse(row_id for row_id, in self.env.cr.fetchall())
            except BUSY:  # another worker has just committed one of these
                self.env.cr.rollback()

    def _process(self):
        """Erase whom nothing keeps; note for the others what does; drop who agreed meanwhile.

        :return: those that stay as they are for now, because somebody works with their contacts
        """
        # Reasons are stored as text: in the shop's language, not in that of the job.
        lang = self.env.company.partner_id.lang
        # sudo: dsgvo.erasure - what is erased follows from the map, not from the caller's rights
        erasures = self.sudo().with_context(lang=lang).filtered(
            lambda erasure: erasure.state in ('due', 'blocked')) - self._find_in_grace()
        gone = erasures.filtered(lambda erasure: not erasure.partner_id)
        gone._set_done({})
        erasures -= gone
        erasures -= erasures._drop_obsolete()
        reasons = erasures._find_blockers()
        for erasure in erasures:
            if blocked := reasons.get(erasure.partner_id):
                erasure._set_blocked("\n".join(blocked))
                erasures -= erasure
        return erasures._erase()

    def _find_in_grace(self):
        now = fields.Datetime.now()
        return self.filtered(lambda erasure: erasure.not_before and erasure.not_before > now)

    def _find_blockers(self):
        """Return `{customer: [reasons]}` of those who must stay for now."""
        Blocker = self.env['dsgvo.erasure.blocker']
        reasons = defaultdict(list, Blocker._find(
            self.partner_id, self.filtered('balance_accepted').partner_id,
            self.filtered('rule_id.cancels_quotations').partner_id))
        for (company, reason), noted in self.grouped(lambda e: (e.company_id, e.reason)).items():
            elsewhere = Blocker._find_elsewhere(noted.partner_id, company, reason)
            for customer, texts in elsewhere.items():
                reasons[customer] += texts
        return reasons

    def _drop_obsolete(self):
        """Delete and return those who agreed to storage, or whose reason does not hold any more.

        Not those of whom only documents are left: that something was erased stays on record.
        """
        fresh = self.filtered(lambda erasure: not erasure.certificate)
        obsolete = fresh._find_switched_off() | fresh._find_uninvolved()
        for (company, reason), erasures in fresh.grouped(
                lambda erasure: (erasure.company_id, erasure.reason)).items():
            agreed = self._find_overruling(erasures.partner_id, reason, company)
            obsolete |= erasures.filtered(lambda e, among=agreed: e.partner_id in among)
        for rule, erasures in (fresh - obsolete).filtered('rule_id').grouped('rule_id').items():
            matching = rule._match(erasures.partner_id)
            obsolete |= erasures.filtered(lambda e, found=matching: e.partner_id not in found)
        obsolete.unlink()
        return obsolete

    def _find_switched_off(self):
        """Return those whom a sale has noted at a company that does not erase after it any more."""
        return self.filtered(lambda erasure: erasure.reason == 'checkout'
                             and not erasure.company_id.dsgvo_erase_after_sale)

    def _set_blocked(self, reason):
        """Nothing is written when nothing is new, so that a second run leaves no trace."""
        if (self.state, self.blocker) != ('blocked', reason):
            self.write({'state': 'blocked', 'blocker': reason})

    def _set_done(self, certificate):
        if self:
            self.write({
                'state': 'done', 'blocker': False, 'done_date': fields.Datetime.now(),
                'certificate': certificate})

    def _erase(self):
        """Erase a batch. If it fails, halve it until the failing person is alone and blocked.

        :return: those that somebody works with at this moment; they are as they were before
        """
        if not self:
            return self
        try:
            with self.env.cr.savepoint():
                self.filtered('rule_id.cancels_quotations').partner_id._dsgvo_cancel_quotations()
                pairs = [
                    (erasure.partner_id.id, erasure.company_id.dsgvo_anonymous_partner_id.id)
                    for erasure in self]
                outcome = ErasureEngine(self.env, pairs).run()
                self._store_outcome(dict(zip(self, pairs, strict=True)), outcome)
                return self.browse()
        except ContactsInUse as error:
            in_use = self.env['res.partner'].browse(error.subject_ids)
            busy = self.filtered(lambda erasure: erasure.partner_id in in_use)
            return busy | (self - busy)._erase()
        except Exception as error:
            if len(self) == 1:
                return self._after_failure(error)
        middle = len(self) // 2
        return self[:middle]._erase() | self[middle:]._erase()

    def _after_failure(self, error):
        """Block one person whose erasure failed. Return it instead if it was only busy."""
        if isinstance(error, BUSY):
            return self
        _logger.warning("Erasure %s failed: %s", self.id, type(error).__name__)
        self._set_blocked(self._describe_failure(error))
        return self.browse()

    def _store_outcome(self, pairs, outcome):
        for erasure, (subject_id, _anonymous_id) in pairs.items():
            result = outcome[subject_id]
            certificate = erasure._prepare_certificate(result)
            if result['until']:
                erasure.write({
                    'state': 'restricted',
                    'restricted_until': result['until'],
                    'blocker': erasure._describe_hold(),
                    'certificate': certificate,
                })
            else:
                erasure._set_done(certificate)

    def _describe_hold(self):
        # sudo: res.company - only whether Odoo must keep the changes of contacts with entries
        if self.company_id.sudo().restrictive_audit_trail:
            return self.env._(
                "Invoices and entries, and the audit trail of the customer (§ 147 AO, § 257 HGB)")
        return self.env._("Invoices and entries (§ 147 AO, § 257 HGB)")

    def _prepare_certificate(self, result):
        """Return what is stored, nothing of the person. Extend with `super() | {…}`."""
        return {'removed': result['removed']}

    def _describe_failure(self, error):
        """Return a reason without the person: the table at fault, never the row's values."""
        if isinstance(error, PersonStillFound):
            return self.env._(
                "The customer could still be found in: %(places)s. Nothing was erased. Remove the"
                " customer there, or ask your Odoo administrator to cover the place in the map of"
                " personal data.",
                places=", ".join(self.env['ir.model']._get(model).name for model in error.places))
        table = getattr(getattr(error, 'diag', None), 'table_name', None)
        return self.env._(
            "The erasure failed and is tried again (%(error)s%(table)s). If it stays, tell your"
            " Odoo administrator.", error=type(error).__name__, table=f", {table}" if table else "")

from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_date

from ..jobs.refusals import unlogged
from .ledger import COLUMNS, install_guards, recording

PURPOSES = [
    ('storage', "Unlimited storage"),
    ('notification', "Customer notification"),
    ('marketing', "Invitation, advertising, profile"),
]
DECISIONS = [
    ('granted', "Granted"),
    ('refused', "Refused"),
    ('withdrawn', "Withdrawn"),
    ('expired', "Expired"),  # after the validity that the company has set; to be asked again
]

LastDecision = namedtuple('LastDecision', 'id partner_id purpose decision date')

# The customer has tapped, not a clerk.
MEANS_OF_CUSTOMER = ('tablet', 'display', 'own_phone')
MEANS_AT_TILL = ('till', *MEANS_OF_CUSTOMER)
# Means that no clerk can claim.
MEANS_OF_ODOO = ('portal', 'email', 'merge', 'system', *MEANS_OF_CUSTOMER)
# In the context of records that the screen for imports creates, and of `load`: there the value is
# the caller's and may be empty.
IMPORT_MARKS = ('import_file', '_import_current_module')
MEANS_WITHOUT_WORDING = ('import', 'merge', 'system', 'email')

OFFICER = 'dsgvo.group_officer'  # whoever records passes the proof on and never sees it again


class DsgvoConsentEvent(models.Model):
    """One decision of one person on one purpose: the proof that Art. 7(1) DSGVO asks of the shop.

    The ledger is the only source of the consents shown on a contact (see `res.partner`), so whoever
    creates an event changes the consent. Events are never changed or deleted, not by superusers
    either, nor by SQL (see ledger.py); when the person is erased, the event stays without it.
    """
    _name = 'dsgvo.consent.event'
    _description = "Consent Decision"
    _order = 'date desc, id desc'

    partner_id = fields.Many2one('res.partner', "Customer", ondelete='set null', index=True)
    purpose = fields.Selection(PURPOSES, required=True)
    decision = fields.Selection(DECISIONS, required=True)
    date = fields.Date(
        "Decided On", required=True,
        default=lambda self: self.env.company._dsgvo_today(),
        help="The day the customer decided. It may lie in the past, for a form on paper.")
    recorded_on = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    means = fields.Selection(
        [
            ('counter', "At the counter"),
            ('paper', "On paper"),
            ('phone', "By telephone"),
            ('till', "At the till"),
            ('tablet', "Customer, on the tablet of the till"),
            ('display', "Customer, on the customer display"),
            ('own_phone', "Customer, on the own phone"),
            ('portal', "Customer portal"),
            ('email', "E-mail link"),
            ('import', "Import"),
            ('merge', "Merging of contacts"),
            ('system', "Odoo itself"),
        ],
        required=True, default=lambda self: self._default_means())
    user_id = fields.Many2one(
        'res.users', "Recorded By", ondelete='set null', readonly=True,
        default=lambda self: self.env.uid)
    user_number = fields.Integer(
        "Recorded By Login No.", readonly=True,
        help="The number of the deleted login that recorded the decision.")
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, default=lambda self: self.env.company)
    till = fields.Char(readonly=True, help="The till at which it was recorded.")
    decided_at = fields.Datetime(
        readonly=True, help="When the customer answered at the till, which may have been offline.")
    wording_id = fields.Many2one(
        'dsgvo.wording', ondelete='restrict', index='btree_not_null',
        help="What exactly was agreed to, or refused.")
    wording_text = fields.Html(related='wording_id.text', string="Text")
    is_in_force = fields.Boolean(
        "In Force", search='_search_is_in_force', compute='_compute_is_in_force',
        help="A consent that was given and neither withdrawn nor given anew since.")
    note = fields.Char(groups=OFFICER)
    signature = fields.Binary(
        groups=OFFICER, help="Drawn on the screen, or the scan of the signed form.")
    proof_is_image = fields.Boolean(compute='_compute_proof', groups=OFFICER)
    proof_name = fields.Char(compute='_compute_proof', groups=OFFICER)
    evidence_salt = fields.Char(readonly=True, groups=OFFICER)
    evidence_digest = fields.Char(
        readonly=True, help="Hash of note and signature, which go when the person is erased.")
    evidence_seal = fields.Char(
        readonly=True, groups=OFFICER,
        help="Keyed hash of note and signature of an older version, as the update found them.")
    chain_id = fields.Many2one('dsgvo.consent.chain', readonly=True, ondelete='restrict')
    position = fields.Integer(readonly=True)
    hash = fields.Char(readonly=True, help="Over this decision and the one before it.")

    _last_decision = models.Index('(partner_id, purpose, date DESC, id DESC)')
    _newest_first = models.Index('(date DESC, id DESC)')
    _last_of_person = models.Index('(partner_id, id DESC)')
    _chain_position = models.UniqueIndex(
        '(chain_id, position)', "Somebody else has just recorded a decision of this customer.")
    _positive_id = models.Constraint('CHECK (id > 0)', "Decisions are numbered from 1.")

    def init(self):
        install_guards(self.env.cr)
        return super().init()

    @api.model
    def _default_means(self):
        context = self.env.context
        if context.get('import_file') or '_import_current_module' in context:
            return 'import'
        if context.get('dsgvo_till_id'):
            return 'till'
        return 'counter' if self.env.user._is_internal() else 'system'

    def _compute_is_in_force(self):
        self.flush_model(['partner_id', 'purpose', 'decision', 'date'])
        rows = self.env.execute_query(self._in_force_sql(
            SQL("event.partner_id = ANY(%s)", self.partner_id.ids)))
        in_force = {event_id for event_id, in rows}
        for event in self:
            event.is_in_force = event.id in in_force

    @api.model
    def _search_is_in_force(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return [('id', 'in', SQL(
            "(%s)", self._in_force_sql(SQL("event.partner_id IS NOT NULL"))))]

    @api.model
    def _in_force_sql(self, events):
        """Return the query of the ids of the consents in force, each at its own company."""
        controllers = self.env['res.company']._dsgvo_controllers()
        return SQL(
            """
            SELECT id FROM (
                SELECT DISTINCT ON (event.partner_id, event.purpose, company.controller_id)
                       event.id, event.decision
                  FROM dsgvo_consent_event event
                  JOIN unnest(%s, %s) company(id, controller_id) ON company.id = event.company_id
                 WHERE %s
                 ORDER BY event.partner_id, event.purpose, company.controller_id,
                          event.date DESC, event.id DESC
            ) last WHERE decision = 'granted'
            """, list(controllers), list(controllers.values()), events)

    @api.depends_context('lang')
    @api.depends('purpose', 'decision', 'date')
    def _compute_display_name(self):
        """What was decided and when, without who: the title outlives the person."""
        purposes, decisions = (
            dict(self._fields[name]._description_selection(self.env))
            for name in ('purpose', 'decision'))
        for event in self:
            event.display_name = self.env._(
                "%(purpose)s: %(decision)s on %(date)s", purpose=purposes.get(event.purpose, ""),
                decision=decisions.get(event.decision, ""), date=format_date(self.env, event.date))

    @api.constrains('partner_id', 'purpose')
    def _check_data_subject(self):
        for event in self:
            partner = event.partner_id
            # Withdrawing is possible at any time (Art. 7(3) DSGVO), also for an archived contact.
            if not partner.active and event.decision == 'granted':
                raise unlogged(ValidationError(self.env._(
                    "%(name)s is archived and cannot give a consent. Restore the contact first.",
                    name=partner.display_name)))
            # Decisions of a person who is a company now can end, and be merged, all the same.
            is_answer = event.decision in ('granted', 'refused') and event.means != 'merge'
            if partner.is_company and event.purpose != 'marketing' and is_answer:
                raise unlogged(ValidationError(self.env._(
                    "%(name)s is a company. Storage and notification need the consent of a person;"
                    " record it on the contact person.", name=partner.display_name)))

    @api.constrains('date')
    def _check_date(self):
        today = self.env.company._dsgvo_today()
        if future := self.filtered(lambda event: event.date > today):
            raise ValidationError(self.env._(
                "A decision cannot be dated %(date)s, which is in the future. Enter the day on"
                " which the customer decided.", date=format_date(self.env, future[0].date)))

    @api.model_create_multi
    def create(self, vals_list):
        """Record decisions on the data subject, whichever of its addresses was given.

        The user, the time, the company and the wording are never taken from the caller. Only Odoo
        itself (superuser mode) may say which wording it has shown, when and at which till.

        :raise UserError: without customer, with a means that only Odoo itself may claim, or when
            an imported decision does not say on which day it was made
        """
        self.check_access('create')
        if not self.env.su:
            self.env['res.partner'].browse(
                vals['partner_id'] for vals in vals_list if vals.get('partner_id')
            )._dsgvo_check_deciding()
        # sudo: dsgvo.consent.event - checked above; a clerk may record the proof, not read it
        Event = self.sudo().with_context(image_no_postprocess=True)  # a scan stays as it is
        with recording(self.env):
            events = super(DsgvoConsentEvent, Event).create(self._prepare_evidence(vals_list))
        events = events.with_env(self.env)
        # PostgreSQL has written them.
        events.invalidate_recordset(['chain_id', 'position', 'hash'], flush=False)
        # sudo: res.partner - the contact shows what the ledger says, whoever records
        events.partner_id.sudo()._dsgvo_refresh_consents(events.partner_id)
        # sudo: res.partner - so do the text and the date beside them
        events.partner_id.sudo()._dsgvo_follow_ledger(events)
        for (purpose, decision), group in events.grouped(lambda e: (e.purpose, e.decision)).items():
            # sudo: res.partner - what follows from a decision does not depend on the clerk's rights
            persons = group.partner_id.sudo()
            persons._dsgvo_after_decision(purpose, decision, persons._dsgvo_allows(purpose))
        return events

    def _prepare_evidence(self, vals_list):
        if not all(vals.get('partner_id') for vals in vals_list):
            raise UserError(self.env._("A consent decision needs the customer who decided."))
        partners = self.env['res.partner'].browse([vals['partner_id'] for vals in vals_list])
        defaults = self.default_get(['date', 'means'])
        is_import, till = defaults['means'] == 'import', self._get_till()
        prepared = []
        for vals, subject in zip(vals_list, [p._dsgvo_subject() for p in partners], strict=True):
            values = defaults | {name: value for name, value in vals.items() if value}
            if is_import and not self.env.su:
                values['means'] = 'import'
            self._refuse_forged(values)
            if (is_import or values['means'] == 'import') and not vals.get('date'):
                raise unlogged(ValidationError(self.env._(
                    "%(name)s: an imported consent needs the day on which the customer decided."
                    " Add a column with the date of the consent, or leave the consents empty for"
                    " somebody who was never asked.", name=subject.display_name)))
            prepared.append({'note': False, 'signature': False} | values | {
                'partner_id': subject.id,
                'user_id': self.env.uid,
                'company_id': self.env.company.id,
                'recorded_on': fields.Datetime.now(),
                # Odoo itself may name a till that has no open session any more.
                'till': (self.env.su and values.get('till')) or (
                    values['means'] in MEANS_AT_TILL and till),
                'decided_at': self.env.su and values.get('decided_at'),
            } | self._prepare_digest(values))
        self._add_wordings(prepared)
        return prepared

    def _add_wordings(self, vals_list):
        """Say on what each of the customers decided: the wording of the day of the decision."""
        Wording = self.env['dsgvo.wording']
        company = self.env.company
        days = [fields.Date.to_date(vals['date']) for vals in vals_list]
        wordings = Wording._get_of_days(company, set(days))
        # sudo: res.partner - only the language
        subjects = self.env['res.partner'].sudo().browse([vals['partner_id'] for vals in vals_list])
        for vals, day, subject in zip(vals_list, days, subjects, strict=True):
            if self.env.su and 'wording_id' in vals:
                continue
            asked = (
                vals['means'] not in MEANS_WITHOUT_WORDING and vals.get('decision') != 'withdrawn')
            vals['wording_id'] = asked and Wording._choose(
                wordings[day], vals.get('purpose'), subject.lang or self.env.lang, company).id

    def _refuse_forged(self, vals):
        """Refuse what only Odoo itself may claim."""
        if self.env.su:
            return
        if vals.get('decision') == 'expired':
            raise UserError(self.env._(
                "Only Odoo itself records that a consent has expired, on the day set for it."
                " Record what the customer decided: granted, refused or withdrawn."))
        if vals['means'] in MEANS_OF_ODOO:
            raise UserError(self.env._(
                "Only Odoo itself records decisions made by “%(means)s”. Choose how you got"
                " the decision: at the counter, on paper or by telephone.",
                means=dict(self._fields['means']._description_selection(self.env))[vals['means']]))
        if vals.get('user_id', self.env.uid) != self.env.uid:
            raise unlogged(UserError(self.env._(
                "A decision is recorded in the name of whoever records it, here %(name)s. Leave out"
                " the user, or let the other one record it.", name=self.env.user.name)))

    @api.model
    def _get_till(self):
        """Return the name of the till that records, False if the one of the context is not open."""
        till_id = self.env.context.get('dsgvo_till_id')
        if not isinstance(till_id, int):
            return False
        # sudo: pos.session - only the name of a till of this company
        session = self.env['pos.session'].sudo().search([
            ('config_id', '=', till_id), ('company_id', '=', self.env.company.id),
            ('state', '!=', 'closed')], limit=1)
        return session.config_id.name

    def write(self, vals):
        """Refuse changes of the evidence; columns that other addons add are theirs."""
        if {'partner_id', 'signature', *COLUMNS} & vals.keys():
            raise UserError(self.env._(
                "A recorded consent decision cannot be changed: it is evidence. Record a new"
                " decision of the customer instead."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._(
            "A recorded consent decision cannot be deleted: it is evidence. Record a new decision"
            " of the customer instead."))

    @api.model
    def _last_sql(self, subjects=None, date=None, *, answers=False):
        """Return the query of the decisions in force at this company: the fields of `LastDecision`.

        The newest day wins; on the same day the decision that was recorded last. An expiry counts
        only at the company whose validity is over.

        :param date: the last day that counts, to know what was in force then
        :param bool answers: only what the customer decided, whether or not it has expired since
        """
        return SQL(
            """
            SELECT DISTINCT ON (partner_id, purpose) id, partner_id, purpose, decision, date
              FROM dsgvo_consent_event
             WHERE company_id = ANY(%s) AND (decision != 'expired' OR %s) AND %s AND %s
             ORDER BY partner_id, purpose, date DESC, id DESC
            """,
            self.env.company._dsgvo_same_controller().ids,
            SQL("FALSE") if answers else SQL("company_id = %s", self.env.company.id),
            SQL("partner_id IS NOT NULL") if subjects is None
            else SQL("partner_id = ANY(%s)", subjects.ids),
            SQL("date <= %s", date) if date else SQL("TRUE"))

    @api.model
    def _query_last(self, subjects, date=None, *, answers=False):
        """Return a list of `LastDecision`; see `_last_sql`."""
        self.flush_model(['partner_id', 'purpose', 'decision', 'date'])
        return [
            LastDecision(*row)
            for row in self.env.execute_query(self._last_sql(subjects, date, answers=answers))]

    @api.model
    def _last_decisions(self, subjects, date=None):
        """Return `{(partner id, purpose): decision}`, the decision in force of each person."""
        return {
            (last.partner_id, last.purpose): last.decision
            for last in self._query_last(subjects, date)}

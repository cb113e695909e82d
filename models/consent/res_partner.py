from itertools import product

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..jobs.refusals import unlogged
from .consent_fields import Consent, ConsentExpiry, ConsentState, DecidedDate, DecidedText
from .current_consents import (
    CURRENT_FIELDS,
    DOCUMENTATION_FIELDS,
    refresh,
)
from .dsgvo_consent_event import PURPOSES
from .ledger import recording

CONSENT_FIELDS = {f'consent_{purpose}': purpose for purpose, _label in PURPOSES}
# In the context of a merge: no remote caller can pass an object.
MERGING = object()
CONSENT_STATES = [('granted', "Granted"), ('refused', "Refused")]


def _consents(vals):
    return {field: value for field, value in vals.items() if field in CONSENT_FIELDS}


def without_consents(vals, also=()):
    return {field: value for field, value in vals.items()
            if field not in CURRENT_FIELDS and field not in also}


class ResPartner(models.Model):
    """The three consents of a contact, their text and date, as copies of the ledger."""
    _inherit = 'res.partner'

    consent_event_ids = fields.One2many(
        'dsgvo.consent.event', 'partner_id', "Consent Decisions", readonly=True)
    # Odoo gives each field of companies an index of the contacts who have a value. It helps to find
    # few; all others slow every new contact, and the planning of each statement on contacts.
    consent_storage = Consent(
        CONSENT_STATES, "Unlimited Storage", company_dependent=True, index=False,
        help="The customer agreed that the data are kept without a time limit. Without it the"
             " customer is erased after the special order is sold.")
    consent_notification = Consent(
        CONSENT_STATES, "Customer Notification", company_dependent=True, index=False,
        help="The customer agreed to be told about the state of an order. Without it orders get"
             " the message type K.")
    consent_marketing = Consent(
        CONSENT_STATES, "Invitation, Advertising, Profile", company_dependent=True,
        help="The customer agreed to invitations, advertising and to a profile of interests."
             " Without it no serial message is made.")
    consent_state = ConsentState(
        [('none', "No Consent"), ('partial', "Some Consents"), ('full', "All Consents")],
        "DSGVO", company_dependent=True, readonly=True, index=False)
    consent_expiry_date = ConsentExpiry(
        "Consents Expire On", company_dependent=True, readonly=True, prefetch='dsgvo_documentation',
        help="The day on which the first of the consents that were given is to be renewed.")
    consent_date = DecidedDate(
        company_dependent=True, prefetch='dsgvo_documentation', index=False)
    consent_text = DecidedText(
        company_dependent=True, prefetch='dsgvo_documentation', index=False)

    # === ONCHANGE METHODS === #

    @api.onchange(*CONSENT_FIELDS)
    def _onchange_consents(self):
        """Show the state of the consents marked in the form, before it is saved."""
        granted = self._dsgvo_granted()
        asked = 1 if self.is_company else len(CONSENT_FIELDS)
        self.consent_state = (
            'full' if len(granted) == asked else 'partial' if granted else 'none')

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create([self._dsgvo_contact_values(vals) for vals in vals_list])
        # The ORM computes a recursive field record by record. Most are below no other contact.
        self._fields['dsgvo_subject_id'].compute_value(
            partners.filtered(lambda partner: not partner.parent_id))
        addresses = partners.filtered(lambda partner: partner.dsgvo_subject_id != partner)
        addresses._dsgvo_refresh_consents(addresses.dsgvo_subject_id)
        partners._dsgvo_write_consents(vals_list)
        if any(vals.keys() & set(DOCUMENTATION_FIELDS) for vals in vals_list):
            for partner, vals in zip(partners, vals_list, strict=True):
                typed = {field: vals[field] for field in DOCUMENTATION_FIELDS if vals.get(field)}
                if typed := self._dsgvo_contact_values(typed):
                    partner.write(typed)
            partners._dsgvo_share_documentation()
        return partners

    def write(self, vals):
        """Consents need the right to record decisions, not the right to change the contact."""
        others = self._dsgvo_contact_values(vals)
        # Text and date typed beside marked consents have the last word on them.
        documentation = {field: others.pop(field) for field in DOCUMENTATION_FIELDS
                         if field in others and _consents(vals)}
        self._dsgvo_check_documentation(others)
        if self._dsgvo_is_merged():
            others = {fname: others[fname] for fname in others.keys() - self._dsgvo_own_fields()}
        if others or not vals:
            super().write(others)
        if others.keys() & set(DOCUMENTATION_FIELDS):
            self._dsgvo_share_documentation()
        if {'parent_id', 'type', 'is_company'} & vals.keys():
            self._dsgvo_with_those_below()._dsgvo_after_move()
        elif 'name' in vals:
            self.filtered(
                lambda p: p.is_company or p.parent_id)._dsgvo_with_those_below()._dsgvo_after_move()
        if _consents(vals) and not self._dsgvo_is_merged():
            self.check_access('read')
            self._dsgvo_write_consents([vals] * len(self))
        if documentation:
            self.write(documentation)
        return True

    def unlink(self):
        """Let the decisions of deleted contacts stay in the ledger, without the person.

        The addresses that stay have no part in the consents of that person any more.
        """
        # sudo: res.partner - also the addresses that the user does not see
        addresses = self.sudo().with_context(active_test=False).search(
            [('dsgvo_subject_id', 'in', self.ids), ('id', 'not in', self.ids)])
        with recording(self.env):
            result = super().unlink()
        addresses.exists()._dsgvo_after_move()
        return result

    @api.model
    def _dsgvo_contact_values(self, vals):
        """Return the values to write to the contact: all but the consents, which the ledger has.

        Text and day of an import document the decisions of its line and are written with them. No
        user writes the read-only fields of this addon, in which Odoo itself takes notes.
        """
        notes = () if self.env.su else {
            fname for fname in vals if fname.startswith('dsgvo_') and fname in self._fields
            and self._fields[fname].readonly}
        is_import = not vals.keys().isdisjoint(DOCUMENTATION_FIELDS) and (
            self.env['dsgvo.consent.event']._default_means() == 'import')
        return without_consents(vals, also={*notes, *(DOCUMENTATION_FIELDS if is_import else ())})

    @api.model
    def _dsgvo_is_merged(self):
        return self.env.context.get('dsgvo_merge') is MERGING

    @api.model
    def _dsgvo_own_fields(self):
        """Return the fields that say something of one contact and its decisions only.

        A merge does not copy them to the contact that remains. Extend with `super() | {…}`.
        """
        return set(DOCUMENTATION_FIELDS)

    def _dsgvo_write_consents(self, vals_list):
        """Record values written to the consent fields as decisions, one dict per contact."""
        Event = self.env['dsgvo.consent.event']
        if Event._default_means() == 'import':
            return self._dsgvo_import_consents(vals_list)
        event_vals_list = []
        for partner, vals in zip(self, vals_list, strict=True):
            consents = _consents(vals)
            subject = consents and partner._dsgvo_subject()
            for field, value in consents.items():
                if decision := subject._dsgvo_decision_from(field, value):
                    event_vals_list.append({
                        'partner_id': subject.id,
                        'purpose': CONSENT_FIELDS[field],
                        'decision': decision,
                    })
        if event_vals_list:
            Event.create(event_vals_list)

    def _dsgvo_decision_from(self, field, value):
        """Return the decision that turns the consent in force into `value`, None if it is that."""
        current = self[field]
        if value == current or (not value and not current):
            return None
        if value == 'granted':
            return 'granted'
        if current == 'granted':  # emptying a given consent is withdrawing it (Art. 7(3) DSGVO)
            return 'withdrawn'
        if not value:
            raise unlogged(UserError(self.env._(
                "%(name)s has refused: %(purpose)s. A decision cannot be unmade. Record what the"
                " customer decides now.",
                name=self.display_name, purpose=self._fields[field]._description_string(self.env))))
        return 'refused'

    # === ACTION METHODS === #

    def action_dsgvo_events(self):
        """Open the decisions of these customers."""
        action = self.env['ir.actions.act_window']._for_xml_id('dsgvo.dsgvo_consent_event_action')
        return action | {'domain': [('partner_id', 'in', self._dsgvo_subject().ids)]}

    def action_dsgvo_make_person(self):
        """Turn a company into the person it was meant to be: all three consents are asked."""
        self.is_company = False

    # === BUSINESS METHODS === #

    def _dsgvo_after_move(self):
        """Give contacts the consents of the person whose address they are now, or their own.

        Called after the parent, the type, the kind or the name of contacts was changed, in the same
        transaction, with those below them. Extend with `super()`.
        """
        self._dsgvo_refresh_consents(self._dsgvo_subject())

    @api.model
    def _dsgvo_refresh_consents(self, subjects=None):
        """Copy the consents in force from the ledger to contacts of these persons, or of all."""
        if subjects is not None and not subjects:
            return
        self.env['dsgvo.consent.event'].flush_model()
        self.env['res.partner'].flush_model(
            ['dsgvo_subject_id', 'is_company', *CURRENT_FIELDS])
        changed = self.env['res.partner'].browse(refresh(self.env, subjects and subjects.ids))
        if changed:
            changed.invalidate_recordset([*CURRENT_FIELDS, 'write_date', 'write_uid'])
            changed.modified(CURRENT_FIELDS)

    def _dsgvo_record(self, answers, date, *, wordings=None, **evidence):
        """Record what these persons answered, all of them at once.

        Companies answer on marketing only. They can withdraw a consent that they gave when they
        were entered as a person.

        :param dict answers: granted or refused by purpose
        :param date: the day on which they answered
        :param dict wordings: ids of the texts that were shown, by purpose; only Odoo itself
            (superuser mode) may say so
        :param evidence: further values of the decisions, such as means, note and signature
        :return: the decisions; none if companies were asked only for consents that they cannot give
        """
        Event = self.env['dsgvo.consent.event']
        subjects = self._dsgvo_subject()
        before = Event._last_decisions(subjects, date)
        vals_list = []
        for subject, (purpose, answer) in product(subjects, answers.items()):
            withdraws = answer == 'refused' and before.get((subject.id, purpose)) == 'granted'
            if withdraws or purpose == 'marketing' or not subject.is_company:
                vals_list.append({
                    'partner_id': subject.id,
                    'purpose': purpose,
                    'decision': 'withdrawn' if withdraws else answer,
                    'date': date,
                } | ({} if withdraws or purpose not in (wordings or {})
                     else {'wording_id': wordings[purpose]}) | evidence)
        events = Event.create(vals_list)
        events.partner_id._dsgvo_fill_documentation()
        return events

    def _dsgvo_granted(self):
        """Return the purposes to which this contact has consented, [] for an empty recordset."""
        return [purpose for field, purpose in CONSENT_FIELDS.items() if self[field] == 'granted']

    def _dsgvo_agreed_anywhere(self, purpose):
        """Return those for whom a consent is noted at any company, over or not; one query."""
        field = f'consent_{purpose}'
        self.env['res.partner'].flush_model([field])
        return self.browse(partner_id for partner_id, in self.env.execute_query(SQL(
            "SELECT id FROM res_partner WHERE id = ANY(%s) AND jsonb_path_exists(%s, %s)",
            self.ids, SQL.identifier(field), '$.* ? (@ == "granted")')))

    @api.model
    def _dsgvo_allowed_domain(self, purpose):
        """Return the `Domain` of the contacts for whom `purpose` is permitted.

        A company is not a data subject (recital 14 DSGVO), so storing and notifying it needs no
        consent; advertising by e-mail does (§ 7 UWG). The answer of a person below a company
        counts, if there is one. A consent does not count any more once its validity is over: the
        fields are empty then (see consent_fields.py). Extend with `super() & …`: nobody else may be
        allowed anything, and tills do not ask for them.

        :param str purpose: storage, notification or marketing
        """
        granted = Domain(f'consent_{purpose}', '=', 'granted')
        if purpose == 'marketing':
            return granted
        # A refusal of a company is from when it was a person, and nobody can ask it again.
        obeyed = self._dsgvo_refused_domain(purpose) & Domain('is_company', '!=', True)
        return granted | (self._dsgvo_business_domain() & ~obeyed)

    @api.model
    def _dsgvo_refused_domain(self, purpose):
        """Return the `Domain` of the contacts who refused `purpose` or withdrew their consent.

        It is not the opposite of the domain above: contacts who were never asked are in neither. It
        decides for an e-mail address or number that several contacts share: there a refusal wins. A
        message to a contact itself follows that contact's decision alone, whoever shares the
        address.

        :param str purpose: storage, notification or marketing
        """
        return Domain(f'consent_{purpose}', '=', 'refused')

    def _dsgvo_allows(self, purpose):
        """Return those of the contacts for whom `purpose` is permitted; see the domain above."""
        # sudo: res.partner - a consent binds whoever acts, also who may not read the contact
        allowed = self.sudo().filtered_domain(self._dsgvo_allowed_domain(purpose))
        return allowed.with_env(self.env)

    def _dsgvo_after_decision(self, purpose, decision, allowed):
        """React to a decision just recorded for these persons. Extend with `super()`.

        :param str purpose: storage, notification or marketing
        :param str decision: of `dsgvo.consent.event`
        :param allowed: those of the persons for whom the purpose is permitted now, at the company
            of the environment. A newer decision can overrule one that is dated back
        """

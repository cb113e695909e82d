from collections import defaultdict, namedtuple
from datetime import date

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

from ..jobs.refusals import unlogged
from .current_consents import DOCUMENTATION_FIELDS, share_documentation
from .dsgvo_consent_event import IMPORT_MARKS
from .res_company import is_blank
from .res_partner import CONSENT_FIELDS

Documentation = namedtuple('Documentation', 'kind text day')


class ResPartner(models.Model):
    """Text and date beside the consents, which put the ledger into words.

    The button DSGVO, a proof and a withdrawal write them; from then on every decision does.
    """
    _inherit = 'res.partner'

    # === CHECKS === #

    @api.constrains('consent_date')
    def _check_consent_date(self):
        today = self.env.company._dsgvo_today()
        if future := self.filtered(lambda partner: partner.consent_date > today
                                   if partner.consent_date else False):
            raise unlogged(ValidationError(self.env._(
                "The consent of %(name)s cannot be dated %(date)s, which is in the future. Enter"
                " the day on which the customer decided.", name=future[0].display_name,
                date=format_date(self.env, future[0].consent_date))))

    def _dsgvo_check_documentation(self, vals):
        """Refuse text or date where nothing was decided, and to empty them beside decisions.

        :raise UserError: naming the customer
        """
        if self.env.su:
            return
        written = [field for field in DOCUMENTATION_FIELDS if field in vals]
        emptied = [field for field in written if is_blank(str(vals[field] or ''))]
        if emptied != written:
            self._dsgvo_check_decided()
        documented = emptied and self._dsgvo_subject().filtered(
            lambda subject: any(subject[field] for field in emptied))
        if decided := documented and documented.filtered(
                lambda subject: any(subject[field] for field in CONSENT_FIELDS)):
            raise unlogged(UserError(self.env._(
                "Text and date of the consents of %(name)s cannot be empty: they tell what the"
                " customer decided, and when. Enter another text or date, or discard the change.",
                name=decided[0].display_name)))

    def _dsgvo_check_decided(self):
        subjects = self._dsgvo_subject()
        last = subjects._dsgvo_last_by_person()
        if undecided := subjects.filtered(lambda subject: subject.id not in last):
            raise unlogged(UserError(self.env._(
                "%(name)s has not decided anything yet, so there is nothing to document. Mark"
                " first what the customer agrees to, or refuses, and enter text and date then.",
                name=undecided[0].display_name)))

    # === ACTION METHODS === #

    def action_dsgvo(self):
        """Document the decisions: write text and date beside them if there are none.

        Text and date that were written or edited before stay; each later decision has changed them
        already.

        :raise UserError: if one of the contacts has decided nothing
        """
        subjects = self._dsgvo_subject()
        subjects._dsgvo_check_deciding()
        if undecided := subjects.filtered(
                lambda subject: not any(subject[field] for field in CONSENT_FIELDS)):
            raise unlogged(UserError(self.env._(
                "%(name)s has not given a consent yet. Mark first what the customer agrees to, or"
                " refuses: unlimited storage, customer notification or invitation, advertising,"
                " profile. Then press DSGVO again.", name=undecided[0].display_name)))
        self.env['dsgvo.consent.event'].check_access('create')
        subjects._dsgvo_fill_documentation()
        return True

    # === BUSINESS METHODS === #

    def _dsgvo_fill_documentation(self):
        """Write text and date of these persons where they are empty."""
        incomplete = self.filtered(
            lambda subject: not all(subject[field] for field in DOCUMENTATION_FIELDS))
        wanted = defaultdict(self.browse)
        for subject, written in incomplete._dsgvo_get_documentation(
                incomplete._dsgvo_last_by_person()).items():
            wanted[subject.consent_text or written.text, subject.consent_date or written.day] |= (
                subject)
        for (text, day), subjects in wanted.items():
            subjects._dsgvo_set_documentation({'consent_text': text, 'consent_date': day})

    def _dsgvo_follow_ledger(self, events):
        """Bring text and date of these persons in line with the decisions just recorded.

        :param events: decisions of any of these persons; only the last on a purpose changes
            something
        """
        wanted, last = defaultdict(self.browse), self._dsgvo_last_by_person()
        for subject, written in self._dsgvo_get_documentation(last).items():
            fresh = [decision for decision in last[subject.id] if decision.id in events._ids]
            if values := fresh and subject._dsgvo_prepare_documentation(fresh, written):
                wanted[tuple(values.items())] |= subject
        for values, subjects in wanted.items():
            subjects._dsgvo_set_documentation(dict(values))

    def _dsgvo_prepare_documentation(self, fresh, written):
        """Return what text and date become by these decisions, {} if they stay.

        :param fresh: list of `LastDecision` of this person
        :param written: the `Documentation` of all that is in force now
        """
        withdrawn = [last for last in fresh if last.decision == 'withdrawn']
        if not (withdrawn or self.consent_text or self.consent_date):
            return {}  # nothing documented yet: the button DSGVO does it
        if self._dsgvo_granted() and not any(last.decision == 'granted' for last in fresh):
            return self._dsgvo_prepare_withdrawal(withdrawn) if withdrawn else {}
        before = self.consent_date
        if (written.kind == 'granted' and before and max(last.date for last in fresh) < before
                and self.consent_text not in self._dsgvo_texts_without_consent(written.text)):
            return {}  # a form from before the documented day
        return {'consent_text': written.text, 'consent_date': written.day}

    def _dsgvo_prepare_withdrawal(self, withdrawn):
        """Return the text with a line on what does not count any more, and the date of the rest."""
        day = max(last.date for last in withdrawn)
        env = self.env(context={'lang': self.env.company.partner_id.lang})
        purposes = dict(env['dsgvo.consent.event']._fields['purpose']._description_selection(env))
        line = env._(
            "Withdrawn on %(date)s: %(purposes)s.", date=format_date(env, day),
            purposes=", ".join(purposes[last.purpose] for last in withdrawn))
        return {'consent_text': "\n".join(filter(None, (self.consent_text, line))),
                'consent_date': self.consent_date or day}

    def _dsgvo_last_by_person(self):
        """Return `{id: [LastDecision]}`, what each of these persons answered last."""
        found = defaultdict(list)
        for last in self.env['dsgvo.consent.event']._query_last(self, answers=True):
            found[last.partner_id].append(last)
        return found

    def _dsgvo_get_documentation(self, last):
        """Return `{person: Documentation}`, of this company, for those who decided.

        Text and day of a consent stay when its validity is over, since it was given all the same.
        They stay until the customer refuses or withdraws.

        :param dict last: of `_dsgvo_last_by_person`
        """
        company, found = self.env.company, {}
        texts = {'granted': company.dsgvo_text, 'refused': company.dsgvo_text_refused,
                 'withdrawn': company.dsgvo_text_withdrawn}
        for subject in self.filtered(lambda subject: last.get(subject.id)):
            decisions, granted = last[subject.id], subject._dsgvo_granted()
            if granted:
                decisions = [decision for decision in decisions if decision.purpose in granted]
            over = max((decision.date for decision in decisions if decision.decision == 'granted'),
                       default=date.min)
            since = {decision.decision for decision in decisions if decision.date > over}
            kind = next((kind for kind in ('withdrawn', 'refused') if kind in since), 'granted')
            found[subject] = Documentation(kind, texts[kind], max(
                decision.date for decision in decisions if decision.decision == kind))
        return found

    def _dsgvo_texts_without_consent(self, text):
        """Return the texts of a refusal or withdrawal, of all that share consents, without this."""
        # sudo: res.company - only the texts that are beside the consents of this contact
        companies = self.env.company._dsgvo_same_controller().sudo()
        return {company[field] for company in companies
                for field in ('dsgvo_text_refused', 'dsgvo_text_withdrawn')} - {text}

    def _dsgvo_set_documentation(self, values):
        unmarked = {
            key: value for key, value in self.env.context.items() if key not in IMPORT_MARKS}
        # sudo: res.partner - who may record decisions may document them, cashiers included
        self.with_env(self.env(su=True, context=unmarked)).write(values)

    @api.model
    def _dsgvo_share_all_documentation(self):
        """Give text and date to companies that share consents since today."""
        self.flush_model(DOCUMENTATION_FIELDS)
        shared = self.browse(share_documentation(self.env))
        shared.invalidate_recordset(DOCUMENTATION_FIELDS)

    def _dsgvo_share_documentation(self):
        """Give text and date, just written at this company, to those that share consents."""
        self.flush_recordset(DOCUMENTATION_FIELDS)
        shared = self.browse(share_documentation(self.env, self.ids))
        shared.invalidate_recordset(DOCUMENTATION_FIELDS)

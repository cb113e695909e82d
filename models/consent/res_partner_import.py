from collections import defaultdict

from odoo import fields, models

from .dsgvo_consent_event import LastDecision
from .res_partner import CONSENT_FIELDS, DOCUMENTATION_FIELDS


class ResPartner(models.Model):
    """Consents that a file brings: each has a date and is newer than the ledger."""
    _name = 'res.partner'
    _inherit = ['res.partner', 'dsgvo.import.mixin']

    def _dsgvo_import_consents(self, vals_list):
        """Record the decisions of imported lines that are newer than the known ones.

        A line must bring the day of its decisions; an empty cell is no decision. If a line brings a
        decision, text and day are written beside the consents, unless a newer day stands there.
        """
        Event = self.env['dsgvo.consent.event']
        last = {(last.partner_id, last.purpose): last
                for last in Event._query_last(self._dsgvo_subject())}
        event_vals_list, documented = [], {}
        for partner, vals in zip(self, vals_list, strict=True):
            subject = partner._dsgvo_subject()
            decisions = {
                purpose: decision for field, purpose in CONSENT_FIELDS.items()
                if (value := vals.get(field))
                and (decision := subject._dsgvo_imported_decision(
                    field, value, vals.get('consent_date'), last.get((subject.id, purpose))))}
            event_vals_list += [
                {'partner_id': subject.id, 'purpose': purpose, 'decision': decision,
                 'date': vals.get('consent_date')}
                for purpose, decision in decisions.items()]
            last |= {  # for the next line of the same person
                (subject.id, purpose): LastDecision(
                    False, subject.id, purpose, decision,
                    fields.Date.to_date(vals['consent_date']))
                for purpose, decision in decisions.items() if vals.get('consent_date')}
            document = {field: vals[field] for field in DOCUMENTATION_FIELDS if vals.get(field)}
            day = fields.Date.to_date(document.get('consent_date'))
            before = documented.get(subject, subject)['consent_date']
            if decisions and day and not (before and day < fields.Date.to_date(before)):
                documented[subject] = documented.get(subject, {}) | document
        if event_vals_list:
            Event.create(event_vals_list)
        self._dsgvo_document_import(documented)

    def _dsgvo_document_import(self, documented):
        """Write text and day beside the consents, `{person: values}`."""
        documentation = defaultdict(self.browse)
        for subject, values in documented.items():
            documentation[tuple(values.items())] |= subject
        for values, subjects in documentation.items():
            subjects._dsgvo_set_documentation(dict(values))

    def _dsgvo_imported_decision(self, field, value, day, last):
        """Return the decision of an imported cell, None if it says nothing new.

        A cell that is older than the last decision changes nothing. On the same day only a refusal
        changes something, since nobody knows which of the two came first.

        :param day: of the decision, as text; a missing day is refused when the decision is recorded
        :param last: the last decision on this purpose, or None
        """
        if not day:
            return None if value == self[field] else value
        day = fields.Date.to_date(day)
        if not last or day > last.date:
            is_withdrawal = last and last.decision == 'granted' and value == 'refused'
            return 'withdrawn' if is_withdrawal else value
        if day == last.date and value == 'refused' and last.decision == 'granted':
            return 'withdrawn'
        return None

from collections import defaultdict, namedtuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..jobs.refusals import unlogged

Given = namedtuple('Given', 'purpose date')


def is_before(days, reason, consent):
    """Return whether a consent was given before its person was suppressed for that reason.

    :param dict days: day of the suppression by reason
    :param consent: with `purpose` and `date`
    """
    return (reason in days and consent.date < days[reason]
            and (reason == 'erased' or consent.purpose == 'marketing'))


class ResPartner(models.Model):
    """Contacts with the address of a customer who was erased or objected before."""
    _inherit = 'res.partner'

    dsgvo_suppressed_since = fields.Date(
        "Known as Erased Since", readonly=True, copy=False,
        help="Somebody with this e-mail address or telephone number was erased, or objected to"
             " advertising, on this day. Only consents given afterwards count.", prefetch='dsgvo')
    dsgvo_suppressed_reason = fields.Selection(
        [('erased', "Erased"), ('objected', "Objected to advertising")], readonly=True, copy=False,
        prefetch='dsgvo')

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners._dsgvo_note_suppressed({})
        return partners

    def write(self, vals):
        # A merge settles the decisions of all its contacts by itself.
        if self._dsgvo_is_merged() or not any(map(vals.get, self._dsgvo_address_columns())):
            return super().write(vals)
        # sudo: res.partner - only to compare
        before = {partner: partner._dsgvo_addresses() for partner in self.sudo()}
        result = super().write(vals)
        self._dsgvo_note_suppressed(before)
        return result

    def unlink(self):
        """Leave for the time to come that these persons objected, as an erasure does."""
        self.check_access('unlink')
        # sudo: res.partner - the suppression list is nobody's to write
        self.sudo().exists().filtered('dsgvo_is_subject')._dsgvo_keep_objections()
        return super().unlink()

    @api.model
    def _dsgvo_own_fields(self):
        return super()._dsgvo_own_fields() | {'dsgvo_suppressed_since', 'dsgvo_suppressed_reason'}

    def _dsgvo_objector_is_there(self):
        """Return whether who objected is still a contact: then the ledger decides, as always."""
        # sudo: res.partner - only to compare
        addresses = self.sudo()._dsgvo_subject()._dsgvo_family()._dsgvo_addresses()
        same_address = self._dsgvo_find_by_addresses(addresses)
        return bool(same_address.filtered_domain(self._dsgvo_refused_domain('marketing')))

    def _dsgvo_note_suppressed(self, before):
        """Mark those who were erased or objected before and have agreed to nothing since.

        An address that a contact had already says nothing: somebody else may have objected who has
        it, too, and the ledger knows what this one decided.

        :param dict before: the addresses that each contact had
        """
        # sudo: res.partner - what follows for the contacts that were just written
        partners = self.sudo()
        entered = {
            partner: partner._dsgvo_addresses() - before.get(partner, set())
            for partner in partners}
        # sudo: dsgvo.suppression - whoever enters a contact must learn it, without seeing the list
        for partner, days in self.env['dsgvo.suppression'].sudo()._find(entered).items():
            partner._dsgvo_apply_suppression(days)

    def _dsgvo_apply_suppression(self, days):
        """End the consents from before and write the note on this contact.

        The note is left out where the customer has decided since: on advertising after an
        objection, on anything after an erasure.

        :param dict days: day of the suppression by reason
        """
        ended = self._dsgvo_end_consents_before(days)
        undecided = {
            'objected': not self.consent_marketing,
            'erased': self.consent_state == 'none' and self.consent_marketing != 'refused'}
        days = {reason: day for reason, day in days.items() if undecided[reason] or reason in ended}
        if days:
            reason = max(days, key=days.get)
            self.write({
                'dsgvo_suppressed_since': days[reason], 'dsgvo_suppressed_reason': reason})

    def _dsgvo_end_consents_before(self, days):
        """Record the end of consents that were entered before the address of this contact was.

        After an objection advertising is withdrawn on its day; after an erasure all consents count
        as expired, at every company.

        :return: set of the reasons for which one ended
        """
        subject, ended = self._dsgvo_subject(), set()
        if self._dsgvo_objector_is_there():
            days = {reason: day for reason, day in days.items() if reason != 'objected'}
        Event = self.env['dsgvo.consent.event']
        for company_id in self.env['res.company']._dsgvo_controllers():
            vals_list = []
            for last in Event.with_company(company_id)._query_last(subject):
                for reason, decision in (('objected', 'withdrawn'), ('erased', 'expired')):
                    if last.decision == 'granted' and is_before(days, reason, last):
                        vals_list.append({
                            'partner_id': subject.id, 'purpose': last.purpose, 'means': 'system',
                            'decision': decision, 'date': min(
                                days[reason], Event.env['res.company'].browse(
                                    company_id)._dsgvo_today())})
                        ended.add(reason)
                        break
            if vals_list:
                Event.with_company(company_id).create(vals_list)
        return ended

    def _dsgvo_after_decision(self, purpose, decision, allowed):
        """Keep the addresses of contacts who object; lift the note of those who agree anew."""
        result = super()._dsgvo_after_decision(purpose, decision, allowed)
        if decision == 'granted':
            allowed.filtered('dsgvo_suppressed_since').write(
                {'dsgvo_suppressed_since': False, 'dsgvo_suppressed_reason': False})
        elif purpose == 'marketing' and decision != 'expired':
            (self - allowed)._dsgvo_suppress_objections()
        return result

    def _dsgvo_keep_objections(self):
        """Suppress the addresses that those have now who refuse advertising."""
        for company in self.env['res.company']._dsgvo_one_of_each_controller():
            persons = self.with_company(company)
            refusing = persons.filtered_domain(persons._dsgvo_refused_domain('marketing'))
            refusing._dsgvo_suppress_objections()

    def _dsgvo_suppress_objections(self):
        """Note the addresses of these persons, who refuse advertising, with the day they did."""
        refused_on = {
            last.partner_id: last.date
            for last in self.env['dsgvo.consent.event']._query_last(self)
            if last.purpose == 'marketing'}
        days = {}
        for contact in self._dsgvo_family():
            if day := refused_on.get(contact.dsgvo_subject_id.id):
                for address in contact._dsgvo_addresses():
                    days[address] = max(day, days.get(address, day))
        # sudo: dsgvo.suppression - follows from the decisions, whoever recorded them
        self.env['dsgvo.suppression'].sudo()._suppress_since(days, 'objected')


class DsgvoConsentEvent(models.Model):
    _inherit = 'dsgvo.consent.event'

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse consents from before the erasure of the same person, by any of the addresses.

        :raise ValidationError: naming the contact
        """
        granted = [vals for vals in vals_list if vals.get('decision') == 'granted'
                   and vals.get('date') and vals.get('means') != 'merge']
        # sudo: res.partner - only to compare
        partners = self.env['res.partner'].sudo().browse(
            {vals['partner_id'] for vals in granted if vals.get('partner_id')})
        found = self._find_suppressed(partners._dsgvo_subject())
        for vals in granted if found else ():
            partner = partners.browse(vals.get('partner_id'))
            given = Given(vals.get('purpose'), fields.Date.to_date(vals['date']))
            days = found.get(partner._dsgvo_subject(), {})
            before = {reason for reason in days if is_before(days, reason, given)}
            if 'erased' in before or (before and not partner._dsgvo_objector_is_there()):
                raise unlogged(ValidationError(self.env._(
                    "%(name)s was erased or objected on %(since)s. The consent of %(date)s is from"
                    " before and does not count any more. Leave the consents of this line empty,"
                    " and ask the customer again.",
                    name=partner.display_name, date=format_date(self.env, vals['date']),
                    since=format_date(self.env, max(days[reason] for reason in before)))))
        return super().create(vals_list)

    @api.model
    def _find_suppressed(self, subjects):
        """Return `{person: {reason: day}}`, by the addresses of each and of what belongs to it."""
        found = defaultdict(dict)
        # sudo: dsgvo.suppression - only to compare
        Suppression = self.env['dsgvo.suppression'].sudo()
        family = subjects._dsgvo_family()
        for contact, days in Suppression._find(
                {contact: contact._dsgvo_addresses() for contact in family}).items():
            known = found[contact._dsgvo_subject()]
            for reason, day in days.items():
                known[reason] = max(day, known.get(reason, day))
        return found

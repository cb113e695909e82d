import re

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

# A couple, or a couple with a grown-up child, shares an address, and one speaks for all of them.
# An address of more persons is one of nobody: keine@shop.example, or that of an office.
PERSONS_THAT_SHARE = 3


class ResPartner(models.Model):
    _inherit = 'res.partner'

    dsgvo_objection_date = fields.Date(
        "Objection to Be Clarified Since", readonly=True, copy=False,
        help="On this day somebody objected to advertising with an e-mail address or number that"
             " more than three persons share. Whose objection it is must be asked.")

    def _dsgvo_after_decision(self, purpose, decision):
        """Whoever has been asked has not to be asked any more."""
        if purpose == 'marketing' and decision != 'expired':
            # sudo: res.partner - a note of ours, whoever records the decision
            self.sudo().filtered('dsgvo_objection_date').dsgvo_objection_date = False
        return super()._dsgvo_after_decision(purpose, decision)

    @api.model
    def _dsgvo_find_objectors(self, addresses):
        """Return `(contacts, addresses)` of an objection, without those that many persons share.

        :param addresses: pairs `(kind, normalised value)`
        """
        contacts = self._dsgvo_find_by_addresses(addresses)
        asked = contacts._dsgvo_subject()._dsgvo_ask_instead(
            [value for kind, value in addresses if kind == 'email'],
            [value for kind, value in addresses if kind == 'phone'])
        sharing = contacts.filtered(lambda contact: contact.dsgvo_subject_id in asked)
        return contacts - sharing, {*addresses} - sharing._dsgvo_addresses()

    def _dsgvo_ask_instead(self, emails, numbers):
        """Have it clarified who objected where too many persons share the address or number.

        :param emails: normalised addresses of an objection
        :param numbers: numbers of an objection
        :return: those of these persons who are asked, because nothing but a shared address says
            that it was they
        """
        asked, certain = set(), set()
        for subject_ids, names in self._dsgvo_find_sharing(emails, numbers):
            persons = {frozenset(re.findall(r'\w+', (name or '').lower())) for name in names}
            (asked if len(persons) > PERSONS_THAT_SHARE else certain).update(subject_ids)
        asked = self.browse(asked - certain)
        if to_ask := asked.filtered(lambda subject: subject.consent_marketing != 'refused'):
            to_ask.dsgvo_objection_date = self.env.company._dsgvo_today()
            self._dsgvo_announce_objection()
        return asked

    def _dsgvo_find_sharing(self, emails, numbers):
        """Return `(ids of persons, names)` of each of the addresses and numbers."""
        self.flush_model(['name', 'email_normalized', 'dsgvo_subject_id'])
        self.flush_model(self._dsgvo_address_fields('sms'))
        return self.env.execute_query(SQL(
            """
            SELECT array_agg(DISTINCT dsgvo_subject_id), array_agg(name)
              FROM res_partner
              JOIN LATERAL (VALUES (email_normalized), (%s)) AS own(address) ON TRUE
             WHERE dsgvo_subject_id = ANY(%s) AND (address = ANY(%s) OR address IN (
                SELECT regexp_replace(number, '[^0-9+]', '', 'g')
                  FROM unnest(%s::varchar[]) number))
             GROUP BY address
            """, self._dsgvo_address_sql('res_partner', 'sms'), self.ids, emails, numbers))

    @api.model
    def _dsgvo_announce_objection(self):
        """Tell the officers, by one activity at a time, that somebody's objection is to clarify."""
        # sudo: res.groups, res.partner - whoever objects, by a link in a mail too
        officers = self.env.ref('dsgvo.group_officer').sudo().all_user_ids.filtered(
            lambda user: user.active and not user.share)
        action = self.env.ref('dsgvo.res_partner_action_objections')
        kind = 'dsgvo.activity_type_objection'
        for company, users in officers.grouped('company_id').items():
            told = company.partner_id.activity_search([kind]).user_id
            for officer in users - told:
                text = company.with_context(lang=officer.lang)
                company.partner_id.activity_schedule(
                    kind, user_id=officer.id,
                    summary=text.env._("Clarify who objected"),
                    note=Markup("<p>%s</p><p><a href='/odoo/action-%s'>%s</a></p>") % (
                        text.env._(
                            "Somebody objected to advertising with an address or number that many"
                            " contacts share. It is blocked, but nothing was recorded for these"
                            " contacts. Ask whose objection it was and record the answers."),
                        action.id, text.env._("Objections to Clarify")))

import re
from collections import defaultdict

from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)
# A couple, or a couple with a grown-up child, shares an address, and one speaks for all of them.
# An address of more persons is one of nobody: keine@shop.example, or that of an office.
PERSONS_THAT_SHARE = 3


def _are_many(contacts):
    """Return whether contacts are too many persons for one of them to speak for all."""
    persons = {frozenset(re.findall(r'\w+', (contact.dsgvo_subject_id.name or '').lower()))
               for contact in contacts}
    return len(persons) > PERSONS_THAT_SHARE


class ResPartner(models.Model):
    """Objections whose customer is not certain, for somebody to clarify."""
    _inherit = 'res.partner'

    dsgvo_objection_date = fields.Date(
        "Objection to Be Clarified Since", readonly=True, copy=False,
        help="On this day somebody objected to advertising with an e-mail address or number "
             "that more than three persons share. Ask whose objection it is.")

    def _dsgvo_after_decision(self, purpose, decision, allowed):
        """Whoever has been asked has not to be asked any more."""
        if purpose == 'marketing' and decision != 'expired':
            # sudo: res.partner - a note of ours, whoever records the decision
            self.sudo().filtered('dsgvo_objection_date').dsgvo_objection_date = False
        return super()._dsgvo_after_decision(purpose, decision, allowed)

    @api.model
    def _dsgvo_find_objectors(self, addresses):
        """Return `(contacts, addresses)` of an objection, without those that many persons share.

        The others are asked whose objection it is, unless an address of their own is among these.

        :param addresses: pairs `(kind, normalised value)`
        """
        found, owners = self._dsgvo_find_by_addresses(addresses), defaultdict(list)
        for contact in found:
            for address in contact._dsgvo_addresses() & {*addresses}:
                owners[address].append(contact)
        shared = {address for address, contacts in owners.items() if _are_many(contacts)}
        certain, sharing = found.browse(), found.browse()
        for address, contacts in owners.items():
            ids = [contact.id for contact in contacts]
            if address in shared:
                sharing |= found.browse(ids)
            else:
                certain |= found.browse(ids)
        (sharing._dsgvo_subject() - certain._dsgvo_subject())._dsgvo_ask_instead()
        return certain, {*addresses} - shared

    def _dsgvo_ask_instead(self):
        """Have it clarified whether these persons objected."""
        if to_ask := self.filtered(lambda subject: subject.consent_marketing != 'refused'):
            to_ask.dsgvo_objection_date = self.env.company._dsgvo_today()
            self.env['res.company']._dsgvo_remind_officers(_lt("Find out who objected"), _lt(
                "Somebody objected to advertising with an address or number that many contacts "
                "share. It is blocked, but nothing was recorded for these contacts. Ask whose "
                "objection it was and record the answers."),
                'dsgvo.res_partner_action_objections',
                activity_type='dsgvo.activity_type_objection')

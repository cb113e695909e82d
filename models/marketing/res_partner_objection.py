import re
from collections import defaultdict

from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)
WHO_OBJECTED = _lt("Find out who objected")
# A couple, or a couple with a grown-up child, shares an address, and one speaks for all of them.
# An address of more persons is one of nobody: keine@shop.example, or that of an office.
PERSONS_THAT_SHARE = 3


def _are_many(contacts):
    """Return whether contacts are too many persons for one of them to speak for all."""
    persons = {frozenset(re.findall(r'\w+', (contact.dsgvo_subject_id.name or '').lower()))
               for contact in contacts}
    return len(persons) > PERSONS_THAT_SHARE


class ResPartner(models.Model):
    """Objections whose customer is uncertain; the officer has to clarify them."""
    _inherit = 'res.partner'

    dsgvo_objected_on = fields.Date(
        "Objection to Be Clarified Since", readonly=True, copy=False, index='btree_not_null',
        help="On this day somebody objected to advertising with an e-mail address or number "
             "that more than three persons share. Ask whose objection it is.", prefetch='dsgvo')

    def _dsgvo_after_decision(self, purpose, decision, allowed):
        """A person who has been asked need not be asked again."""
        if purpose == 'marketing' and decision != 'expired' and (
                # sudo: res.partner - a note of ours, whoever records the decision
                clarified := self.sudo().filtered('dsgvo_objected_on')):
            clarified.dsgvo_objected_on = False
            self._dsgvo_follow_objections()
        return super()._dsgvo_after_decision(purpose, decision, allowed)

    def unlink(self):
        """Nothing is to be clarified about contacts that are gone."""
        # sudo: res.partner - a note of ours, whoever deletes the contact
        asked = any(self.sudo().exists().mapped('dsgvo_objected_on'))
        result = super().unlink()
        if asked:
            self._dsgvo_follow_objections()
        return result

    @api.model
    def _dsgvo_follow_objections(self):
        """Take the reminder away when the last objection is clarified.

        :return: whether something is left to clarify
        """
        # sudo: res.partner - only whether one is left
        if self.sudo().with_context(active_test=False).search_count(
                [('dsgvo_objected_on', '!=', False)], limit=1):
            return True
        companies = self.env['res.company']
        companies._dsgvo_settle_elsewhere(WHO_OBJECTED, companies)
        return False

    @api.model
    def _dsgvo_find_objectors(self, addresses):
        """Return `(contacts, addresses)` of an objection, without those that many persons share.

        The persons who share one are asked whose objection it is, unless an address of their own is
        among these.

        :param addresses: pairs `(kind, normalised value)`
        """
        found, owners = self._dsgvo_find_by_addresses(addresses), defaultdict(list)
        asked = self._dsgvo_spell_addresses(addresses)
        for contact in found:
            for address in {asked[own] for own in contact._dsgvo_addresses() & asked.keys()}:
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
            # sudo: res.partner - a note of ours, whoever objected
            to_ask.sudo().dsgvo_objected_on = self.env.company._dsgvo_today()
            self._dsgvo_remind_of_objections()

    @api.model
    def _dsgvo_remind_of_objections(self):
        self.env['res.company']._dsgvo_remind_officers(WHO_OBJECTED, _lt(
            "Somebody objected to advertising with an address or number that many contacts "
            "share. It is blocked, but nothing was recorded for these contacts. Ask whose "
            "objection it was and record the answers."),
            'dsgvo.res_partner_action_objections',
            activity_type='dsgvo.activity_type_objection')


class ResCompany(models.Model):
    """The daily job looks again: erased persons are not asked about, the others stay."""
    _inherit = 'res.company'

    def _dsgvo_remind_of_expiry(self):
        result = super()._dsgvo_remind_of_expiry()
        if self.env['res.partner']._dsgvo_follow_objections():
            self.env['res.partner']._dsgvo_remind_of_objections()
        return result

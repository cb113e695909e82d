from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError

from .ledger import recording
from .res_partner import DOCUMENTATION_FIELDS, MERGING

# Key of the context: a list of the groups (ids) that a process over many groups leaves out.
LEFT_OUT = 'dsgvo_merges_left_out'


class BasePartnerMerge(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    # === ACTION METHODS === #

    def action_start_automatic_process(self):
        wizard = self.with_context(**{LEFT_OUT: []})
        action = super(BasePartnerMerge, wizard).action_start_automatic_process()
        return wizard._dsgvo_show_left_out() or action

    def parent_migration_process_cb(self):
        wizard = self.with_context(**{LEFT_OUT: []})
        action = super(BasePartnerMerge, wizard).parent_migration_process_cb()
        return wizard._dsgvo_show_left_out() or action

    def _dsgvo_show_left_out(self):
        """Go on with the groups that cannot be merged, one by one: there the reason is shown."""
        groups = self.env.context[LEFT_OUT]
        self.env['base.partner.merge.line'].create([
            {'wizard_id': self.id, 'min_id': min(group), 'aggr_ids': group} for group in groups])
        return groups and self._action_next_screen()

    # === MERGE === #

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Merge contacts of one person or of persons who turn out to be one, never anybody else.

        :raise UserError: saying why not, and what to do
        """
        partners = self.env['res.partner'].browse(partner_ids).exists()
        if reason := self._dsgvo_find_obstacle(partners):
            if LEFT_OUT not in self.env.context:
                raise UserError(reason)
            self.env.context[LEFT_OUT].append(partners.ids)
            return None
        if len(partners) < 2:
            return super()._merge(partner_ids, dst_partner, extra_checks)
        if not dst_partner or dst_partner not in partners:  # as Odoo chooses it
            dst_partner = self._get_ordered_partner(partners.ids)[-1]
        # sudo: res.partner - the decisions at other companies of the database are merged as well
        contacts, result = partners.sudo(), dst_partner.sudo()
        is_person, place = result.dsgvo_is_subject, result.parent_id
        disputed = self._dsgvo_find_disputed(contacts)
        documentation = self._dsgvo_find_documentation(contacts, result)
        self._dsgvo_before_merge(partners, dst_partner)
        outcome = super()._merge(partner_ids, dst_partner, extra_checks)
        if is_person:
            self._dsgvo_settle_subject(result, place)
        result._dsgvo_with_those_below()._dsgvo_after_move()
        for company, values in documentation.items():
            result.with_company(company).write(values)
        self._dsgvo_refuse_disputed(result, disputed)
        self._dsgvo_after_merge(dst_partner)
        return outcome

    def _dsgvo_find_obstacle(self, partners):
        """Return why these contacts must not be merged, None if they may. Extend with `super()`.

        Decisions belong to a data subject. So only persons may be merged with persons, companies
        with companies, or addresses of the same subject with each other.
        """
        if archived := partners.filtered(lambda partner: not partner.active):
            # They cannot consent.
            return self.env._(
                "Archived contacts cannot be merged: %(names)s. Restore them first, or take them"
                " out of the selection.", names=", ".join(archived.mapped('display_name')))
        if len(partners._dsgvo_subject()) == 1:
            return None
        if addresses := partners.filtered(lambda partner: not partner.dsgvo_is_subject):
            # sudo: res.partner - its name is part of the name of the address
            owner = addresses[0]._dsgvo_subject().sudo()
            return self.env._(
                "%(address)s is an address of %(owner)s, and the consents of one would become those"
                " of another. Take this address out of the selection. If it is not %(owner)s, open"
                " it, remove %(owner)s as its company, and merge again.",
                address=addresses[0].display_name, owner=owner.display_name)
        companies = partners.filtered('is_company')
        if companies and (persons := partners - companies):
            return self.env._(
                "%(company)s is a company and %(person)s is a person: a person's consents are not"
                " those of a company. Make both a person or both a company first, or take one of"
                " them out of the selection.",
                company=companies[0].display_name, person=persons[0].display_name)
        return None

    def _dsgvo_before_merge(self, partners, dst_partner):
        """Prepare a merge that is allowed, in its transaction. Extend with `super()`."""

    def _dsgvo_after_merge(self, dst_partner):
        """React to a merge, when the others are gone and consents are settled, in its transaction.

        Extend with `super()`.
        """

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Let PostgreSQL seal the decisions that move to the contact that remains."""
        with recording(self.env):
            return super()._update_foreign_keys(src_partners, dst_partner)

    def _update_values(self, src_partners, dst_partner):
        """Copy nothing that belongs to the decisions of one contact, see `write` of res.partner."""
        return super()._update_values(src_partners, dst_partner.with_context(dsgvo_merge=MERGING))

    def _dsgvo_find_disputed(self, contacts):
        """Return `{company: [purposes]}` on which the contacts differ, one of each controller.

        A consent that is over was given all the same: at a company of the same controller with
        another validity it may be in force.
        """
        controllers, last = contacts.env['res.company']._dsgvo_controllers(), defaultdict(dict)
        given = contacts.consent_event_ids.filtered(lambda event: event.decision != 'expired')
        for event in given.sorted(lambda event: (event.date, event.id)):
            answered = controllers[event.company_id.id], event.purpose
            last[answered][event.partner_id] = event.decision == 'granted'
        disputed = defaultdict(list)
        for (controller_id, purpose), answers in last.items():
            if len({*answers.values()}) > 1:
                disputed[contacts.env['res.company'].browse(controller_id)].append(purpose)
        return disputed

    def _dsgvo_find_documentation(self, contacts, result):
        """Return `{company: text and date}` that may stand beside the merged decisions.

        They document decisions of one contact: of the only one that has any at this company, else
        of the one that remains.
        """
        controllers = contacts.env['res.company']._dsgvo_controllers()
        decided = defaultdict(contacts.browse)
        for company, contact in contacts.env['dsgvo.consent.event']._read_group(
                [('partner_id', 'in', contacts.ids)], ['company_id', 'partner_id']):
            decided[controllers[company.id]] |= contact
        documentation = {}
        for company in contacts.env['res.company'].browse(controllers):
            contact = decided[controllers[company.id]]
            document = (contact if len(contact) == 1 else result).with_company(company)
            documentation[company] = {field: document[field] for field in DOCUMENTATION_FIELDS}
        return documentation

    def _dsgvo_settle_subject(self, result, place):
        """Let a person that remains be itself: Odoo took over the parent of another contact.

        :param place: the contact to which this person belonged before, if any
        """
        below = result.with_context(active_test=False).search([('id', 'child_of', result.ids)])
        # Links were moved by SQL, which computes nothing.
        self.env.add_to_compute(result._fields['dsgvo_subject_id'], below)
        if not place and result._dsgvo_is_placed_as_address():
            result.parent_id = False

    def _dsgvo_refuse_disputed(self, result, disputed):
        """Let the refusal stay in force where the contacts differ, as a decision of the merge.

        Also where it is the newest one anyway: the merge itself is part of the history.
        """
        for company, purposes in disputed.items():
            result.env['dsgvo.consent.event'].with_company(company).create([
                {'partner_id': result.id, 'purpose': purpose, 'decision': 'refused',
                 'means': 'merge'}
                for purpose in purposes if purpose == 'marketing' or not result.is_company])

from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ..jobs.refusals import unlogged

# In the context of what blocks an address although no person decided it. An object, because a
# remote caller can pass any value but this one.
NO_DECISION = object()


class Advertiser(NamedTuple):
    """In the context of an unsubscription: the company whose mailing it answers.

    A remote caller can pass no such object.
    """
    company_id: int


class Interests(fields.Many2many):
    """Interests are read of those contacts who have some, and the others cost no statement."""

    def read(self, records):
        noted = records.filtered(lambda partner: partner._dsgvo_get_noted('interests'))
        if without := records - noted:
            self._insert_cache(without, [()] * len(without))
        return super().read(noted) if noted else None


class ResPartner(models.Model):
    """The consent to marketing: the profile of a customer, and what follows from a decision."""
    _inherit = 'res.partner'

    interest_ids = Interests(
        'dsgvo.interest', string="Interests", copy=False,
        groups='dsgvo.group_user,mass_mailing.group_mass_mailing_user',
        help="The profile of the customer. It needs the consent to marketing and is deleted when"
             " that is withdrawn.")

    @api.depends('interest_ids')
    def _compute_dsgvo_noted(self):
        return super()._compute_dsgvo_noted()

    @api.model
    def _dsgvo_noted_sql(self):
        return super()._dsgvo_noted_sql() | {
            'interests': SQL("""
                EXISTS (SELECT FROM dsgvo_interest_res_partner_rel rel
                         WHERE rel.res_partner_id = noted.partner_id)"""),
        }

    @api.constrains('interest_ids')
    def _check_interests(self):
        with_profile = self.filtered('interest_ids')
        if without_consent := with_profile - with_profile._dsgvo_allows('marketing'):
            raise unlogged(ValidationError(self.env._(
                "Interests are a profile, and %(name)s did not consent to invitation, advertising,"
                " profile. Record the consent first, then the interests.",
                name=without_consent[0].display_name)))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Record the interests after the consent that was given in the same form."""
        partners = super().create([
            {fname: value for fname, value in vals.items() if fname != 'interest_ids'}
            for vals in vals_list])
        for partner, vals in zip(partners, vals_list, strict=True):
            if vals.get('interest_ids'):
                partner.interest_ids = vals['interest_ids']
        return partners

    def write(self, vals):
        """Record the interests after the consent that was given in the same form."""
        if 'interest_ids' not in vals or 'consent_marketing' not in vals:
            return super().write(vals)
        interests = {'interest_ids': vals['interest_ids']}
        super().write({fname: vals[fname] for fname in vals if fname not in interests})
        return super().write(interests)

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        if not domain and limit == 1 and self.env.context.get('dsgvo_test_mailing'):
            domain = Domain('id', '=', self.env.user.partner_id.id)
        return super()._search(domain, offset, limit, order, **kwargs)

    # === CONSENT === #

    def _dsgvo_after_move(self):
        """Leave no profile on the address of a customer that is a contact of its own now."""
        result = super()._dsgvo_after_move()
        # sudo: res.partner - what follows from the change, whatever the user may see of it
        self.sudo()._dsgvo_drop_interests(self.env['res.company']._dsgvo_one_of_each_controller())
        return result

    @api.model
    def _dsgvo_customer_domain(self, contacts):
        """A contact is its own customer, whoever else has the same address.

        The condition is that of the company here, so that it is the consents given to it that
        count, wherever the domain is used.
        """
        # sudo: res.partner - only narrows what the reader may see
        Contact = self.sudo().with_context(active_test=False)
        condition = Domain(contacts).optimize_full(Contact)
        return Domain.custom(
            to_sql=lambda model, alias, query: condition._to_sql(Contact, alias, query))

    @api.model
    def _dsgvo_address_domain(self, contacts, channel):
        return Domain.FALSE

    @api.model
    def _dsgvo_no_address_domain(self, channel):
        return Domain.TRUE

    def _dsgvo_after_decision(self, purpose, decision, allowed):
        """Delete the profiles of these persons."""
        result = super()._dsgvo_after_decision(purpose, decision, allowed)
        if purpose == 'marketing' and (refusing := self - allowed):
            # sudo: res.partner - the addresses of a person may be hidden from who records
            addresses = self.sudo().with_context(active_test=False).search(
                [('dsgvo_subject_id', 'in', refusing.ids)])
            addresses._dsgvo_drop_interests(self.env.company._dsgvo_same_controller())
        return result

    def _dsgvo_drop_interests(self, companies):
        """Delete the profiles of persons who agree to advertising at none of these companies."""
        with_profile = self.filtered('interest_ids')
        for company in companies:
            with_profile -= with_profile.with_company(company)._dsgvo_allows('marketing')
        with_profile.write({'interest_ids': [Command.clear()]})

    @api.model
    def _dsgvo_refuse_marketing(self, emails=(), numbers=()):
        """Record that the persons with these normalised addresses or numbers refuse marketing.

        Persons who had consented withdraw, and persons who were never asked refuse, archived
        contacts included. If nobody knows whose mail was meant, they do so at all companies. If
        many persons share an address, they are asked instead. An address of nobody is kept as a
        hash, for a contact that is entered with it. The user may be anybody, also the public user
        of an unsubscribe link.
        """
        addresses = {('email', email) for email in emails if email} | {
            ('phone', number) for number in numbers if number}
        if self.env.context.get('dsgvo_no_decision') is NO_DECISION or not addresses:
            return
        contacts, addresses = self._dsgvo_find_objectors(addresses)
        # sudo: dsgvo.suppression - whoever unsubscribes decides for the address
        self.env['dsgvo.suppression'].sudo()._suppress(addresses, 'objected')
        contacts._dsgvo_subject()._dsgvo_unsubscribe(self._dsgvo_get_means(bool(emails)))

    @api.model
    def _dsgvo_get_means(self, by_email):
        """Return the means of an unsubscription.

        :param bool by_email: whether it was done with an e-mail address, as by a link in a mail
        """
        if not self.env.user._is_internal() and by_email:
            return 'email'
        is_import = self.env['dsgvo.consent.event']._default_means() == 'import'
        return 'import' if is_import else 'system'

    def _dsgvo_unsubscribe(self, means):
        """Record that these persons refuse marketing, at the company that mailed, else at all.

        :param str means: of `dsgvo.consent.event`
        """
        advertiser = self.env.context.get('dsgvo_advertiser')
        companies = self.env['res.company']
        if isinstance(advertiser, Advertiser):
            companies = companies.browse(advertiser.company_id)
        for company in companies or companies._dsgvo_one_of_each_controller():
            subjects = self.with_company(company)
            # sudo: dsgvo.consent.event - whoever unsubscribes decides for the address that he shows
            subjects.env['dsgvo.consent.event'].sudo().create([
                {'partner_id': subject.id, 'purpose': 'marketing', 'decision': decision,
                 'means': means, 'date': company._dsgvo_today()}
                for subject in subjects if (
                    decision := subject._dsgvo_decision_from('consent_marketing', 'refused'))])

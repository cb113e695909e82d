import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .consent_fields import READ_WITH_CONSENTS

ADDRESS_TYPES = ('invoice', 'delivery', 'other')


def _fold_name(name):
    """Return a name as it is compared with that of the company; hooks.py has the SQL twin."""
    return ' '.join((name or '').lower().split())


class ResPartner(models.Model):
    """Whose consents apply to a contact: the data subject."""
    _inherit = 'res.partner'

    dsgvo_subject_id = fields.Many2one(
        'res.partner', "Data Subject", compute='_compute_dsgvo_subject_id', store=True,
        recursive=True, index=True, ondelete='set null', prefetch=READ_WITH_CONSENTS,
        help="The contact whose consents apply: an address of a person belongs to that person.")
    dsgvo_is_subject = fields.Boolean(
        "Is a Data Subject", compute='_compute_dsgvo_is_subject',
        search='_search_dsgvo_is_subject')
    dsgvo_reference = fields.Char(
        "Reference of the Consent Form", compute='_compute_dsgvo_reference',
        search='_search_dsgvo_reference',
        help="Printed as a barcode on the consent form. It says nothing about the person.")

    # === COMPUTE METHODS === #

    @api.depends(
        'name', 'is_company', 'type', 'parent_id.dsgvo_subject_id.name',
        'parent_id.dsgvo_subject_id.is_company')
    def _compute_dsgvo_subject_id(self):
        for partner in self:
            partner.dsgvo_subject_id = (
                partner.parent_id.dsgvo_subject_id if partner._dsgvo_is_address()
                else partner._origin)

    @api.depends('dsgvo_subject_id')
    def _compute_dsgvo_is_subject(self):
        for partner in self:
            partner.dsgvo_is_subject = partner.dsgvo_subject_id == partner._origin

    @api.model
    def _search_dsgvo_is_subject(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return self._dsgvo_subjects_domain()

    @api.depends('dsgvo_subject_id')
    def _compute_dsgvo_reference(self):
        for partner in self:
            partner.dsgvo_reference = (
                f'DSGVO-{partner.dsgvo_subject_id.id}' if partner.dsgvo_subject_id else False)

    @api.model
    def _search_dsgvo_reference(self, operator, value):
        if operator not in ('in', 'like', 'ilike', '=like', '=ilike'):
            return NotImplemented
        values = value if operator == 'in' else [value]
        matches = [re.fullmatch(r'\W*DSGVO-(\d{1,9})\W*', str(text), re.IGNORECASE)
                   for text in values]
        return Domain('id', 'in', [int(match[1]) for match in matches if match])

    @api.model
    def _search_display_name(self, operator, value):
        """Let what a scanner types find the customer wherever a name would."""
        domain = super()._search_display_name(operator, value)
        if operator in ('like', 'ilike') and str(value).strip().upper().startswith('DSGVO-'):
            domain |= Domain('dsgvo_reference', operator, value)
        return domain

    # === BUSINESS METHODS === #

    @api.model
    def _dsgvo_subjects_domain(self):
        """Return the `Domain` of the contacts that are data subjects, not the address of one."""
        return Domain.custom(to_sql=lambda model, alias, query: SQL(
            "%s = %s", model._field_to_sql(alias, 'dsgvo_subject_id', query),
            SQL.identifier(alias, 'id')))

    def _dsgvo_subject(self):
        """Return the persons (or companies) whose consents apply to these contacts.

        An invoice, delivery or other address of a person is that person. A contact inside a company
        is itself. So is an address below a company that carries a name of its own, since shops
        enter customers like that below a collective account. A contact that has decided is itself,
        too, wherever it is put. In SQL the subject is `res_partner.dsgvo_subject_id`.
        """
        return self.dsgvo_subject_id

    def _dsgvo_is_address(self):
        """Return whether this contact is an address of the person or company above it.

        A decision of its own keeps it a data subject: only a merge gives decisions to another
        contact. A decision made on an address is recorded on its person.
        """
        return self._dsgvo_is_placed_as_address() and not self._origin.consent_event_ids

    def _dsgvo_is_placed_as_address(self):
        """Return whether this contact, without decisions, is an address of the one above it."""
        if not self.parent_id or self.is_company or self.type not in ADDRESS_TYPES:
            return False
        owner = self.parent_id.dsgvo_subject_id
        return not owner.is_company or _fold_name(self.name) in ('', _fold_name(owner.name))

    @api.model
    def _dsgvo_business_domain(self):
        """Return the `Domain` of companies and their addresses, also of those with an own name.

        As a rule nobody asks an address with an own name. So storing and notifying it needs no
        consent either.
        """
        return Domain('dsgvo_subject_id', 'any', Domain('is_company', '=', True) | (
            Domain('type', 'in', ADDRESS_TYPES)
            & Domain('parent_id.dsgvo_subject_id.is_company', '=', True)))

    def _dsgvo_with_those_below(self):
        """Return these contacts and those below them, which may show other consents, too."""
        # sudo: res.partner - whose consents an address shows does not depend on who moves it
        Partner = self.sudo().with_context(active_test=False)
        return Partner.search([('id', 'child_of', self.ids)]) if self else Partner

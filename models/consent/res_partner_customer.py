from odoo import api, fields, models
from odoo.fields import Domain

from .res_partner import CONSENT_FIELDS

# What a drop-down shows of a customer besides the name.
BADGE = ('consent_state', 'dsgvo_refused', 'dsgvo_summary')


class ResPartner(models.Model):
    """Who is a customer, and what lists and badges say of the consents in one line."""
    _inherit = 'res.partner'

    dsgvo_is_customer = fields.Boolean(
        "Is a Customer", compute='_compute_dsgvo_is_customer', compute_sudo=True,
        search='_search_dsgvo_is_customer')
    dsgvo_refused = fields.Boolean(
        "Consents Refused", compute='_compute_dsgvo_refused', compute_sudo=True,
        help="The customer was asked, has given no consent and has refused one.")
    dsgvo_summary = fields.Char(
        "Consents in Words", compute='_compute_dsgvo_summary', compute_sudo=True,
        help="Which consents the customer has given; without any, whether the customer was asked.")

    # Every page of the list asks whose contacts only deliver here.
    _suppliers = models.Index("(id) WHERE supplier_rank > 0")

    @api.depends('dsgvo_subject_id')
    def _compute_dsgvo_is_customer(self):
        """Also a contact that is only typed in as yet, and the address of a customer."""
        subjects = self._dsgvo_subject()
        customers = subjects.with_context(active_test=False).search(
            Domain('id', 'in', subjects.ids) & subjects._dsgvo_customers_domain())
        for partner in self:
            subject = partner.dsgvo_subject_id
            partner.dsgvo_is_customer = not subject or subject in customers

    @api.model
    def _search_dsgvo_is_customer(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return self.browse()._dsgvo_customers_domain()

    @api.depends('consent_storage', 'consent_notification', 'consent_marketing', 'consent_state',
                 'is_company')
    @api.depends_context('company')
    def _compute_dsgvo_refused(self):
        for partner in self:
            asked = ['marketing'] if partner.is_company else self._dsgvo_get_names()
            partner.dsgvo_refused = partner.consent_state == 'none' and any(
                partner[f'consent_{purpose}'] == 'refused' for purpose in asked)

    @api.depends('consent_state', 'dsgvo_refused', 'dsgvo_is_customer')
    @api.depends_context('company', 'lang')
    def _compute_dsgvo_summary(self):
        names = self._dsgvo_get_names()
        for partner in self:
            partner.dsgvo_summary = (
                partner.dsgvo_is_customer and partner._dsgvo_summarise(names))

    @api.model
    def web_name_search(self, name, specification, domain=None, operator='ilike', limit=100):
        """Add the badges to what a drop-down finds.

        Core, asked for more than the name, would leave out the address by which two of a name are
        told apart.
        """
        found = super().web_name_search(
            name, {key: value for key, value in specification.items() if key not in BADGE},
            domain, operator, limit)
        if wanted := [key for key in BADGE if key in specification]:
            partners = self.browse(row['id'] for row in found)
            for row, partner in zip(found, partners, strict=True):
                row.update({key: partner[key] for key in wanted})
        return found

    @api.model
    def _dsgvo_get_names(self):
        """Return the short name of each purpose."""
        return {
            'storage': self.env._("Storage"), 'notification': self.env._("Notification"),
            'marketing': self.env._("Advertising")}

    def _dsgvo_summarise(self, names):
        """Return the consents in words; the word that differs comes first, lists cut the rest.

        :param dict names: short name by purpose
        """
        granted = ", ".join(names[purpose] for purpose in self._dsgvo_granted())
        if self.consent_state == 'full':
            return self.env._("All")
        if self.consent_state == 'partial':
            return self.env._("Some: %(purposes)s", purposes=granted)
        if self.dsgvo_refused:
            return self.env._("None: refused")
        return self.env._("None: never asked")

    def _dsgvo_deciding(self):
        """Return those of the contacts who can decide on consents. Extend with `super() - …`."""
        return self

    def _dsgvo_check_deciding(self):
        """Refuse decisions of who is nobody, or gone; extend with `super()`.

        :raise UserError: saying who it is
        """

    def _dsgvo_customers_domain(self):
        """Return the `Domain` of the data subjects who buy here, for lists, numbers and badges.

        The shop itself and its staff are none. Suppliers, and users who only have a login for the
        portal, are customers only if they have bought something. Contacts that have decided on
        consents are, too: they are written to and reminded. Called on some contacts, the condition
        is made for these, and faster. Extend with `super() & …`.
        """
        return Domain('dsgvo_is_subject', '=', True) & ~self._dsgvo_partners_of_shop_domain(
            Domain('user_ids', 'any!', Domain('active', '=', True)))

    def _dsgvo_partners_of_shop_domain(self, others=Domain.FALSE):
        """Return the `Domain` of the shop itself, its staff and who only delivers to it.

        Nobody asks them for consents, but who has decided all the same is none of them. Called on
        some contacts, the condition is made for these.

        :param others: a `Domain` of who is left out with them unless they have bought something
        """
        # sudo: res.company, res.partner - only to leave them out, archived ones as well
        env = self.sudo().with_context(active_test=False).env
        own = env['res.company']._search([('partner_id', '!=', False)]).subselect('partner_id')
        idle = self._dsgvo_idle_domain() & (
            Domain('id', 'in', self.ids) if self else Domain.TRUE)
        supplies = Domain('supplier_rank', '>', 0)
        # A sub-select each: they are few and found by an index, however many contacts there are.
        left_out = (
            Domain('id', 'in', env['res.partner']._search(idle & condition))
            for condition in (supplies, Domain('commercial_partner_id', 'any!', supplies), others))
        return Domain.OR([
            Domain('partner_share', '=', False), Domain('id', 'in', own),
            Domain('commercial_partner_id', 'in', own), *left_out]) & ~self._dsgvo_decided_domain()

    @api.model
    def _dsgvo_decided_domain(self):
        """Return the `Domain` of who has a consent or a refusal in force at this company."""
        return Domain.OR(Domain(field, '!=', False) for field in CONSENT_FIELDS)

    @api.model
    def _dsgvo_idle_domain(self):
        """Return the `Domain` of who has bought nothing here. Extend with `super() & …`."""
        return (
            Domain('customer_rank', '=', 0)
            & Domain('commercial_partner_id', 'any!', Domain('customer_rank', '=', 0))
            & Domain('sale_order_ids', 'not any!', Domain.TRUE))

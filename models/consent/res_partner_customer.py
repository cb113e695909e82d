from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .res_partner import CONSENT_FIELDS

# What a drop-down shows of a customer besides the name.
BADGE = ('dsgvo_summary', 'dsgvo_refused', 'consent_state')


def has_refused(is_company, state, consents):
    """Return whether somebody with these consents has refused one and given none.

    :param str state: of `consent_state`
    :param dict consents: granted, refused or empty, by purpose
    """
    asked = ['marketing'] if is_company else consents
    return state == 'none' and any(consents[purpose] == 'refused' for purpose in asked)


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
    # What every list counts. The consents make the rows wider; in the index they are not read.
    _counted = models.Index("(company_id, partner_share) WHERE active IS TRUE")

    @api.depends('dsgvo_subject_id')
    @api.depends_context('company')
    def _compute_dsgvo_is_customer(self):
        """Also a contact that is only typed in as yet, and the address of a customer."""
        saved = self._dsgvo_saved()
        customers = saved._dsgvo_find_by_subject('_dsgvo_customers_sql')
        customers.dsgvo_is_customer = True
        (saved - customers).dsgvo_is_customer = False
        for partner in self - saved:
            subject = partner.dsgvo_subject_id._origin
            partner.dsgvo_is_customer = not subject or subject.dsgvo_is_customer

    @api.model
    def _search_dsgvo_is_customer(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return self.browse()._dsgvo_customers_domain()

    @api.depends('consent_storage', 'consent_notification', 'consent_marketing', 'consent_state',
                 'is_company')
    @api.depends_context('company')
    def _compute_dsgvo_refused(self):
        refused = self.filtered(lambda partner: partner._dsgvo_has_refused())
        refused.dsgvo_refused = True
        (self - refused).dsgvo_refused = False

    @api.depends('consent_state', 'dsgvo_refused', 'dsgvo_is_customer')
    @api.depends_context('company', 'lang')
    def _compute_dsgvo_summary(self):
        """Make the words once for all contacts that are alike; PostgreSQL finds them."""
        names, rest, refused = self._dsgvo_get_names(), self, self._fields['dsgvo_refused']
        for is_customer, ids in self._dsgvo_saved()._dsgvo_group_alike():
            partners = self.browse(ids)
            one = partners[0].with_prefetch(self._prefetch_ids)
            # The badge shows both fields.
            with self.env.protecting([refused], partners):
                partners.dsgvo_refused = one._dsgvo_has_refused()
            partners.dsgvo_summary = is_customer and one._dsgvo_summarise(names)
            rest -= partners
        for partner in rest:
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

    def _dsgvo_has_refused(self):
        """Return whether the customer has refused a consent and given none."""
        return has_refused(self.is_company, self.consent_state, {
            purpose: self[field] for field, purpose in CONSENT_FIELDS.items()})

    def _dsgvo_summarise(self, names):
        """Return the consents in words; the word that differs comes first, lists cut the rest.

        :param dict names: short name by purpose
        """
        if self.consent_state == 'full':
            return self.env._("All")
        if self.consent_state == 'partial':
            granted = ", ".join(names[purpose] for purpose in self._dsgvo_granted())
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

    @api.model
    def _dsgvo_customers_domain(self):
        """Return the `Domain` of the data subjects who buy here, for lists and numbers."""
        return Domain.custom(
            to_sql=lambda model, alias, query: self.browse()._dsgvo_customers_sql(alias))

    def _dsgvo_customers_sql(self, alias):
        """Return the condition of who is a data subject and buys here, as `SQL`.

        The shop itself and its staff are none. Suppliers, and users who only have a login for the
        portal, are customers only if they have bought something. Contacts that have decided on
        consents are, too: they are written to and reminded. Called on some contacts, the condition
        is made for these, and faster. Extend with `SQL("%s AND …", super())`.

        As SQL: every list and every drop-down asks, and the ORM takes longer to put such a
        condition together than PostgreSQL takes to answer.

        :param str alias: of the contact in the query
        """
        return SQL(
            "%s = %s AND NOT %s", self._dsgvo_column_sql(alias, 'dsgvo_subject_id'),
            SQL.identifier(alias, 'id'), self._dsgvo_of_shop_sql(alias, with_users=True))

    def _dsgvo_of_shop_sql(self, alias, *, with_users=False):
        """Return the condition of the shop itself, its staff and who only delivers to it.

        Nobody asks them for consents, but who has decided all the same is none of them. Called on
        some contacts, the condition is made for these.

        :param str alias: of the contact in the query
        :param bool with_users: also of users to whom the shop has sold nothing
        """
        own = SQL("(SELECT partner_id FROM res_company)")
        self.env['res.company'].flush_model(['partner_id'])
        left_out = SQL("(%s) AND %s", SQL(" OR ").join(self._dsgvo_left_out_sql(alias, with_users)),
                       self._dsgvo_idle_sql(alias))
        if not self:
            # A select each: they are few and found by an index, however many contacts there are.
            left_out = SQL("%s IN (%s)", SQL.identifier(alias, 'id'), SQL(" UNION ALL ").join(
                SQL("SELECT idle.id FROM res_partner idle WHERE %s AND %s", condition,
                    self._dsgvo_idle_sql('idle'))
                for condition in self._dsgvo_left_out_sql('idle', with_users)))
        return SQL(
            "((%s IS NOT TRUE OR %s IN %s OR coalesce(%s, 0) IN %s OR coalesce(%s, FALSE))"
            " AND NOT %s)",
            self._dsgvo_column_sql(alias, 'partner_share'), SQL.identifier(alias, 'id'), own,
            self._dsgvo_column_sql(alias, 'commercial_partner_id'), own, left_out,
            self._dsgvo_decided_sql(alias))

    @api.model
    def _dsgvo_left_out_sql(self, alias, with_users):
        """Return the conditions of who is left out unless the shop has sold something to them."""
        supplies = SQL("EXISTS (SELECT FROM res_partner WHERE id = %s AND supplier_rank > 0)",
                       SQL.identifier(alias, 'commercial_partner_id'))
        conditions = [
            SQL("%s > 0", self._dsgvo_column_sql(alias, 'supplier_rank')), supplies]
        if with_users:
            self.env['res.users'].flush_model(['partner_id', 'active'])
            conditions.append(SQL("EXISTS (SELECT FROM res_users WHERE partner_id = %s AND active)",
                                  SQL.identifier(alias, 'id')))
        return conditions

    def _dsgvo_saved(self):
        return self.browse(partner_id for partner_id in self._ids if partner_id)

    def _dsgvo_find_by_subject(self, condition):
        """Return those of these contacts for whose data subject a condition holds.

        :param str condition: the method that returns it as `SQL`, called on the contacts
        """
        if not self:
            return self
        return self.browse(partner_id for partner_id, in self.env.execute_query(SQL(
            "SELECT id FROM res_partner partner WHERE id = ANY(%s) AND %s",
            self.ids, self._dsgvo_subject_sql(condition))))

    def _dsgvo_group_alike(self):
        """Return `[(whether they are customers, ids)]` of contacts that decided alike."""
        if not self:
            return []
        # sudo: res.partner - the fields of the badge are computed like that
        Partner = self.env['res.partner'].sudo()
        return self.env.execute_query(SQL(
            "SELECT %s IS TRUE AS is_customer, array_agg(id) FROM res_partner partner"
            " WHERE id = ANY(%s) GROUP BY is_customer, %s",
            self._dsgvo_subject_sql('_dsgvo_customers_sql'), self.ids,
            SQL(", ").join(Partner._field_to_sql('partner', fname)
                           for fname in ('is_company', 'consent_state', *CONSENT_FIELDS))))

    def _dsgvo_subject_sql(self, condition):
        # As a value and not as a join, which would take PostgreSQL longer to plan than to do.
        return SQL("(SELECT %s FROM res_partner subject WHERE subject.id = %s)",
                   getattr(self, condition)('subject'),
                   self._dsgvo_column_sql('partner', 'dsgvo_subject_id'))

    @api.model
    def _dsgvo_decided_sql(self, alias):
        """Return the condition of who has a consent or a refusal in force at this company."""
        # sudo: res.partner - only whether there is one
        Partner = self.env['res.partner'].sudo()
        return SQL("(%s)", SQL(" OR ").join(
            SQL("%s IS NOT NULL AND %s IS NOT NULL", SQL.identifier(alias, field),
                Partner._field_to_sql(alias, field)) for field in CONSENT_FIELDS))

    @api.model
    def _dsgvo_idle_sql(self, alias):
        """Return the condition that the shop has sold nothing to a contact, nor to its company.

        Extend with `SQL("%s AND …", super())`.
        """
        self.env['sale.order'].flush_model(['partner_id'])
        return SQL(
            "coalesce(%s, 0) = 0"
            " AND NOT EXISTS (SELECT FROM res_partner WHERE id = %s AND customer_rank > 0)"
            " AND NOT EXISTS (SELECT FROM sale_order WHERE partner_id = %s)",
            self._dsgvo_column_sql(alias, 'customer_rank'),
            self._dsgvo_column_sql(alias, 'commercial_partner_id'), SQL.identifier(alias, 'id'))

    @api.model
    def _dsgvo_column_sql(self, alias, fname):
        return SQL.identifier(alias, fname, to_flush=self.env['res.partner']._fields[fname])

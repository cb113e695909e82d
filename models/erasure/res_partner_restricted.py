from collections.abc import Iterable

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, Query

from ..consent.res_partner import CONSENT_FIELDS

TEXTS = ('char', 'text', 'html', 'properties', 'json')
# Fields that tell a restricted customer from others.
STATES = ('active', 'dsgvo_restricted', 'dsgvo_erased')
# Fields that make a contact somebody, besides its texts.
IDENTITY = {
    'active', 'parent_id', 'type', 'is_company', 'company_type', 'company_id', *CONSENT_FIELDS}


def _finds_restricted(env):
    return env.su or env.user.has_group('dsgvo.group_officer')


def _hides_archived(model, domain, active_test):
    """Return whether the ORM leaves archived records out of a search, as `_search` does it."""
    return active_test and model.env.context.get('active_test', True) and not any(
        condition.field_expr == 'active' for condition in domain.iter_conditions())


def _posts_entries(env):
    """Users who post invoices find the documents of restricted customers, not the contacts."""
    return env.user.has_group('account.group_account_invoice')


def _names_somebody(model, domain):
    """Return whether a domain may ask for a text of a contact, or of rows that are its own.

    Such texts are name, address, reference, bank account, a person below the contact, its company,
    and whether it is archived or restricted. Values that many contacts share, such as country and
    category, name nobody.
    """
    return any(_is_name(model, condition) for condition in domain.iter_conditions())


def _is_name(model, condition):
    fname, _dot, path = condition.field_expr.partition('.')
    field, value = model._fields.get(fname), condition.value
    if not field or field.type in TEXTS or fname in STATES:
        return bool(field)
    if isinstance(value, (Query, SQL)):
        # Contacts found by a field without a column, such as the one of all numbers.
        return fname == 'id' or field.type == 'one2many'
    if field.type != 'one2many' and field.comodel_name != 'res.partner':
        return False
    if path:
        value = Domain(path, condition.operator, value)
    if isinstance(value, Domain):
        return _names_somebody(model.env[field.comodel_name], value)
    values = [value] if isinstance(value, str) or not isinstance(value, Iterable) else value
    return any(isinstance(name, str) for name in values)


class ResPartner(models.Model):
    """Art. 18 DSGVO: only the privacy officer finds customers who are kept for documents."""
    _inherit = 'res.partner'

    _restricted_is_archived = models.Constraint(
        "CHECK (NOT (active AND dsgvo_restricted))",
        "A customer whom only documents keep stays archived.")

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True,
                bypass_access=False):
        """Hide restricted customers from lists, drop-downs, till, mailing and export.

        The filter for archived contacts does not show them either: it only sets the context. The
        ORM reads known records, and the contacts of an order or invoice, with `active_test=False`.
        So an invoice still opens and prints, but nobody finds it by the values of its contact. Only
        users who may post entries find invoices that way.

        All restricted customers are archived, so most searches hide them anyway and need no
        condition.
        """
        domain = Domain(domain)
        query = super()._search(
            domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access)
        # The ORM reads all records this way, so what is decided fastest is asked first.
        if not _hides_archived(self, domain, active_test) and (
                active_test or (not bypass_access and _names_somebody(self, domain)
                                and not _posts_entries(self.env))
                ) and not _finds_restricted(self.env):
            query.add_where(SQL("%s IS NOT TRUE", self._field_to_sql(
                query.table, 'dsgvo_restricted', query)))
        return query

    @api.model
    def _dsgvo_allowed_domain(self, purpose):
        """A customer kept only for documents gets no message, in spite of earlier consents."""
        allowed = super()._dsgvo_allowed_domain(purpose)
        return allowed if purpose == 'storage' else allowed & Domain('dsgvo_restricted', '!=', True)

    def _dsgvo_anonymous(self):
        """Return those of the contacts that stand for customers who were erased; archived, all."""
        # sudo: res.partner, res.company - only to compare
        archived = self.sudo().filtered(lambda partner: not partner.active)
        companies = archived and archived.env['res.company'].with_context(
            active_test=False).search([('dsgvo_anonymous_partner_id', 'in', archived.ids)])
        return companies.dsgvo_anonymous_partner_id if companies else self.browse()


class DsgvoConsentEvent(models.Model):
    _inherit = 'dsgvo.consent.event'

    @api.model_create_multi
    def create(self, vals_list):
        """Record no decision of the anonymous customer, who is nobody."""
        partners = self.env['res.partner'].browse(
            {vals['partner_id'] for vals in vals_list if vals.get('partner_id')})
        if partners.exists()._dsgvo_anonymous():
            raise UserError(self.env._(
                "The anonymous customer stands for everybody who was erased and decides nothing."
                " Choose the customer who decided."))
        return super().create(vals_list)

    def _is_emptied_sql(self):
        """Documents keep name and address, and no note, signature or scan."""
        return SQL("%s OR EXISTS (%s)", super()._is_emptied_sql(), SQL(
            "SELECT FROM res_partner partner WHERE partner.id = event.partner_id"
            " AND (partner.dsgvo_restricted OR partner.dsgvo_erased)"))


class ResPartnerBank(models.Model):
    _inherit = 'res.partner.bank'

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        """Let nobody find a restricted customer by the bank account on a document.

        The ORM reads a known account by a search for its id, archived ones included.
        """
        conditions = [*Domain(domain).iter_conditions()]
        is_read = not kwargs.get('active_test', True) and conditions and all(
            condition.field_expr == 'id' for condition in conditions)
        if not (bypass_access or is_read or _finds_restricted(self.env)
                or _posts_entries(self.env)):
            free = Domain('dsgvo_restricted', '!=', True)
            domain = Domain(domain) & Domain('partner_id', 'any!', free)
        return super()._search(
            domain, offset, limit, order, bypass_access=bypass_access, **kwargs)


class AccountMove(models.Model):
    _inherit = 'account.move'

    def _field_to_sql(self, alias, field_expr, query=None):
        """Hide the name that is printed on the invoices of restricted customers.

        In the column, because lines are joined to their invoice without a search of invoices.
        """
        sql = super()._field_to_sql(alias, field_expr, query)
        if field_expr != 'invoice_partner_display_name' or (
                _finds_restricted(self.env) or _posts_entries(self.env)):
            return sql
        return SQL(
            "CASE WHEN EXISTS (SELECT FROM res_partner WHERE id = %s AND dsgvo_restricted)"
            " THEN NULL ELSE %s END", SQL.identifier(alias, 'partner_id'), sql)

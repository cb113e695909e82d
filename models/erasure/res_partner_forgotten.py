from functools import cache

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .dsgvo_erasure_enqueue import OPEN
from .open_orders import get_open_domain

REQUESTED = OPEN & Domain('reason', '=', 'request')


class ResPartner(models.Model):
    """Customers who have asked to be forgotten and wait for it."""
    _inherit = 'res.partner'

    @api.model
    def _dsgvo_allowed_domain(self, purpose):
        """Customers who asked to be forgotten get no advertising, and messages on open orders only.

        A sub-select in SQL. Elsewhere those who asked, who are few, are looked up once for the
        `Domain`, and only if one of the contacts is allowed otherwise.
        """
        allowed = super()._dsgvo_allowed_domain(purpose)
        if purpose == 'storage':
            return allowed
        find = cache(lambda: self._dsgvo_find_forgotten(purpose))

        def to_sql(model, alias, query):
            # sudo: dsgvo.erasure - it binds whoever acts
            forgotten = self.env['dsgvo.erasure'].sudo()._search(REQUESTED & (
                Domain('partner_id', '!=', False) if purpose == 'marketing'
                else Domain('partner_id', 'in', find().ids))).subselect('partner_id')
            # Whoever has become an address of somebody else since then has asked all the same.
            return SQL(
                "%s NOT IN %s AND COALESCE(%s NOT IN %s, TRUE)",
                SQL.identifier(alias, 'id'), forgotten,
                model._field_to_sql(alias, 'dsgvo_subject_id', query), forgotten)

        return allowed & Domain.custom(
            to_sql=to_sql, predicate=lambda partner: not (
                find() & (partner | partner.dsgvo_subject_id)._origin))

    @api.model
    def _dsgvo_find_forgotten(self, purpose):
        """Return those of them who get nothing for `purpose` any more."""
        asked = self._dsgvo_find_asked()
        if asked and purpose == 'notification':
            orders = self.env['sale.order']._dsgvo_find_under_way(
                self.env['sale.order']._dsgvo_of_domain(asked) & Domain(
                    'company_id', 'in', self.env.company._dsgvo_same_controller().ids))
            asked -= orders.partner_id | orders.partner_id.dsgvo_subject_id
        return asked

    @api.model
    def _dsgvo_find_asked(self):
        """Return the customers who have asked to be forgotten and wait for it."""
        # sudo: dsgvo.erasure - it binds whoever acts
        return self.env['dsgvo.erasure'].sudo().search_fetch(REQUESTED, ['partner_id']).partner_id


class SaleOrder(models.Model):
    """Orders about which customers who asked to be forgotten may still be told something."""
    _inherit = 'sale.order'

    @api.model
    def _dsgvo_of_domain(self, customers):
        return Domain('partner_id', 'in', customers.ids) | Domain(
            'partner_id.dsgvo_subject_id', 'in', customers.ids)

    @api.model
    def _dsgvo_find_under_way(self, domain):
        """Return the orders of a domain that are being entered or not over yet."""
        # sudo: sale.order - only whether something is open
        return self.sudo().search(domain & (
            Domain('state', 'in', ('draft', 'sent')) | get_open_domain(self.env)))

    def _dsgvo_find_over_after_request(self):
        """Add the orders that are over, and whose customer asked to be forgotten."""
        over = super()._dsgvo_find_over_after_request()
        if not (self and (asked := self.env['res.partner']._dsgvo_find_asked())):
            return over
        # sudo: sale.order - only whose they are
        concerned = self.sudo().filtered_domain(self._dsgvo_of_domain(asked))
        under_way = self._dsgvo_find_under_way(Domain('id', 'in', concerned.ids))
        return over | self.browse((concerned - under_way).ids)


class DsgvoErasure(models.Model):
    """The notice on the page of a customer who asked to be forgotten."""
    _inherit = 'dsgvo.erasure'

    # Every message looks here, however many customers are blocked.
    _requested = models.Index(
        "(partner_id) WHERE reason = 'request' AND state IN ('due', 'blocked')")

    def _get_notice(self):
        notice = super()._get_notice()
        if not self.filtered_domain(REQUESTED):
            return notice
        return self.env._(
            "%(notice)s\nThe customer asked for it: from the request on there is no advertising,"
            " and no message but those on an open order.\nA consent that is recorded now does not"
            " stop the erasure. If the customer wants to stay, the privacy officer takes the"
            " request back.", notice=notice)

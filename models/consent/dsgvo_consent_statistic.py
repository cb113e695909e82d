from ast import literal_eval

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .dsgvo_consent_event import PURPOSES

# The same order, and the same colours, wherever consents are counted.
DECISIONS = [('granted', "Granted"), ('refused', "Refused"), ('never', "Never asked")]


class DsgvoConsentStatistic(models.Model):
    """The decision of each customer on each purpose, to be counted: one row for each pair.

    Companies are asked about advertising only. A user counts the customers whom the register shows
    to this user.
    """
    _name = 'dsgvo.consent.statistic'
    _description = "Consents in Numbers"
    _auto = False
    _order = 'id'

    partner_id = fields.Many2one('res.partner', "Customer", readonly=True)
    purpose = fields.Selection(PURPOSES, readonly=True)
    decision = fields.Selection(DECISIONS, readonly=True)
    is_company = fields.Boolean(readonly=True)
    create_date = fields.Datetime("Customer Since", readonly=True)

    @property
    def _table_query(self):
        Partner, customers = self.env['res.partner'], self._get_customer_domain()
        queries = []
        for number, (purpose, _label) in enumerate(PURPOSES):
            asked = Domain.TRUE if purpose == 'marketing' else Domain('is_company', '=', False)
            query = Partner._search(customers & asked)
            decision = Partner._field_to_sql(query.table, f'consent_{purpose}', query)
            queries.append(query.select(
                SQL("%s * %s + %s AS id", self._column(query, 'id'), len(PURPOSES), number),
                SQL("%s AS partner_id", self._column(query, 'id')),
                SQL("%s AS purpose", purpose),
                SQL("coalesce(%s, 'never') AS decision", decision),
                SQL("%s AS is_company", self._column(query, 'is_company')),
                SQL("%s AS create_date", self._column(query, 'create_date'))))
        return SQL(" UNION ALL ").join(queries)

    def _column(self, query, name):
        return SQL.identifier(query.table, name)

    @api.model
    def _get_customer_domain(self):
        """Return which contacts the register shows."""
        action = self.env['ir.actions.act_window']._for_xml_id('dsgvo.res_partner_action_register')
        return Domain(literal_eval(action['domain']))

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .request_reader import RequestReader

# In the context: core is asked for an empty page, so only rows that others add are returned. An
# object, because a remote caller can pass any value but this one.
NO_PAGE = object()
# Customers who bought most come first, the others by name. Only the former have to be sorted: the
# index of the names has the others in order.
PAGE = """
    WITH sales AS (
        SELECT partner_id, count(*) AS number FROM pos_order GROUP BY partner_id
    ), customer AS NOT MATERIALIZED (
        SELECT id, name FROM res_partner
         WHERE active AND (company_id = %(company)s OR company_id IS NULL)
    )
    SELECT id FROM (
        (SELECT id, name, number FROM sales JOIN customer ON id = partner_id
          ORDER BY number DESC, name, id LIMIT %(last)s)
         UNION ALL
        (SELECT id, name, 0 FROM customer
          WHERE NOT EXISTS (SELECT FROM pos_order WHERE partner_id = customer.id)
          ORDER BY name, id LIMIT %(last)s)
    ) page ORDER BY number DESC, name, id LIMIT %(limit)s OFFSET %(offset)s
"""


class PosConfig(models.Model):
    _inherit = 'pos.config'

    @api.model
    def _dsgvo_get_till(self, config_id):
        """Return the till that a caller says it is; one query, which says if it is screened.

        :raise UserError: if there is no such till
        :raise AccessError: if the user does not work at it
        """
        reader = RequestReader(self.env)
        till = self.browse(reader.read_id(config_id))
        if not self.with_context(active_test=False).search_fetch(
                Domain('id', '=', till.id), ['dsgvo_privacy_screen']):
            (till.exists() or reader.refuse()).check_access('read')
        self.env['pos.session'].check_access('read')
        return till

    def _get_limited_partner_count(self):
        if self.env.context.get('dsgvo_page') is NO_PAGE:
            return 0
        return super()._get_limited_partner_count()

    def get_limited_partners_loading(self, offset=0):
        """Let archived customers take no places among those that a till loads first.

        The till counts the rows of a page to know where the next one begins. So a page must be full
        while there are customers, and the rows of `super()` cannot just be filtered. `super()` is
        asked for an empty page instead, for which PostgreSQL reads nothing.
        """
        # Rows that localisations add to the page of core, such as the anonymous final consumer.
        offset = RequestReader(self.env).read_count(offset)
        added = super(
            PosConfig, self.with_context(dsgvo_page=NO_PAGE)).get_limited_partners_loading(offset)
        if self._dsgvo_is_screened():
            return added
        self.env['res.partner'].flush_model(['active', 'company_id', 'name'])
        limit = self._get_limited_partner_count()
        page = self.env.execute_query(SQL(
            PAGE, company=self.company_id.id, last=limit + offset, limit=limit, offset=offset))
        return page + [row for row in added if row not in page]

from odoo import models
from odoo.tools import SQL


class PosConfig(models.Model):
    _inherit = 'pos.config'

    def get_limited_partners_loading(self, offset=0):
        """Let archived customers take no places among those that a till loads first.

        The till counts what it gets to know where the next page begins, so the page is full as long
        as there are customers: the rows of `super()` cannot just be filtered.
        """
        limit = self._get_limited_partner_count()
        # What localisations add to the page of core, such as the anonymous final consumer.
        added = super().get_limited_partners_loading(offset)[limit:]
        self.env['res.partner'].flush_model(['active', 'company_id', 'name'])
        return self.env.execute_query(SQL(
            """
            SELECT partner.id
              FROM res_partner partner
         LEFT JOIN (SELECT partner_id, COUNT(*) AS order_count
                      FROM pos_order
                  GROUP BY partner_id) sales ON sales.partner_id = partner.id
             WHERE partner.active
               AND (partner.company_id = %s OR partner.company_id IS NULL)
          ORDER BY COALESCE(sales.order_count, 0) DESC, partner.name, partner.id
             LIMIT %s OFFSET %s
            """, self.company_id.id, limit, offset)) + added

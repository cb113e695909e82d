from odoo import api, fields, models
from odoo.tools import SQL

from .res_partner import TOLD


class DsgvoNotification(models.Model):
    """How fast customers are told, and whether they have collected the goods since."""
    _inherit = 'dsgvo.notification'

    is_uncollected = fields.Boolean(
        "Not Collected", compute='_compute_is_uncollected', search='_search_is_uncollected',
        help="The customer was told that the goods are there, and has not fetched all of them.")

    hours_until_told = fields.Float(
        compute='_compute_hours_until_told', store=True, aggregator='avg',
        help="From the goods receipt until the customer was told.")

    @api.depends('told_on')
    def _compute_hours_until_told(self):
        for notification in self:
            waited = notification.told_on and notification.told_on - notification.create_date
            notification.hours_until_told = waited and waited.total_seconds() / 3600

    @api.depends('state', 'kind', 'sale_order_id.delivery_status',
                 'sale_order_id.order_line.qty_delivered')
    def _compute_is_uncollected(self):
        # sudo: sale.order - only whether the goods are still there
        orders = self.sudo().sale_order_id
        waiting = orders.filtered(lambda order: order.state == 'sale') - orders._dsgvo_fetched()
        for notification in self:
            notification.is_uncollected = (
                notification.kind == 'available' and notification.state in TOLD
                and notification.sudo().sale_order_id in waiting)  # sudo: sale.order - as above

    @api.model
    def _search_is_uncollected(self, operator, value):
        """Ask in SQL what `_dsgvo_fetched` says of one order."""
        if operator != 'in':
            return NotImplemented
        self.env['sale.order'].flush_model(['state', 'delivery_status'])
        self.env['sale.order.line'].flush_model(['qty_delivered', 'product_uom_qty', 'product_id'])
        return [('id', 'in', SQL(
            """
            (SELECT told.id
               FROM dsgvo_notification told
               JOIN sale_order ON sale_order.id = told.sale_order_id
              WHERE told.state = ANY(%s) AND told.kind = 'available' AND sale_order.state = 'sale'
                AND sale_order.delivery_status IS DISTINCT FROM 'full'
                AND EXISTS (
                    SELECT 1
                      FROM sale_order_line line
                      JOIN product_product product ON product.id = line.product_id
                      JOIN product_template template ON template.id = product.product_tmpl_id
                     WHERE line.order_id = sale_order.id AND template.type = 'consu'
                       AND coalesce(line.qty_delivered, 0) < line.product_uom_qty))
            """, list(TOLD)))]

from odoo.tests import tagged

from ..till.special_orders_common import SpecialOrderCommon


@tagged('post_install', '-at_install', '-standard')
class TestAppsSpecialOrders(SpecialOrderCommon):
    """A special order of an article with a supplier becomes a proposal to buy it."""

    def test_quotation_is_asked_for_where_each_order_is_replenished(self):
        self.env.ref('stock.route_warehouse0_mto').active = True
        order = self._take(self._new(supplier_id=self.supplier.id, quantity=2))
        purchase = order._get_purchase_orders()
        # Into the shop: dropshipping is installed, too.
        self.assertRecordValues(purchase, [{
            'partner_id': self.supplier.id, 'state': 'draft',
            'picking_type_id': order.warehouse_id.in_type_id.id}])
        self.assertRecordValues(purchase.order_line, [{
            'product_id': order.order_line.product_id.id, 'product_qty': 2}])

    def test_order_whose_supplier_the_office_has_to_find_is_taken(self):
        self.env.ref('stock.route_warehouse0_mto').active = True
        order = self._take(self._new())
        self.assertEqual(order.state, 'sale')
        self.assertFalse(order._get_purchase_orders())

    def test_article_is_in_the_list_of_what_to_replenish_otherwise(self):
        self.env.ref('stock.route_warehouse0_mto').active = False
        order = self._take(self._new(supplier_id=self.supplier.id, quantity=2))
        self.assertFalse(order._get_purchase_orders())
        product = order.order_line.product_id
        Orderpoint = self.env['stock.warehouse.orderpoint']
        Orderpoint.action_open_orderpoints()
        proposal = Orderpoint.search([('product_id', '=', product.id)])
        self.assertRecordValues(proposal, [{
            'warehouse_id': order.warehouse_id.id, 'qty_to_order': 2}])
        proposal.action_replenish()
        line = self.env['purchase.order.line'].search([('product_id', '=', product.id)])
        self.assertRecordValues(line, [{
            'partner_id': self.supplier.id, 'product_qty': 2, 'state': 'draft'}])

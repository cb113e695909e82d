from odoo import Command
from odoo.tests import new_test_user, tagged

from .orders_common import OrdersCommon


@tagged('post_install', '-at_install')
class TestClosedOrders(OrdersCommon):
    """A closed order is open again when goods move or more work is done than was settled."""

    def _close(self, kind='goods'):
        """Close an order that was delivered and paid."""
        order = self._take(kind)
        self._hand_over(order)
        self._pay_invoice(order)
        order.action_dsgvo_close()
        self.assertFalse(self._is_open(order))
        return order

    def test_goods_brought_back_are_to_be_paid_back(self):
        order, other = self._close(), self._close()
        self._bring_back(order)._action_done()
        self.assertTrue(self._is_open(order))
        self.assertTrue(other.dsgvo_is_closed)
        self._pay_back(order)
        self.assertFalse(self._is_open(order))

    def test_goods_delivered_later_are_to_be_paid(self):
        order = self._take()
        self._hand_over(order, 1)
        self._pay_invoice(order)
        order.action_dsgvo_close()
        later = order.picking_ids.filtered(lambda picking: picking.state == 'done').copy()
        later.move_ids.write({'sale_line_id': order.order_line.id, 'product_uom_qty': 1})
        later.move_ids.quantity = 1
        later.move_ids.picked = True
        later._action_done()
        self.assertTrue(self._is_open(order))
        self._pay_invoice(order)
        self.assertFalse(self._is_open(order))

    def test_who_only_moves_goods_opens_the_order(self):
        mover = new_test_user(self.env, 'mover', groups='stock.group_stock_user')
        order = self._close()
        back = self._bring_back(order)
        back.with_user(mover).button_validate()
        self.assertEqual(back.state, 'done')
        self.assertTrue(self._is_open(order))

    def test_transfer_that_is_cancelled_opens_nothing(self):
        order = self._close()
        self._bring_back(order).action_cancel()
        self.assertTrue(order.dsgvo_is_closed)

    def test_more_work_than_was_settled_is_to_be_paid(self):
        order = self._close('service')
        order.order_line.qty_delivered = 1
        order.order_line.qty_delivered = 2
        self.assertTrue(order.dsgvo_is_closed)
        order.order_line.qty_delivered = 3
        self.assertTrue(self._is_open(order))
        self._pay_invoice(order)
        self.assertFalse(self._is_open(order))

    def test_work_charged_to_a_closed_order_is_to_be_paid(self):
        plan = self.env['account.analytic.plan'].create({'name': "Werkstatt"})
        account = self.env['account.analytic.account'].create(
            {'name': "Werkstatt", 'plan_id': plan.id})
        order = self._take('service')
        order.order_line = [Command.create({
            'product_id': order.order_line.product_id.id, 'is_expense': True,
            'product_uom_qty': 0, 'price_unit': 20.0})]
        charged = order.order_line[1]
        item = self.env['account.analytic.line'].create({
            'name': "Binden", 'account_id': account.id, 'unit_amount': 0.0,
            'product_uom_id': charged.product_uom_id.id, 'so_line': charged.id})
        order.action_dsgvo_close()
        item.name = "Binden und leimen"
        self.assertTrue(order.dsgvo_is_closed)
        item.unit_amount = 2.0
        self.assertFalse(order.dsgvo_is_closed)
        order.action_dsgvo_close()
        item.copy()
        self.assertFalse(order.dsgvo_is_closed)

from odoo import Command
from odoo.tests import tagged

from .orders_common import OrdersCommon

OVER, OPEN = False, True


@tagged('post_install', '-at_install')
class TestTradedIn(OrdersCommon):
    """An old copy is taken back at a negative quantity, and its price is given back."""

    def test_order_is_open_until_the_price_is_given_back(self):
        goods, service = ([(kind, policy) for policy in ('order', 'delivery')]
                          for kind in ('goods', 'service'))
        come, credit, cancel = self._deliver_goods, self._pay_rest, self._cancel_order
        close = type(self.customer.sale_order_ids).action_dsgvo_close
        for kinds, what, steps, is_open in (
                (goods, "ordered", [], OPEN),
                (goods, "came, not credited", [come], OPEN),
                (goods, "came and credited", [come, credit], OVER),
                (goods, "given back at the till", [self._settle], OVER),
                (goods, "did not come", [self._cancel_rest], OVER),
                (goods, "came, then order cancelled", [come, cancel], OPEN),
                (goods, "came and credited, then order cancelled", [come, credit, cancel], OVER),
                (goods, "came, closed", [come, close], OVER),
                (service, "deduction", [], OPEN),
                (service[:1], "deduction settled", [credit], OVER),
                (service, "deduction settled at the till", [self._settle], OVER),
                (service, "deduction, then order cancelled", [cancel], OVER)):
            for kind, policy in kinds:
                with self.subTest(kind=kind, policy=policy, what=what):
                    order = self._take(kind, policy, quantity=-1, price=50.0)
                    for step in steps:
                        step(order)
                    self.assertEqual(self._is_open(order), is_open)

    def test_new_copy_that_is_paid_ends_nothing_of_the_old_one(self):
        order = self._take(quantity=1)
        old = self._take(quantity=1).order_line.product_id
        order.order_line = [Command.create({
            'product_id': old.id, 'product_uom_qty': -1, 'price_unit': 50.0, 'tax_ids': False})]
        for picking in order.picking_ids:
            picking.move_ids.quantity = 1
            picking.move_ids.picked = True
            picking.button_validate()
        new = order.order_line[0]
        self._sync(order, [{
            'product': new.product_id, 'quantity': 1, 'sale_order_origin_id': order.id,
            'sale_order_line_id': new.id}], 20)
        self.assertTrue(self._is_open(order))
        self._pay_rest(order)
        self.assertFalse(self._is_open(order))

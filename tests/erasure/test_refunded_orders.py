from odoo.tests import tagged

from .orders_common import OrdersCommon


@tagged('post_install', '-at_install')
class TestRefundedOrders(OrdersCommon):
    """A refund ends what was refunded, not the rest of the line."""

    def _check(self, order, steps, ending):
        """Assert that the order is open after the steps, and over when its rest is settled."""
        for step in steps:
            step(order)
        self.assertTrue(self._is_open(order))
        self._do_work(order)
        ending(order)
        self.assertFalse(self._is_open(order))

    def _settle_two(self, order):
        self._settle(order, 2)

    def _refund_one_on_screen(self, order):
        self._refund_on_screen(order, 1)

    def _hand_over_last(self, order):
        self._hand_over(order, 1)

    def test_refund_at_the_till_ends_nothing_of_the_rest(self):
        refunds = self._refund_one_on_screen, self._refund_on_screen, self._refund_at_till
        for policy in 'order', 'delivery':
            for refund in refunds:
                with self.subTest("eight hours not begun", policy=policy, refund=refund.__name__):
                    self._check(self._take('service', policy, 10), [self._settle_two, refund],
                                lambda order: self._settle(order, 8))
                with self.subTest("last book unpaid", policy=policy, refund=refund.__name__):
                    self._check(
                        self._take('goods', policy, 3),
                        [self._settle_two, refund, self._hand_over_last],
                        lambda order: self._settle(order, 1))

    def _credit_one(self, order):
        self._pay_back(order, 1)

    def test_credit_note_ends_nothing_of_the_rest(self):
        for kind, quantity, what, steps in [
                ('service', 10, "two done and paid, one credited, eight not begun", [
                    self._hand_over, self._pay_invoice, self._credit_one]),
                ('goods', 5, "two paid, one credited, three not invoiced", [
                    lambda order: self._deliver_some(order, 2), self._pay_invoice,
                    self._credit_one, lambda order: self._deliver_some(order, 3)]),
                ('goods', 2, "came back and paid back, then fetched after all", [
                    self._hand_over, self._pay_invoice,
                    lambda order: self._bring_back(order)._action_done(), self._pay_back,
                    self._send_again])]:
            with self.subTest(kind=kind, what=what):
                self._check(self._take(kind, 'delivery', quantity), steps, self._pay_invoice)

    def test_dozen_of_which_some_came_back_at_the_till_is_over(self):
        for quantity in 1, 5, 7, 12:
            for policy in 'order', 'delivery':
                with self.subTest(quantity=quantity, policy=policy):
                    line = self._take('goods', policy).order_line.copy({
                        'order_id': self.env['sale.order'].create(
                            {'partner_id': self.customer.id}).id,
                        'product_uom_id': self.env.ref('uom.product_uom_dozen').id,
                        'product_uom_qty': 1, 'price_unit': 240.0, 'tax_ids': False})
                    order = line.order_id
                    order.action_confirm()
                    self._sync(order, [{
                        'product': line.product_id, 'quantity': 12,
                        'sale_order_origin_id': order.id, 'sale_order_line_id': line.id}], 240.0)
                    self.assertFalse(self._is_open(order))
                    self._refund_on_screen(order, quantity)
                    self.assertFalse(self._is_open(order))

    # === DEPOSITS === #

    def _refund_part_of_deposit(self, order, amount=2.0):
        """Refund so much of a deposit on the screen of the till."""
        sold = order.order_line.filtered('is_downpayment').pos_order_line_ids.filtered(
            lambda line: line.qty > 0)
        self._sync(order, [{
            'product': sold.product_id, 'quantity': -1, 'price_unit': amount,
            'price_subtotal': -amount, 'price_subtotal_incl': -amount,
            'refunded_orderline_id': sold.id}], -amount)

    def _pay_invoiced_deposit_at_till(self, order):
        self._pay_deposit_at_till(order, to_invoice=True)

    def _credit_deposit(self, order, amount=5.0):
        """Credit so much of the deposit in the office, of an invoice or a till's invoice."""
        deposit = order.order_line.filtered('is_downpayment')
        invoice = (deposit.invoice_lines.move_id | deposit.pos_order_line_ids.order_id.account_move
                   ).filtered(lambda move: move.move_type == 'out_invoice')
        reversal = self.env['account.move.reversal'].with_context(
            active_model='account.move', active_ids=invoice.ids).create(
            {'journal_id': invoice.journal_id.id})
        reversal.refund_moves()
        reversal.new_move_ids.invoice_line_ids.price_unit = amount
        reversal.new_move_ids.action_post()

    def _credit_part_of_deposit(self, order):
        self._credit_deposit(order, 2.0)

    def test_deposit_is_returned_when_all_of_it_is(self):
        ways = [
            (self._pay_deposit_at_till, self._refund_part_of_deposit,
             lambda order: self._refund_part_of_deposit(order, 3.0)),
            (self._pay_deposit_at_till, self._refund_part_of_deposit, lambda order: (
                order.action_dsgvo_close())),
            (self._pay_invoiced_deposit_at_till, self._credit_part_of_deposit,
             lambda order: self._credit_deposit(order, 3.0)),
            (self._pay_invoiced_deposit_at_till, self._credit_part_of_deposit,
             lambda order: self._refund_part_of_deposit(order, 3.0)),
            (self._pay_deposit, self._credit_part_of_deposit,
             lambda order: self._credit_deposit(order, 3.0))]
        for number, (pay, refund, refund_rest) in enumerate(ways):
            for end in (self._cancel_order, self._settle_goods)[:2 - number % 2]:
                with self.subTest(number=number, pay=pay.__name__, end=end.__name__):
                    order = self._take()
                    pay(order)
                    self._check(order, [end, refund], refund_rest)

    def test_deposits_of_two_orders_on_a_receipt_are_open_until_both_are_credited(self):
        orders = first, second = self._take(), self._take()
        deposit = self.config.down_payment_product_id = self.env['product.product'].create(
            {'name': "Anzahlung", 'type': 'service', 'taxes_id': False, 'list_price': 5.0})
        self._sync(first, [
            {'product': deposit, 'quantity': 1, 'sale_order_origin_id': order.id}
            for order in orders], 10.0, to_invoice=True)
        for order in orders:
            self._cancel_order(order)
        invoice = first.order_line.pos_order_line_ids.order_id.account_move
        for is_open in (True, False):
            reversal = self.env['account.move.reversal'].with_context(
                active_model='account.move', active_ids=invoice.ids).create(
                    {'journal_id': invoice.journal_id.id})
            reversal.refund_moves()
            reversal.new_move_ids.invoice_line_ids.filtered('product_id')[1:].unlink()
            reversal.new_move_ids.action_post()
            self.assertEqual([self._is_open(first), self._is_open(second)], [is_open] * 2)

    def _settle_goods(self, order):
        """Hand over and settle all but the deposit at the till."""
        line = order.order_line.filtered('product_id')
        self._sync(order, [{
            'product': line.product_id, 'quantity': 2, 'sale_order_origin_id': order.id,
            'sale_order_line_id': line.id}], 40.0)

    def test_deposit_is_settled_at_the_till_with_the_rest(self):
        order = self._take()
        self._pay_deposit_at_till(order)
        goods = order.order_line.filtered('product_id')
        deposit = order.order_line.filtered('pos_order_line_ids')
        self._sync(order, [
            {'product': product, 'quantity': quantity, 'sale_order_origin_id': order.id,
             'sale_order_line_id': line.id} for product, line, quantity in (
                 (goods.product_id, goods, 2), (deposit.pos_order_line_ids.product_id, deposit, -1))
        ], 35.0)
        self.assertFalse(self._is_open(order))

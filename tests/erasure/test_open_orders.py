from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .orders_common import OrdersCommon

OVER, OPEN = False, True


@tagged('post_install', '-at_install')
class TestOpenOrders(OrdersCommon):
    """An order is open as long as something is to be delivered, paid or given back."""

    # === THE TABLE === #

    def _cases(self):
        goods = [('goods', policy) for policy in ('order', 'delivery')]
        both = [*goods, *(('service', policy) for policy in ('order', 'delivery'))]
        hand_over, pay, cancel = self._hand_over, self._pay_invoice, self._cancel_rest
        return [
            # kinds, what happens, whether the order is open then
            (both, "ordered", [], OPEN),
            (both, "handed over, not paid", [hand_over], OPEN),
            (both, "handed over and paid", [hand_over, pay], OVER),
            (goods, "one cancelled, one paid", [
                lambda order: hand_over(order, 1), self._pay_what_came], OVER),
            (goods, "one cancelled, one not paid", [lambda order: hand_over(order, 1)], OPEN),
            (goods, "all cancelled", [cancel], OVER),
            (goods, "more handed over than ordered", [
                lambda order: hand_over(order, 3), pay], OVER),
            (goods, "on the way back", [hand_over, pay, self._bring_back], OPEN),
            (goods, "came back, not paid back", [
                hand_over, pay, lambda order: self._bring_back(order)._action_done()], OPEN),
            (goods, "came back and paid back", [
                hand_over, pay, lambda order: self._bring_back(order)._action_done(),
                self._pay_back], OVER),
            (goods, "came back for an exchange", [
                hand_over, pay,
                lambda order: self._bring_back(order, to_refund=False)._action_done()], OVER),
            (both, "paid back as a favour", [hand_over, pay, self._pay_back], OVER),
            ([('goods', 'order')], "paid first", [pay], OPEN),
            ([('goods', 'order')], "paid first, then cancelled", [pay, cancel], OPEN),
            ([('goods', 'order')], "paid first, cancelled, paid back",
             [pay, cancel, self._pay_back], OVER),
            ([('service', 'order')], "settled in full, nobody enters that it is done", [pay],
             OVER),
            (both, "deposit", [self._pay_deposit], OPEN),
            (both, "deposit and the rest", [self._pay_deposit, hand_over, self._pay_rest], OVER),
            (both, "deposit forgotten on the invoice", [self._pay_deposit, hand_over, pay], OPEN),
            (goods, "deposit, then cancelled", [self._pay_deposit, cancel], OPEN),
            (both, "deposit at the till", [self._pay_deposit_at_till], OPEN),
            (both, "sold at the till", [self._settle], OVER),
            (goods, "sold and refunded at the till", [self._settle, self._refund_at_till], OVER),
            (goods, "sold and refunded on the screen of the till", [
                self._settle, self._refund_on_screen], OVER),
            (both, "deposit refunded at the till", [
                self._pay_deposit_at_till, self._refund_at_till, hand_over, pay], OVER),
            (both, "deposit refunded on the screen of the till", [
                self._pay_deposit_at_till, self._refund_on_screen, hand_over, pay], OVER),
            *self._get_cases_of_cancelled_orders(goods, both),
            (both, "closed", [type(self.customer.sale_order_ids).action_dsgvo_close], OVER),
        ]

    def _get_cases_of_cancelled_orders(self, goods, both):
        cancel, close = self._cancel_order, type(self.customer.sale_order_ids).action_dsgvo_close
        deposits = self._pay_deposit, self._pay_deposit_at_till
        paid_back = [
            (self._pay_deposit, self._pay_back), (self._pay_deposit_at_till, self._refund_at_till),
            (self._pay_deposit_at_till, self._refund_on_screen)]
        prepaid = [(kind, 'order') for kind in ('goods', 'service')]
        hand_over, pay = self._hand_over, self._pay_invoice
        return [
            (both, "order cancelled", [cancel], OVER),
            *((both, "deposit, then order cancelled", [deposit, cancel], OPEN)
              for deposit in deposits),
            *((both, "deposit, order cancelled, back to a quotation", [
                deposit, cancel, lambda order: order.action_draft()], OPEN)
              for deposit in deposits),
            *((both, "deposit, order cancelled, refunded", [deposit, cancel, refund], OVER)
              for deposit, refund in paid_back),
            *((both, "deposit, order cancelled, closed", [deposit, cancel, close], OVER)
              for deposit in deposits),
            (prepaid, "paid first, then order cancelled", [pay, cancel], OPEN),
            (prepaid, "paid first, order cancelled, paid back", [
                pay, cancel, self._pay_back], OVER),
            (both, "handed over and paid, then order cancelled", [hand_over, pay, cancel], OVER),
            (goods, "sold at the till, then order cancelled", [self._settle, cancel], OVER),
        ]

    def _pay_what_came(self, order):
        """Where all that was ordered is invoiced, the shop lowers the order first."""
        order.order_line.product_uom_qty = 1
        self._pay_invoice(order)

    def test_order_is_open_until_nothing_is_to_be_delivered_paid_or_given_back(self):
        for kinds, what, steps, is_open in self._cases():
            for kind, policy in kinds:
                with self.subTest(kind=kind, policy=policy, what=what):
                    order = self._take(kind, policy)
                    for step in steps:
                        step(order)
                    self.assertEqual(self._is_open(order), is_open)

    def test_reason_of_a_cancelled_order_names_the_refund(self):
        order = self._take()
        self._pay_deposit_at_till(order)
        order._action_cancel()
        erasure = self._block()
        self.assertEqual(
            erasure.blocker, f"Paid order that was cancelled or is not confirmed: {order.name}")
        self.assertIn("Refund the deposit", erasure.advice)
        erasure.action_close_orders()
        self._run_cron()
        self.assertFalse(self.customer.exists())

    def test_closed_order_that_is_offered_or_confirmed_anew_is_open(self):
        order = self._take('service')
        order.action_dsgvo_close()
        order._action_cancel()
        self.assertTrue(order.dsgvo_is_closed)
        order.action_draft()
        self.assertFalse(order.dsgvo_is_closed)
        order.order_line.product_uom_qty = 9
        order.action_confirm()
        self.assertIn("Open order", self._find()[0])
        order.action_dsgvo_close()
        order.write({'state': 'sale'})
        self.assertTrue(self._is_open(order))

    def test_closed_order_of_which_there_is_more_is_open(self):
        def add(order, kind='service'):
            order.order_line = [Command.create({
                'product_id': self._take(kind).order_line.product_id.id, 'price_unit': 0.0})]

        def raise_quantity(order):
            order.order_line[0].product_uom_qty = 3

        def raise_unit(order):
            order.order_line[0].product_uom_id = self.env.ref('uom.product_uom_dozen')

        for change, is_open in (
                (add, OPEN), (lambda order: add(order, 'goods'), OPEN), (raise_quantity, OPEN),
                (raise_unit, OPEN),
                (self._pay_deposit_at_till, OPEN),
                (lambda order: order.order_line[0].write({'product_uom_qty': 1}), OVER),
                (lambda order: order.write({'order_line': [Command.create(
                    {'display_type': 'line_note', 'name': "Abgeholt"})]}), OVER)):
            with self.subTest(is_open=is_open):
                order = self._take('service')
                order.action_dsgvo_close()
                change(order)
                self.assertEqual(order.dsgvo_is_closed, not is_open)
                self.assertEqual(self._is_open(order), is_open)

    def test_quantity_of_a_quotation_may_come_as_text(self):
        order = self.env['sale.order'].with_user(self.clerk).create({
            'partner_id': self.customer.id,
            'order_line': [Command.create({'product_id': self.book.id})]})
        order.order_line.write({'product_uom_qty': '3'})
        self.assertEqual(order.order_line.product_uom_qty, 3)

    def test_goods_handed_over_and_work_not_begun(self):
        order = self._take('service', 'delivery')
        order.order_line = [Command.create({
            'product_id': self.book.id, 'product_uom_qty': 1, 'price_unit': 20.0,
            'tax_ids': False})]
        self._deliver_goods(order)
        self._pay_invoice(order)
        self.assertIn("Open order", self._find()[0])
        order.order_line[0].qty_delivered = 2
        self._pay_invoice(order)
        self.assertEqual(self._find(), [])

    def test_free_order_is_over_when_it_was_handed_over(self):
        for kind in 'goods', 'service':
            with self.subTest(kind=kind):
                order = self._take(kind, price=0.0)
                self.assertIn("Open order", self._find()[0])
                self._hand_over(order)
                self.assertEqual(self._find(), [])

    def test_free_work_on_goods_that_are_settled_is_to_be_done(self):
        order = self._take(quantity=1)
        engraving = self.env['product.product'].create({
            'name': "Gravur gratis", 'type': 'service', 'invoice_policy': 'delivery'})
        order.order_line = [Command.create({
            'product_id': engraving.id, 'product_uom_qty': 1, 'price_unit': 0.0})]
        self._deliver_goods(order)
        self._pay_invoice(order)
        self.assertIn("Open order", self._find()[0])
        order.order_line[1].qty_delivered = 1
        self.assertEqual(self._find(), [])

    def test_quotation_is_named_as_such(self):
        order = self.env['sale.order'].create({'partner_id': self.customer.id})
        self.assertEqual(self._find(), [f"Open quotation: {order.name}"])
        order._action_cancel()
        self.assertEqual(self._find(), [])

    def test_daily_job_notes_whose_order_is_over_in_any_way(self):
        """Where the rest was cancelled, and who got it for nothing."""
        part, free = self._take(), self._take(price=0.0)
        part.partner_id = self.customer
        other = self._create_customer(name="Umsonst")
        free.write({'partner_id': other.id})
        self._hand_over(part, 1)
        self._hand_over(free)
        self._pay_invoice(part)
        self._find_daily()
        self.assertEqual(self._erasure().reason, 'checkout')
        self.assertEqual(self._erasure(other).reason, 'checkout')

    def test_daily_job_leaves_alone_who_got_nothing(self):
        self._cancel_rest(self._take())
        self._find_daily()
        self.assertFalse(self._erasure())

    # === WAYS OUT === #

    def test_officer_closes_what_nobody_will_deliver_or_pay(self):
        order, quotation = self._take(), self.env['sale.order'].create(
            {'partner_id': self.customer.id})
        foreign = self._take(partner_id=self._create_customer(name="Fremd").id)
        erasure = self._block()
        self.assertTrue(erasure.has_open_orders)
        self.assertIn("Open order: Deliver and invoice the order", erasure.advice)
        erasure.action_close_orders()
        self.assertEqual(quotation.state, 'draft')
        erasure.action_cancel_quotations()
        self.assertRecordValues(order | foreign, [
            {'state': 'sale', 'dsgvo_is_closed': True},
            {'state': 'sale', 'dsgvo_is_closed': False}])
        self.assertEqual(quotation.state, 'cancel')
        self.assertEqual(order.picking_ids.state, 'cancel')
        self._run_cron()
        self.assertFalse(self.customer.exists())

    def test_advice_names_who_closes_what_the_button_does_not(self):
        own = self._take()
        stranger = self._create_customer(name="Fremd")
        delivered = self._take(partner_id=stranger.id, partner_shipping_id=self.customer.id)
        company = self.env['res.company'].create({'name': "Zweigstelle"})
        elsewhere = self.env['sale.order'].with_company(company).create(
            {'partner_id': self.customer.id, 'company_id': company.id})
        erasure = self._block()
        advice = erasure.advice.splitlines()
        self.assertIn(
            f"{own.name}: “Close Open Orders” here closes them, for the privacy officer.", advice)
        for order in delivered, elsewhere:
            self.assertTrue([line for line in advice if line.startswith(
                f"{order.name} of {order.company_id.name}: cannot be closed here")], advice)
        erasure.action_close_orders()
        self.assertRecordValues(own | delivered | elsewhere, [
            {'state': 'sale', 'dsgvo_is_closed': True},
            {'state': 'sale', 'dsgvo_is_closed': False},
            {'state': 'draft', 'dsgvo_is_closed': False}])

    def test_button_is_not_offered_for_the_order_of_somebody_else(self):
        self._take(partner_id=self._create_customer(name="Fremd").id,
                   partner_shipping_id=self.customer.id)
        erasure = self._block()
        self.assertIn("Open order", erasure.blocker)
        self.assertFalse(erasure.has_open_orders)
        self.assertNotIn("Close Open Orders", erasure.advice)
        self.assertIn("DSGVO: Close Order", erasure.advice)

    def _invoice_contact(self, **values):
        """Return an invoice to somebody in a company, whose items are those of the company."""
        company = self.env['res.partner'].create({'name': "Verlag", 'is_company': True})
        self.customer.write({'parent_id': company.id, 'type': 'contact'})
        order = self._take(**values)
        self._hand_over(order)
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.partner_id, self.customer)
        self.assertEqual(invoice.line_ids.partner_id, company)
        return invoice

    def test_unpaid_invoice_of_a_contact_of_a_company_keeps_the_contact(self):
        invoice = self._invoice_contact()
        [reason] = self._find()
        self.assertIn("Unpaid items", reason)
        self.assertIn("40", reason)
        self._pay(invoice)
        self.assertEqual(self._find(), [])

    def test_unpaid_invoice_of_a_colleague_keeps_nobody_else(self):
        invoice = self._invoice_contact()
        colleague = self._create_customer(
            name="Kollege", parent_id=invoice.commercial_partner_id.id)
        self.assertFalse(self.env['dsgvo.erasure.blocker']._find(colleague))

    def test_clerk_closes_an_order_and_nobody_else_does(self):
        order = self._order()
        with self.assertRaises(AccessError):
            order.with_user(self.officer).action_dsgvo_close()
        with self.assertRaises(AccessError):
            self._block().with_user(self.clerk).action_close_orders()
        order.with_user(self.clerk).action_dsgvo_close()
        self.assertEqual(self._find(), [])

    def test_document_without_a_name_stops_nobody(self):
        other = self._create_customer(name="Balduin Wacholder")
        picking = self._take().picking_ids
        self.env.flush_all()
        self.env.cr.execute("UPDATE stock_picking SET name = NULL WHERE id = %s", [picking.id])
        self.env.invalidate_all()
        self.env['dsgvo.erasure']._enqueue(self.customer | other, 'request', self.env.company)
        self._run_cron()
        self.assertFalse(other.exists())
        self.assertIn(f"pick-up: {picking.id}", self._erasure().blocker)

    def test_goods_under_way_keep_a_closed_order_open(self):
        order = self._take()
        order.action_dsgvo_close()
        order.order_line.product_uom_qty = 3
        self.assertIn("Open order", self._find()[0])

    def test_every_reason_says_what_ends_it(self):
        for check in self.env['dsgvo.erasure.blocker']._get_checks():
            with self.subTest(reason=check.reason, model=check.model):
                self.assertTrue(str(check.advice).endswith("."))

    def test_archived_login_blocks_with_advice_until_it_is_none_of_the_shop(self):
        user = self.env['res.users'].create({
            'name': "Ehemalige", 'login': 'ehemalige', 'partner_id': self.customer.id})
        user.active = False
        erasure = self._block()
        self.assertEqual(erasure.blocker, "Had a login of the shop")
        self.assertIn("change the type of the archived user to Portal", erasure.advice)
        user.group_ids = self.env.ref('base.group_portal')
        self._run_cron()
        self.assertNotIn("login", erasure.blocker or "")

    def test_look_again_obeys_the_grace_time(self):
        order = self.env['sale.order'].create({'partner_id': self.customer.id})
        self._block()
        self.env.company.dsgvo_grace_request = 14
        self._erasure().sudo().unlink()
        self.env['dsgvo.erasure']._enqueue(self.customer, 'request', self.env.company)
        erasure = self._erasure().with_user(self.officer)
        erasure.sudo().state = 'blocked'
        order._action_cancel()
        with self.assertRaisesRegex(Exception, "grace time until"):
            erasure.action_retry()
        erasure.sudo()._process()
        self.assertTrue(self.customer.exists())
        erasure.sudo().not_before -= timedelta(days=15)
        erasure.action_retry()
        self.assertFalse(self.customer.exists())

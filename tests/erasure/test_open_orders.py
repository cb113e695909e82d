from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.dsgvo.models.erasure.open_orders import get_open_domain

from .test_delivered import DeliveredCommon

OVER, OPEN = False, True


@tagged('post_install', '-at_install')
class TestOpenOrders(DeliveredCommon):
    """An order is open as long as something is to be delivered, paid or given back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(su=True)  # the office does what is no subject here

    # === WHAT CAN HAPPEN TO AN ORDER === #

    def _take(self, kind='goods', policy='delivery', quantity=2, price=20.0, **values):
        product = self.env['product.product'].create({
            'name': f"{kind} {policy}", 'type': 'service' if kind == 'service' else 'consu',
            'is_storable': kind == 'goods', 'invoice_policy': policy, 'taxes_id': False,
            'available_in_pos': True, 'list_price': price})
        order = self.env['sale.order'].create({
            'partner_id': self.customer.id, 'order_line': [Command.create({
                'product_id': product.id, 'product_uom_qty': quantity, 'price_unit': price,
                'tax_ids': False})]} | values)
        order.action_confirm()
        return order

    def _hand_over(self, order, quantity=2):
        """Deliver so much; what is not handed over is no backorder but cancelled."""
        for line in order.order_line.filtered(
                lambda line: line.product_id.type == 'service'):
            line.qty_delivered = quantity
        for picking in order.picking_ids.filtered(lambda p: p.state not in ('done', 'cancel')):
            picking.move_ids.quantity = quantity
            picking.move_ids.picked = True
            picking.with_context(skip_backorder=True, picking_ids_not_to_backorder=picking.ids)\
                .button_validate()

    def _cancel_rest(self, order):
        order.picking_ids.filtered(lambda p: p.state not in ('done', 'cancel')).action_cancel()

    def _bring_back(self, order, quantity=2, to_refund=True):
        picking = order.picking_ids.filtered(
            lambda p: p.state == 'done' and p.picking_type_code == 'outgoing')
        wizard = Form(self.env['stock.return.picking'].with_context(
            active_id=picking.id, active_ids=picking.ids, active_model='stock.picking')).save()
        wizard.product_return_moves.write({'quantity': quantity, 'to_refund': to_refund})
        back = self.env['stock.picking'].browse(wizard.action_create_returns()['res_id'])
        back.move_ids.quantity = quantity
        back.move_ids.picked = True
        return back

    def _pay_invoice(self, order):
        self._pay(self._invoice(order))

    def _pay_rest(self, order):
        invoice = order._create_invoices(final=True)
        invoice.action_post()
        self._pay(invoice)

    def _pay_back(self, order):
        invoice = order.invoice_ids.filtered(lambda move: move.move_type == 'out_invoice')[:1]
        reversal = self.env['account.move.reversal'].with_context(
            active_model='account.move', active_ids=invoice.ids).create(
            {'journal_id': invoice.journal_id.id})
        reversal.refund_moves()
        reversal.new_move_ids.action_post()
        if reversal.new_move_ids.payment_state not in ('paid', 'in_payment', 'reversed'):
            self._pay(reversal.new_move_ids)

    def _pay_deposit(self, order):
        wizard = self.env['sale.advance.payment.inv'].with_context(
            active_model='sale.order', active_ids=order.ids).create(
            {'advance_payment_method': 'fixed', 'fixed_amount': 5.0})
        wizard.create_invoices()
        invoice = order.invoice_ids[-1:]
        invoice.action_post()
        self._pay(invoice)

    def _settle(self, order, **values):
        """Sell the order at the till: what was not paid yet, as the till does."""
        if not self.config.current_session_id:
            self.open_new_session()
        lines = [
            {'product': line.product_id, 'quantity': line.product_uom_qty, 'discount': 0,
             'sale_order_origin_id': order.id, 'sale_order_line_id': line.id}
            for line in order.order_line.filtered('product_id')]
        data = self.create_ui_order_data(lines, customer=order.partner_id, payments=[
            (self.cash_pm1, sum(line.price_total for line in order.order_line))])
        result = self.env['pos.order'].sync_from_ui([data])
        return self.env['pos.order'].browse(result['pos.order'][0]['id'])

    def _pay_deposit_at_till(self, order):
        if not self.config.current_session_id:
            self.open_new_session()
        deposit = self.config.down_payment_product_id or self.env['product.product'].create(
            {'name': "Anzahlung", 'type': 'service', 'taxes_id': False, 'list_price': 5.0,
             'available_in_pos': True})
        self.config.down_payment_product_id = deposit
        data = self.create_ui_order_data(
            [{'product': deposit, 'quantity': 1, 'discount': 0,
              'sale_order_origin_id': order.id}],
            customer=order.partner_id, payments=[(self.cash_pm1, 5.0)])
        self.env['pos.order'].sync_from_ui([data])

    def _refund_at_till(self, order):
        sale = order.sudo().pos_order_line_ids.order_id
        refund = sale._refund()
        payment = self.env['pos.make.payment'].with_context(
            active_id=refund.id, active_ids=refund.ids).create(
            {'payment_method_id': self.cash_pm1.id, 'amount': refund.amount_total})
        payment.check()

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
            (both, "closed", [type(self.customer.sale_order_ids).action_dsgvo_close], OVER),
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
                    self.assertEqual(bool(order.filtered_domain(
                        [('id', 'in', self.env['sale.order'].search(
                            get_open_domain(self.env)).ids)])), is_open)

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

    def _deliver_goods(self, order):
        order.picking_ids.move_ids.quantity = 1
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()

    def _find(self):
        return self.env['dsgvo.erasure.blocker']._find(self.customer).get(self.customer, [])

    def test_free_order_is_over_when_it_was_handed_over(self):
        for kind in 'goods', 'service':
            with self.subTest(kind=kind):
                order = self._take(kind, price=0.0)
                self._hand_over(order)
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

    def _block(self):
        self.env['dsgvo.erasure']._enqueue(self.customer, 'request', self.env.company)
        self._run_cron()
        return self._erasure().with_user(self.officer)

    def test_officer_closes_what_nobody_will_deliver_or_pay(self):
        order, quotation = self._take(), self.env['sale.order'].create(
            {'partner_id': self.customer.id})
        foreign = self._take(partner_id=self._create_customer(name="Fremd").id)
        erasure = self._block()
        self.assertTrue(erasure.has_open_orders)
        self.assertIn("Open order: Deliver and invoice the order", erasure.advice)
        erasure.action_close_orders()
        self.assertRecordValues(order | quotation | foreign, [
            {'state': 'sale', 'dsgvo_is_closed': True},
            {'state': 'cancel', 'dsgvo_is_closed': False},
            {'state': 'sale', 'dsgvo_is_closed': False}])
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
                f"{order.name} of {order.company_id.name}: not closed from here")], advice)
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

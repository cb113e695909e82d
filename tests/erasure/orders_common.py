from odoo import Command
from odoo.tests import Form

from odoo.addons.dsgvo.models.erasure.open_orders import get_open_domain

from .test_delivered import DeliveredCommon


class OrdersCommon(DeliveredCommon):
    """What can happen to an order, in the office and at the till."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(su=True)  # the office does what is no subject here

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

    def _do_work(self, order):
        """Enter that all services are done."""
        for line in order.order_line.filtered(lambda line: line.product_id.type == 'service'):
            line.qty_delivered = line.product_uom_qty

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

    def _pay_back(self, order, quantity=None):
        """Credit so much of each line, all of it by default."""
        invoice = order.invoice_ids.filtered(lambda move: move.move_type == 'out_invoice')[:1]
        reversal = self.env['account.move.reversal'].with_context(
            active_model='account.move', active_ids=invoice.ids).create(
            {'journal_id': invoice.journal_id.id})
        reversal.refund_moves()
        if quantity:
            reversal.new_move_ids.invoice_line_ids.quantity = quantity
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

    def _sync(self, order, lines, amount, **values):
        """Send from the till what is sold there for an order, as the till does."""
        if not self.config.current_session_id:
            self.open_new_session()
        data = self.create_ui_order_data(
            [{'discount': 0, **line} for line in lines], customer=order.partner_id,
            payments=[(self.cash_pm1, amount)],
            pos_order_ui_args={'is_refund': amount < 0} | values)
        self.env['pos.order'].sync_from_ui([data])

    def _settle(self, order, quantity=None):
        lines = order.order_line.filtered('product_id')
        self._sync(order, [
            {'product': line.product_id, 'quantity': quantity or line.product_uom_qty,
             'sale_order_origin_id': order.id, 'sale_order_line_id': line.id}
            for line in lines], sum(
                line.price_unit * (quantity or line.product_uom_qty) for line in lines))

    def _pay_deposit_at_till(self, order, **values):
        deposit = self.config.down_payment_product_id or self.env['product.product'].create(
            {'name': "Anzahlung", 'type': 'service', 'taxes_id': False, 'list_price': 5.0,
             'available_in_pos': True})
        self.config.down_payment_product_id = deposit
        self._sync(order, [
            {'product': deposit, 'quantity': 1, 'sale_order_origin_id': order.id}], 5.0, **values)

    def _refund_on_screen(self, order, quantity=None):
        """Refund so much of each line, all of it by default, on the screen of the till."""
        sold = order.pos_order_line_ids.filtered(lambda line: line.qty > 0)
        self._sync(order, [
            {'product': line.product_id, 'quantity': -(quantity or line.qty),
             'refunded_orderline_id': line.id} for line in sold], -sum(
                line.price_unit * (quantity or line.qty) for line in sold))

    def _refund_at_till(self, order):
        sale = order.sudo().pos_order_line_ids.order_id
        refund = sale._refund()
        payment = self.env['pos.make.payment'].with_context(
            active_id=refund.id, active_ids=refund.ids).create(
            {'payment_method_id': self.cash_pm1.id, 'amount': refund.amount_total})
        payment.check()

    def _cancel_order(self, order):
        order._action_cancel()

    def _is_open(self, order):
        self.env.flush_all()
        return order in order.search(get_open_domain(self.env))

    def _deliver_some(self, order, quantity):
        """Deliver so much and leave the rest as a backorder."""
        picking = order.picking_ids.filtered(lambda p: p.state not in ('done', 'cancel'))
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()

    def _deliver_goods(self, order):
        order.picking_ids.move_ids.quantity = 1
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()

    def _find(self):
        return self.env['dsgvo.erasure.blocker']._find(self.customer).get(self.customer, [])

    def _send_again(self, order):
        """Bring to the customer again what came back."""
        back = order.picking_ids.filtered(lambda picking: picking.picking_type_code == 'incoming')
        wizard = Form(self.env['stock.return.picking'].with_context(
            active_id=back.id, active_ids=back.ids, active_model='stock.picking')).save()
        wizard.product_return_moves.write({'quantity': 2, 'to_refund': True})
        again = self.env['stock.picking'].browse(wizard.action_create_returns()['res_id'])
        again.move_ids.quantity = 2
        again.move_ids.picked = True
        again._action_done()

    def _block(self):
        self.env['dsgvo.erasure']._enqueue(self.customer, 'request', self.env.company)
        self._run_cron()
        return self._erasure().with_user(self.officer)

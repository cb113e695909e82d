from odoo import Command
from odoo.tests import new_test_user

from ..common import DsgvoCommon


class NotificationCommon(DsgvoCommon):
    """Beside the customer who was never asked, one who agreed to be notified."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreed = cls._create_customer(name="Balduin Agreed", email='balduin@agreed.example')
        cls.agreed.consent_notification = 'granted'
        cls.storekeeper = new_test_user(
            cls.env, 'dsgvo_storekeeper', groups='stock.group_stock_user')
        cls.warehouse = cls.env['stock.warehouse'].search(
            [('company_id', '=', cls.env.company.id)], limit=1)
        cls.book = cls.env['product.product'].create({
            'name': "Die Blechtrommel", 'type': 'consu', 'is_storable': True,
            'invoice_policy': 'delivery', 'list_price': 20})

    @classmethod
    def _order_values(cls, partner=None, quantity=1, **values):
        return {
            'partner_id': (partner or cls.agreed).id,
            'order_line': [Command.create(
                {'product_id': cls.book.id, 'product_uom_qty': quantity})],
        } | values

    @classmethod
    def _create_order(cls, partner=None, user=None, **values):
        Order = cls.env['sale.order'].with_user(user or cls.clerk)
        return Order.create(cls._order_values(partner, **values))

    @classmethod
    def _confirm_order(cls, partner=None, **values):
        order = cls._create_order(partner, **values)
        order.action_confirm()
        return order

    @classmethod
    def _receive(cls, *products, quantity=1, demand=None, moves_for=()):
        """Receive products from a supplier, as somebody who sees no orders.

        :param demand: what was expected, if less comes a backorder is made
        :param moves_for: one delivery move per product, for goods bought for that delivery
        """
        picking_type = cls.warehouse.in_type_id
        receipt = cls.env['stock.picking'].with_user(cls.storekeeper).create({
            'picking_type_id': picking_type.id,
            'location_id': cls.env.ref('stock.stock_location_suppliers').id,
            'location_dest_id': picking_type.default_location_dest_id.id,
            'move_ids': [Command.create({
                'product_id': product.id,
                'product_uom_qty': demand or quantity,
                'location_id': cls.env.ref('stock.stock_location_suppliers').id,
                'location_dest_id': picking_type.default_location_dest_id.id,
                'move_dest_ids': [Command.set([move.id for move in moves_for[index:index + 1]])],
            }) for index, product in enumerate(products)],
        })
        receipt.action_confirm()
        return cls._finish(receipt, quantity)

    @classmethod
    def _finish(cls, picking, quantity=1):
        picking = picking.with_user(cls.storekeeper)
        picking.move_ids.write({'quantity': quantity, 'picked': True})
        picking._action_done()
        return picking

    def _notifications(self, orders):
        return self.env['dsgvo.notification'].search(
            [('sale_order_id', 'in', orders.ids)], order='id')

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref('dsgvo.ir_cron_notify').method_direct_trigger()
        self.env.invalidate_all()

    @classmethod
    def _open_till(cls):
        journal = cls.env['account.journal'].search(
            [('type', '=', 'cash'), ('company_id', '=', cls.env.company.id)], limit=1)
        config = cls.env['pos.config'].create({
            'name': "Kasse", 'payment_method_ids': [Command.create({
                'name': "Bar", 'journal_id': journal.copy().id})]})
        config.open_ui()
        return config.current_session_id

    @classmethod
    def _till_values(cls, session, partner, **values):
        return {
            'session_id': session.id, 'company_id': cls.env.company.id, 'state': 'draft',
            'partner_id': partner.id, 'amount_paid': 0, 'amount_total': 0, 'amount_tax': 0,
            'amount_return': 0,
        } | values

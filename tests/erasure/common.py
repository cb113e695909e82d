from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.point_of_sale.tests.common import TestPoSCommon

from ..common import ErasureMixin

PERSON = {
    'name': "Adelheid Quittenbaum",
    'email': 'adelheid@quittenbaum.example',
    'phone': '+49 30 901820',
    'street': "Holunderweg 17",
    'zip': '10115',
    'city': "Berlin",
}


class ShopCommon(ErasureMixin, TestPoSCommon):
    """A shop with an open till, a book to be ordered, a clerk, a cashier and a customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.config = cls.basic_config
        cls.env.company.dsgvo_erase_after_sale = True
        cls.book = cls.create_product("Der Zauberberg", cls.categ_basic, 20.0, 10.0)
        cls.book.is_storable = True
        cls.clerk = new_test_user(
            cls.env, 'shop_clerk', company_id=cls.env.company.id,
            groups='sales_team.group_sale_salesman_all_leads,base.group_partner_manager,'
                   'stock.group_stock_user')
        cls.cashier = new_test_user(
            cls.env, 'shop_cashier', company_id=cls.env.company.id,
            groups='point_of_sale.group_pos_user,sales_team.group_sale_salesman_all_leads')
        cls.customer = cls._create_customer()

    @classmethod
    def _create_customer(cls, **values):
        return cls.env['res.partner'].create(PERSON | values)

    def _order(self, customer=None, quantity=1, **values):
        """Take a special order as the clerk."""
        order = self.env['sale.order'].with_user(self.clerk).create({
            'partner_id': (customer or self.customer).id,
            'order_line': [Command.create(
                {'product_id': self.book.id, 'product_uom_qty': quantity, 'price_unit': 20.0,
                 'tax_ids': False})],
        } | values)
        order.action_confirm()
        return order

    def _receive(self, quantity=1):
        """Receive books of the supplier into the stock, as the clerk."""
        picking_type = self.env['stock.warehouse'].search(
            [('company_id', '=', self.env.company.id)], limit=1).in_type_id
        receipt = self.env['stock.picking'].with_user(self.clerk).create({
            'picking_type_id': picking_type.id,
            'location_id': self.env.ref('stock.stock_location_suppliers').id,
            'location_dest_id': picking_type.default_location_dest_id.id,
            'move_ids': [Command.create({
                'product_id': self.book.id, 'product_uom_qty': quantity,
                'location_id': self.env.ref('stock.stock_location_suppliers').id,
                'location_dest_id': picking_type.default_location_dest_id.id})],
        })
        receipt.action_confirm()
        receipt.move_ids.quantity = quantity
        receipt.button_validate()
        return receipt

    def _sell(self, order, customer=None, payment_method=None, **values):
        """Settle a special order at the till, as the cashier, the way the till does."""
        if not self.config.current_session_id:
            self.open_new_session()
        data = self.create_ui_order_data(
            [{'product': self.book, 'quantity': line.product_uom_qty,
              'sale_order_origin_id': order.id, 'sale_order_line_id': line.id}
             for line in order.order_line.filtered('product_id')],
            customer=customer or order.partner_id,
            payments=[(payment_method or self.cash_pm1, order.amount_total)],
            pos_order_ui_args=values)
        result = self.env['pos.order'].with_user(self.cashier).sync_from_ui([data])
        return self.env['pos.order'].browse(result['pos.order'][0]['id'])

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .special_orders_common import SpecialOrderCommon


@tagged('post_install', '-at_install')
class TestSpecialOrderPrices(SpecialOrderCommon):
    """A customer pays what the till shows, and for a new article what was typed."""

    def _give_pricelist(self, percent=0, **values):
        pricelist = self.env['product.pricelist'].create({
            'name': "List", 'item_ids': [Command.create(
                {'compute_price': 'percentage', 'percent_price': percent})]} | values)
        self.config.sudo().write({
            'use_pricelist': True, 'pricelist_id': pricelist.id,
            'available_pricelist_ids': [Command.link(pricelist.id)]})
        return pricelist

    def _look_up(self, product, **values):
        return self.till.look_up_article(
            product_id=product.id, partner_id=self.customer.id, **values)['price']

    def test_discount_of_the_price_list_comes_not_off_what_was_typed(self):
        self.env.ref('base.group_user')._apply_group(
            self.env.ref('sale.group_discount_per_so_line'))
        self._give_pricelist(percent=10)
        order = self._take(self._new())
        self.assertRecordValues(order, [{'amount_total': 12}])
        self.assertEqual(order.order_line.discount, 0)

    def test_price_shown_is_that_of_the_price_list_of_the_customer(self):
        half = self._give_pricelist(percent=50)
        self._give_pricelist()
        self.customer.property_product_pricelist = half
        self.assertEqual(self._look_up(self.book), 10)
        self.assertEqual(self._take().amount_total, 10)

    def test_price_shown_is_that_of_the_fiscal_position_of_the_customer(self):
        position = self.env['account.fiscal.position'].create({'name': "On top"})
        self.tax.copy({
            'name': "19 % on top", 'amount': 19, 'price_include_override': 'tax_excluded',
            'fiscal_position_ids': [Command.link(position.id)],
            'original_tax_ids': [Command.link(self.tax.id)]})
        self.book.taxes_id = self.tax
        self.customer.property_account_position_id = position
        shown = self._look_up(self.book)
        self.assertNotEqual(shown, 20)
        self.assertAlmostEqual(self._take().amount_total, shown)
        typed = self._take(self._new())
        self.assertEqual(typed.order_line.tax_ids.amount, 19)
        self.assertAlmostEqual(typed.amount_total, 12, delta=0.01)

    def test_price_that_is_asked_decides_whether_there_is_one(self):
        pricelist = self._give_pricelist()
        free = self.env['product.product'].create({'name': "Free", 'list_price': 0})
        pricelist.item_ids = [
            Command.create({
                'applied_on': '0_product_variant', 'product_id': product.id,
                'compute_price': 'fixed', 'fixed_price': price})
            for product, price in ((free, 9), (self.book, 0))]
        self.assertGreaterEqual(self._look_up(free), 9)
        self.assertTrue(self._take({'product_id': free.id, 'quantity': 1}))
        for call in lambda: self._look_up(self.book), self._take:
            with self.assertRaisesRegex(UserError, "has no price. Ask"):
                call()

    def test_price_shown_is_that_of_the_quantity(self):
        self._give_pricelist().item_ids = [Command.create({
            'compute_price': 'percentage', 'percent_price': 50, 'min_quantity': 5})]
        for quantity, price in (1, 20), (4, 20), (5, 10), (0.01, 20):
            with self.subTest(quantity=quantity):
                self.assertEqual(self._look_up(self.book, quantity=quantity), price)
                order = self._take({'product_id': self.book.id, 'quantity': quantity})
                self.assertAlmostEqual(order.amount_total, quantity * price)
        with self.assertRaisesRegex(UserError, "quantity must be"):
            self._look_up(self.book, quantity=0)

    def test_typed_price_is_reached_where_taxes_come_on_top_and_prices_have_digits(self):
        self.tax.price_include_override = 'tax_excluded'
        digits = self.env['decimal.precision'].search([('name', '=', 'Product Price')])
        for places, expected in (2, 35.98), (6, 36):
            with self.subTest(places=places):
                digits.digits = places
                order = self._take(self._new(code=False, quantity=3))
                self.assertAlmostEqual(order.amount_total, expected)
                # The till rounds the price of a line to these digits, and charges the same.
                line = order.order_line
                self.assertEqual(line.price_unit, round(line.price_unit, places))

    def test_slip_says_what_the_order_costs(self):
        self.tax.price_include_override = 'tax_excluded'
        slip = self.till.take_special_order(self._values(self._new(quantity=3)))
        self.assertAlmostEqual(slip['amount_total'], 35.98)

    def test_till_with_a_currency_of_its_own_charges_what_was_said(self):
        """pos_sale takes the numbers of an order as they are, whatever their currency."""
        till = self.other_currency_config  # half a unit of it is one of the company
        self._open_register(till)
        self.till = till.with_user(self.cashier)
        for uses_list in True, False:
            with self.subTest(uses_list=uses_list):
                if not uses_list:
                    till.write({
                        'use_pricelist': False, 'pricelist_id': False,
                        'available_pricelist_ids': [Command.clear()]})
                said = self._look_up(self.book)
                self.assertEqual(said, 10)
                order = self._take(
                    {'product_id': self.book.id, 'quantity': 1}, self._new(code=False))
                self.assertRecordValues(order, [
                    {'currency_id': self.other_currency.id, 'amount_total': said + 12}])
                self.assertEqual(
                    [line['price_unit'] for line in order.order_line.read_converted()], [10, 12])
                self.assertEqual((order.order_line.product_id - self.book).list_price, 24)

    def test_customer_who_cannot_order_is_told_no_price(self):
        self.customer.active = False
        with self.assertRaisesRegex(UserError, "customer is archived"):
            self._look_up(self.book)

    def test_tax_on_new_articles_is_in_per_cent(self):
        for kind in 'fixed', 'group':
            tax = self.env['account.tax'].create({
                'name': kind, 'amount_type': kind, 'amount': 1, 'type_tax_use': 'sale',
                'children_tax_ids': [Command.set(self.tax.ids if kind == 'group' else [])]})
            with self.subTest(kind=kind), self.assertRaises(ValidationError):
                self.config.sudo().dsgvo_new_article_tax_id = tax

    def test_archived_tax_of_the_till_is_skipped(self):
        other = self.tax.copy({'name': "Old"})
        self.config.sudo().dsgvo_new_article_tax_id = other
        other.active = False
        order = self._take(self._new())
        self.assertEqual(order.order_line.tax_ids, self.tax)
        self.assertRecordValues(order, [{'amount_total': 12}])

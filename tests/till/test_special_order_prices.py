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

    def _look_up(self, product):
        return self.till.look_up_article(
            product_id=product.id, partner_id=self.customer.id)['price']

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

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.dsgvo.models.till.article_code import get_spellings
from odoo.addons.dsgvo.models.till.product_product_special_order import has_code

from .special_orders_common import ISBN, SpecialOrderCommon


@tagged('post_install', '-at_install')
class TestArticleCodes(SpecialOrderCommon):
    """An article is found by its code at the till, however that is typed, scanned or stored."""

    def test_same_number_takes_the_article_that_is_there(self):
        self.book.barcode = ISBN
        order = self._take(self._new(title="Something else", price=1))
        self.assertRecordValues(order.order_line, [{
            'product_id': self.book.id, 'price_unit': 20}])

    def test_article_is_found_however_its_code_is_stored(self):
        for stored, typed in (
                (ISBN, '3103970889'), ('978-3-10-397088-3', ISBN), ('978 3 10 397088 3', ISBN),
                ('3103970889', ISBN), ('3-10-397088-9', ISBN), ('080442957X', '9780804429573'),
                ('0-8044-2957-x', '9780804429573'), ('036000291452', '0036000291452'),
                ('0036000291452', '036000291452'), ('0 36000 29145 2', '036000291452'),
                (f' {ISBN}', ISBN), (f'\u00a0{ISBN}', ISBN), ('ISBN 978-3-10-397088-3', ISBN)):
            for field in 'barcode', 'default_code':
                with self.subTest(stored=stored, field=field):
                    self.book[field] = stored
                    found = self.till.look_up_article(typed)
                    self.assertEqual(found['product_id'], self.book.id)
                    self.assertTrue(found['code'])
                    self.book[field] = False
        self.assertFalse(self.till.look_up_article(ISBN)['product_id'])

    def test_article_is_found_by_the_code_on_a_packaging(self):
        self.env['product.uom'].create({
            'product_id': self.book.id, 'uom_id': self.env.ref('uom.product_uom_pack_6').id,
            'barcode': '978-3-10-397088-3'})
        self.assertEqual(self.till.look_up_article(ISBN)['product_id'], self.book.id)

    def test_bar_code_counts_more_than_a_reference(self):
        other = self.env['product.product'].create(
            {'name': "Kept under the number", 'list_price': 3, 'default_code': ISBN})
        self.assertEqual(self.till.look_up_article(ISBN)['product_id'], other.id)
        self.book.barcode = ISBN
        self.assertEqual(self.till.look_up_article(ISBN)['product_id'], self.book.id)

    def test_code_is_looked_up_by_an_index_in_each_spelling(self):
        self.env.flush_all()
        self.env.cr.execute(SQL(
            "INSERT INTO product_product (product_tmpl_id, barcode, default_code, active)"
            " SELECT %(template)s, 'A' || n, 'B' || n, FALSE FROM generate_series(1, 5000) n;"
            " INSERT INTO product_uom (product_id, uom_id, barcode)"
            " SELECT %(product)s, %(uom)s, 'C' || n FROM generate_series(1, 5000) n;"
            " ANALYZE product_product, product_uom",
            template=self.book.product_tmpl_id.id, product=self.book.id, uom=self.book.uom_id.id))
        for model, field in (
                ('product.product', 'barcode'), ('product.product', 'default_code'),
                ('product.uom', 'barcode')):
            with self.subTest(model=model, field=field):
                query = self.env[model].with_context(active_test=False)._search(
                    has_code(field, get_spellings(ISBN)), order='id', bypass_access=True)
                plan = str(self.env.execute_query(SQL("EXPLAIN %s", query.select())))
                self.assertIn(f'_dsgvo_{field}_apart', plan)
                self.assertNotIn('Seq Scan', plan)

    def test_nothing_is_found_without_a_code(self):
        self.assertFalse(self.book.barcode)
        for code in False, '', ' ':
            self.assertEqual(
                self.till.look_up_article(code), {'product_id': False, 'code': False})

    def test_new_article_has_the_code_of_another_company_and_belongs_to_this_one(self):
        foreign = self.env['res.company'].create({'name': "Other"})
        self.env['product.product'].create({
            'name': "Secret", 'company_id': foreign.id, 'barcode': ISBN})
        product = self._take(self._new()).order_line.product_id
        self.assertRecordValues(product, [{
            'name': "Tschick", 'barcode': ISBN, 'company_id': self.env.company.id}])

    def test_new_article_goes_without_the_code_of_a_packaging_of_another_company(self):
        foreign = self.env['product.product'].create({
            'name': "Secret", 'company_id': self.env['res.company'].create({'name': "Other"}).id})
        self.env['product.uom'].create({
            'product_id': foreign.id, 'uom_id': self.env.ref('uom.product_uom_pack_6').id,
            'barcode': ISBN})
        self.assertRecordValues(self._take(self._new()).order_line.product_id, [{
            'name': "Tschick", 'barcode': False}])

    def test_digits_of_other_scripts_are_no_code(self):
        with self.assertRaisesRegex(UserError, "is no ISBN or EAN"):
            self.till.look_up_article('\u0663\u0661\u0660\u0663\u0669\u0667\u0660\u0668\u0668\u0669')

    def test_isbn_of_ten_digits_is_understood(self):
        for code in (
                '3-10-397088-9', '3103970889', '978 3 10 397088 3', 'ISBN 978-3-10-397088-3',
                'ISBN-13: 978-3-10-397088-3', 'isbn 3-10-397088-9'):
            with self.subTest(code=code):
                self.assertEqual(self.till.look_up_article(code)['code'], ISBN)
        self.assertEqual(self.till.look_up_article('080442957X')['code'], '9780804429573')

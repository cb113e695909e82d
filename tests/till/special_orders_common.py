from uuid import uuid4

from .common import TillCommon

ISBN = '9783103970883'


class SpecialOrderCommon(TillCommon):
    """Special orders are taken at an open till."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier = cls.env['res.partner'].create({
            'name': "Barsortiment Lindenau", 'is_company': True, 'supplier_rank': 1})
        cls.tax = cls.env['account.tax'].create({
            'name': "7 % in price", 'amount': 7, 'type_tax_use': 'sale', 'sequence': -1,
            'price_include_override': 'tax_included'})

    def setUp(self):
        super().setUp()
        self.open_new_session()
        self.till = self.config.with_user(self.cashier)

    def _values(self, *articles, **values):
        return {
            'uuid': str(uuid4()), 'partner_id': self.customer.id, 'articles': list(articles) or [
                {'product_id': self.book.id, 'quantity': 1}],
        } | values

    def _new(self, **values):
        return {'title': "Tschick", 'price': 12.0, 'quantity': 1, 'code': ISBN} | values

    def _take(self, *articles, **values):
        slip = self.till.take_special_order(self._values(*articles, **values))
        return self.env['sale.order'].sudo().browse(slip['id'])

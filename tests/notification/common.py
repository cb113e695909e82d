from odoo import Command

from ..common import DsgvoCommon


class NotificationCommon(DsgvoCommon):
    """Beside the customer who was never asked, one who agreed to be notified."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreed = cls._create_customer(name="Balduin Agreed", email='balduin@agreed.example')
        cls.agreed.consent_notification = 'granted'
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

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .orders_common import OrdersCommon


@tagged('post_install', '-at_install')
class TestUnderWay(OrdersCommon):
    """What is paid and not fetched, or not booked yet, keeps the customer."""

    def test_what_is_paid_at_the_till_keeps_until_the_hour_of_its_pick_up(self):
        preset = self.env['pos.preset'].create({'name': "Abholung"})
        order = self._order()
        sale = self._sell(order, state='paid', preset_id=preset.id,
                          preset_time=fields.Datetime.now() + timedelta(days=2))
        erasure = self._block()
        self.assertEqual(erasure.blocker, f"Paid at the till, to be fetched later: {sale.name}")
        self.assertIn("goes on by itself", erasure.advice)
        sale.preset_time = fields.Datetime.now() - timedelta(minutes=1)
        self._run_cron()
        self.assertFalse(self.customer.exists())

    def _transaction(self, state, **values):
        provider = self.env['payment.provider'].create({'name': "Bank", 'code': 'none'})
        method = self.env['payment.method'].with_context(active_test=False).search([], limit=1)
        return self.env['payment.transaction'].create({
            'provider_id': provider.id, 'payment_method_id': method.id, 'reference': state,
            'amount': 40.0, 'currency_id': self.env.company.currency_id.id,
            'partner_id': self.customer.id, 'state': state} | values)

    def test_payment_that_is_not_booked_keeps_the_customer(self):
        transaction = self._transaction('done')
        erasure = self._block()
        self.assertEqual(erasure.blocker, "Payment under way: done")
        self.assertIn("Capture or void", erasure.advice)
        transaction.is_post_processed = True
        self.assertEqual(self._find(), [])

    def test_authorized_payment_keeps_until_it_is_captured_or_void(self):
        transaction = self._transaction('done', is_post_processed=True)
        self.env.flush_all()
        self.env.cr.execute(  # which provider can authorize is no subject here
            "UPDATE payment_transaction SET state = 'authorized' WHERE id = %s", [transaction.id])
        self.env.invalidate_all()
        self.assertEqual(self._find(), ["Payment under way: done"])
        transaction.state = 'cancel'
        self.assertEqual(self._find(), [])

    def test_payment_that_was_not_made_keeps_nobody(self):
        for state in 'draft', 'pending', 'cancel', 'error':
            with self.subTest(state=state):
                self._transaction(state)
                self.assertEqual(self._find(), [])

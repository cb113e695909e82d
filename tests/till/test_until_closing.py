from odoo.tests import tagged

from ..erasure.common import ShopCommon


@tagged('post_install', '-at_install')
class TestUntilClosing(ShopCommon):
    """A shop that keeps the customers of the day until its register is closed."""

    def setUp(self):
        super().setUp()
        self.env.company.dsgvo_grace_until_closing = True
        self.open_new_session()

    def _close(self):
        self.pos_session.action_pos_session_closing_control()
        self._run_cron()

    def test_customer_of_the_day_goes_when_the_register_is_closed(self):
        recipient = self._create_customer(name="Balduin Wacholder")
        order = self._order(partner_invoice_id=recipient.id)
        sale = self._sell(order)
        self._run_cron()
        for customer in self.customer, recipient:
            self.assertRecordValues(self._erasure(customer), [{
                'state': 'blocked', 'blocker': "The register is not closed yet"}])
        self.assertEqual(sale.partner_id, self.customer)
        self._close()
        self.assertFalse((self.customer | recipient).exists())

    def test_request_does_not_wait_for_the_closing(self):
        self._sell(self._order())
        self.env['dsgvo.erasure']._enqueue(self.customer, 'request', self.env.company)
        self._run_cron()
        self.assertFalse(self.customer.exists())

    def test_nobody_waits_where_the_shop_does_not_want_it(self):
        self.env.company.dsgvo_grace_until_closing = False
        self._sell(self._order())
        self._run_cron()
        self.assertFalse(self.customer.exists())

from odoo import Command
from odoo.tests import tagged

from .test_preview import OfficerCommon


@tagged('post_install', '-at_install')
class TestAskedToBeForgotten(OfficerCommon):
    """What whoever asked to be forgotten still hears until the erasure."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.dsgvo_grace_request = 3
        cls.customer.write({'consent_notification': 'granted', 'consent_marketing': 'granted'})

    def _ask(self, customer=None):
        self.env['dsgvo.erasure']._enqueue(
            customer or self.customer, 'request', self.env.company)
        self.env.invalidate_all()

    def test_address_of_somebody_else_gets_no_advertising(self):
        customer = self._create_customer()
        other = self._create_customer(name="Bert Ohlendorf", consent_marketing='granted')
        self._ask(customer)
        customer.write({'parent_id': other.id, 'type': 'invoice', 'name': False})
        self.assertEqual(customer.dsgvo_subject_id, other)
        self.assertFalse(customer._dsgvo_allows('marketing'))
        self.assertEqual(other._dsgvo_allows('marketing'), other)

    def test_open_order_permits_messages_on_itself_only(self):
        over, still_open = self._order(), self._order()
        (over | still_open).notification_type = 'M'
        self._ask()
        self.assertFalse((over | still_open)._dsgvo_silent())
        over.picking_ids.action_cancel()
        over.dsgvo_is_closed = True
        self.assertEqual((over | still_open)._dsgvo_silent(), over)
        self.assertEqual(self.customer._dsgvo_allows('notification'), self.customer)

    def test_open_order_at_another_company_permits_none_here(self):
        other = self.env['res.company'].create({'name': "Laden am Markt"})
        self.customer.with_company(other).consent_notification = 'granted'
        self.env['sale.order'].sudo().with_company(other).create({
            'partner_id': self.customer.id, 'company_id': other.id})
        self._ask()
        self.assertFalse(self.customer._dsgvo_allows('notification'))
        self.assertTrue(self.customer.with_company(other)._dsgvo_allows('notification'))

    def test_order_that_is_entered_after_the_request_may_have_messages(self):
        self._ask()
        order = self.env['sale.order'].with_user(self.clerk).create({
            'partner_id': self.customer.id, 'notification_type': 'M', 'order_line': [
                Command.create({'product_id': self.book.id})]})
        self.assertEqual(order.notification_type, 'M')

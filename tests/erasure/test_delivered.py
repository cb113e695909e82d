from datetime import timedelta

from odoo.tests import tagged

from .test_preview import OfficerCommon


class DeliveredCommon(OfficerCommon):
    """Orders that the back office delivers and invoices, without the till."""

    def _find_daily(self):
        with self.enter_registry_test_mode():
            self.env.ref('dsgvo.ir_cron_find').method_direct_trigger()
        self.env.invalidate_all()

    def _deliver(self, order):
        order.picking_ids.move_ids.quantity = 1
        order.picking_ids.with_user(self.clerk).button_validate()

    def _invoice(self, order):
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        return invoice

    def _pay(self, invoice):
        self.env['account.payment.register'].sudo().with_context(
            active_model='account.move', active_ids=invoice.ids).create({})._create_payments()


@tagged('post_install', '-at_install')
class TestDeliveredOrders(DeliveredCommon):
    def test_customer_is_restricted_when_delivered_and_paid(self):
        order = self._order(note="Bitte klingeln")
        self._deliver(order)
        invoice = self._invoice(order)
        self._find_daily()
        self.assertFalse(self._erasure())
        self._pay(invoice)
        self._find_daily()
        self.assertRecordValues(self._erasure(), [{'reason': 'checkout', 'state': 'due'}])
        self._run_cron()
        self.assertEqual(self._erasure().state, 'restricted')
        self.assertFalse(order.note)
        self.assertEqual(invoice.partner_id, self.customer)
        self._find_daily()
        self.assertEqual(len(self._erasure()), 1)

    def test_what_is_not_delivered_or_paid_erases_nobody(self):
        ordered, delivered = self._order(), self._order()
        self._deliver(delivered)
        self._pay(self._invoice(delivered))
        delivered.sudo().order_line.product_uom_qty = 2
        self._find_daily()
        self.assertEqual(ordered.state, 'sale')
        self.assertFalse(self._erasure())

    def test_consent_switch_and_earlier_sales_keep_the_customer(self):
        order = self._order()
        self._deliver(order)
        self._pay(self._invoice(order))
        company = self.env.company
        company.dsgvo_erase_after_sale = False
        self._find_daily()
        self.assertFalse(self._erasure())
        self.env.flush_all()
        for table, column in ('sale_order', 'date_order'), ('stock_picking', 'date_done'):
            self.env.cr.execute(f'UPDATE {table} SET {column} = {column} - %s', [timedelta(days=2)])
        self.env.invalidate_all()
        company.dsgvo_erase_after_sale = True
        self._find_daily()
        self.assertFalse(self._erasure())
        company.dsgvo_erase_since -= timedelta(days=3)
        self.customer.consent_storage = 'granted'
        self._find_daily()
        self.assertFalse(self._erasure())

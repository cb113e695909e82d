from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.mail.tests.common import MailCase

from ..erasure.common import PERSON, ShopCommon

LOG = 'odoo.addons.dsgvo.models.jobs.dsgvo_job_failure'


@tagged('post_install', '-at_install')
class TestTillSales(ShopCommon, MailCase):
    """A sale of the till is booked, whatever became of its customer or special order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anonymous = cls.env.company.dsgvo_anonymous_partner_id

    def setUp(self):
        super().setUp()
        self.open_new_session()

    def _data(self, lines=None, payments=True, **values):
        """Return the data of a sale as the till sends them."""
        return self.create_ui_order_data(
            lines or [(self.book, 1)], payments=[(self.cash_pm1, 20)] if payments else [],
            pos_order_ui_args={'state': 'paid', 'partner_id': self.customer.id} | values)

    def _send(self, data):
        result = self.env['pos.order'].with_user(self.cashier).sync_from_ui([data])
        return self.env['pos.order'].browse(result['pos.order'][0]['id'])

    # === A SPECIAL ORDER THAT WAS DELETED === #

    def _send_with_deleted(self, delete, **values):
        """Send the sale of a special order of which something was deleted meanwhile."""
        order = self._order()
        line = order.order_line
        data = self._data([{
            'product': self.book, 'quantity': 1, 'sale_order_origin_id': order.id,
            'sale_order_line_id': line.id}], **values)
        order.sudo()._action_cancel()
        delete(order.sudo())
        return order, self._send(data)

    def _activities(self):
        return self.env.company.sudo().dsgvo_reminder_ids.activity_ids.filtered(
            lambda activity: "came without its special order" in (activity.summary or ''))

    def test_sale_of_a_deleted_special_order_is_booked(self):
        kinds = {
            'order': lambda order: order.unlink(),
            'line': lambda order: (order.action_draft(), order.order_line.unlink()),
        }
        for kind, delete in kinds.items():
            with self.subTest(kind=kind):
                order, sale = self._send_with_deleted(delete)
                self.assertRecordValues(sale, [{'state': 'paid', 'partner_id': self.customer.id}])
                self.assertRecordValues(sale.lines, [{
                    'sale_order_line_id': False, 'sale_order_origin_id': order.exists().id}])

    def test_parked_order_of_a_deleted_special_order_is_kept(self):
        _order, parked = self._send_with_deleted(
            lambda order: order.unlink(), state='draft', payment_ids=[])
        self.assertRecordValues(parked, [{'state': 'draft', 'partner_id': self.customer.id}])
        self.assertFalse(parked.lines.sale_order_origin_id)

    def test_officer_is_told_which_sale_has_lost_its_special_order(self):
        officer = new_test_user(self.env, 'lone_officer', groups='dsgvo.group_officer')
        _order, sale = self._send_with_deleted(lambda order: order.unlink())
        activity = self._activities().filtered(lambda activity: activity.user_id == officer)
        self.assertEqual(
            activity.summary, f"DSGVO: sale {sale.name} came without its special order")
        self.assertNotIn(PERSON['name'], activity.note)

    def test_sale_of_a_special_order_that_is_there_keeps_its_links(self):
        order = self._order()
        sale = self._sell(order)
        self.assertRecordValues(sale.lines, [{
            'sale_order_origin_id': order.id, 'sale_order_line_id': order.order_line.id}])
        self.assertFalse(self._activities())

    def test_sale_that_refunds_nothing_costs_no_query_to_find_what_it_refunds(self):
        data = self._data()
        Order = self.env['pos.order'].with_user(self.cashier)
        with self.assertQueryCount(0):
            self.assertFalse(Order._get_refunded_orders(data))

    # === WHO IS NOTED, AND WHO IS NOT === #

    def test_closing_the_session_notes_nobody(self):
        self._sell(self._order(), to_invoice=True)
        self._run_cron()
        self._sell(self._order(self._create_customer(name="Balthasar")))
        noted = self.env['dsgvo.erasure'].sudo().search([], order='id')
        self.assertIn('restricted', noted.mapped('state'))
        before = noted.read(['state', 'write_date'])
        self.pos_session.post_closing_cash_details(40)
        self.pos_session.close_session_from_ui()
        self.assertEqual(self.pos_session.order_ids.mapped('state'), ['done', 'done'])
        after = self.env['dsgvo.erasure'].sudo().search([], order='id')
        self.assertEqual(after.read(['state', 'write_date']), before)

    def test_parked_order_is_no_lost_sale(self):
        for values in {'to_invoice': True}, {'shipping_date': '2026-03-01'}:
            with self.subTest(values=values):
                parked = self._send(self._data(
                    payments=False, state='draft', partner_id=False, internal_note="Tisch 3",
                    **values))
                self.assertRecordValues(parked, [{
                    'state': 'draft', 'partner_id': False, 'internal_note': "Tisch 3"}])
        self.assertFalse(self.env.company.sudo().dsgvo_reminder_ids.activity_ids)

    def test_sale_is_booked_although_another_addon_raises(self):
        """Whatever fails while customers are noted, it is logged without what it says of them."""
        def fail(*_args, **_kwargs):
            raise ValueError(PERSON['name'])

        for method in '_enqueue', '_find_erasable', '_strengthen':
            with self.subTest(method=method), self.assertLogs(LOG, 'ERROR') as logs:
                self.patch(self.registry['dsgvo.erasure'], method, fail)
                order = self._order(self._create_customer())
                sale = self._sell(order)
                self.assertRecordValues(sale, [{'state': 'paid', 'amount_paid': 20}])
                self.assertEqual(
                    [record.getMessage() for record in logs.records],
                    [f"Left out (checkout): sale.order {order.id}: ValueError"])
                self.assertFalse(logs.records[0].exc_info)

    # === INVOICES LATER === #

    def _gone(self):
        restricted, emptied = [self._create_customer(active=False) for _one in range(2)]
        restricted.sudo().dsgvo_restricted = emptied.sudo().dsgvo_erased = True
        return restricted | emptied | self.anonymous

    def _invoice(self, sales, **values):
        wizard = self.env['pos.make.invoice'].with_user(self.manager).with_context(
            active_ids=sales.ids)
        return wizard.create(values).action_create_invoices()

    @property
    def manager(self):
        return self.env['res.users'].search([('login', '=', 'till_manager')]) or new_test_user(
            self.env, 'till_manager', groups='point_of_sale.group_pos_manager')

    def test_invoice_by_the_list_of_sales_is_refused(self):
        for customer in self._gone():
            sales = self._send(self._data()) | self._send(self._data())
            sales.partner_id = customer
            for chosen, consolidated in (
                    (sales[0], True), (sales, True), (sales, False)):
                with self.subTest(customer=customer.id, sales=len(chosen)), \
                        self.assertRaisesRegex(UserError, "was erased and cannot get a new inv"):
                    self._invoice(chosen, consolidated_billing=consolidated)
            self.assertFalse(sales.account_move)

    def test_no_customer_who_is_gone_is_put_on_other_sales_to_invoice_them(self):
        sales = self._send(self._data()) | self._send(self._data())
        for customer in self._gone():
            with self.subTest(customer=customer.id):
                sales[0].partner_id, sales[1].partner_id = customer, False
                action = self._invoice(sales)
                self.env[action['res_model']].with_user(self.manager).with_context(
                    **action['context']).create({}).action_confirm()
                with self.assertRaisesRegex(UserError, "was erased and cannot get a new inv"):
                    self._invoice(sales)

    def test_invoice_by_the_list_of_sales_for_a_customer_who_is_there(self):
        sales = self._send(self._data()) | self._send(self._data())
        self._invoice(sales)
        self.assertEqual(sales.account_move.partner_id, self.customer)

    # === RECEIPTS === #

    def test_receipt_sent_after_the_erasure_takes_its_own_traces_only(self):
        sale = self._sell(self._order())
        self._run_cron()
        sale._message_log(body="Betrag nachgezählt")
        before = sale.message_ids
        self.assertTrue(before)
        with self.mock_mail_gateway():
            sale.with_user(self.cashier).action_send_receipt(PERSON['email'], False, False)
        self.assertEqual(sale.message_ids, before)

    def test_receipt_of_a_customer_who_is_there_stays_in_the_log(self):
        sale = self._send(self._data())
        before = sale.message_ids
        with self.mock_mail_gateway():
            sale.with_user(self.cashier).action_send_receipt(PERSON['email'], False, False)
        self.assertEqual(len(sale.message_ids - before), 1)

    def test_address_typed_for_a_receipt_leaves_order_and_email_when_it_was_sent(self):
        sale = self._send(self._data())
        with self.mock_mail_gateway():
            sale.with_user(self.cashier).action_send_receipt('typed@nelke.example', False, False)
        self.assertEqual(self._mails.pop()['email_to'], ['typed@nelke.example'])
        self.assertEqual(sale.email, PERSON['email'])
        self.assertRecordValues(self._new_mails, [{'state': 'sent', 'email_to': False}])

    def test_address_typed_for_a_receipt_that_failed_stays_for_another_attempt(self):
        sale = self._send(self._data(partner_id=False))
        with self.mock_mail_gateway(), patch.object(
                self.registry['ir.mail_server'], 'send_email', side_effect=MailDeliveryException
        ), mute_logger('odoo.addons.mail.models.mail_mail'):
            sale.with_user(self.cashier).action_send_receipt('typed@nelke.example', False, False)
            mail = self._new_mails.sudo()
        self.assertFalse(sale.email)
        self.assertRecordValues(
            mail, [{'state': 'exception', 'email_to': 'typed@nelke.example'}])
        with self.mock_mail_gateway():
            mail.mark_outgoing()
            mail.send()
        self.assertRecordValues(mail, [{'state': 'sent', 'email_to': False}])

    def test_message_type_of_a_sale_to_be_shipped_is_the_chosen_one_if_the_customer_agreed(self):
        for consent, stored in ('granted', 'T'), ('refused', 'K'):
            with self.subTest(consent=consent):
                self.customer.consent_notification = consent
                sale = self._send(self._data(
                    shipping_date='2099-03-01', notification_type='T'))
                self.assertEqual(sale.notification_type, stored)

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.dsgvo.models.till.sale_data import SaleData

from ..erasure.common import ShopCommon

ABOUT_HER = "Frau Quittenbaum, 030 901820"


class LateSalesCommon(ShopCommon):
    """A till sends sales as it sent them when its customer and other records were still there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anonymous = cls.env.company.dsgvo_anonymous_partner_id

    def _send(self, partner_id, payment_method=None, lines=None, **values):
        """Send a paid sale as the cashier's till does; return the order."""
        data = self.create_ui_order_data(
            [{'product': self.book, 'quantity': 1, 'customer_note': ABOUT_HER, 'note': ABOUT_HER}]
            if lines is None else lines,
            payments=[(payment_method or self.cash_pm1, 20)],
            pos_order_ui_args={'state': 'paid', 'partner_id': partner_id} | values)
        result = self.env['pos.order'].with_user(self.cashier).sync_from_ui([data])
        return self.env['pos.order'].browse(result['pos.order'][0]['id'])

    def _gone(self, kind):
        """Return the id of a customer who is gone in a certain way, as the till still sends it."""
        customer = self._create_customer(name=f"Adelheid {kind}")
        if kind == 'anonymous':
            return self.anonymous.id
        if kind == 'nobody':
            return False
        if kind == 'deleted':
            customer.unlink()
        else:
            customer.sudo().write({'active': False, f'dsgvo_{kind}': True})
        return customer.id

    def _activities(self):
        return self.pos_session.company_id.sudo().dsgvo_reminder_ids.activity_ids.filtered(
            lambda activity: "came without its customer" in (activity.summary or ''))


@tagged('post_install', '-at_install')
class TestLateSales(LateSalesCommon):
    """A till sends a sale whose customer is gone on the server."""

    def setUp(self):
        super().setUp()
        self.open_new_session()

    def test_sale_with_invoice_or_shipping_is_booked(self):
        for kind in 'deleted', 'restricted', 'erased', 'anonymous', 'nobody':
            for promise in {'to_invoice': True}, {'shipping_date': '2026-03-01'}:
                with self.subTest(kind=kind, promise=promise):
                    order = self._send(self._gone(kind), **promise)
                    self.assertRecordValues(order, [{
                        'state': 'paid', 'amount_paid': 20, 'partner_id': self.anonymous.id,
                        'to_invoice': False, 'shipping_date': False, 'account_move': False}])

    def test_sale_on_the_account_of_a_customer_is_booked_and_its_session_closed(self):
        for kind in 'deleted', 'nobody':
            with self.subTest(kind=kind):
                order = self._send(self._gone(kind), self.pay_later_pm)
                self.assertEqual(order.partner_id, self.anonymous)
        self.pos_session.post_closing_cash_details(0)
        self.pos_session.close_session_from_ui()
        self.assertEqual(self.pos_session.state, 'closed')

    def test_ordinary_sale_without_customer_stays_without(self):
        order = self._send(False)
        self.assertRecordValues(order, [{'partner_id': False, 'state': 'paid'}])
        self.assertEqual(order.lines.customer_note, ABOUT_HER)

    def test_sale_of_a_customer_who_is_there_keeps_everything(self):
        for active in True, False:
            with self.subTest(active=active):
                self.customer.active = active
                order = self._send(
                    self.customer.id, general_customer_note=ABOUT_HER, shipping_date='2026-03-01')
                self.assertRecordValues(order, [{
                    'partner_id': self.customer.id, 'general_customer_note': ABOUT_HER,
                    'shipping_date': fields.Date.to_date('2026-03-01')}])
        self.assertFalse(self._activities())

    def _merge(self, customer, other):
        groups = 'base.group_user,base.group_partner_manager,dsgvo.group_user'
        manager = new_test_user(self.env, f'merger{other.id}', groups)
        self.env['base.partner.merge.automatic.wizard'].with_user(manager).create({
            'partner_ids': [Command.set((customer | other).ids)], 'dst_partner_id': other.id,
        }).action_merge()

    def test_sale_of_a_merged_customer_is_that_of_the_contact_that_remains(self):
        first, second, third = (
            self._create_customer(name=f"Adelheid {number}", email=False) for number in range(3))
        former = first.id, second.id
        self._merge(first, second)
        self._merge(second, third)
        for partner_id in former:
            order = self._send(
                partner_id, general_customer_note=ABOUT_HER, shipping_date='2026-03-01')
            self.assertRecordValues(order, [{
                'partner_id': third.id, 'general_customer_note': ABOUT_HER,
                'shipping_date': fields.Date.to_date('2026-03-01')}])
        self.assertFalse(self._activities())

    def test_nothing_leads_from_a_merged_customer_to_one_who_was_erased(self):
        for kind in 'deleted', 'restricted', 'erased':
            with self.subTest(kind=kind):
                customer, other = (
                    self._create_customer(name=f"Adelheid {kind}", email=False) for _each in 'ab')
                former = customer.id
                self._merge(customer, other)
                if kind == 'deleted':
                    other.unlink()
                else:
                    other.sudo().write({'active': False, f'dsgvo_{kind}': True})
                self.assertEqual(
                    self._send(former, to_invoice=True).partner_id, self.anonymous)

    def test_sale_of_a_customer_merged_into_one_of_another_company_is_booked(self):
        customer, other = (
            self._create_customer(name="Adelheid", email=False) for _each in 'ab')
        former = customer.id
        self._merge(customer, other)
        other.sudo().company_id = self.env['res.company'].create({'name': "Laden am Markt"})
        for promise in {}, {'to_invoice': True}:
            self.assertRecordValues(
                self._send(former, **promise), [{'state': 'paid', 'partner_id': self.anonymous.id}])

    def test_nothing_that_was_written_about_the_customer_is_stored(self):
        texts = dict.fromkeys(
            ['general_customer_note', 'internal_note', 'floating_order_name', 'email', 'mobile',
             'ticket_code'], ABOUT_HER)
        line_texts = dict.fromkeys(['customer_note', 'note', 'full_product_name'], ABOUT_HER)
        order = self._send(self._gone('deleted'), access_token='printed', lines=[
            {'product': self.book, 'quantity': 1, **line_texts}], **texts)
        self.assertRecordValues(order, [dict.fromkeys(texts, False)])
        self.assertRecordValues(order.lines, [dict.fromkeys(line_texts, False)])
        self.assertNotEqual(order.access_token, 'printed')
        self.assertEqual(self._find_in_database(ABOUT_HER), {})

    def test_nothing_that_was_written_into_the_payment_is_stored(self):
        texts = dict.fromkeys(
            ['name', 'payment_ref_no', 'cardholder_name', 'card_no', 'ticket'], ABOUT_HER)
        data = self.create_ui_order_data(
            [{'product': self.book, 'quantity': 1}], payments=[(self.cash_pm1, 20)],
            pos_order_ui_args={'state': 'paid', 'partner_id': self._gone('deleted')})
        data['payment_ids'][0][2].update(texts, transaction_id='T-1')
        result = self.env['pos.order'].with_user(self.cashier).sync_from_ui([data])
        payment = self.env['pos.order'].browse(result['pos.order'][0]['id']).payment_ids
        self.assertRecordValues(
            payment, [dict.fromkeys(texts, False) | {'transaction_id': 'T-1', 'amount': 20}])

    def test_open_order_keeps_no_text_of_a_customer_who_is_gone(self):
        """A parked order is known to the server; its customer was deleted by hand since."""
        customer_id, uuid = self._gone('deleted'), self.create_random_uid()
        order = self._send(
            False, state='draft', uuid=uuid, internal_note=ABOUT_HER, payment_ids=[])
        again = self._send(
            customer_id, uuid=uuid, lines=[], access_token=order.access_token, to_invoice=True,
            amount_total=20, amount_tax=0)
        self.assertEqual(again, order)
        self.assertRecordValues(order, [{
            'partner_id': self.anonymous.id, 'state': 'paid', 'internal_note': False}])
        self.assertFalse(any(order.lines.mapped('customer_note')))

    def test_special_order_of_somebody_erased_meanwhile_is_booked(self):
        special = self._order()
        self._sell(special)
        self._run_cron()
        self.assertEqual(special.partner_id, self.anonymous)
        order = self._send(self._gone('deleted'), lines=[{
            'product': self.book, 'quantity': 1, 'sale_order_origin_id': special.id,
            'sale_order_line_id': special.order_line.id}], to_invoice=True)
        self.assertRecordValues(order, [{'state': 'paid', 'partner_id': self.anonymous.id}])
        self.assertEqual(order.lines.sale_order_origin_id, special)

    def test_refund_to_a_customer_who_is_gone_is_booked(self):
        order = self._send(self.customer.id)
        data = self.create_ui_order_data(
            [{'product': self.book, 'quantity': -1, 'refunded_orderline_id': order.lines.id}],
            payments=[(self.cash_pm1, -20)],
            pos_order_ui_args={'state': 'paid', 'partner_id': self._gone('deleted'),
                               'to_invoice': True, 'is_refund': True})
        result = self.env['pos.order'].with_user(self.cashier).sync_from_ui([data])
        refund = self.env['pos.order'].browse([row['id'] for row in result['pos.order']]) - order
        self.assertRecordValues(refund, [{'state': 'paid', 'partner_id': self.anonymous.id}])
        self.assertEqual(refund.refunded_order_id, order)

    def test_officer_is_told_which_sale_and_what_is_open(self):
        order = self._send(self._gone('deleted'), to_invoice=True, shipping_date='2026-03-01')
        activity = self._activities()
        self.assertEqual(activity.summary, f"DSGVO: sale {order.name} came without its customer")
        self.assertIn(
            "An invoice was asked for. The goods should have been shipped.", activity.note)
        self.assertNotIn("Adelheid", activity.note + activity.summary)
        self.assertEqual(activity.user_id, self.env.company._dsgvo_get_officers())

    def test_officer_is_told_of_what_is_on_the_account(self):
        self._send(self._gone('deleted'), self.pay_later_pm)
        self.assertIn("is still to be paid", self._activities().note)

    def test_nobody_is_told_when_nothing_is_open(self):
        self._send(self._gone('deleted'))
        self.assertFalse(self._activities())

    def _erase_and_search(self):
        """Return the erasure of a customer who was erased and searched for."""
        self._sell(self._order(), to_invoice=True)
        self._run_cron()
        self._search_database()
        erasure = self._erasure()
        self.assertTrue(erasure.sudo().search_id)
        return erasure

    def test_parked_order_from_before_an_erasure_is_searched_for_when_it_is_cancelled(self):
        erasure = self._erase_and_search()
        yesterday = fields.Datetime.to_string(fields.Datetime.now() - timedelta(days=1))
        for sold, found in (
                (fields.Datetime.to_string(fields.Datetime.now()), True), (yesterday, False)):
            with self.subTest(sold=sold):
                parked = self._send(False, state='draft', date_order=sold, payment_ids=[],
                                    floating_order_name=ABOUT_HER)
                self.assertTrue(erasure.sudo().search_id)
                parked.with_user(self.cashier).action_pos_order_cancel()
                self.assertEqual(parked.state, 'cancel')
                self.assertEqual(bool(erasure.sudo().search_id), found)

    def test_sale_from_before_an_erasure_is_searched_for_again(self):
        erasure = self._erase_and_search()
        self._send(False)
        self.assertTrue(erasure.sudo().search_id)
        yesterday = fields.Datetime.to_string(fields.Datetime.now() - timedelta(days=1))
        self._send(False, date_order=yesterday)
        self.assertFalse(erasure.sudo().search_id)

    # === OTHER RECORDS THAT ARE GONE === #

    def _delete_one(self, model, **values):
        record = self.env[model].create(values)
        self.env.flush_all()
        return record.id * bool(record.unlink())

    def _deleted_links(self):
        """Return `{field: id of a deleted record}` of the order and of its line."""
        config = self.pos_session.config_id
        of_order = {
            'pricelist_id': self._delete_one('product.pricelist', name="Herbst"),
            'fiscal_position_id': self._delete_one('account.fiscal.position', name="Ausland"),
            'preset_id': self._delete_one('pos.preset', name="Abholung"),
            'user_id': new_test_user(self.env, 'left', groups='base.group_user').id}
        self.env['res.users'].browse(of_order['user_id']).unlink()
        parked = self.env['pos.order'].create({
            'session_id': self.pos_session.id, 'config_id': config.id, 'amount_tax': 0,
            'amount_total': 0, 'amount_paid': 0, 'amount_return': 0,
            'lines': [Command.create({
                'product_id': self.book.id, 'price_subtotal': 0, 'price_subtotal_incl': 0})]})
        of_line = {'refunded_orderline_id': parked.lines.id}
        parked.unlink()
        return of_order, of_line

    def test_sale_that_refers_to_deleted_records_is_booked_without_them(self):
        of_order, of_line = self._deleted_links()
        yesterday = fields.Datetime.to_string(fields.Datetime.now() - timedelta(days=1))
        for label, partner_id, values in (
                ('customer gone', self._gone('deleted'), {}),
                ('just now', self.customer.id, {}),
                ('late', self.customer.id, {'date_order': yesterday})):
            for name, deleted_id in (of_order | of_line).items():
                with self.subTest(label=label, name=name):
                    link = {name: deleted_id}
                    order = self._send(partner_id, lines=[
                        {'product': self.book, 'quantity': 1} | (link if name in of_line else {})],
                        **values, **(link if name in of_order else {}))
                    self.assertEqual(order.state, 'paid')
                    self.assertFalse((order.lines if name in of_line else order)[name])

    def test_sale_with_a_deleted_tax_is_booked_without_it(self):
        tax = self.env['account.tax'].create({'name': "Bleibt", 'amount': 0})
        for label in 'set', 'link', 'id':
            with self.subTest(label=label):
                gone_id = self._delete_one('account.tax', name=label, amount=0)
                order = self._send(self.customer.id, lines=[{
                    'product': self.book, 'quantity': 1, 'tax_ids': {
                        'set': [[6, 0, [gone_id, tax.id]]],
                        'link': [[4, gone_id], [4, tax.id]],
                        'id': [gone_id, tax.id]}[label]}])
                self.assertRecordValues(
                    order, [{'state': 'paid', 'partner_id': self.customer.id}])
                self.assertEqual(order.lines.tax_ids, tax)

    def test_row_of_a_line_goes_with_what_it_cannot_be_without(self):
        """An option of a product that was deleted: its text would belong to nothing."""
        order = self._send(self.customer.id, lines=[{
            'product': self.book, 'quantity': 1, 'custom_attribute_value_ids': [[0, 0, {
                'custom_product_template_attribute_value_id': 2**31 - 1,
                'custom_value': "Gravur"}]]}])
        self.assertEqual(order.state, 'paid')
        self.assertFalse(order.lines.custom_attribute_value_ids)

    def test_sale_of_a_deleted_session_goes_into_the_open_one(self):
        for kind in 'there', 'deleted':
            with self.subTest(kind=kind):
                customer_id = self.customer.id if kind == 'there' else self._gone(kind)
                order = self._send(
                    customer_id, session_id=2**31 - 1, config_id=self.config.id)
                self.assertRecordValues(
                    order, [{'state': 'paid', 'session_id': self.pos_session.id}])

    def test_sale_of_a_deleted_session_waits_for_an_open_one(self):
        other = self.config.copy()
        with self.assertRaisesRegex(UserError, "Open the register"):
            self._send(self.customer.id, session_id=2**31 - 1, config_id=other.id)

    def test_officer_is_told_of_deleted_records(self):
        _of_order, of_line = self._deleted_links()
        order = self._send(
            self._gone('deleted'), lines=[{'product': self.book, 'quantity': 1, **of_line}])
        activity = self.env.company.sudo().dsgvo_reminder_ids.activity_ids.filtered(
            lambda activity: activity.summary == f"DSGVO: sale {order.name} came too late")
        self.assertEqual(len(activity), 1)
        self.assertIn(
            self.env['ir.model.fields']._get(
                'pos.order.line', 'refunded_orderline_id').field_description, activity.note)

    def test_failing_note_does_not_stop_the_sale(self):
        def fail(*_args):
            raise ValueError

        self.patch(self.registry['res.company'], '_dsgvo_remind_officers', fail)
        with mute_logger('odoo.addons.dsgvo.models.till.pos_order_late'):
            order = self._send(self._gone('deleted'), to_invoice=True)
        self.assertEqual(order.state, 'paid')

    def test_sale_costs_one_query_more(self):
        Order = self.env['pos.order'].with_user(self.cashier)
        self.env.flush_all()
        with self.assertQueryCount(0):
            sale = SaleData(Order, {'partner_id': False, 'lines': [[0, 0, {
                'coupon_id': -1, 'pack_lot_ids': [], 'product_id': self.book.id}]]})
            self.assertFalse(sale.find_gone())
        tax = self.env['account.tax'].search([], limit=1)
        data = self.create_ui_order_data(
            [{'product': self.book, 'quantity': 1, 'tax_ids': [[6, 0, tax.ids]]},
             {'product': self.book, 'quantity': 1, 'tax_ids': [[4, tax.id]]}],
            customer=self.customer, payments=[(self.cash_pm1, 40)],
            pos_order_ui_args={'user_id': self.cashier.id, 'to_invoice': True})
        with self.assertQueryCount(1):
            gone = SaleData(Order, data).find_gone()
            self.assertFalse(any(gone.values()))
            self.assertFalse(Order._dsgvo_lost_its_customer(data, Order, gone))

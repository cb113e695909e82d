from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..erasure.common import ShopCommon

HER = {'name': "Theodora Mispelbaum", 'email': 'theodora@mispelbaum.example',
       'phone': '030 771199', 'company_name': "Mispelbaum & Töchter"}


@tagged('post_install', '-at_install', '-standard')
class TestAppsLateTickets(ShopCommon):
    """A till sends a ticket whose buyer, attendee or event is gone."""

    def setUp(self):
        super().setUp()
        self.open_new_session()
        now = fields.Datetime.now()
        self.product = self.create_product("Eintritt", self.categ_basic, 20.0)
        self.product.write({'type': 'service', 'service_tracking': 'event'})
        self.event = self.env['event.event'].sudo().create({
            'name': "Lesung", 'date_begin': now + timedelta(days=5),
            'date_end': now + timedelta(days=6)})
        self.ticket = self.env['event.event.ticket'].sudo().create({
            'name': "Abendkasse", 'event_id': self.event.id, 'product_id': self.product.id})
        self.question = self.env['event.question'].sudo().create({
            'title': "Anmerkung", 'question_type': 'text_box',
            'event_ids': self.event.ids})

    def _lose(self, kind):
        customer = self._create_customer(name=f"Adelheid {kind}")
        if kind == 'restricted':
            customer.sudo().write({'active': False, 'dsgvo_restricted': True})
        else:
            customer.unlink()
        return customer.id

    def _send(self, partner_id, values=None, **order_values):
        data = self.create_ui_order_data(
            [{'product': self.product, 'quantity': 1, 'event_ticket_id': self.ticket.id,
              'event_registration_ids': [[0, 0, {
                  'event_id': self.event.id, 'event_ticket_id': self.ticket.id, **HER,
                  **(values or {})}]]}],
            payments=[(self.cash_pm1, 20)],
            pos_order_ui_args={'state': 'paid', 'partner_id': partner_id} | order_values)
        result = self.env['pos.order'].with_user(self.cashier).sync_from_ui([data])
        return self.env['pos.order'].browse(result['pos.order'][0]['id']).sudo()

    def test_ticket_of_somebody_who_is_gone_is_anonymous(self):
        answer = {'registration_answer_ids': [[0, 0, {
            'question_id': self.question.id, 'value_text_box': HER['name']}]]}
        for kind in 'deleted', 'restricted':
            for label in 'buyer', 'buyer and attendee', 'attendee':
                with self.subTest(kind=kind, label=label):
                    gone_id = self._lose(kind)
                    order = self._send(
                        self.customer.id if label == 'attendee' else gone_id,
                        answer if label == 'buyer' else answer | {'partner_id': gone_id})
                    self.assertEqual(order.state, 'paid')
                    registration = order.lines.event_registration_ids
                    self.assertEqual(
                        (registration.state, registration.event_ticket_id), ('open', self.ticket))
                    self.assertNotEqual(registration.partner_id.id, gone_id)
                    self.assertFalse(registration.registration_answer_ids)
                    for value in HER.values():
                        self.assertEqual(self._find_in_database(value), {})
                    self.assertFalse(self.env['mail.mail'].sudo().search(
                        [('email_to', 'ilike', HER['email'])]))

    def test_attendee_who_is_there_stays_when_the_buyer_is_gone(self):
        guest = self._create_customer(name="Clara")
        order = self._send(self._lose('deleted'), {'partner_id': guest.id, 'name': "Clara"})
        self.assertRecordValues(order.lines.event_registration_ids, [
            {'partner_id': guest.id, 'name': "Clara", 'phone': HER['phone']}])

    def test_parked_ticket_is_emptied_when_its_buyer_is_gone(self):
        uuid = self.create_random_uid()
        order = self._send(False, uuid=uuid, state='draft', payment_ids=[])
        self.assertEqual(order.lines.event_registration_ids.name, HER['name'])
        data = self.create_ui_order_data(
            [], payments=[(self.cash_pm1, 20)], uuid=uuid, pos_order_ui_args={
                'state': 'paid', 'partner_id': self._lose('deleted'), 'amount_total': 20,
                'access_token': order.access_token})
        self.env['pos.order'].with_user(self.cashier).sync_from_ui([data])
        self.assertRecordValues(
            order.lines.event_registration_ids, [dict.fromkeys(HER, False)])

    def test_sale_of_a_deleted_ticket_or_event_is_booked(self):
        ticket = self.ticket.copy()
        values = {'event_ticket_id': ticket.id}
        ticket.unlink()
        order = self._send(self.customer.id, values)
        registration = order.lines.event_registration_ids
        self.assertEqual(
            (order.state, registration.event_id, registration.event_ticket_id.id),
            ('paid', self.event, False))
        other = self.event.copy()
        values = {'event_id': other.id, 'event_ticket_id': False}
        other.unlink()
        order = self._send(self.customer.id, values)
        self.assertEqual(order.state, 'paid')
        self.assertFalse(order.lines.event_registration_ids)

    def test_ticket_of_a_customer_who_is_there_keeps_everything(self):
        order = self._send(self.customer.id)
        self.assertRecordValues(
            order.lines.event_registration_ids, [HER | {'partner_id': self.customer.id}])

import json
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.dsgvo.models.screen.covering import MASK

from ..erasure.common import ShopCommon
from ..screen.common import ScreenHttpCommon

BODY = "Bring the file of Wermut"


@tagged('post_install', '-at_install', '-standard')
class TestAlarms(ScreenHttpCommon):
    """Alarms of appointments, which appear over whatever is open."""

    def setUp(self):
        super().setUp()
        alarm = self.env['calendar.alarm'].create({
            'name': "Alarm", 'alarm_type': 'notification', 'interval': 'minutes', 'duration': 15,
            'body': BODY})
        now = fields.Datetime.now()
        self.event = self.env['calendar.event'].with_user(self.screened).create({
            'name': "Consultation Quittenbaum", 'start': now + timedelta(minutes=14),
            'stop': now + timedelta(minutes=40), 'user_id': self.screened.id,
            'partner_ids': [Command.set((self.customer + self.screened.partner_id).ids)],
            'alarm_ids': [Command.set(alarm.ids)]})
        self.env.flush_all()

    def _get_alarm(self):
        [alarm] = self.make_jsonrpc_request('/calendar/notify')
        return alarm

    def _push(self, user):
        user.group_ids += self.env.ref('base.group_user')  # receivers are found by it
        self.env['bus.bus'].search([]).unlink()
        self.env['calendar.alarm_manager']._notify_next_alarm(user.partner_id.ids)
        self.env.cr.precommit.run()
        [message] = self.env['bus.bus'].search([]).mapped('message')
        return json.loads(message)['payload'][0]

    def test_alarm_says_when_and_not_with_whom(self):
        for alarm in self._get_alarm(), self._push(self.screened):
            self.assertEqual(
                (alarm['title'], alarm['message'], alarm['event_id']),
                (MASK, self.event.display_time, self.event.id))

    def test_alarm_is_whole_for_others_and_for_a_shown_appointment(self):
        self._show(self.event)
        alarm = self._get_alarm()
        self.assertEqual(alarm['title'], "Consultation Quittenbaum")
        self.event.partner_ids += self.clerk.partner_id
        alarm = self._push(self.clerk)
        self.assertEqual(alarm['title'], "Consultation Quittenbaum")
        self.assertIn(BODY, alarm['message'])

    def test_alarm_without_a_customer_is_whole(self):
        self.event.partner_ids = self.screened.partner_id
        self.assertIn(BODY, self._get_alarm()['message'])


@tagged('post_install', '-at_install', '-standard')
class TestTyped(ScreenHttpCommon):
    """What is typed for a lead of a customer."""

    def test_typed_number_of_a_lead_is_kept(self):
        Lead = self._as_screened(self.env['crm.lead'])
        country_id = self.env.ref('base.de').id
        spec = {'phone': {}, 'country_id': {}, 'email_from': {}}
        for partner in self.env['res.partner'], self.customer:
            values = {'name': "Wants a book", 'partner_id': partner.id, 'country_id': country_id,
                      'phone': '0431 123456', 'email_from': 'kuno@example.com'}
            answer = Lead.onchange(dict(values), ['country_id'], spec)['value']
            [row] = Lead.web_save(values | answer | {'country_id': country_id}, spec)
            lead = Lead.browse(row['id'])
            lead.invalidate_recordset()
            self.assertEqual(
                (lead.phone, lead.email_from), ('+49 431 123456', 'kuno@example.com'))

    def test_title_of_a_new_lead_is_made_of_the_customer(self):
        with Form(self._as_screened(self.env['crm.lead'])) as form:
            form.partner_id = self.customer.with_user(self.screened)
        lead = form.record
        self.assertIn("Quittenbaum", lead.name)
        self.assertEqual(lead.email_from, self.customer.email)
        [row] = lead.web_read({'name': {}, 'email_from': {}})
        self.assertEqual((row['name'], row['email_from']), (MASK, MASK))

    def test_address_of_a_lead_is_that_of_its_customer(self):
        company = self._create_customer(name="Wermut KG", street="Ankerweg 5", zip='24103',
                                        city="Kiel", phone='+49 431 772211')
        Lead, screened = self._as_screened(self.env['crm.lead']), self.screened
        with Form(Lead) as form:
            form.partner_id = self.customer.with_user(screened)
            form.name = "Wants a book"
        lead = form.record
        self.assertRecordValues(lead, [
            {'street': "Holunderweg 17", 'zip': '10115', 'city': "Berlin"}])
        with Form(lead) as form:
            form.partner_id = company.with_user(screened)
        self.assertRecordValues(lead, [{'street': "Ankerweg 5", 'zip': '24103', 'city': "Kiel"}])
        with Form(lead) as form:
            form.partner_id = self.customer.with_user(screened)
            form.city = "Potsdam"
            form.phone = '+49 331 887766'
        self.assertRecordValues(lead, [{
            'street': "Holunderweg 17", 'zip': '10115', 'city': "Potsdam",
            'phone': '+49 331 887766'}])
        with Form(Lead) as form:
            form.partner_id = self.customer.with_user(screened)
            form.city = "Potsdam"
            form.phone = '+49 331 887766'
        self.assertRecordValues(form.record, [{
            'street': "Holunderweg 17", 'zip': '10115', 'city': "Potsdam",
            'phone': '+49 331 887766'}])


@tagged('post_install', '-at_install', '-standard')
class TestTickets(ShopCommon):
    """Tickets for an event that a screened till sold."""

    def test_attendee_leaves_with_the_sale(self):
        self.open_new_session()
        now = fields.Datetime.now()
        product = self.create_product("Entry", self.categ_basic, 20.0)
        product.write({'type': 'service', 'service_tracking': 'event'})
        event = self.env['event.event'].sudo().create({
            'name': "Reading", 'date_begin': now + timedelta(days=5),
            'date_end': now + timedelta(days=6)})
        ticket = self.env['event.event.ticket'].sudo().create({
            'name': "Door", 'event_id': event.id, 'product_id': product.id})
        data = self.create_ui_order_data(
            [{'product': product, 'quantity': 1, 'event_ticket_id': ticket.id,
              'event_registration_ids': [[0, 0, {
                  'event_id': event.id, 'event_ticket_id': ticket.id, 'name': "Irene Wermut",
                  'email': 'irene@wermut.example', 'phone': '030 777444'}]]}],
            payments=[(self.cash_pm1, 20)], pos_order_ui_args={'state': 'paid'})
        orders = self.env['pos.order'].with_user(self.cashier)
        order = orders.browse(orders.sync_from_ui([data])['pos.order'][0]['id'])
        self.cashier.sudo().group_ids += self.env.ref('event.group_event_registration_desk')
        for is_screened in True, False:
            self.config.sudo().dsgvo_privacy_screen = is_screened
            [row] = order.read_pos_orders([('id', '=', order.id)])['event.registration']
            self.assertEqual(
                [bool(row[name]) for name in ('name', 'email', 'phone')], [not is_screened] * 3)

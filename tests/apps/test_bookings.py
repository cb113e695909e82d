from datetime import timedelta

from odoo import Command, fields
from odoo.tests import new_test_user, tagged
from odoo.tests.common import TransactionCase

OVER, COMING = timedelta(days=-1), timedelta(days=3)


@tagged('post_install', '-at_install', '-standard')
class TestAppsBookings(TransactionCase):
    """Whatever is booked for a day to come is still to be done, delivered and paid or not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.other = cls.env['res.partner'].create([
            {'name': "Adelheid Quittenbaum", 'email': 'adelheid@quittenbaum.example',
             'phone': '+49 30 901820'},
            {'name': "Balduin Wacholder", 'email': 'balduin@wacholder.example',
             'phone': '+49 30 901821'}])
        cls.officer = new_test_user(cls.env, 'officer', groups='dsgvo.group_officer')

    def _event(self, end=COMING, **values):
        now = fields.Datetime.now()
        return self.env['event.event'].create({
            'name': "Lesung", 'date_begin': now + end - timedelta(days=2), 'date_end': now + end,
        } | values)

    def _move(self, event, end):
        now = fields.Datetime.now()
        event.write({'date_begin': now + end - timedelta(days=2), 'date_end': now + end})

    def _find(self, customer=None):
        """Return the reasons as the officer sees them."""
        self.env.flush_all()
        customer = customer or self.customer
        return self.env['dsgvo.erasure.blocker'].with_user(self.officer)._find(
            customer).get(customer, [])

    def _check_until(self, event, reason, customer=None):
        self.assertEqual(self._find(customer), [reason])
        self._move(event, OVER)
        self.assertEqual(self._find(customer), [])
        self._move(event, COMING)

    def _sell_ticket(self, event, **values):
        """Sell a ticket in the office: confirmed, invoiced and paid."""
        product = self.env['product.product'].create({
            'name': "Eintritt", 'type': 'service', 'service_tracking': 'event', 'taxes_id': False,
            'invoice_policy': 'order', 'list_price': 12.0})
        ticket = self.env['event.event.ticket'].create(
            {'name': "Eintritt", 'event_id': event.id, 'product_id': product.id, 'price': 12.0})
        order = self.env['sale.order'].create({'partner_id': self.customer.id, 'order_line': [
            Command.create({'product_id': product.id, 'event_id': event.id, 'tax_ids': False,
                            'event_ticket_id': ticket.id, 'product_uom_qty': 1})]})
        order.action_confirm()
        registration = self.env['event.registration'].search(
            [('sale_order_id', '=', order.id)]) or self.env['event.registration'].create({
                'sale_order_line_id': order.order_line.id, 'event_id': event.id,
                'event_ticket_id': ticket.id, 'partner_id': self.customer.id})
        registration.write(values)
        invoice = order._create_invoices()
        invoice.action_post()
        self.env['account.payment.register'].with_context(
            active_model='account.move', active_ids=invoice.ids).create({})._create_payments()
        order.order_line.qty_delivered = 1
        return registration

    # === TICKETS === #

    def test_paid_ticket_keeps_the_customer_until_the_event_is_over(self):
        event = self._event()
        registration = self._sell_ticket(event)
        self._check_until(event, "Registered for an event to come")
        registration.action_cancel()
        self.assertEqual(self._find(), [])

    def test_who_pays_for_the_ticket_of_somebody_else_stays_as_well(self):
        event = self._event()
        registration = self._sell_ticket(event, partner_id=self.other.id)
        self.assertEqual(registration.partner_id, self.other)
        for customer in self.customer, self.other:
            with self.subTest(customer=customer.name):
                self.assertIn("Registered for an event to come", self._find(customer))

    def test_free_registration_keeps_the_customer(self):
        event = self._event()
        registration = self.env['event.registration'].create(
            {'event_id': event.id, 'partner_id': self.customer.id})
        self.assertIn("Registered for an event to come", self._find())
        registration.active = False
        self.assertEqual(self._find(), [])

    def test_slot_counts_and_not_the_series(self):
        event = self._event(is_multi_slots=True, end=timedelta(days=30), date_tz='UTC')
        event.date_begin = fields.Datetime.now() - timedelta(days=30)
        past, coming = self.env['event.slot'].create([
            {'event_id': event.id, 'date': fields.Date.today() + day, 'start_hour': 10,
             'end_hour': 12} for day in (OVER, COMING)])
        registration = self.env['event.registration'].create({
            'event_id': event.id, 'event_slot_id': past.id, 'partner_id': self.customer.id})
        self.assertEqual(self._find(), [])
        registration.event_slot_id = coming
        self.assertIn("Registered for an event to come", self._find())

    def test_guest_with_the_address_or_number_of_a_contact_stays(self):
        event = self._event()
        for values in (
                {'email': 'adelheid@quittenbaum.example'},
                {'email': '"A. Q." <Adelheid@Quittenbaum.example>'},
                {'phone': '+49 30 901820'}, {'phone': '030/90 18 20'},
                {'phone': '030 901820 (ab 18 Uhr)'}, {'phone': '030/90 18 20 Apparat 12'},
                {'phone': '+49 (0)30 901820; 0171 9991234'},
                {'phone': '0171 9991234 / 0049 30 901820'}):
            with self.subTest(values=values):
                guest = self.env['event.registration'].create(
                    {'event_id': event.id, 'name': "Adelheid", **values})
                self._check_until(event, "Registered for an event to come")
                self.assertEqual(self._find(self.other), [])
                guest.unlink()

    def test_guest_with_one_of_the_numbers_of_a_contact_stays(self):
        self.customer.phone = '030 901820; +49 (0)171 9991234'
        self.env['event.registration'].create(
            {'event_id': self._event().id, 'name': "Adelheid", 'phone': '0171/9991234'})
        self.assertEqual(self._find(), ["Registered for an event to come"])

    def test_guest_with_the_number_of_another_town_keeps_nobody(self):
        self.customer.phone = '+49 30 90182030'
        event = self._event()
        self.env['event.registration'].create([
            {'event_id': event.id, 'name': "Anna", 'phone': phone}
            for phone in ('040 90182030', '+49 40 90182030', '+43 30 90182030', '090182030')])
        self.assertEqual(self._find(), [])

    def test_placeholder_is_the_address_and_number_of_nobody(self):
        self.customer.write({'email': 'keine@angabe.example', 'phone': '0172 2222222'})
        self.env['event.registration'].create({
            'event_id': self._event().id, 'name': "Anna", 'email': 'keine@angabe.example',
            'phone': '0172 2222222'})
        self.assertEqual(self._find(), [])

    def test_guest_without_address_and_number_keeps_nobody(self):
        self.env['event.registration'].create([
            {'event_id': self._event().id, 'name': name, 'email': email, 'phone': phone}
            for name, email, phone in (
                ("Adelheid Quittenbaum", False, False), ("Anna", 'x', '12'),
                ("Johanna", 'a.adelheid@quittenbaum.example', '+49 30 901829'))])
        self.assertEqual(self._find(), [])

    def test_ticket_says_what_ends_it_and_goes_on_by_itself(self):
        event = self._event()
        self._sell_ticket(event)
        Erasure = self.env['dsgvo.erasure']
        Erasure._enqueue(self.customer, 'request', self.env.company)
        erasure = Erasure.search([('partner_id', '=', self.customer.id)])
        erasure._process()
        self.assertEqual(erasure.blocker, "Registered for an event to come")
        self.assertIn("cancel the registration", erasure.with_user(self.officer).advice)
        self._move(event, OVER)
        erasure._process()
        self.assertEqual(erasure.state, 'restricted')

    # === OTHER BOOKINGS === #

    def test_stand_keeps_its_renter(self):
        event = self._event()
        booth = self.env['event.booth'].create({
            'name': "Stand 1", 'event_id': event.id, 'partner_id': self.customer.id,
            'booth_category_id': self.env['event.booth.category'].create({'name': "Klein"}).id})
        self.assertEqual(self._find(), [])
        booth.action_confirm()
        self._check_until(event, "Has a stand at an event to come")

    def test_talk_keeps_its_speaker(self):
        event = self._event()
        now = fields.Datetime.now()
        track = self.env['event.track'].create({
            'name': "Gespräch", 'event_id': event.id, 'partner_id': self.customer.id,
            'date': now + timedelta(days=1), 'duration': 1})
        self.assertEqual(self._find(), ["Speaks at an event to come"])
        track.stage_id = self.env['event.track.stage'].create(
            {'name': "Abgesagt", 'is_cancel': True})
        self.assertEqual(self._find(), [])

    def test_talk_without_an_hour_keeps_until_the_event_is_over(self):
        event = self._event()
        self.env['event.track'].create({
            'name': "Gespräch", 'event_id': event.id, 'partner_id': self.customer.id,
            'date': False})
        self._check_until(event, "Speaks at an event to come")

    def test_stand_and_talk_of_somebody_without_a_contact_keep_who_has_the_address(self):
        event = self._event()
        category = self.env['event.booth.category'].create({'name': "Klein"})
        for values in {'email': 'adelheid@quittenbaum.example'}, {'phone': '030/90 18 20'}:
            of_contact = {f'contact_{name}': value for name, value in values.items()}
            for model, reason, ways in (
                    ('event.booth', "Has a stand at an event to come", [of_contact]),
                    ('event.track', "Speaks at an event to come", [
                        of_contact,
                        {f'partner_{name}': value for name, value in values.items()}])):
                for way in ways:
                    with self.subTest(model=model, way=way):
                        booking = self.env[model].create({
                            'name': "Buchbinderei", 'event_id': event.id} | way | (
                            {'booth_category_id': category.id, 'state': 'unavailable'}
                            if model == 'event.booth' else {}))
                        self.assertFalse(booking.partner_id)
                        self._check_until(event, reason)
                        self.assertEqual(self._find(self.other), [])
                        booking.unlink()

    def test_appointment_keeps_who_has_not_declined(self):
        start = fields.Datetime.now() + timedelta(days=1)
        meeting = self.env['calendar.event'].create({
            'name': "Beratung", 'start': start, 'stop': start + timedelta(hours=1),
            'partner_ids': self.customer.ids})
        self.assertEqual(self._find(), ["Appointment to come"])
        meeting.attendee_ids.do_decline()
        self.assertEqual(self._find(), [])
        meeting.attendee_ids.do_accept()
        meeting.write({'start': start - timedelta(days=9), 'stop': start - timedelta(days=8)})
        self.assertEqual(self._find(), [])

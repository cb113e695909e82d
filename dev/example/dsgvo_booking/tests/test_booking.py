from datetime import timedelta

from odoo.tests import new_test_user, tagged

from odoo.addons.dsgvo.tests.common import ExtensionCommon
from odoo.addons.mail.tests.common import MailCase

# Over everywhere: where a job runs, it may still be the day before.
OVER = -2


@tagged('post_install', '-at_install')
class TestBooking(MailCase, ExtensionCommon):
    """A model of another addon obeys the consents and is erased like any other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bookseller = new_test_user(cls.env, 'bookseller', groups='dsgvo.group_user')
        cls.venue = cls._create_customer(
            name="Kulturhaus Rosengarten", email='saal@rosengarten.example', phone='040 2233445',
            street="Rosengarten 5", is_company=True)

    def _book(self, days=1, **values):
        """Book as somebody who has no rights but those of a clerk."""
        return self.env['shop.booking'].with_user(self.bookseller).create({
            'reading': "Der Zauberberg", 'date': self._today() + timedelta(days=days),
            'partner_id': self.customer.id, 'venue_id': self.venue.id, 'state': 'confirmed',
        } | values)

    def _remind(self, booking):
        with self.mock_mail_gateway():
            booking.action_remind()
        return self._new_mails

    def test_booking_tells_nothing_without_consent(self):
        booking = self._book(notification_type='M')
        self.assertEqual(booking.notification_type, 'K')
        self.assertFalse(self._remind(booking))

    def test_customer_who_agreed_is_reminded(self):
        self.customer.consent_notification = 'granted'
        booking = self._book()
        self.assertEqual(booking.notification_type, 'M')
        self.assertEqual(self._remind(booking).recipient_ids, self.customer)

    def test_withdrawal_silences_only_the_bookings_to_come(self):
        self.customer.consent_notification = 'granted'
        past, to_come = self._book(days=OVER), self._book()
        self.customer.consent_notification = 'refused'
        self.assertEqual(past.notification_type, 'M')
        self.assertEqual(to_come.notification_type, 'K')

    def test_reading_to_come_keeps_the_customer(self):
        booking = self._book()
        erasure = self._erase_on_request()
        self.assertRecordValues(erasure, [
            {'state': 'blocked', 'blocker': f"Booking of a reading to come: {booking.id}"}])
        self.assertIn("cancel the booking", erasure.advice)
        booking.state = 'cancelled'
        self._run_cron()
        self.assertEqual(erasure.state, 'done')

    def test_booking_stays_without_the_customer(self):
        booking = self._book(days=OVER, note="Frau Quittenbaum kommt im Rollstuhl")
        self.assertEqual(self._erase_on_request().state, 'done')
        self.assertRecordValues(booking, [{
            'partner_id': self.env.company.dsgvo_anonymous_partner_id.id, 'note': False,
            'reading': "Der Zauberberg", 'venue_id': self.venue.id}])
        self.assertEqual(self._find_in_database("Quittenbaum", "Holunderweg 17"), {})

    def test_venue_is_to_be_told(self):
        booking = self._book(days=OVER)
        recipient = self._erase_on_request().recipient_ids
        self.assertRecordValues(recipient, [{
            'kind': 'venue', 'partner_id': self.venue.id, 'numbers': str(booking.id)}])

    def test_venue_is_taken_out_of_the_booking_of_somebody_else(self):
        booking = self._book(days=OVER, note="Einlass über Rosengarten 5, mit Begleitung")
        self.assertEqual(self._erase_on_request(self.venue).state, 'done')
        self.assertRecordValues(booking, [
            {'partner_id': self.customer.id, 'venue_id': False}])
        self.assertNotIn("Rosengarten 5", booking.note)
        self.assertIn("mit Begleitung", booking.note)

    def test_booking_counts_as_business(self):
        # sudo: dsgvo.erasure.period - the period is set up by the shop
        period = self.env['dsgvo.erasure.period'].sudo().search(
            [('kind', '=', 'inactive'), ('company_id', '=', self.env.company.id)])
        self.customer.customer_rank = 1
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = create_date - interval '9 years' WHERE id = %s",
            [self.customer.id])
        self.assertIn(self.customer, period._match())
        self._book(days=OVER)
        self.assertNotIn(self.customer, period._match())

    def test_map_covers_every_field(self):
        self.assertEqual(self._find_gaps('shop.booking'), [])

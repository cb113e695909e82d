from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.dsgvo.models.notification.dsgvo_notification_sending import DsgvoNotification
from odoo.addons.mail.models.mail_mail import MailMail
from odoo.addons.mail.tests.common import MockEmail
from odoo.addons.sms.tools.sms_api import SmsApi

from .common import NotificationCommon


@tagged('post_install', '-at_install')
class TestSending(NotificationCommon, MockEmail):
    @contextmanager
    def _sms_service(self, state='success'):
        sent = []

        def send(_api, messages, delivery_reports_url=False):
            numbers = [
                number | {'body': m['content']} for m in messages for number in m['numbers']]
            sent.extend((number['number'], number['body']) for number in numbers)
            return [{'uuid': number['uuid'], 'state': state} for number in numbers]

        with patch.object(SmsApi, '_send_sms_batch', send):
            yield sent

    def _arrived(self, partner=None, **values):
        order = self._confirm_order(partner, **values)
        self._receive(self.book)
        return self._notifications(order)

    def _deliver(self):
        """Run the cron and return the e-mails that left."""
        with self.mock_mail_gateway(mail_unlink_sent=True):
            self._run_cron()
        return self._mails

    def _copies(self, notification):
        """Everything that quotes the message elsewhere in the database."""
        return (
            self.env['mail.mail'].search_count([('model', '=', notification._name)])
            + self.env['mail.message'].search_count([('model', '=', notification._name)])
            + self.env['sms.sms'].search_count([('to_delete', '=', False)]))

    def test_exactly_one_email_leaves_and_no_copy_stays(self):
        notification = self._arrived()
        chatter = notification.sale_order_id.message_ids
        mails = self._deliver()
        self.assertEqual([mail['email_to'] for mail in mails], [[self.agreed.email_formatted]])
        self.assertIn(notification.sale_order_id.name, mails[0]['subject'])
        for text in "Die Blechtrommel", self.env.company.name, "collect", "withdraw":
            self.assertIn(text, mails[0]['body'])
        self.assertRecordValues(notification, [{'state': 'sent', 'failure': False}])
        self.assertTrue(notification.told_on)
        self.assertEqual(self._copies(notification), 0)
        self.assertEqual(notification.sale_order_id.message_ids, chatter)
        self.assertFalse(self._deliver())

    def test_receipt_makes_the_cron_run(self):
        cron = self.env.ref('dsgvo.ir_cron_notify')
        triggers = self.env['ir.cron.trigger'].search([('cron_id', '=', cron.id)])
        self._arrived(notification_type='T')
        self.assertEqual(self.env['ir.cron.trigger'].search([('cron_id', '=', cron.id)]), triggers)
        self._arrived()
        self.assertEqual(
            len(self.env['ir.cron.trigger'].search([('cron_id', '=', cron.id)]) - triggers), 1)

    def test_address_is_written_to_at_its_person(self):
        address = self._create_customer(
            name="Packstation", parent_id=self.agreed.id, type='delivery', email=False, phone=False)
        self._arrived(address)
        self.assertEqual(
            [mail['email_to'] for mail in self._deliver()], [[self.agreed.email_formatted]])

    def test_sms_leaves_once_without_titles(self):
        notification = self._arrived(notification_type='S')
        with self._sms_service() as sent:
            mails = self._deliver() + self._deliver()
        self.assertFalse(mails)
        self.assertEqual([number.replace(' ', '') for number, _body in sent], ['+4930901820'])
        self.assertIn(notification.sale_order_id.name, sent[0][1])
        self.assertNotIn("Blechtrommel", sent[0][1])
        self.assertEqual(notification.state, 'sent')
        self.assertEqual(self._copies(notification), 0)

    def test_telephone_and_letter_stay_for_the_clerk(self):
        notifications = self._arrived(notification_type='T') | self._arrived(notification_type='B')
        with self._sms_service() as sent:
            self.assertFalse(self._deliver())
        self.assertFalse(sent)
        self.assertEqual(notifications.mapped('state'), ['todo', 'todo'])

    def test_nothing_leaves_without_consent(self):
        order = self._confirm_order(self.customer)
        self._receive(self.book)
        with self._sms_service() as sent:
            self.assertFalse(self._deliver())
        self.assertFalse(sent)
        self.assertFalse(self._notifications(order))

    def test_withdrawal_between_receipt_and_sending_stops_the_message(self):
        notification = self._arrived()
        self.agreed.consent_notification = 'refused'
        self.assertEqual(notification.state, 'cancelled')
        # The same when the message slipped through, for instance by a merge of contacts.
        notification.state = 'todo'
        self.assertFalse(self._deliver())
        self.assertEqual(notification.state, 'cancelled')

    def test_order_that_changed_meanwhile_is_looked_at_again(self):
        silenced, cancelled, moved = (self._arrived() for _i in range(3))
        self.env.flush_all()
        for column, value, notification in [
            ('notification_type', 'K', silenced), ('state', 'cancel', cancelled),
            ('partner_id', self.customer.id, moved),
        ]:
            self.env.cr.execute(SQL(
                "UPDATE sale_order SET %s = %s WHERE id = %s",
                SQL.identifier(column), value, notification.sale_order_id.id))
        self.env.invalidate_all()
        self.assertFalse(self._deliver())
        self.assertEqual((silenced | cancelled | moved).mapped('state'), ['cancelled'] * 3)

    def test_missing_address_fails_with_the_reason_and_can_be_sent_again(self):
        notification = self._arrived(notification_type='M')
        text = self._arrived(notification_type='S')
        self.agreed.write({'email': False, 'phone': False})
        with self._sms_service():
            self.assertFalse(self._deliver())
        self.assertRecordValues(notification | text, [
            {'state': 'failed', 'failure': 'no_email', 'told_on': False},
            {'state': 'failed', 'failure': 'no_phone', 'told_on': False}])
        self.agreed.email = 'neu@agreed.example'
        notification.with_user(self.clerk).action_retry()
        self.assertEqual(len(self._deliver()), 1)
        self.assertRecordValues(notification, [{'state': 'sent', 'failure': False}])

    def test_refusing_services_are_named_and_leave_no_copy(self):
        mail, text = self._arrived(), self._arrived(notification_type='S')

        def refuse(mails, **_kwargs):
            mails.write({'state': 'exception', 'failure_reason': 'agreed.example unknown'})

        with self._sms_service('insufficient_credit'), patch.object(MailMail, '_send', refuse):
            self._run_cron()
        self.assertEqual((mail.failure, text.failure), ('mail_server', 'sms_service'))
        self.assertEqual(self._copies(mail), 0)

    def test_one_that_breaks_does_not_stop_the_others(self):
        broken, fine = self._arrived(), self._arrived()
        send = DsgvoNotification._send_email

        def break_one(notification):
            if notification == broken:
                raise ValueError("balduin@agreed.example")
            return send(notification)

        with (
            patch.object(DsgvoNotification, '_send_email', break_one),
            self.assertLogs('odoo.addons.dsgvo', 'ERROR') as log,
        ):
            self.assertEqual(len(self._deliver()), 1)
        self.assertNotIn("balduin", "".join(log.output))
        self.assertRecordValues(broken | fine, [
            {'state': 'failed', 'failure': 'error'}, {'state': 'sent', 'failure': False}])

    def test_more_than_one_batch_leaves(self):
        customers = self.env['res.partner'].create([
            {'name': "P", 'email': f'p{number}@example.com'} for number in range(3)])
        for customer in customers:
            customer.consent_notification = 'granted'
            self._arrived(customer)
        cron_send = DsgvoNotification._cron_send
        with patch.object(
            DsgvoNotification, '_cron_send', lambda model: cron_send(model, batch_size=2),
        ):
            self.assertEqual(len(self._deliver()), 3)

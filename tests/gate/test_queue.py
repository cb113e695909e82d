from importlib.machinery import SourceFileLoader
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL, file_path

from ..marketing.common import MarketingCommon

TEXT = "Neu"


@tagged('post_install', '-at_install')
class TestQueue(MarketingCommon):
    """A consent that is withdrawn between making and sending a message."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_customer(
            name="Otto", email='otto@leser.example', phone='+49 30 777777')
        cls.other.consent_marketing = 'granted'

    def _queue(self, records, mailing_type='mail'):
        """Make the messages of a mailing without sending them, and return them."""
        self.env['ir.config_parameter'].sudo().set_param('mail.mail.force.send.limit', '0')
        mailing = self._create_mailing(records, mailing_type)
        self._send(mailing)
        # sudo: mail.mail, sms.sms - looking at the queues
        queue = self.env['sms.sms' if mailing_type == 'sms' else 'mail.mail'].sudo()
        queued = queue.search([('mailing_id', '=', mailing.id)]).sorted(
            lambda message: message.mailing_trace_ids.res_id)
        self.assertEqual(queued.mapped('state'), ['outgoing'] * len(records))
        return queued

    def _withdraw_behind_the_queue(self, contact):
        """Withdraw in a way that leaves what is queued alone."""
        with patch.object(self.registry['res.partner'], '_dsgvo_cancel_queued'):
            contact.consent_marketing = 'refused'

    def test_withdrawing_cancels_queued_mails(self):
        for records in (
            self.granted | self.other,
            self._create_mailing_contacts(self.granted.email, self.other.email),
        ):
            self.granted.consent_marketing = 'granted'
            mails = self._queue(records)
            self.granted.with_user(self.clerk).consent_marketing = 'refused'
            self.assertEqual(mails.mapped('state'), ['cancel', 'outgoing'])
            self.assertRecordValues(mails.mailing_trace_ids, [
                {'trace_status': 'cancel', 'failure_type': 'mail_optout'},
                {'trace_status': 'outgoing', 'failure_type': False}])

    def test_withdrawing_cancels_queued_sms(self):
        messages = self._queue(self.granted | self.other, 'sms')
        self.granted.with_user(self.clerk).consent_marketing = 'refused'
        self.assertEqual(messages.mapped('state'), ['canceled', 'outgoing'])
        self.assertEqual(messages.mailing_trace_ids.mapped('trace_status'), ['cancel', 'outgoing'])

    def test_withdrawing_cancels_an_sms_with_a_notification(self):
        message = self.env['mail.message'].create({
            'model': 'res.partner', 'res_id': self.granted.id, 'body': "Ware da"})
        sms = self._queue(self.granted, 'sms')
        notification = self.env['mail.notification'].create({
            'mail_message_id': message.id, 'res_partner_id': self.granted.id,
            'notification_type': 'sms', 'notification_status': 'ready', 'sms_id_int': sms.id})
        sms.sms_tracker_id.mail_notification_id = notification
        self.granted.with_user(self.clerk).consent_marketing = 'refused'
        self.assertEqual(
            (sms.state, notification.notification_status), ('canceled', 'canceled'))

    def test_mail_is_checked_again_when_it_leaves(self):
        contacts = self._create_mailing_contacts(self.granted.email, self.other.email)
        mails = self._queue(self.granted | self.other) | self._queue(contacts)
        self._withdraw_behind_the_queue(self.granted)
        with self.mock_mail_gateway():
            mails.send()
        self.assertEqual(
            [mail['email_to'] for mail in self._mails],
            [['"Otto" <otto@leser.example>'], ['otto@leser.example']])
        self.assertEqual(mails.exists().mapped('state'), ['cancel', 'sent'] * 2)

    def test_sms_is_checked_again_when_it_leaves(self):
        contacts = self.env['mailing.contact'].create([
            {'name': "Empfänger", 'mobile': contact.phone}
            for contact in self.granted | self.other])
        messages = self._queue(self.granted | self.other, 'sms') | self._queue(contacts, 'sms')
        self._withdraw_behind_the_queue(self.granted)
        with self.mockSMSGateway():
            messages.send()
        self.assertEqual(
            sorted(sms['number'] for sms in self._sms), [self.other.phone_sanitized] * 2)
        self.assertEqual(
            messages.filtered(lambda sms: sms.state == 'canceled').mapped('number'),
            [self.granted.phone_sanitized] * 2)

    def test_mail_to_a_selection_is_checked_again_when_it_leaves(self):
        records = self.granted | self.other
        composer = self.env['mail.compose.message'].with_user(self.user_marketing).create({
            'composition_mode': 'mass_mail', 'model': records._name, 'res_ids': repr(records.ids),
            'subject': "Lesung", 'body': "<p>Lesung</p>", 'force_send': False})
        with self.mock_mail_gateway():
            mails, _messages = composer._action_send_mail()
        self.assertEqual(mails.mapped('dsgvo_kind'), ['advertising'] * 2)
        self._withdraw_behind_the_queue(self.granted)
        with self.mock_mail_gateway():
            mails.send()
        self.assertEqual([mail['email_to'] for mail in self._mails],
                         [['"Otto" <otto@leser.example>']])

    def test_sms_to_a_selection_is_checked_again_when_it_leaves(self):
        contacts = self.env['mailing.contact'].create([
            {'name': "Empfänger", 'mobile': contact.phone}
            for contact in self.granted | self.other])
        with self.mockSMSGateway():
            messages = self.env['sms.composer'].with_user(self.user_marketing).create({
                'composition_mode': 'mass', 'res_model': contacts._name, 'body': "Lesung",
                'res_ids': repr(contacts.ids), 'mass_keep_log': False})._action_send_sms()
        self._withdraw_behind_the_queue(self.granted)
        with self.mockSMSGateway():
            messages.send()
        self.assertEqual([sms['number'] for sms in self._sms], [self.other.phone_sanitized])

    def test_mail_whose_model_is_gone_does_not_stop_the_queue(self):
        mails = self._queue(self.granted | self.other)
        mails[0].model = 'gone.model'
        with self.mock_mail_gateway():
            mails.send()
        self.assertEqual(mails.mapped('state'), ['cancel', 'sent'])

    def test_what_waits_during_the_update_is_still_asked(self):
        mails = self._queue(self.granted | self.other)
        texts = self._queue(self.granted | self.other, 'sms')
        waiting = mails | self.env['mail.mail'].create({'email_to': 'it@provider.example'})
        for table in 'mail_mail', 'sms_sms':
            self.env.cr.execute(SQL(
                "ALTER TABLE %(table)s ADD COLUMN dsgvo_marketing boolean;"
                " UPDATE %(table)s SET dsgvo_kind = NULL", table=SQL.identifier(table)))
        path = file_path('dsgvo/migrations/19.0.1.2.0/post-message-kinds.py')
        script = SourceFileLoader('post_message_kinds', path).load_module()
        for _run in range(2):
            script.migrate(self.env.cr, '19.0.1.1.0')
            self.env.invalidate_all()
            self.assertEqual(waiting.mapped('dsgvo_kind'), ['advertising', 'advertising', False])
            self.assertEqual(texts.mapped('dsgvo_kind'), ['advertising'] * 2)

    def _notify(self, *contacts):
        """Notify contacts of a note that passes the look at the recipients, not that at the mail.

        :return: the status and the reason of each notification
        """
        people = self.env['res.partner'].union(*contacts)
        with patch.object(
                type(self.env['mail.thread']), '_dsgvo_refused', lambda *args: set()):
            message = self.granted.message_post(
                body=TEXT, message_type='auto_comment', subtype_xmlid='mail.mt_comment',
                partner_ids=people.ids)
        notes = self.env['mail.notification'].sudo().search(
            [('mail_message_id', '=', message.id)])
        return {note.res_partner_id: (note.notification_status, note.failure_type, bool(
            note.mail_mail_id)) for note in notes}

    def test_notification_of_a_mail_that_is_not_made_is_cancelled(self):
        with self.mock_mail_gateway():
            self.assertEqual(
                self._notify(self.refused), {self.refused: ('canceled', 'mail_optout', False)})

    def test_notification_of_who_is_left_out_of_a_mail_is_cancelled(self):
        with self.mock_mail_gateway():
            noted = self._notify(self.refused, self.granted)
        self.assertEqual(noted[self.refused], ('canceled', 'mail_optout', False))
        self.assertIn(noted[self.granted][0], ('ready', 'sent'))

    def test_notification_of_an_address_or_copy_that_stays_is_not_cancelled(self):
        mail = self.env['mail.mail'].sudo().create({
            'email_to': '"Ada L" <Ada@Fremde.example>', 'email_cc': 'kopie@fremde.example',
            'mail_message_id': self.granted.message_post(body=TEXT).id})
        notes = self.env['mail.notification'].sudo().create([
            {'mail_message_id': mail.mail_message_id.id, 'mail_mail_id': mail.id,
             'notification_type': 'email', 'notification_status': 'ready',
             'mail_email_address': email}
            for email in ('ada@fremde.example', '"Kopie" <kopie@fremde.example>', 'weg@x.example')])
        self.assertEqual(
            notes.mapped('notification_status'), ['ready', 'ready', 'canceled'])

    def test_notification_of_a_mail_that_waits_is_cancelled_with_its_reason(self):
        waiting = self.granted.with_context(mail_notify_force_send=False)
        message = waiting.message_post(
            body=TEXT, message_type='auto_comment', subtype_xmlid='mail.mt_comment',
            partner_ids=self.granted.ids)
        note = self.env['mail.notification'].sudo().search([('mail_message_id', '=', message.id)])
        self.assertEqual(note.notification_status, 'ready')
        self._withdraw_behind_the_queue(self.granted)
        note.mail_mail_id.send()
        self.assertRecordValues(
            note, [{'notification_status': 'canceled', 'failure_type': 'mail_optout'}])

    def test_checking_a_batch_takes_the_same_queries(self):
        people = self.env['res.partner'].create([
            {'name': f"Leser {i}", 'email': f'leser{i}@leser.example'} for i in range(20)])
        people.consent_marketing = 'granted'
        mails = self._queue(people)
        counts = []
        for batch in (mails[0], mails[0], mails):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch._dsgvo_cancel_refused()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

import json
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from odoo.addons.dsgvo.models.screen.covering import MASK
from odoo.addons.mail.models import mail_thread

from .common import ScreenHttpCommon
from .test_office import SECRETS

WRITTEN = "Ring at Wermut"
OF_BOOK = "Wermut is out of print"


@tagged('post_install', '-at_install')
class TestMessages(ScreenHttpCommon):
    """Messages, activities and followers of a customer, as a screened clerk by remote calls."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.message = cls.order.message_post(
            body=WRITTEN, subject=cls.customer.street, author_id=cls.customer.id,
            email_from='adelheid@quittenbaum.example', message_type='comment')
        cls.tracking = cls.env['mail.tracking.value'].create({
            'field_id': cls.env['ir.model.fields']._get('res.partner', 'email').id,
            'mail_message_id': cls.message.id, 'old_value_char': 'irene@wermut.example'})
        cls.activity = cls.order.activity_schedule(
            'mail.mail_activity_data_todo', summary="Call Wermut", note="<p>+49 30 901820</p>",
            user_id=cls.screened.id)
        cls.order.message_subscribe(cls.customer.ids)
        cls.book = cls.env['product.template'].create({'name': "Book"})
        cls.note = cls.book.message_post(
            body=OF_BOOK, author_id=cls.clerk.partner_id.id)

    def _fetch(self, record):
        return self.make_jsonrpc_request('/mail/thread/messages', {
            'thread_model': record._name, 'thread_id': record.id})['data']

    def _get_thread(self, record):
        return self.make_jsonrpc_request('/mail/data', {'fetch_params': [['mail.thread', {
            'thread_model': record._name, 'thread_id': record.id,
            'request_list': ['activities', 'followers', 'suggestedRecipients', 'display_name'],
        }]]})

    def _push(self, record):
        """Return what the browser of the screened user gets, even if no page is open."""
        parameters = self.env['ir.config_parameter'].sudo()
        for side in ('private', 'public'):
            parameters.set_param(f'mail.web_push_vapid_{side}_key', 'key')
        self.env['mail.push.device'].sudo().create({
            'endpoint': 'https://push.example/1', 'keys': '{}',
            'partner_id': self.screened.partner_id.id})
        sent = []
        with patch.object(
                mail_thread, 'push_to_end_point', lambda **sending: sent.append(sending)):
            record.sudo().message_post(
                body=WRITTEN, partner_ids=self.screened.partner_id.ids,
                message_type='comment', subtype_xmlid='mail.mt_comment')
        return [json.loads(sending['payload']) for sending in sent]

    def test_push_to_the_browser_names_nobody(self):
        [payload] = self._push(self.customer)
        self.assertEqual((payload['title'], payload['options']['body']), (MASK, MASK))
        self.assertEqual(payload['options']['data']['res_id'], self.customer.id)

    def test_push_about_something_else_is_read(self):
        [payload] = self._push(self.book)
        self.assertEqual(payload['options']['body'], WRITTEN)

    def test_page_that_is_loaded_anew_does_not_name_a_covered_record(self):
        subscriber = self.env['mailing.contact'].sudo().create({
            'name': "Adelheid Quittenbaum", 'email': self.customer.email})
        [crumb] = self.make_jsonrpc_request('/web/action/load_breadcrumbs', {
            'actions': [{'model': 'mailing.contact', 'resId': subscriber.id}]})
        self.assertEqual(crumb.get('display_name', MASK), MASK)

    def _read_in_every_way(self, record, *names):
        """Return the rows of one record that the browser gets by its methods."""
        model, spec = record._name, {name: {} for name in (*names, 'display_name')}
        domain = [('id', '=', record.id)]
        return [
            *self._call(model, 'read', record.ids, list(spec)),
            *self._call(model, 'search_read', domain, list(spec)),
            *self._call(model, 'web_read', record.ids, spec),
            *self._call(model, 'web_search_read', domain, spec)['records']]

    def _assert_covered(self, answer, *names):
        for secret in (*SECRETS, "Adelheid"):
            self.assertNotIn(secret, str(answer))
        for name in names:
            self.assertEqual({row[name] for row in answer}, {MASK}, name)

    # === LISTS === #

    def test_texts_of_messages_are_covered(self):
        self._assert_covered(
            self._read_in_every_way(self.message, 'body', 'subject', 'email_from', 'author_id'),
            'body', 'subject', 'email_from')

    def test_message_about_an_article_is_not_covered(self):
        for row in self._read_in_every_way(self.note, 'body'):
            self.assertEqual(row['body'], f"<p>{OF_BOOK}</p>")
        rows = self._fetch(self.book)['mail.message']
        self.assertIn(OF_BOOK, next(
            str(row['body']) for row in rows if row['id'] == self.note.id))

    def test_texts_of_activities_are_covered(self):
        rows = self._read_in_every_way(self.activity, 'summary', 'note', 'res_name')
        self._assert_covered(rows, 'summary', 'note')
        self._assert_covered(self._call('mail.activity', 'activity_format', self.activity.ids))
        data = self._call('mail.activity', 'get_activity_data', 'sale.order', [])
        self._assert_covered(data)
        self.assertIn(repr(MASK), str(data))

    def test_followers_are_covered(self):
        self.screened.group_ids += self.env.ref('base.group_system')
        follower = self.order.message_follower_ids.filtered(
            lambda follower: follower.partner_id == self.customer)
        self._assert_covered(
            self._read_in_every_way(follower, 'partner_id', 'name', 'email'), 'name', 'email')
        answer = self._call('sale.order', 'message_get_followers', self.order.ids)
        self._assert_covered(answer)
        self.assertIn('K-1010', str(answer))

    def test_contacts_of_mailings_are_covered(self):
        self.screened.group_ids += self.env.ref('mass_mailing.group_mass_mailing_user')
        contact = self.env['mailing.contact'].create({
            'name': "Adelheid Quittenbaum", 'email': 'adelheid@quittenbaum.example'})
        rows = self._read_in_every_way(contact, 'name', 'email', 'email_normalized')
        self._assert_covered(rows, 'name', 'email', 'email_normalized', 'display_name')
        self.assertEqual(
            self._call('mailing.contact', 'name_search', "Adelheid"), [[contact.id, MASK]])

    def test_messages_are_not_grouped_by_their_texts(self):
        calls = (
            ('web_read_group', [[], ['subject'], []]),
            ('formatted_read_group', [[], ['email_from'], []]),
            ('read_group', [[], ['subject'], 'subject']),
            ('read_group', [[], ['all:array_agg(email_from)'], ['model']]),
            ('read_progress_bar', [[], 'subject', {'field': 'message_type', 'colors': {}}]))
        for method, args in calls:
            with self.subTest(method=method), self.assertRaisesRegex(
                    JsonRpcException, 'UserError'), mute_logger('odoo.http'):
                self._call('mail.message', method, *args)

    def test_server_works_with_the_real_texts(self):
        message = self._as_screened(self.message)
        self.assertEqual(message.subject, "Holunderweg 17")
        self.assertEqual(message.read(['subject'])[0]['subject'], "Holunderweg 17")
        activity = self._as_screened(self.activity)
        self.assertEqual(activity.display_name, "Call Wermut")

    # === THE HISTORY === #

    def test_history_comes_when_the_record_is_shown(self):
        answer = self._fetch(self.order)
        self._assert_covered(answer)
        self.assertEqual(
            {row['body'] for row in answer['mail.message'] if row['id'] == self.message.id},
            {MASK})
        self._show(self.order)
        row = next(row for row in self._fetch(self.order)['mail.message']
                   if row['id'] == self.message.id)
        self.assertEqual(row['subject'], "Holunderweg 17")
        self.assertIn(WRITTEN, str(row['body']))

    def test_showing_one_record_does_not_show_the_history_of_another(self):
        self._show(self.other)
        self._assert_covered(self._fetch(self.order))
        self._assert_covered(self._get_thread(self.order))

    def test_thread_comes_when_the_record_is_shown(self):
        self._assert_covered(self._get_thread(self.order))
        self._show(self.order)
        answer = str(self._get_thread(self.order))
        for text in ("Call Wermut", "Adelheid Quittenbaum", 'adelheid@quittenbaum.example'):
            self.assertIn(text, answer)

    def test_contact_of_an_address_is_covered(self):
        answer = self.make_jsonrpc_request('/mail/partner/from_email', {
            'thread_model': 'sale.order', 'thread_id': self.order.id,
            'emails': ['adelheid@quittenbaum.example']})
        self._assert_covered(answer)
        self.assertIn('K-1010', str(answer))

    def test_inbox_is_covered(self):
        self.screened.notification_type = 'inbox'
        self.env['bus.bus'].search([]).unlink()
        self.message = self.order.message_post(
            body=WRITTEN, author_id=self.customer.id, message_type='comment',
            partner_ids=self.screened.partner_id.ids, subtype_xmlid='mail.mt_comment')
        self.env.cr.precommit.run()
        sent = self.env['bus.bus'].search([]).mapped('message')
        self.assertTrue([text for text in sent if 'mail.message/inbox' in text])
        self._assert_covered(sent)
        answer = self.make_jsonrpc_request('/mail/inbox/messages')
        self.assertEqual(answer['messages'], self.message.ids)
        self._assert_covered(answer)

    def test_whoever_is_mentioned_is_named(self):
        channel = self.env['discuss.channel'].with_user(self.screened).create({
            'name': "Club", 'channel_partner_ids': [Command.link(self.customer.id)]})
        for method, *args in (
                ('get_mention_suggestions', "Adelheid"),
                ('get_mention_suggestions_from_channel', channel.id, "Adelheid")):
            answer = self._call('res.partner', method, *args)
            [row] = [row for row in answer['res.partner'] if row['id'] == self.customer.id]
            self.assertEqual((row['name'], row['email']), ("Adelheid Quittenbaum", MASK))
        answer = self._call('res.partner', 'get_mention_suggestions', "Ad", limit=1000)
        self._assert_covered(answer)

    def test_others_get_everything(self):
        self.authenticate('dsgvo_clerk', 'dsgvo_clerk')
        for answer in (self._fetch(self.order), self._read_in_every_way(self.message, 'body')):
            self.assertIn(WRITTEN, str(answer))
        self.assertIn('adelheid@quittenbaum.example', str(self._get_thread(self.order)))
        data = self._call('mail.activity', 'get_activity_data', 'sale.order', [])
        self.assertIn("Call Wermut", str(data))

    # === EXPORT === #

    def test_export_has_nothing_that_is_covered(self):
        self.screened.group_ids += self.env.ref('base.group_allow_export')
        order = self._as_screened(self.order)
        self.assertEqual(
            order.export_data(['name', 'partner_id', 'partner_id/city'])['datas'],
            [[self.order.name, 'K-1010', "Berlin"]])
        clerk = self.order.with_user(self.clerk)
        self.clerk.group_ids += self.env.ref('base.group_allow_export')
        self.assertEqual(
            clerk.export_data(['partner_id/email'])['datas'], [['adelheid@quittenbaum.example']])

    def test_export_of_covered_fields_is_refused(self):
        self.screened.group_ids += self.env.ref('base.group_allow_export')
        for record, path in (
                (self.customer, 'email'), (self.order, 'note'), (self.order, 'partner_id/email'),
                (self.order, 'partner_id/name'), (self.activity, 'summary')):
            with self.subTest(path=path), self.assertRaisesRegex(
                    UserError, "covered by the privacy screen"):
                self._as_screened(record).export_data([path])

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PERSON
from .test_preview import OfficerCommon


@tagged('post_install', '-at_install')
class TestRecipients(OfficerCommon):
    """Third parties that got data of an erased customer (Art. 19 DSGVO)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.env['ir.mail_server'].sudo().create(
            {'name': "Relay", 'smtp_host': 'relay.example', 'smtp_authentication': 'login'})
        cls.env['ir.mail_server'].sudo().search([('id', '!=', cls.server.id)]).active = False

    def _write_to_customer(self, status='sent'):
        message = self.env['mail.message'].sudo().create({
            'model': 'res.partner', 'res_id': self.customer.id, 'message_type': 'email_outgoing',
            'notification_ids': [Command.create({
                'res_partner_id': self.customer.id, 'notification_type': 'email',
                'notification_status': status})]})
        return message

    def _erase_customer(self):
        self._sell(self._order())
        erasure = self._erasure().with_user(self.officer)
        self._run_cron()
        self.assertEqual(erasure.state, 'done')
        return erasure

    def _print(self, recipients):
        html, _type = self.env['ir.actions.report'].with_user(self.officer)._render_qweb_html(
            'dsgvo.erasure_letter', recipients.ids)
        return html.decode()

    def test_mail_server_is_noted_once(self):
        self._write_to_customer()
        self._write_to_customer()
        self._write_to_customer(status='exception')
        erasure = self._erase_customer()
        self.assertRecordValues(erasure.recipient_ids, [
            {'kind': 'mail', 'name': 'relay.example', 'transfer_count': 2, 'state': 'todo',
             'transferred_on': self._today()}])

    def test_letter_to_a_mail_server_names_day_number_and_domain_of_a_provider(self):
        for email, domain in (('adelheid@gmx.de', ' @gmx.de'), ('a@quittenbaum.example', '')):
            with self.subTest(email=email):
                self.customer = self._create_customer(email=email)
                number = self._write_to_customer().message_id
                recipient = self._erase_customer().recipient_ids
                self.assertEqual(recipient.numbers, f"{self._today()} {number}{domain}")

    def test_messages_of_the_shop_itself_are_passed_on_as_well(self):
        """They were sent half an hour after midnight, which is the day before in UTC."""
        order = self._order()
        self.env['dsgvo.notification'].sudo().create([
            {'sale_order_id': order.id, 'partner_id': self.customer.id, 'kind': 'available',
             'company_id': self.env.company.id, 'notification_type': kind, 'state': state,
             'told_on': '2026-02-28 23:30:00', 'message_ref': kind == 'M' and '<7@shop>'}
            for kind, state in (('M', 'sent'), ('S', 'sent'), ('B', 'done'), ('M', 'cancelled'))])
        self._sell(order)
        erasure = self._erasure().with_user(self.officer)
        self._run_cron()
        self.assertEqual(
            {(r.kind, r.name, r.numbers, r.transfer_count) for r in erasure.recipient_ids},
            {('mail', 'relay.example', '2026-03-01 <7@shop>', 1),
             ('sms', "Odoo S.A. (IAP)", '2026-03-01', 1)})

    def test_own_mail_server_is_no_third_party(self):
        self.server.smtp_host = 'localhost'
        self._write_to_customer()
        self.server.active = False
        self.assertFalse(self._erase_customer().recipient_ids)

    def test_who_got_nothing_is_not_told(self):
        self.assertFalse(self._erase_customer().recipient_ids)

    def test_letter_names_the_cases_and_nobody(self):
        self._write_to_customer()
        recipient = self._erase_customer().recipient_ids
        recipient.sudo().numbers = 'TRACK-4711'
        other = self._create_customer(name="Bert Ohlendorf", email='bert@ohlendorf.example')
        second = recipient.sudo().copy({
            'erasure_id': recipient.erasure_id.id, 'service': 'relay.example',
            'numbers': 'TRACK-4712'})
        html = self._print(recipient | second)
        self.assertEqual(html.count("relay.example"), 1, "One letter for one recipient.")
        for number in 'TRACK-4711', 'TRACK-4712', "Art. 19":
            self.assertIn(number, html)
        for secret in (PERSON['name'], PERSON['email'], other.name):
            self.assertNotIn(secret, html)

    def test_letter_is_in_the_language_of_the_recipient(self):
        self.env['res.lang']._activate_lang('de_DE')
        self.env['ir.module.module'].sudo()._load_module_terms(['dsgvo'], ['de_DE'])
        self._write_to_customer()
        recipient = self._erase_customer().recipient_ids
        recipient.partner_id = self.env['res.partner'].create(
            {'name': "Postmeister GmbH", 'lang': 'de_DE', 'street': "Postweg 1"})
        html = self._print(recipient)
        self.assertIn("Mitteilung über eine Löschung nach Art. 19 DSGVO", html)
        self.assertIn("Postweg 1", html)

    def test_told(self):
        self._write_to_customer()
        recipient = self._erase_customer().recipient_ids
        recipient.action_told()
        self.assertRecordValues(recipient, [
            {'state': 'told', 'told_on': self._today(), 'told_by_id': self.officer.id}])

    def test_who_was_told_is_noted_by_the_buttons_only(self):
        self._write_to_customer()
        recipient = self._erase_customer().recipient_ids
        for vals in {'state': 'told'}, {'told_on': self._today()}, {'numbers': ""}:
            with self.assertRaisesRegex(UserError, "by the buttons"):
                recipient.write(vals)
        self.assertEqual(recipient.state, 'todo')

    def test_not_possible_needs_the_reason(self):
        self._write_to_customer()
        recipient = self._erase_customer().recipient_ids
        with self.assertRaisesRegex(UserError, "what makes it impossible to tell relay.example"):
            recipient.action_impossible()
        recipient.note = "Der Dienst besteht nicht mehr."
        recipient.action_impossible()
        self.assertEqual(recipient.state, 'impossible')

    def test_clerk_sees_none(self):
        self._write_to_customer()
        recipient = self._erase_customer().recipient_ids.with_user(self.clerk)
        for method in 'action_told', 'action_impossible':
            with self.assertRaises(AccessError):
                getattr(recipient, method)()
        with self.assertRaises(AccessError):
            recipient.search([])

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.dsgvo.models.marketing.res_partner import NO_DECISION

from .common import GateCommon

NEWS = "Neu"


@tagged('post_install', '-at_install')
class TestWays(GateCommon):
    """Every way in which Odoo sends by itself, to contacts of each consent."""

    def _check(self, ways, expected):
        for name, send in ways.items():
            with self.subTest(way=name):
                self.assertEqual(self._reached(send), expected)

    def test_template_needs_the_consent(self):
        template = self.template
        self._check({
            'send_mail': lambda contact: template.send_mail(contact.id),
            'send_mail now': lambda contact: template.send_mail(contact.id, force_send=True),
            'send_mail_batch': lambda contact: template.send_mail_batch(contact.ids),
            'to an address': lambda contact: template.send_mail(contact.id, email_values={
                'recipient_ids': [], 'email_to': contact.email_formatted}),
            'as copy': lambda contact: template.send_mail(contact.id, email_values={
                'recipient_ids': [], 'email_cc': contact.email}),
            'posted': lambda contact: contact.message_post_with_source(
                template, message_type='auto_comment', subtype_xmlid='mail.mt_comment'),
            'mailed': lambda contact: contact.message_mail_with_source(template),
        }, self.granted)

    def test_server_action_needs_the_consent(self):
        mail = {'state': 'mail_post', 'template_id': self.template.id}
        text = {'state': 'sms', 'sms_template_id': self.sms_template.id}
        code = {'state': 'code'}
        actions = [
            mail | {'mail_post_method': 'email'},
            mail | {'mail_post_method': 'comment'},
            mail | {'mail_post_method': 'note'},
            text | {'sms_method': 'sms'},
            text | {'sms_method': 'comment'},
            text | {'sms_method': 'note'},
            code | {'code': "record.message_post(body='x', partner_ids=record.ids)"},
            # What calls itself a comment of a person is none, below an action.
            code | {'code': "record.message_post(body='x', partner_ids=record.ids,"
                            " message_type='comment', subtype_xmlid='mail.mt_comment')"},
            code | {'code': "env['mail.mail'].create({'recipient_ids': [(4, record.id)]})"},
            code | {'code': "env['mail.compose.message'].create({'model': 'res.partner', 'body':"
                            " 'x', 'res_ids': str(record.ids), 'partner_ids': record.ids,"
                            " 'composition_mode': 'comment'}).action_send_mail()"},
        ]
        for values in actions:
            action = self._server_action(**values)
            with self.subTest(**values):
                self.assertEqual(
                    self._reached(lambda contact, a=action: self._run(a, contact)), self.granted)

    def test_server_action_on_a_selection_needs_the_consent(self):
        action = self._server_action(
            state='mail_post', template_id=self.template.id, mail_post_method='email')
        self._run(action, self.contacts)
        # sudo: mail.mail - looking at the queue
        mails = self.env['mail.mail'].sudo().search([('recipient_ids', 'in', self.contacts.ids)])
        self.assertEqual(mails.recipient_ids, self.granted)

    def test_automatic_post_needs_the_consent(self):
        def to_follower(contact):
            other = self._create_customer(name="Anlass", email=False)
            other.message_subscribe(contact.ids)
            other.message_post(body=NEWS, subtype_xmlid='mail.mt_comment')

        self._check({
            'post': lambda contact: contact.message_post(body=NEWS, partner_ids=contact.ids),
            'to an address': lambda contact: contact.message_post(
                body=NEWS, outgoing_email_to=contact.email),
            'notify': lambda contact: contact.message_notify(
                body=NEWS, partner_ids=contact.ids),
            'notify about nothing': lambda contact: self.env['mail.thread'].message_notify(
                body=NEWS, partner_ids=contact.ids),
            'follower': to_follower,
        }, self.granted)

    def test_sms_needs_the_consent(self):
        self._check({
            'template': lambda contact: contact._message_sms_with_template(
                template=self.sms_template, partner_ids=contact.ids),
            'number': lambda contact: contact._message_sms(
                "Neu", sms_numbers=[contact.phone_sanitized]),
            'mass': lambda contact: contact._message_sms_schedule_mass(
                template=self.sms_template),
            'row': lambda contact: self.env['sms.sms'].create({
                'body': "Neu", 'partner_id': contact.id, 'number': contact.phone}),
            'row with number': lambda contact: self.env['sms.sms'].create({
                'body': "Neu", 'number': contact.phone_sanitized}),
        }, self.granted)

    def test_mail_below_all_gates_needs_the_consent(self):
        Mail = self.env['mail.mail']
        self._check({
            'contact': lambda contact: Mail.create(self._mail_values(contact)),
            'set': lambda contact: Mail.create(self._mail_values(
                contact, recipient_ids=[Command.set(contact.ids)])),
            'ids': lambda contact: Mail.create(self._mail_values(
                contact, recipient_ids=contact.ids)),
            'address': lambda contact: Mail.create({'email_to': contact.email_formatted}),
            'copy': lambda contact: Mail.create({'email_cc': contact.email}),
            'calls itself a comment': lambda contact: Mail.create(
                self._mail_values(contact, message_type='comment')),
            'about the contact': lambda contact: Mail.create(
                self._mail_values(contact, model='res.partner', res_id=contact.id)),
        }, self.granted)

    def test_mail_that_was_not_made_does_not_disturb_its_caller(self):
        mails = self.env['mail.mail'].create(
            [self._mail_values(contact) for contact in self.contacts])
        self.assertEqual(
            [mail.recipient_ids for mail in mails], [self.granted] + [self.granted.browse()] * 2)
        self.assertEqual(mails.mapped('state'), ['outgoing', 'cancel', 'cancel'])
        with self.mock_mail_gateway():
            mails.send()
        self.assertEqual([mail['email_to'] for mail in self._mails],
                         [[self.granted.email_formatted]])
        self.assertFalse(self.template.send_mail(self.refused.id))
        self.assertTrue(self.template.send_mail(self.granted.id))

    def test_one_mail_to_several_reaches_those_who_agreed(self):
        mail = self.env['mail.mail'].create({
            'recipient_ids': self.contacts.ids,
            'email_to': f'{self.refused.email}, fremd@anderswo.example'})
        self.assertEqual(mail.recipient_ids, self.granted)
        self.assertEqual(mail.email_to, 'fremd@anderswo.example')

    def test_prospects_are_known_and_strangers_are_not(self):
        """Whom the shop does not know at all is no customer: a report to the provider leaves."""
        self._create_mailing_contacts('interessent@leser.example')
        mails = self.env['mail.mail'].create([
            {'email_to': email} for email in ('interessent@leser.example', 'it@provider.example')])
        self.assertEqual(mails.filtered('id').mapped('email_to'), ['it@provider.example'])

    def test_context_and_values_of_a_remote_caller_open_nothing(self):
        admin = self.env.ref('base.user_admin')
        for context in (
            {'dsgvo_origin': ['duty', '', '', 0, True, False]},
            {'dsgvo_origin': {'kind': 'duty', 'by_hand': True}},
            {'default_dsgvo_kind': 'duty'},
            {'dsgvo_kind': 'duty'},
        ):
            Mail = self.env['mail.mail'].with_user(admin).with_context(**context)
            self.assertFalse(self._reached(
                lambda contact, c=context: self.template.with_user(admin).with_context(
                    **c).send_mail(contact.id, email_values={'dsgvo_kind': 'duty'}),
                self.refused))
            for values in ({}, {'dsgvo_kind': 'duty'}):
                with self.subTest(context=context, values=values):
                    self.assertFalse(self._reached(
                        lambda contact, m=Mail, v=values: m.create(
                            self._mail_values(contact, **v)), self.refused))

    def test_second_address_of_a_contact_is_that_contact(self):
        for consent, reached in ('refused', False), ('granted', True):
            customer = self._create_customer(
                name="Zwei", email=f'a@{consent}.example, b@{consent}.example')
            customer.consent_marketing = consent
            mail = self.env['mail.mail'].create({'email_to': f'b@{consent}.example'})
            self.assertEqual(mail.exists().state == 'outgoing', reached, consent)

    def test_employees_and_the_shop_itself_are_always_told(self):
        colleague = self.user_marketing.partner_id
        shop = self.env.company.partner_id
        shop.email = 'laden@shop.example'
        self.assertEqual(
            self._reached(lambda contact: self.template.send_mail(contact.id), colleague | shop),
            colleague | shop)
        self.assertEqual(
            self._reached(lambda contact: self.env['mail.mail'].create(
                {'email_to': contact.email}), colleague | shop), colleague | shop)

    def test_portal_login_is_a_customer(self):
        login = self.env['res.users'].with_context(no_reset_password=True).create({
            'login': 'ulla', 'partner_id': self.unasked.id,
            'group_ids': [Command.set(self.env.ref('base.group_portal').ids)]})
        self.assertFalse(self._reached(
            lambda contact: self.template.send_mail(contact.id), self.unasked))
        for send in (
            login.action_reset_password,
            lambda: login._notify_security_setting_update("Neu", "Neu"),
        ):
            with self.mock_mail_gateway():
                send()
            self.assertIn('ulla@leser.example', self._mails[0]['email_to'][0])

    def test_blocked_address_gets_no_advertising_even_beside_another_one(self):
        self.granted.email = 'gretel@leser.example, gretel@arbeit.example'
        self.env['mail.blacklist'].with_context(dsgvo_no_decision=NO_DECISION).create(
            {'email': 'gretel@arbeit.example'})
        self.granted.consent_marketing = 'granted'
        self.assertFalse(self._reached(
            lambda contact: self.template.send_mail(contact.id), self.granted))

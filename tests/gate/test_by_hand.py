from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import GateCommon

NEWS = "Neu"


@tagged('post_install', '-at_install')
class TestByHand(GateCommon):
    """What a person writes to one customer is not stopped."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_marketing.group_ids += cls.env.ref('base.group_partner_manager')
        cls.admin = cls.env.ref('base.user_admin')
        cls.admin.email = 'admin@shop.example'

    def test_letter_to_one_customer_leaves(self):
        def compose(contact, **values):
            composer = Form(self.env['mail.compose.message'].with_user(
                self.user_marketing).with_context(
                    default_model='res.partner', default_res_ids=contact.ids,
                    default_partner_ids=contact.ids, **values))
            composer.subject = composer.body = "Ihre Frage"
            composer.save().action_send_mail()

        ways = {
            'chatter': lambda contact: contact.with_user(self.user_marketing).message_post(
                body=NEWS, message_type='comment', subtype_xmlid='mail.mt_comment',
                partner_ids=contact.ids),
            'composer': compose,
            'composer with template': lambda contact: compose(
                contact, default_template_id=self.template.id),
            'composer in mass mode': lambda contact: compose(
                contact, default_composition_mode='mass_mail'),
            'SMS': lambda contact: self.env['sms.composer'].with_user(self.user_marketing).create({
                'composition_mode': 'comment', 'res_model': 'res.partner', 'res_id': contact.id,
                'body': "Ihre Frage"}).action_send_sms(),
            'for later': lambda contact: self.env['mail.scheduled.message'].with_user(
                self.user_marketing).create({
                    'model': 'res.partner', 'res_id': contact.id, 'body': NEWS,
                    'partner_ids': contact.ids, 'author_id': self.user_marketing.partner_id.id,
                    'scheduled_date': fields.Datetime.now(),
                    'notification_parameters': '{"message_type": "comment"}',
                }).with_user(self.env.ref('base.user_root'))._post_messages_cron(),
            'follower': lambda contact: self.env['mail.followers.edit'].with_user(
                self.user_marketing).create({
                    'res_model': 'res.partner', 'res_ids': repr(self.customer.ids),
                    'partner_ids': contact.ids, 'notify': True, 'message': "Für Sie",
                }).edit_followers(),
        }
        for name, send in ways.items():
            with self.subTest(way=name):
                self.assertEqual(self._reached(send), self.contacts)

    def test_answer_to_a_mail_that_came_in_is_passed_on(self):
        self.assertEqual(self._reached(lambda contact: self.customer.message_post(
            body=NEWS, message_type='email', subtype_xmlid='mail.mt_comment',
            partner_ids=contact.ids)), self.contacts)

    def test_one_message_to_several_customers_is_no_letter(self):
        self.assertEqual(self._reached(lambda contact: self.customer.message_post(
            body=NEWS, message_type='comment', subtype_xmlid='mail.mt_comment',
            partner_ids=(self.customer | self.contacts).ids), self.customer | self.contacts),
            self.customer | self.granted)

    def test_one_message_to_several_who_are_no_customers_of_the_document_is_no_letter(self):
        """Followers, recipients of the composer, mentions: whatever the document is."""
        order = self.env['sale.order'].create({'partner_id': self.customer.id})
        channel = self.env['discuss.channel'].with_user(self.admin)._create_channel(
            name="Lesekreis", group_id=None)
        channel._add_members(partners=self.contacts)
        product = self.env['product.template'].create({'name': "Buch"})
        product.message_subscribe(self.contacts.ids)

        def comment(document, **values):
            document.with_user(self.admin).message_post(
                body=NEWS, message_type='comment', subtype_xmlid='mail.mt_comment', **values)

        def compose(document):
            self.env['mail.compose.message'].with_user(self.admin).create({
                'model': document._name, 'res_ids': repr(document.ids), 'body': NEWS,
                'composition_mode': 'comment', 'partner_ids': self.contacts.ids,
            }).action_send_mail()

        def invite(document):
            self.env['mail.followers.edit'].with_user(self.admin).create({
                'res_model': document._name, 'res_ids': repr(document.ids), 'notify': True,
                'partner_ids': self.contacts.ids, 'message': NEWS}).edit_followers()

        for name, send in {
            'order': lambda: comment(order, partner_ids=self.contacts.ids),
            'composer': lambda: compose(order),
            'composer on a product': lambda: compose(product),
            'chatter with followers': lambda: comment(product),
            'invitation': lambda: invite(self.env['product.template'].create({'name': "Buch"})),
            'channel': lambda: comment(channel, partner_ids=self.contacts.ids),
            'answer by e-mail': lambda: product.message_post(
                body=NEWS, message_type='email', subtype_xmlid='mail.mt_comment'),
        }.items():
            with self.subTest(way=name):
                self.assertEqual(self._reached(lambda contacts, s=send: s()), self.granted)

    def _listen(self):
        """Return the list of `(user, text)` of what users are told from now on."""
        told = []
        self.patch(self.registry['res.users'], '_bus_send', lambda user, kind, values, **kwargs:
                   kind == 'simple_notification' and told.append((user, values['message'])))
        return told

    def _comment(self, user, **values):
        """Write to several customers who follow a document that is none of theirs."""
        product = self.env['product.template'].create({'name': "Buch"})
        product.message_subscribe(self.contacts.ids)
        return product.with_user(user).message_post(**{
            'body': NEWS, 'message_type': 'comment', 'subtype_xmlid': 'mail.mt_comment'} | values)

    def _noted(self, message):
        # sudo: mail.notification - looking at what the chatter shows
        return {(note.res_partner_id, note.notification_status, note.failure_type)
                for note in message.sudo().notification_ids if note.res_partner_id.partner_share
                and note.notification_status == 'canceled'}

    def test_author_hears_who_did_not_get_a_comment_and_why(self):
        told = self._listen()
        message = self._comment(self.admin)
        self.assertEqual(self._noted(message), {
            (contact, 'canceled', 'mail_optout') for contact in self.refused | self.unasked})
        [(user, text)] = told
        self.assertEqual(user, self.admin)
        self.assertIn("Rudolf, Ulla did not get this message", text)
        self.assertNotIn("Gretel", text)
        self.assertNotIn("@", text)

    def test_author_hears_of_addresses_without_a_name(self):
        told = self._listen()
        address = self.refused[:1].create(
            {'parent_id': self.refused[:1].id, 'type': 'delivery', 'street': "Weg 1"})
        product = self.env['product.template'].create({'name': "Buch"})
        product.message_subscribe((self.contacts | address).ids)
        product.with_user(self.admin).message_post(
            body=NEWS, message_type='comment', subtype_xmlid='mail.mt_comment')
        self.assertIn(address.display_name, told[0][1])

    def test_author_who_is_no_employee_hears_nothing_of_others(self):
        told = self._listen()
        portal = new_test_user(self.env, 'portal_author', groups='base.group_portal')
        product = self.env['product.template'].create({'name': "Buch"})
        product.message_subscribe(self.contacts.ids)
        product.with_user(portal).sudo().message_post(
            body=NEWS, message_type='comment', subtype_xmlid='mail.mt_comment',
            author_id=portal.partner_id.id)
        self.assertEqual(told, [])

    def test_nothing_is_noted_of_what_odoo_sends_by_itself(self):
        told = self._listen()
        message = self._comment(self.admin, message_type='notification')
        self.assertEqual((self._noted(message), told), (set(), []))

    def test_comment_for_later_reaches_who_agrees_meanwhile(self):
        message = self._comment(
            self.admin, scheduled_date=fields.Datetime.add(fields.Datetime.now(), hours=1))
        self.assertEqual(self._noted(message), set())
        self.unasked.consent_marketing = 'granted'
        # sudo: mail.message.schedule - what the job does
        self.env['mail.message.schedule'].sudo().search(
            [('mail_message_id', '=', message.id)])._send_notifications()
        self.assertEqual(self._noted(message), {(self.refused, 'canceled', 'mail_optout')})
        self.assertIn(self.unasked, message.sudo().notified_partner_ids)

    def test_customers_of_one_document_are_written_to_with_a_copy(self):
        order = self.env['sale.order'].create({'partner_id': self.refused.id})
        colleague = self._create_customer(
            name="Kollege", email='kollege@leser.example', parent_id=self.refused.id)
        told = self.refused | colleague | self.unasked
        self.assertEqual(self._reached(lambda contact: order.message_post(
            body=NEWS, message_type='comment', subtype_xmlid='mail.mt_comment',
            partner_ids=told.ids), told), told)

    def test_persons_of_a_collective_account_are_no_colleagues(self):
        account = self._create_customer(name="Ladenkunden", is_company=True, email=False)
        people = self.env['res.partner'].create([
            {'name': f"Kundin Nummer {number}", 'email': f'nr{number}@leser.example',
             'phone': f'+49 30 90182{number}', 'parent_id': account.id, 'type': 'other'}
            for number in range(3)])
        people[0].consent_marketing = 'granted'
        self.assertEqual(self._reached(lambda contact: account.message_post(
            body=NEWS, message_type='comment', subtype_xmlid='mail.mt_comment',
            partner_ids=people.ids), people), people[0])

    def test_answer_to_who_wrote_to_the_document_leaves_with_a_copy(self):
        document = self.env['mailing.contact'].create(
            {'name': "Nora", 'email': self.refused.email})
        told = self.refused | self.unasked
        self.assertEqual(self._reached(lambda contact: document.message_post(
            body=NEWS, message_type='comment', subtype_xmlid='mail.mt_comment',
            partner_ids=told.ids), told), told)

    def test_invoice_by_hand_leaves_with_all_its_copies(self):
        invoice = self.env['account.move'].create({
            'move_type': 'out_invoice', 'partner_id': self.refused.id})
        send = self.env['account.move.send'].with_user(self.admin)
        self.assertEqual(self._reached(lambda contact: send._send_mail(
            invoice, self.env['mail.template'], partner_ids=self.contacts.ids,
            body="Rechnung", subtype_id=self.env.ref('mail.mt_comment').id), self.contacts),
            self.contacts)

    def test_chatter_to_one_customer_takes_no_query_of_the_gate(self):
        order = self.env['sale.order'].create({'partner_id': self.refused.id})
        message = order.message_post(body=NEWS)
        recipients = [{'id': self.refused.id, 'share': True, 'email_normalized': 'x'}]
        with self.assertQueryCount(0):
            order._dsgvo_permitted_recipients(recipients, message, {'message_type': 'comment'})

    def test_one_who_is_invited_to_a_channel_alone_is_written_to(self):
        channel = self.env['discuss.channel'].with_user(self.admin).create(
            {'name': "Lesekreis", 'channel_type': 'group'})
        self.assertEqual(self._reached(
            lambda contact: channel.invite_by_email([contact.email])), self.contacts)

    def test_several_who_are_invited_to_a_channel_must_agree_and_the_user_is_told(self):
        channel = self.env['discuss.channel'].with_user(self.admin).create(
            {'name': "Lesekreis", 'channel_type': 'group'})
        told = []
        self.patch(self.registry['res.users'], '_bus_send',
                   lambda user, kind, values, **kwargs: told.append(values.get('message')))
        emails = [*self.contacts.mapped('email'), 'fremd@anderswo.example']
        self.assertEqual(self._reached(
            lambda contact: channel.invite_by_email(emails), self.contacts), self.granted)
        # sudo: mail.mail - looking at the queue
        self.assertTrue(self.env['mail.mail'].sudo().search(
            [('email_to', '=', 'fremd@anderswo.example')]))
        self.assertIn("rudolf@leser.example, ulla@leser.example", " ".join(filter(None, told)))

    def test_members_of_a_channel_do_not_count_as_invited(self):
        channel = self.env['discuss.channel'].with_user(self.admin).create(
            {'name': "Lesekreis", 'channel_type': 'group'})
        channel._add_members(partners=self.granted | self.unasked)
        told = self._listen()
        self.assertEqual(self._reached(lambda contact: channel.invite_by_email(
            self.contacts.mapped('email')), self.contacts), self.refused)
        self.assertEqual(told, [])

    def test_who_may_not_invite_hears_nothing_of_customers(self):
        channel = self.env['discuss.channel'].with_user(self.admin).create(
            {'name': "Lesekreis", 'channel_type': 'group'})
        told = self._listen()
        portal = new_test_user(self.env, 'portal_inviter', groups='base.group_portal')
        with self.assertRaises(AccessError):
            channel.with_user(portal).invite_by_email(self.contacts.mapped('email'))
        self.assertEqual(told, [])

    def test_template_to_several_about_one_record_is_no_letter(self):
        several = self.customer | self.contacts
        for values in (
            {'partner_to': ','.join(map(str, several.ids))},
            {'email_to': ','.join(several.mapped('email'))},
            {'partner_to': str(self.customer.id), 'email_cc': ','.join(
                self.contacts.mapped('email'))},
        ):
            template = self.template.copy({'partner_to': False} | values)
            for mode in ('mass_mail', 'comment'):
                with self.subTest(mode=mode, **values):
                    self.assertEqual(self._reached(lambda contact, t=template, m=mode: self.env[
                        'mail.compose.message'].with_user(self.admin).create({
                            'composition_mode': m, 'model': 'res.partner', 'subject': NEWS,
                            'res_ids': repr(self.customer.ids), 'body': NEWS,
                            'template_id': t.id}).action_send_mail(), several) & self.contacts,
                        self.granted)

    def test_mail_to_several_by_the_number_of_a_comment_is_no_letter(self):
        comment = self.customer.message_post(body=NEWS, message_type='comment')
        self.assertEqual(self._reached(lambda contact: self.env['mail.mail'].with_user(
            self.admin).create({
                'mail_message_id': comment.id, 'body_html': NEWS,
                'email_to': ','.join(self.contacts.mapped('email'))}), self.contacts),
            self.granted)

    def test_document_is_shared_with_one_or_with_who_agreed_and_the_user_is_told(self):
        order = self.env['sale.order'].create({'partner_id': self.customer.id})
        told = self._listen()

        def share(contacts):
            self.env['portal.share'].with_user(self.admin).create({
                'res_model': order._name, 'res_id': order.id, 'note': NEWS,
                'partner_ids': [Command.set(contacts.ids)]}).action_send_mail()

        several = self.customer | self.contacts
        self.assertEqual(self._reached(share), self.contacts)
        self.assertEqual(told, [])
        self.assertEqual(
            self._reached(lambda contact: share(several), several), self.customer | self.granted)
        self.assertIn("Rudolf, Ulla did not get", told[0][1])

    def test_several_typed_numbers_are_no_letter(self):
        self.assertEqual(self._reached(lambda contact: self.env['sms.composer'].create({
            'composition_mode': 'numbers', 'body': "Lesung",
            'numbers': ','.join(self.contacts.mapped('phone_sanitized'))}).action_send_sms(),
            self.contacts), self.granted)

    def test_mailing_test_reaches_no_customer(self):
        wizard = self.env['mailing.mailing.test'].with_user(self.user_marketing).create({
            'mass_mailing_id': self._create_mailing(self.contacts).id,
            'email_to': '\n'.join([*self.contacts.mapped('email'), 'test@shop.example'])})
        with self.mock_mail_gateway():
            wizard.send_mail_test()
        self.assertEqual(sorted(mail['email_to'][0] for mail in self._mails),
                         [self.granted.email, 'test@shop.example'])

from ast import literal_eval
from contextlib import closing
from urllib.parse import urlencode

from odoo.fields import Command
from odoo.http import Request
from odoo.service.model import call_kw
from odoo.tests import HttpCase, tagged

from odoo.addons.dsgvo.models.marketing.res_partner import NO_DECISION

from .common import MarketingCommon


@tagged('post_install', '-at_install')
class TestUnsubscribe(MarketingCommon):
    def _assert_last_event(self, contact, decision, means):
        self.assertEqual(contact.consent_marketing, 'refused')
        self.assertRecordValues(contact.consent_event_ids.sorted('id')[-1], [
            {'purpose': 'marketing', 'decision': decision, 'means': means}])

    def _as_public(self, model):
        # sudo: the routes of unsubscribe links run so
        return self.env[model].with_user(self.env.ref('base.public_user')).sudo()

    def test_blocking_an_address_refuses_marketing(self):
        self._as_public('mail.blacklist')._add("Gretel <GRETEL@leser.example>")
        self._assert_last_event(self.granted, 'withdrawn', 'email')
        self._as_public('mail.blacklist')._add(self.unasked.email)
        self._assert_last_event(self.unasked, 'refused', 'email')
        self._as_public('mail.blacklist')._add(self.refused.email)
        self.assertEqual(len(self.refused.consent_event_ids), 1)

    def test_all_persons_with_the_address_refuse(self):
        spouse = self._create_customer(name="Hans", email="Hans <gretel@leser.example>")
        archived = self._create_customer(name="Alt", email=self.granted.email)
        archived.consent_marketing = 'granted'
        archived.active = False
        self._as_public('mail.blacklist')._add(self.granted.email)
        for contact, decision in [
                (self.granted, 'withdrawn'), (spouse, 'refused'), (archived, 'withdrawn')]:
            self._assert_last_event(contact, decision, 'email')

    def _create_sharing(self, count, **values):
        return self.env['res.partner'].create([
            {'name': f"Kundin {number}"} | values for number in range(count)])

    def test_objection_at_an_address_of_many_is_clarified_and_not_recorded(self):
        for channel, value in ('email', 'keine@laden.example'), ('phone', '+49 30 1111111'):
            with self.subTest(channel=channel):
                many = self._create_sharing(4, **{channel: value})
                many[0].consent_marketing = 'granted'
                many[1].consent_marketing = 'refused'
                if channel == 'email':
                    self._as_public('mail.blacklist')._add(value)
                else:
                    self._as_public('phone.blacklist').add(value)
                self.assertEqual(
                    many.mapped('consent_marketing'), ['granted', 'refused', False, False])
                today = self.env.company._dsgvo_today()
                self.assertEqual(
                    many.mapped('dsgvo_objected_on'), [today, False, today, today])
                action = self.env.ref('dsgvo.res_partner_action_objections')
                self.assertEqual(
                    self.env['res.partner'].with_user(self.clerk).search(
                        literal_eval(action.domain)), many - many[1])
                many[0].with_user(self.clerk).consent_marketing = False
                many[2].with_user(self.clerk).consent_marketing = 'granted'
                self.assertEqual(
                    many.mapped('dsgvo_objected_on'), [False, False, False, today])
                many.dsgvo_objected_on = False

    def test_officers_are_told_of_an_objection_to_clarify_once_and_without_the_address(self):
        self._create_sharing(4, email='keine@laden.example')
        for _objection in range(2):
            self._as_public('mail.blacklist')._add('keine@laden.example')
        activities = self.env['mail.activity'].sudo().search([
            ('activity_type_id', '=', self.env.ref('dsgvo.activity_type_objection').id),
            ('user_id', '=', self.officer.id)])
        self.assertRecordValues(activities, [{
            'summary': "Find out who objected", 'res_model': 'dsgvo.reminder',
            'res_id': self.officer.company_id.sudo().dsgvo_reminder_ids.id}])
        self.assertNotIn('keine@', activities.note)
        self.assertIn(
            f'/odoo/action-{self.env.ref("dsgvo.res_partner_action_objections").id}',
            activities.note)

    def test_reminder_goes_when_the_last_objection_is_clarified(self):
        many = self._create_sharing(4, email='keine@laden.example')
        self._as_public('mail.blacklist')._add('keine@laden.example')
        topics = self.env['dsgvo.reminder'].sudo().search(
            [('topic', '=', "Find out who objected")])
        many[1:].with_user(self.clerk).consent_marketing = 'refused'
        self.assertTrue(topics.exists())
        many[0].unlink()
        self.assertFalse(topics.exists())

    def test_doubles_of_one_person_are_not_many(self):
        doubles = self._create_sharing(2, email='ute@laden.example') | self.env[
            'res.partner'].create([{'name': name, 'email': 'ute@laden.example'}
                                   for name in ("Ute Berg", "Berg, Ute", "ute  berg")])
        self._as_public('mail.blacklist')._add('ute@laden.example')
        self.assertEqual(set(doubles.mapped('consent_marketing')), {'refused'})
        self.assertFalse(any(doubles.mapped('dsgvo_objected_on')))

    def test_address_of_its_own_among_the_shared_ones_decides(self):
        many = self._create_sharing(4, email='keine@laden.example')
        many[0].phone = '+49 30 2222222'
        self.env['res.partner']._dsgvo_refuse_marketing(
            emails=['keine@laden.example'], numbers=['+49302222222'])
        self.assertEqual(many.mapped('consent_marketing'), ['refused', False, False, False])

    def test_any_address_of_a_contact_is_found(self):
        germany = self.env.ref('base.de').id
        for values, address, number in [
            ({'email': "Gretel <a@x.example>, B@y.example"}, 'b@y.example', None),
            ({'email': "a@x.example; Gretel <b@y.example>"}, 'b@y.example', None),
            ({'email': "Gretel <A@x.example>"}, 'a@x.example', None),
            ({'phone': "030/4567 / 0171/4567890"}, None, '+491714567890'),
            ({'phone': "0171 4567890 oder +43 1 5881000"}, None, '+4315881000'),
            ({'phone': "+49 (0)171 4567890"}, None, '+491714567890'),
        ]:
            for where in ('contact', 'address'):
                with (self.subTest(values=values, where=where),
                      self.env.cr.savepoint() as savepoint):
                    values = {'email': False, 'phone': False, 'country_id': germany} | values
                    customer = self._create_customer(**(values if where == 'contact' else {}))
                    customer.consent_marketing = 'granted'
                    if where == 'address':
                        self._create_customer(parent_id=customer.id, type='other', **values)
                    if address:
                        self._as_public('mail.blacklist')._add(address)
                    else:
                        self._as_public('phone.blacklist').add(number)
                    self._assert_last_event(
                        customer, 'withdrawn', 'email' if address else 'system')
                    self.assertEqual(self.granted.consent_marketing, 'granted')
                    savepoint.rollback()
                    self.env.invalidate_all()

    def test_number_of_another_country_is_another_number(self):
        french = self._create_customer(
            phone="0145678901; 0151 12345678", country_id=self.env.ref('base.fr').id)
        self._as_public('phone.blacklist').add('+4915112345678')
        self.assertFalse(french.consent_marketing)

    def test_search_by_addresses_uses_the_indexes(self):
        """Of contacts with several addresses; the others are found by Odoo's columns."""
        self.env.cr.execute(
            "SELECT count(*) FROM pg_indexes WHERE tablename = 'res_partner'"
            " AND indexname LIKE '%dsgvo_several_%' AND indexdef LIKE '%USING gin%'")
        self.assertEqual(self.env.cr.fetchone()[0], 2)

    def test_objection_of_an_address_of_nobody_is_known_when_it_comes(self):
        mailing_contact = self._create_mailing_contacts(
            'neu@leser.example', list_ids=[Command.set(
                self.env['mailing.list'].create({'name': "Krimis"}).ids)])
        ways = {
            'list': lambda: mailing_contact.subscription_ids.write({'opt_out': True}),
            'e-mail': lambda: self._as_public('mail.blacklist')._add('neu@leser.example'),
            'number': lambda: self._as_public('phone.blacklist').add('+49 30 4567890'),
        }
        for way, object_to in ways.items():
            with self.subTest(way=way), self.env.cr.savepoint() as savepoint:
                object_to()
                columns = ['name', 'email', 'phone', 'consent_marketing', 'consent_date']
                line = ["Neu", 'neu@leser.example', '+49 30 4567890', 'granted', '2020-01-01']
                result = self.env['res.partner'].with_user(self.clerk).load(columns, [line])
                self.assertIn("is from before", result['messages'][0]['message'])
                today = str(self.env.company._dsgvo_today())
                result = self.env['res.partner'].with_user(self.clerk).load(
                    columns, [[*line[:3], '', ''], [*line[:4], today]])
                self.assertRecordValues(self.env['res.partner'].browse(result['ids']), [
                    {'consent_marketing': False, 'dsgvo_suppressed_reason': 'objected'},
                    {'consent_marketing': 'granted', 'dsgvo_suppressed_reason': False}])
                savepoint.rollback()
                self.env.invalidate_all()

    def test_bounce_of_an_address_of_nobody_is_no_objection(self):
        bounced = self.env['mail.blacklist'].with_context(dsgvo_no_decision=NO_DECISION)
        bounced._add('neu@leser.example')
        newcomer = self._create_customer(email='neu@leser.example')
        self.assertFalse(newcomer.dsgvo_suppressed_since)

    def test_remote_caller_cannot_block_an_address_without_a_refusal(self):
        for value in True, 1, "x", [1], {'a': 1}:
            with self.subTest(value), closing(self.env.cr.savepoint()):
                call_kw(
                    self.env['mail.blacklist'].with_user(self.user_marketing), 'create',
                    [{'email': self.granted.email}], {'context': {'dsgvo_no_decision': value}})
                self._assert_last_event(self.granted, 'withdrawn', 'system')
            self.env.invalidate_all()

    def test_blocking_in_the_backend(self):
        entries = self.env['mail.blacklist'].create([
            {'email': self.granted.email, 'active': False}, {'email': self.unasked.email}])
        self.assertEqual(self.granted.consent_marketing, 'granted')
        self._assert_last_event(self.unasked, 'refused', 'system')
        entries.active = True
        self._assert_last_event(self.granted, 'withdrawn', 'system')

    def test_blocking_a_number_refuses_marketing(self):
        self._as_public('phone.blacklist').add('+49 (30) 90182-0')
        self._assert_last_event(self.granted, 'withdrawn', 'system')
        self.assertFalse(self.unasked.consent_marketing)

    def test_leaving_a_list_refuses_marketing(self):
        lists = self.env['mailing.list'].create([{'name': "Krimis"}, {'name': "Reise"}])
        contacts = self._create_mailing_contacts(
            self.granted.email, self.unasked.email, list_ids=[Command.set(lists.ids)])
        self._as_public('mailing.list').browse(lists[0].id)._update_subscription_from_email(
            self.granted.email, opt_out=True)
        self._assert_last_event(self.granted, 'withdrawn', 'email')
        mailing = self._create_mailing(
            lists, contact_list_ids=[Command.set(lists[1].ids)],
            mailing_domain=repr([('list_ids', 'in', lists[1].ids)]))
        self.assertFalse(mailing._get_recipients())
        contacts[1].subscription_ids[0].opt_out = True
        self._assert_last_event(self.unasked, 'refused', 'system')

    def test_joining_a_list_is_no_consent(self):
        mailing_list = self.env['mailing.list'].create({'name': "Krimis", 'is_public': True})
        self._create_mailing_contacts(self.unasked.email)
        mailing_list._update_subscription_from_email(self.unasked.email, opt_out=False)
        self.assertFalse(self.unasked.consent_marketing)

    def test_consent_does_not_unblock_and_unblocking_is_no_consent(self):
        Blacklist = self._as_public('mail.blacklist')
        entry = Blacklist._add(self.granted.email)
        self.granted.consent_marketing = 'granted'
        self.assertTrue(entry.active)
        Blacklist._add(self.granted.email)
        self.assertEqual(self.granted.consent_marketing, 'refused')
        Blacklist._remove(self.granted.email)
        self.assertEqual(self.granted.consent_marketing, 'refused')

    def test_bounces_are_no_decision(self):
        mailing = self._create_mailing(self.granted)
        traces = self.env['mailing.trace'].create([{
            'mass_mailing_id': mailing.id, 'model': 'res.partner', 'res_id': self.granted.id,
            'email': self.granted.email, 'trace_status': 'bounce'} for _bounce in range(5)])
        self.granted.message_bounce = 5
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mailing_trace SET write_date = now() - interval '20 days' WHERE id = %s",
            [traces[0].id])
        self.env.invalidate_all()
        self.env['mail.thread']._routing_handle_bounce(None, {
            'bounced_email': self.granted.email, 'bounced_partner': self.granted,
            'bounced_msg_ids': [], 'bounced_message': self.env['mail.message'],
            'email_from': "mailer-daemon@leser.example", 'to': "", 'message_id': "", 'body': ""})
        self.assertTrue(self.granted.is_blacklisted)
        self.assertEqual(self.granted.consent_marketing, 'granted')


@tagged('post_install', '-at_install')
class TestUnsubscribeLink(MarketingCommon, HttpCase):
    def test_opening_the_link_decides_nothing_pressing_its_button_does(self):
        """Scanners of mail servers open every link."""
        mailing = self._create_mailing(self.granted)
        email = self.granted.email_normalized
        link = mailing._get_unsubscribe_url(email, self.granted.id)
        self.assertIn("/confirm_unsubscribe?", link)
        self.assertEqual(self.url_open(link).status_code, 200)
        self.assertEqual(self.granted.consent_marketing, 'granted')

        self.authenticate(None, None)
        answer = self.url_open('/mailing/confirm_unsubscribe', data={
            'mailing_id': mailing.id, 'document_id': self.granted.id, 'email': email,
            'hash_token': mailing._generate_mailing_recipient_token(self.granted.id, email),
            'csrf_token': Request.csrf_token(self)})
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.granted.consent_marketing, 'refused')
        self.assertEqual(self.granted.consent_event_ids[0].means, 'email')

    def test_link_of_older_mails_decides_nothing_and_shows_the_settings_afterwards(self):
        mailing = self._create_mailing(self.granted)
        email = self.granted.email_normalized
        link = mailing._get_unsubscribe_url(email, self.granted.id).replace(
            '/confirm_unsubscribe', '/unsubscribe')
        self.authenticate(None, None)
        self.assertIn('/mailing/confirm_unsubscribe', self.url_open(link).text)
        self.assertEqual(self.granted.consent_marketing, 'granted')
        self._as_public('mail.blacklist')._add(email)
        page = self.url_open(link).text
        self.assertIn("o_mailing_portal_subscription", page)
        self.assertIn("it is no", page)
        forged = self.url_open(link.replace('hash_token=', 'hash_token=x'))
        self.assertEqual(forged.status_code, 401)

    def test_link_of_an_sms_decides_nothing_sending_its_form_does(self):
        number = self.granted._phone_format(fname='phone', force_format='E164')
        trace = self.env['mailing.trace'].create({
            'trace_type': 'sms', 'sms_number': number, 'model': 'res.partner',
            'res_id': self.granted.id, 'mass_mailing_id': self._create_mailing(
                self.granted, mailing_type='sms').id})
        page = f'/sms/{trace.mass_mailing_id.id}/{trace.sms_code}'
        link = f'/sms/{trace.mass_mailing_id.id}/unsubscribe/{trace.sms_code}'
        self.authenticate(None, None)
        for url in page, link:
            with self.subTest(url):
                answer = self.url_open(f'{url}?{urlencode({"sms_number": number})}')
                self.assertIn('name="sms_number"', answer.text)
                self.assertEqual(self.granted.consent_marketing, 'granted')
        for url in page, link:
            with self.subTest(url):
                self.granted.consent_marketing = 'granted'
                answer = self.url_open(url, data={
                    'sms_number': number, 'csrf_token': Request.csrf_token(self)})
                self.assertEqual(answer.status_code, 200)
                self.env.invalidate_all()
                self.assertEqual(self.granted.consent_marketing, 'refused')
                self.env['phone.blacklist'].sudo().search([('number', '=', number)]).unlink()

    def test_one_click_decides_for_the_company_that_mailed(self):
        other = self.env['res.company'].create({'name': "Anderer Laden"})
        there = self.granted.with_company(other)
        there.consent_marketing = 'granted'
        mailing = self._create_mailing(self.granted)
        email = self.granted.email_normalized
        answer = self.url_open(
            mailing._get_unsubscribe_oneclick_url(email, self.granted.id), data={'List': 'One'})
        self.assertEqual(answer.status_code, 200)
        self.env.invalidate_all()
        self.assertEqual(
            (self.granted.consent_marketing, there.consent_marketing), ('refused', 'granted'))

    def _as_public(self, model):
        return self.env[model].with_user(self.env.ref('base.public_user')).sudo()

from itertools import product

from lxml import etree

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.mail.tools.discuss import Store

from ..common import DsgvoCommon


@tagged('post_install', '-at_install')
class TestFrozen(DsgvoCommon):
    """The anonymous customer, and whom only documents keep: nobody changes them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.restricted = cls._create_customer()
        cls.restricted.consent_storage = 'granted'
        cls.restricted.write({'active': False, 'dsgvo_restricted': True})
        cls.anonymous = cls.env.company.dsgvo_anonymous_partner_id

    def test_nothing_is_written_recorded_or_documented_and_the_reason_is_given(self):
        for contact, reason in (
                (self.anonymous, "anonymous customer"), (self.restricted, "was erased")):
            for user in self.clerk, self.officer:
                seen = contact.with_user(user)
                for way, change in {
                    'name': lambda seen=seen: seen.write({'name': "Neu"}),
                    'restore': lambda seen=seen: seen.write({'active': True}),
                    'consent': lambda seen=seen: seen.write({'consent_marketing': 'granted'}),
                    'withdrawal': lambda seen=seen: seen.write({'consent_storage': 'refused'}),
                    'button': lambda seen=seen: seen.action_dsgvo(),
                    'window': lambda seen=seen: seen.env['dsgvo.consent.record'].create({
                        'partner_ids': seen.ids, 'consent_marketing': 'granted'}).action_record(),
                }.items():
                    with self.subTest(reason=reason, user=user.login, way=way):
                        with self.assertRaises(UserError) as caught:
                            change()
                        self.assertIn(reason, str(caught.exception).replace(
                            "customer was erased", "was erased"))
                        self.assertNotIn("Restore", str(caught.exception))

    def test_no_user_enters_anything_or_puts_somebody_below(self):
        other = self._create_customer()
        values = {
            'child_ids': [Command.create({'name': "Neu", 'email': 'neu@quittenbaum.example'})],
            'category_id': [Command.create({'name': "Stammkunde"})],
            'country_id': self.env.ref('base.at').id, 'image_1920': False, 'lang': 'en_US',
            'user_id': self.clerk.id, 'notification_type': 'M', 'consent_date': '2026-01-01'}
        for contact, user in product(self.anonymous | self.restricted, self.clerk | self.officer):
            seen, below = contact.with_user(user), {'parent_id': contact.id}
            ways = {name: lambda name=name, seen=seen: seen.write({name: values[name]})
                    for name in values} | {
                'copy': seen.copy,
                'new address': lambda seen=seen, below=below: seen.create({'name': "Neu"} | below),
                'moved': lambda user=user, below=below: other.with_user(user).write(below)}
            for way, change in ways.items():
                with self.subTest(contact=contact.name, user=user.login, way=way), \
                        self.assertRaisesRegex(UserError, "anonymous customer|was erased"):
                    change()

    def test_documents_of_them_go_on_where_customers_may_sign_up(self):
        self.env['ir.config_parameter'].set_param('auth_signup.invitation_scope', 'b2c')
        self.restricted.email = self.anonymous.email = 'nobody@quittenbaum.example'
        book = self.env['product.product'].create(
            {'name': "Buch", 'type': 'consu', 'list_price': 9})
        for contact in self.anonymous | self.restricted:
            order = self.env['sale.order'].create({
                'partner_id': contact.id,
                'order_line': [Command.create({'product_id': book.id})]})
            with self.subTest(contact=contact.name):
                order.with_user(self.clerk).action_confirm()
                order.with_user(self.clerk).message_post(body=book.name)
                self.assertEqual(order.state, 'sale')
                # What the notification of a document asks for.
                contact.with_user(self.clerk).signup_get_auth_param()
                self.assertEqual(contact.signup_type, 'signup')

    def test_forms_are_read_only_and_say_who_it_is(self):
        for view in False, self.env.ref('dsgvo.res_partner_view_form_consents').id:
            arch = etree.fromstring(self.env['res.partner'].with_user(self.officer).get_view(
                view, 'form')['arch'])
            for node in arch.xpath("//field[not(ancestor::field)]"):
                name, readonly = node.get('name'), node.get('readonly')
                self.assertTrue(
                    readonly in ('1', 'True')
                    or (readonly or '').startswith('dsgvo_frozen_notice or')
                    or (not readonly and self.customer._fields[name].readonly), name)
                if name in ('dsgvo_erasure_notice', 'dsgvo_suppressed_since', 'dsgvo_objected_on',
                            'consent_expiry_date', 'dsgvo_event_count'):
                    self.assertIn(readonly, (None, '1', 'True'), name)
        self.assertIn("was erased", self.restricted.with_user(self.officer).dsgvo_frozen_notice)
        self.assertIn("anonymous", self.anonymous.with_user(self.clerk).dsgvo_frozen_notice)
        self.assertFalse(self.customer.dsgvo_frozen_notice)

    def test_nobody_is_locked_whom_no_erasure_reaches(self):
        erased = self._create_customer(active=False, dsgvo_erased=True)
        visitor = self.env.ref('base.public_partner')
        Lock = self.env['dsgvo.erasure.lock'].with_user(self.officer)
        for contact in self.anonymous | erased | visitor:
            with self.subTest(contact=contact.name), \
                    self.assertRaisesRegex(UserError, "cannot be locked"):
                Lock.create({'partner_id': contact.id, 'reason': "Streit"})
        lock = Lock.create({'partner_id': self.restricted.id, 'reason': "Streit"})
        with self.assertRaisesRegex(UserError, "cannot be locked"):
            lock.partner_id = self.anonymous

    def test_the_page_offers_no_erasure_of_who_is_frozen_and_a_lock_of_whom_documents_keep(self):
        arch = etree.fromstring(self.env['res.partner'].with_user(self.officer).get_view(
            False, 'form')['arch'])
        actions, = arch.xpath("//div[@name='dsgvo_erasure_actions']")
        request, = actions.xpath("button[@name='action_dsgvo_request']")
        for contact, offers, erases in (
                (self.anonymous, False, False), (self.restricted, True, False),
                (self.customer, True, True)):
            seen = {name: contact[name] for name in (
                'id', 'dsgvo_frozen_notice', 'dsgvo_restricted', 'dsgvo_can_take_back')}
            with self.subTest(contact=contact.name):
                self.assertEqual(not safe_eval(actions.get('invisible'), seen), offers)
                self.assertEqual(not safe_eval(request.get('invisible'), seen), erases)

    def test_windows_and_prints_refuse_at_once(self):
        report = self.env.ref('dsgvo.dsgvo_consent_form_report').with_user(self.officer)
        self.assertTrue(report.get_valid_action_reports('res.partner', self.customer.ids))
        for contact in self.anonymous | self.restricted:
            env = contact.with_user(self.officer).with_context(
                active_model='res.partner', active_id=contact.id, active_ids=contact.ids).env
            self.assertFalse(report.get_valid_action_reports('res.partner', contact.ids))
            for way, offer in {
                'record': lambda env=env: env['dsgvo.consent.record'].default_get(['partner_ids']),
                'withdraw': lambda env=env: env['dsgvo.consent.withdrawal'].default_get(
                    ['partner_id']),
                'form': lambda contact=contact, env=env: env[
                    'report.dsgvo.consent_form']._get_report_values(contact.ids),
            }.items():
                with self.subTest(contact=contact.name, way=way), \
                        self.assertRaisesRegex(UserError, "anonymous customer|was erased"):
                    offer()

    def test_no_user_writes_files_or_plans_anything_there(self):
        file = self.env['ir.attachment'].with_user(self.officer).create({'name': "Brief"})
        body = "Da"
        activity = self._create_customer().with_user(self.clerk).activity_schedule(
            summary="Anrufen")
        for contact, user in product(self.anonymous | self.restricted, self.clerk | self.officer):
            seen, place = contact.with_user(user), {
                'res_model': 'res.partner', 'res_id': contact.id}
            for way, change in {
                'message': lambda seen=seen: seen.message_post(body=body, message_type='comment'),
                'SMS': lambda seen=seen: seen.message_post(body=body, message_type='sms'),
                'screen': lambda seen=seen: seen._get_thread_with_access(seen.id, mode='write'),
                'file': lambda seen=seen, place=place: seen.env['ir.attachment'].create(
                    {'name': "Brief"} | place),
                'moved file': lambda user=user, place=place: file.with_user(
                    self.officer).write(place),
                'activity': lambda seen=seen: seen.activity_schedule(summary="Anrufen"),
                'moved activity': lambda user=user, place=place: activity.with_user(user).write(
                    {'res_id': place['res_id']}),
                'message from elsewhere': lambda seen=seen: seen.env['mail.message'].create({
                    'model': 'res.partner', 'res_id': seen.id, 'body': body,
                    'message_type': 'comment'}),
            }.items():
                with self.subTest(contact=contact.name, user=user.login, way=way), \
                        self.assertRaisesRegex(UserError, "anonymous customer|was erased"):
                    change()
        self.assertTrue(self.restricted.with_user(self.clerk).message_post(body=body))

    def test_the_screen_offers_neither_message_nor_file(self):
        for contact, writes in (self.restricted, False), (self.customer, True):
            store = Store()
            contact.with_user(self.officer)._thread_to_store(
                store, [], request_list=['attachments'])
            thread, = store.get_result()['mail.thread']
            self.assertEqual(thread['hasWriteAccess'], writes)

    def test_what_odoo_notes_is_written_by_no_user(self):
        notes = {
            'dsgvo_suppressed_since': '2026-01-01', 'dsgvo_suppressed_reason': 'erased',
            'dsgvo_objected_on': '2026-01-01', 'dsgvo_restricted': True, 'dsgvo_erased': True}
        for user in self.clerk, self.officer:
            with self.subTest(user=user.login):
                Partner = self.customer.with_user(user)
                self.customer.with_user(user).write(notes)
                for contact in self.customer, Partner.create({'name': "Neu"} | notes):
                    self.assertFalse(any(contact[name] for name in notes))


@tagged('post_install', '-at_install')
class TestForgotten(DsgvoCommon):
    def test_requests_are_looked_up_once_and_only_if_somebody_is_allowed_otherwise(self):
        agreed = self.customer | self._create_customer(name="Balduin Wacholder")
        never_asked = self._create_customer(name="Cäcilie Ahorn")
        agreed.consent_marketing = 'granted'
        (agreed | never_asked)._dsgvo_allows('marketing')  # fills the caches
        for contacts, statements in (never_asked, 0), (agreed, 1):
            with self.subTest(contacts=contacts), self.assertQueryCount(statements):
                self.assertEqual(len(contacts._dsgvo_allows('marketing')), 2 * statements)

    def test_no_advertising_from_the_request_on_and_messages_on_an_open_order_only(self):
        address = self._create_customer(parent_id=self.customer.id, type='delivery')
        people = self.customer | address
        self.customer.write({'consent_marketing': 'granted', 'consent_notification': 'granted'})
        self.env.company.dsgvo_grace_request = 7
        Erasure = self.env['dsgvo.erasure'].with_user(self.officer).sudo()
        Erasure._enqueue(self.customer, 'request', self.env.company)
        self.env.invalidate_all()
        self.assertIn("no advertising", self.customer.with_user(self.clerk).dsgvo_erasure_notice)
        for purpose in 'marketing', 'notification':
            self.assertFalse(people._dsgvo_allows(purpose))
            domain = people._dsgvo_allowed_domain(purpose)
            self.assertFalse(people.search([('id', 'in', people.ids), *domain]))
        order = self.env['sale.order'].create({
            'partner_id': self.customer.id, 'order_line': [Command.create({
                'product_id': self.env['product.product'].create(
                    {'name': "Buch", 'type': 'consu', 'list_price': 9}).id})]})
        order.action_confirm()
        self.assertEqual(people._dsgvo_allows('notification'), people)
        self.assertFalse(people._dsgvo_allows('marketing'))
        Erasure.search([('partner_id', '=', self.customer.id)]).unlink()
        self.assertEqual(people._dsgvo_allows('marketing'), people)

    def test_whoever_records_a_consent_after_the_request_reads_before_what_follows(self):
        for reason, warning, other in (
                ('request', "does not stop the erasure", "unless storage is granted"),
                ('withdrawal', "unless storage is granted", "does not stop the erasure")):
            customer = self._create_customer()
            self.env.company[f'dsgvo_grace_{reason}'] = 7
            self.env['dsgvo.erasure'].sudo()._enqueue(customer, reason, self.env.company)
            self.env.invalidate_all()
            window = self.env['dsgvo.consent.record'].with_user(self.clerk).new(
                {'partner_ids': customer.ids})
            page = customer.with_user(self.clerk)
            for notice in page.dsgvo_erasure_notice, window.erasure_notice:
                with self.subTest(reason=reason):
                    self.assertIn(warning, notice)
                    self.assertNotIn(other, notice)

    def test_the_notice_stands_above_the_page_and_in_the_window_of_the_badge(self):
        View = self.env['res.partner'].with_user(self.clerk)
        page = etree.fromstring(View.get_view(False, 'form')['arch'])
        self.assertTrue(page.xpath(
            "//sheet/preceding-sibling::div/field[@name='dsgvo_erasure_notice']"))
        window = etree.fromstring(View.get_view(
            self.env.ref('dsgvo.res_partner_view_form_consents').id, 'form')['arch'])
        self.assertTrue(window.xpath("//group/preceding-sibling::div[@name='dsgvo_erasure']"))

    def test_other_reasons_leave_the_consents_alone(self):
        self.customer.write({'consent_marketing': 'granted', 'consent_notification': 'granted'})
        self.env.company.dsgvo_grace_request = 7
        self.env['dsgvo.erasure'].sudo()._enqueue(self.customer, 'manual', self.env.company)
        for purpose in 'marketing', 'notification':
            self.assertEqual(self.customer._dsgvo_allows(purpose), self.customer)

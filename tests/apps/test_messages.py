from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import TransactionCase

NEWS = "Neu"


@tagged('post_install', '-at_install', '-standard')
class TestAppsMessages(TransactionCase):
    """What apps of Odoo send by themselves is held back without a consent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.email = 'laden@shop.example'
        cls.env.user.email = 'admin@shop.example'
        cls.agreed, cls.customer = cls.env['res.partner'].create([
            {'name': name, 'email': f'{name.lower()}@kunde.example', 'phone': number}
            for name, number in (("Gretel", '+49 30 901820'), ("Ulla", '+49 30 901821'))])
        cls.agreed.write({'consent_marketing': 'granted', 'consent_notification': 'granted'})

    def _made(self, send, *args):
        """Return the customers for whom `send` made something."""
        # sudo: mail.mail, sms.sms - looking at the queues
        queues = [self.env[name].sudo() for name in ('mail.mail', 'sms.sms')]
        last = [queue.search([], order='id desc', limit=1).id or 0 for queue in queues]
        self.patch(self.registry['mail.mail'], 'send', lambda *args, **kwargs: None)
        self.patch(self.registry['sms.sms'], 'send', lambda *args, **kwargs: None)
        send(*args)
        mails, texts = (
            queue.search([('id', '>', before)]) for queue, before in zip(queues, last, strict=True))
        addresses = " ".join(
            f"{mail.email_to} {mail.email_cc} {mail.recipient_ids.mapped('email')}"
            for mail in mails)
        return (self.agreed | self.customer).filtered(
            lambda contact: contact.email in addresses or contact in texts.partner_id
            or contact.phone_sanitized in texts.mapped('number'))

    def _check(self, send, without_consent=False):
        """Send to both, and compare with whom it must have reached."""
        expected = self.agreed | self.customer if without_consent else self.agreed
        self.assertEqual(self._made(send, self.agreed | self.customer), expected)

    def test_survey_invitation(self):
        survey = self.env['survey.survey'].create({'title': "Zufrieden?"})

        def invite(customers):
            self.env['survey.invite'].create({
                'survey_id': survey.id, 'partner_ids': customers.ids, 'subject': "Umfrage",
                'body': "Bitte", 'emails': 'ulla@kunde.example'}).action_invite()
        self._check(invite)

    def test_course_invitation_and_enrolment(self):
        template = self.env.ref('website_slides.mail_template_slide_channel_invite')
        for enroll in (False, True):
            channel = self.env['slide.channel'].create({
                'name': "Kurs", 'visibility': 'members', 'enroll': 'invite'})
            self._check(lambda customers, channel=channel, enroll=enroll: self.env[
                'slide.channel.invite'].create({
                    'channel_id': channel.id, 'partner_ids': customers.ids, 'subject': "Kurs",
                    'body': "Kurs", 'template_id': template.id, 'enroll_mode': enroll,
                }).action_invite())

    def test_coupons_and_points(self):
        template = self.env.ref('loyalty.mail_template_loyalty_card')
        program = self.env['loyalty.program'].create({
            'name': "Punkte", 'program_type': 'loyalty', 'communication_plan_ids': [
                Command.create({'trigger': 'create', 'mail_template_id': template.id}),
                Command.create({'trigger': 'points_reach', 'points': 5,
                                'mail_template_id': template.id})]})

        def create_cards(customers):
            return self.env['loyalty.card'].create([
                {'program_id': program.id, 'partner_id': customer.id} for customer in customers])
        self._check(create_cards)
        cards = self.env['loyalty.card'].search([('program_id', '=', program.id)])
        self._check(lambda customers: cards._send_points_reach_communication(
            {card: {'old': 0, 'new': 9} for card in cards}))

    def test_gift_card_leaves_if_it_was_bought(self):
        template = self.env.ref('loyalty.mail_template_gift_card')
        program = self.env['loyalty.program'].create({
            'name': "Gutschein", 'program_type': 'gift_card'})
        order = self.env['sale.order'].create({'partner_id': self.customer.id})
        for bought in (False, True):
            self._check(lambda customers, bought=bought: [template.send_mail(card.id)
                for card in self.env['loyalty.card'].create([
                    {'program_id': program.id, 'partner_id': customer.id,
                     'order_id': bought and order.id} for customer in customers])], bought)

    def _carts(self, customers, **values):
        website = self.env['website'].search([], limit=1)
        return self.env['sale.order'].create([
            {'partner_id': customer.id, 'website_id': website.id} | values
            for customer in customers])

    def test_abandoned_cart(self):
        self._check(lambda customers: self._carts(customers)._cart_recovery_email_send())

    def test_order_of_the_web_shop_is_confirmed_at_once_and_one_at_the_counter_is_not(self):
        def confirm(customers, **values):
            orders = self._carts(customers, **values)
            for order in orders:
                order._validate_order()
        self._check(confirm, without_consent=True)
        self._check(lambda customers: confirm(customers, website_id=False))

    def test_own_template_of_the_web_shop_confirms_as_well(self):
        template = self.env.ref('sale.mail_template_sale_confirmation').copy()
        website = self.env['website'].search([], limit=1)
        website.confirmation_email_template_id = template

        def confirm(customers):
            for order in self._carts(customers):
                order._send_order_confirmation_mail()
        self._check(confirm, without_consent=True)

    def test_order_of_the_web_shop_that_awaits_its_payment_is_confirmed(self):
        self._check(lambda customers: self._carts(
            customers, state='sent')._send_payment_succeeded_for_order_mail(), True)

    def test_back_in_stock(self):
        product = self.env['product.product'].create({
            'name': "Buch", 'type': 'consu', 'is_storable': False, 'is_published': True})

        def tell(customers):
            product.stock_notification_partner_ids = customers
            self.patch(self.registry['product.product'], '_is_sold_out', lambda self: False)
            product._send_availability_email()
        self._check(tell)

    def _registrations(self, customers):
        event = self.env['event.event'].create({
            'name': "Lesung", 'event_mail_ids': False,
            'date_begin': fields.Datetime.add(fields.Datetime.now(), days=1),
            'date_end': fields.Datetime.add(fields.Datetime.now(), days=2)})
        return self.env['event.registration'].create([
            {'event_id': event.id, 'partner_id': customer.id, 'name': customer.name,
             'email': customer.email, 'phone': customer.phone} for customer in customers])

    def test_event_confirmation_leaves_and_reminder_asks(self):
        for model, templates in {
            'mail': ('event.event_subscription', 'event.event_reminder'),
            'sms': ('event_sms.sms_template_data_event_registration',
                    'event_sms.sms_template_data_event_reminder'),
        }.items():
            for template, interval in zip(templates, ('after_sub', 'before_event'), strict=True):
                ref = self.env.ref(template)

                def remind(customers, ref=ref, model=model, interval=interval):
                    registrations = self._registrations(customers)
                    scheduler = self.env['event.mail'].create({
                        'event_id': registrations.event_id.id, 'interval_type': interval,
                        'template_ref': f'{ref._name},{ref.id}'})
                    getattr(scheduler, f'_send_{model}')(registrations)
                with self.subTest(template=template):
                    self._check(remind, without_consent=interval == 'after_sub')

    def test_serial_message_about_registrations(self):
        def write(customers):
            registrations = self._registrations(customers)
            self.env['mail.compose.message'].create({
                'composition_mode': 'mass_mail', 'model': registrations._name, 'body': NEWS,
                'res_ids': repr(registrations.ids), 'subject': NEWS}).action_send_mail()

        def text(customers):
            registrations = self._registrations(customers)
            self.env['sms.composer'].create({
                'composition_mode': 'mass', 'res_model': registrations._name, 'body': NEWS,
                'res_ids': repr(registrations.ids)}).action_send_sms()

        self._check(write)
        self._check(text)

    def test_serial_message_to_who_follows_an_event(self):
        def follow(customers):
            event = self._registrations(customers).event_id
            event.message_subscribe(customers.ids)
            return event

        self._check(lambda customers: follow(customers).message_post(
            body=NEWS, message_type='comment', subtype_xmlid='mail.mt_comment'))
        self._check(lambda customers: self.env['mail.followers.edit'].create({
            'res_model': 'event.event', 'partner_ids': customers.ids, 'notify': True,
            'res_ids': repr(self._registrations(customers[0]).event_id.ids), 'message': NEWS,
        }).edit_followers())

    def _own_template(self, model, **values):
        return self.env['mail.template'].create({
            'name': NEWS, 'model_id': self.env['ir.model']._get_id(model),
            'subject': NEWS, 'body_html': NEWS, 'use_default_to': True} | values)

    def _applicants(self, customers):
        return self.env['hr.applicant'].create([
            {'partner_id': customer.id, 'email_from': customer.email, 'partner_name': customer.name,
             'partner_phone': customer.phone} for customer in customers])

    def _purchases(self, customers):
        return self.env['purchase.order'].create([
            {'partner_id': customer.id} for customer in customers])

    def test_own_template_about_who_is_no_customer_leaves(self):
        for create in (self._applicants, self._purchases):
            template = self._own_template(create(self.customer)._name)
            with self.subTest(model=template.model):
                self._check(lambda customers, c=create, t=template: t.send_mail_batch(
                    c(customers).ids), without_consent=True)

    def test_own_template_at_the_stage_of_an_applicant_leaves(self):
        stage = self.env['hr.recruitment.stage'].create({
            'name': "Gespräch", 'template_id': self._own_template('hr.applicant').id})
        applicants = self._applicants(self.agreed | self.customer)
        self.cr.flush()  # what is tracked is told at the end of a transaction

        def move(customers):
            applicants.stage_id = stage
            self.cr.flush()
        self._check(move, without_consent=True)

    def test_own_sms_to_who_is_no_customer_leaves(self):
        for create in (self._applicants, self._purchases):
            records = create(self.agreed | self.customer)
            template = self.env['sms.template'].create({
                'name': NEWS, 'model_id': self.env['ir.model']._get_id(records._name),
                'body': NEWS})
            for method in ('sms', 'comment', 'note'):
                action = self.env['ir.actions.server'].create({
                    'name': NEWS, 'model_id': self.env['ir.model']._get_id(records._name),
                    'state': 'sms', 'sms_template_id': template.id, 'sms_method': method})
                with self.subTest(model=records._name, method=method):
                    self._check(lambda customers, a=action, r=records: a.with_context(
                        active_model=r._name, active_ids=r.ids).run(), without_consent=True)

    def test_mass_text_to_who_is_no_customer_leaves(self):
        def write(records, mode):
            self.env['mail.compose.message'].create({
                'composition_mode': mode, 'model': records._name, 'body': NEWS,
                'res_ids': repr(records.ids), 'subject': NEWS,
                'partner_ids': mode == 'comment' and records.partner_id.ids}).action_send_mail()

        def text(records, mode):
            for keep_log in (True, False):
                self.env['sms.composer'].create({
                    'composition_mode': mode, 'res_model': records._name, 'body': NEWS,
                    'res_ids': repr(records.ids), 'mass_keep_log': keep_log}).action_send_sms()

        for create in (self._applicants, self._purchases):
            for send, mode in (write, 'mass_mail'), (text, 'mass'), (text, 'comment'):
                with self.subTest(create=create.__name__, send=send.__name__, mode=mode):
                    self._check(lambda customers, c=create, s=send, m=mode: s(c(customers), m),
                                without_consent=True)

    def test_document_of_a_supplier_is_no_way_to_customers(self):
        """Who is written to beside the supplier is asked, whatever carries the message."""
        supplier = self.env['res.partner'].create({
            'name': "Verlag", 'email': 'verlag@kunde.example'})
        order = self._purchases(supplier)
        people = (self.agreed | self.customer).ids
        template = self._own_template(
            'purchase.order', use_default_to=False, partner_to=','.join(map(str, people)))
        code = self.env['ir.actions.server'].create({
            'name': NEWS, 'model_id': self.env['ir.model']._get_id('purchase.order'),
            'state': 'code', 'code': "env['mail.mail'].create({'model': record._name,"
            f" 'res_id': record.id, 'recipient_ids': {people + supplier.ids}}})"})
        mails = self.env['mail.mail'].sudo()
        for name, send in {
            'template': lambda: template.send_mail(order.id),
            'action': lambda: code.with_context(
                active_model=order._name, active_id=order.id).run(),
            'post': lambda: order.message_post_with_source(
                template, message_type='auto_comment', subtype_xmlid='mail.mt_comment'),
            'mass mail': lambda: self.env['mail.compose.message'].create({
                'composition_mode': 'mass_mail', 'model': order._name, 'subject': NEWS,
                'template_id': template.id, 'body': NEWS,
                'res_ids': repr((order | self._purchases(supplier)).ids)}).action_send_mail(),
        }.items():
            with self.subTest(way=name):
                self._check(lambda customers, s=send: s())
        self.assertIn(supplier, mails.search([('recipient_ids', 'in', supplier.ids)]).recipient_ids)

    def test_newsletter_to_who_is_no_customer_is_advertising(self):
        def write(customers):
            applicants = self._applicants(customers)
            self.env['mail.compose.message'].create({
                'composition_mode': 'mass_mail', 'model': 'hr.applicant', 'body': NEWS,
                'subject': NEWS, 'res_ids': repr(applicants.ids), 'mass_mailing_name': NEWS,
            }).action_send_mail()
        self._check(write)

    def test_reminder_with_an_own_template_still_leaves(self):
        template = self.env.ref('event.event_subscription').copy()

        def confirm(customers):
            registrations = self._registrations(customers)
            self.env['event.mail'].create({
                'event_id': registrations.event_id.id, 'interval_type': 'after_sub',
                'template_ref': f'{template._name},{template.id}'})._send_mail(registrations)
        self._check(confirm, without_consent=True)

    def test_rating_request(self):
        template = self.env.ref('project.rating_project_request_email_template')
        project = self.env['project.project'].create({'name': "Bindung"})
        self.agreed.consent_notification = 'refused'

        def ask(customers):
            for customer in customers:
                self.env['project.task'].create({
                    'name': "Binden", 'project_id': project.id, 'partner_id': customer.id,
                }).rating_send_request(template)
        self._check(ask)

    def test_appointment(self):
        def invite(customers):
            self.env['calendar.event'].create({
                'name': "Beratung", 'partner_ids': customers.ids,
                'start': fields.Datetime.add(fields.Datetime.now(), days=1),
                'stop': fields.Datetime.add(fields.Datetime.now(), days=2),
            }).attendee_ids._send_invitation_emails()
        self._check(invite)

    def test_automation_rule(self):
        template = self.env['mail.template'].create({
            'name': "Neu", 'model_id': self.env['ir.model']._get_id('res.partner'),
            'subject': "Neu", 'body_html': "Neu", 'partner_to': '{{ object.id }}',
            'use_default_to': False})
        self.env['base.automation'].create({
            'name': "Geburtstag", 'model_id': self.env['ir.model']._get_id('res.partner'),
            'trigger': 'on_create_or_write', 'action_server_ids': [Command.create({
                'name': "Mail", 'model_id': self.env['ir.model']._get_id('res.partner'),
                'state': 'mail_post', 'template_id': template.id, 'mail_post_method': 'email'})]})
        self._check(lambda customers: customers.write({'city': "Berlin"}))

    def test_news_of_a_blog_and_a_course(self):
        blog = self.env['blog.blog'].create({'name': "Lesetipps"})
        blog.message_subscribe((self.agreed | self.customer).ids)
        subtype = self.env.ref('website_blog.mt_blog_blog_published')
        self._check(lambda customers: blog.message_post(
            body=NEWS, subtype_id=subtype.id, partner_ids=customers.ids))

    def test_transcript_of_a_chat_reaches_who_asked_for_it(self):
        channel = self.env['discuss.channel'].create({'name': "Chat", 'channel_type': 'livechat',
            'livechat_operator_id': self.env.user.partner_id.id})

        def ask(customers):
            for customer in customers:
                channel._email_livechat_transcript(customer.email)
        self._check(ask, without_consent=True)

    def test_employee_without_login_is_told(self):
        self.env['hr.employee'].create({'name': "Ulla", 'work_contact_id': self.customer.id})

        def post(customers):
            for customer in customers:
                customer.message_post(body=NEWS, partner_ids=customer.ids)
        self._check(post, without_consent=True)

    def test_supplier_is_reminded_of_an_order(self):
        template = self.env.ref('purchase.email_template_edi_purchase_reminder')
        self._check(lambda customers: [template.send_mail(order.id) for order in self.env[
            'purchase.order'].create([{'partner_id': customer.id} for customer in customers])],
            without_consent=True)

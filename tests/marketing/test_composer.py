from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import MarketingCommon


@tagged('post_install', '-at_install')
class TestComposer(MarketingCommon):
    def _compose(self, records, mode='mass_mail', **values):
        """Return a composer as the marketing user opens it on a selection in a list."""
        return self.env['mail.compose.message'].with_user(self.user_marketing).create({
            'composition_mode': mode, 'model': records._name, 'res_ids': repr(records.ids),
            'subject': "Lesung", 'body': "<p>Lesung</p>", 'auto_delete': False} | values)

    def _mailed(self, composer):
        """Send, and return the ids of the records that a mail was made for."""
        with self.mock_mail_gateway():
            mails, messages = composer._action_send_mail()
        return sorted((mails.mail_message_id or messages).mapped('res_id'))

    def _compose_sms(self, records, mode='mass', **values):
        return self.env['sms.composer'].with_user(self.user_marketing).create({
            'composition_mode': mode, 'res_model': records._name, 'res_ids': repr(records.ids),
            'body': "Lesung"} | values)

    def test_mail_to_a_selection_of_contacts_is_a_serial_message(self):
        composer = self._compose(self.contacts)
        self.assertEqual(composer.dsgvo_left_out, 2)
        self.assertEqual(self._mailed(composer), self.granted.ids)

    def test_mail_to_a_selection_of_mailing_contacts_is_a_serial_message(self):
        contacts = self._create_mailing_contacts(*self.contacts.mapped('email'))
        self.assertEqual(self._mailed(self._compose(contacts)), contacts[0].ids)

    def test_nobody_of_a_selection_consented(self):
        composer = self._compose(self.refused | self.unasked)
        self.assertEqual(composer.dsgvo_left_out, 2)
        self.assertEqual(self._mailed(composer), [])

    def test_comment_on_a_selection_is_a_serial_message(self):
        self.user_marketing.group_ids += self.env.ref('base.group_partner_manager')
        composer = self._compose(self.contacts, mode='comment', auto_delete=True)
        self.assertEqual(self._mailed(composer), self.granted.ids)

    def test_note_on_a_selection_stays_inside(self):
        self.user_marketing.group_ids += self.env.ref('base.group_partner_manager')
        composer = self._compose(
            self.contacts, mode='comment', subtype_id=self.env.ref('mail.mt_note').id)
        self.assertEqual(composer.dsgvo_left_out, 0)
        self.assertEqual(self._mailed(composer), sorted(self.contacts.ids))

    def test_mail_to_one_contact_is_a_letter(self):
        self.assertEqual(self._mailed(self._compose(self.unasked)), self.unasked.ids)

    def _create_orders(self):
        self.user_marketing.group_ids += self.env.ref('sales_team.group_sale_salesman_all_leads')
        return self.env['sale.order'].create([
            {'partner_id': contact.id} for contact in self.contacts])

    def test_message_about_several_documents_is_a_serial_message(self):
        orders = self._create_orders()
        template = self.env['mail.template'].create({
            'name': "Sommerfest", 'model_id': self.env['ir.model']._get_id('sale.order')})
        for mode in ('mass_mail', 'comment'):
            for values in ({}, {'template_id': template.id}):
                composer = self._compose(orders, mode=mode, **values)
                self.assertEqual(composer.dsgvo_left_out, 2)
                self.assertEqual(self._mailed(composer), orders[0].ids)

    def test_template_that_belongs_to_the_contract_is_no_serial_message(self):
        orders = self._create_orders()
        quotation = self.env.ref('sale.email_template_edi_sale')
        self.assertEqual(
            self._mailed(self._compose(orders, template_id=quotation.id)), sorted(orders.ids))
        self.assertEqual(
            self._mailed(self._compose(orders[-1])), orders[-1].ids, "one document: a letter")

    def test_colleagues_get_what_goes_to_several_of_them(self):
        self.user_marketing.group_ids += self.env.ref('sales_team.group_sale_salesman_all_leads')
        orders = self.env['sale.order'].create([
            {'partner_id': user.partner_id.id} for user in (self.user_marketing, self.clerk)])
        self.assertEqual(self._mailed(self._compose(orders)), sorted(orders.ids))

    def test_mailing_on_documents_needs_the_consent(self):
        orders = self._create_orders()
        mailing_composer = self._compose(orders, mass_mailing_name="Lesung")
        self.assertEqual(mailing_composer.dsgvo_left_out, 2)
        self.assertEqual(self._mailed(mailing_composer), orders[0].ids)
        self.assertEqual(mailing_composer.mass_mailing_id.mailing_trace_ids.mapped('res_id'),
                         orders[0].ids)

    def test_mailing_with_one_recipient_is_a_mailing(self):
        self.assertFalse(self._mailed(self._compose(self.unasked, mass_mailing_name="Lesung")))

    def test_explicit_recipients_of_a_mailing(self):
        for mailing_type in ('mail', 'sms'):
            mailing = self._create_mailing(self.contacts, mailing_type)
            with self.mock_mail_gateway(), self.mockSMSGateway():
                mailing.action_send_mail(res_ids=self.contacts.ids)
            self._assert_reached(mailing, self.granted)

    def test_explicit_recipients_who_all_refused_reach_nobody_else(self):
        for mailing_type in ('mail', 'sms'):
            mailing = self._create_mailing(self.contacts, mailing_type)
            with self.mock_mail_gateway(), self.mockSMSGateway():
                mailing.action_send_mail(res_ids=self.refused.ids)
            self._assert_reached(mailing, self.env['res.partner'])

    def test_sms_to_a_selection_of_contacts_is_a_serial_message(self):
        self.user_marketing.group_ids += self.env.ref('base.group_partner_manager')
        composer = self._compose_sms(self.contacts)
        self.assertEqual(composer.dsgvo_left_out, 2)
        with self.mockSMSGateway():
            composer._action_send_sms()
        self.assertEqual(self._new_sms.partner_id, self.granted)
        with self.mockSMSGateway():
            self._compose_sms(self.unasked)._action_send_sms()
        self.assertEqual(self._new_sms.partner_id, self.unasked)

    def test_sms_about_several_documents_is_a_serial_message(self):
        orders = self._create_orders()
        self.user_marketing.group_ids += self.env.ref('base.group_partner_manager')
        for mode in ('mass', 'comment'):
            with self.mockSMSGateway():
                self._compose_sms(orders, mode=mode)._action_send_sms()
            self.assertEqual(self._new_sms.partner_id, self.granted)

    def test_messages_about_documents_of_no_customers_are_no_serial_messages(self):
        orders = self._create_orders()
        self.user_marketing.group_ids += self.env.ref('base.group_partner_manager')
        self.env['dsgvo.message.rule'].create({
            'scope': 'model', 'model_id': self.env['ir.model']._get_id('sale.order'),
            'kind': 'contract', 'reason': "Test", 'no_customer': True})
        for mode in ('mass_mail', 'comment'):
            composer = self._compose(orders, mode=mode)
            self.assertEqual(composer.dsgvo_left_out, 0)
            self.assertEqual(self._mailed(composer), sorted(orders.ids))
        for mode, keep_log in (('mass', True), ('mass', False), ('comment', True)):
            with self.mockSMSGateway():
                composer = self._compose_sms(orders, mode=mode, mass_keep_log=keep_log)
                self.assertEqual(composer.dsgvo_left_out, 0)
                composer._action_send_sms()
            self.assertEqual(self._new_sms.partner_id, self.contacts)

    def test_mailing_on_documents_of_no_customers_is_advertising(self):
        orders = self._create_orders()
        self.env['dsgvo.message.rule'].create({
            'scope': 'model', 'model_id': self.env['ir.model']._get_id('sale.order'),
            'kind': 'contract', 'reason': "Test", 'no_customer': True})
        self.assertEqual(
            self._mailed(self._compose(orders, mass_mailing_name="Lesung")), orders[0].ids)

    def test_sms_comment_on_a_selection_is_a_serial_message(self):
        self.user_marketing.group_ids += self.env.ref('base.group_partner_manager')
        with self.mockSMSGateway():
            self._compose_sms(self.contacts, mode='comment')._action_send_sms()
        self.assertEqual(self._new_sms.partner_id, self.granted)

    def test_sms_to_a_selection_of_mailing_contacts_is_a_serial_message(self):
        contacts = self.env['mailing.contact'].create([
            {'name': "Empfänger", 'mobile': contact.phone} for contact in self.contacts])
        with self.mockSMSGateway():
            self._compose_sms(contacts)._action_send_sms()
        self.assertEqual(self._new_sms.mapped('number'), contacts[0].mapped('phone_sanitized'))

    def test_test_mailing_shows_no_customer(self):
        for records, shown in [
            (self.contacts, self.user_marketing.name),
            (self._create_mailing_contacts(*self.contacts.mapped('email')), "Empfänger"),
        ]:
            mailing = self._create_mailing(records, body_html='<p t-out="object.name"></p>')
            wizard = self.env['mailing.mailing.test'].with_user(self.user_marketing).create({
                'mass_mailing_id': mailing.id, 'email_to': 'test@shop.example'})
            with self.mock_mail_gateway():
                wizard.send_mail_test()
            self.assertIn(shown, self._new_mails.body_html)


@tagged('post_install', '-at_install')
class TestLeftOut(MarketingCommon):
    def test_form_does_not_count_archived_contacts(self):
        (self.granted | self.unasked).active = False
        mailing = self._create_mailing(self.contacts)
        self.assertRecordValues(mailing, [{
            'total': 0, 'dsgvo_left_out': 1, 'dsgvo_left_out_refused': 1,
            'dsgvo_left_out_unasked': 0}])

    def test_numbers_of_those_left_out_cost_one_statement(self):
        mailing = self._create_mailing(self.contacts)
        mailing._get_recipients()  # what is read of mailing and company is cached afterwards
        with self.assertQueryCount(1):
            self.assertEqual(mailing.dsgvo_read_left_out({}), {
                'dsgvo_left_out': 2, 'dsgvo_left_out_unasked': 1, 'dsgvo_left_out_refused': 1})

    def test_form_opens_without_counting(self):
        mailing = self._create_mailing(self.contacts)
        spec = Form(mailing)._view['fields_spec']
        plain = {fname: value for fname, value in spec.items() if not fname.startswith('dsgvo_')}
        mailing.web_read(spec)  # what is read of others is cached afterwards
        mailing.invalidate_recordset()
        started = self.env.cr.sql_log_count
        mailing.web_read(plain)
        statements = self.env.cr.sql_log_count - started
        mailing.invalidate_recordset()
        with self.assertQueryCount(statements):
            mailing.web_read(spec)

    def test_form_says_how_many_are_left_out_and_why(self):
        mailing = self._create_mailing(
            self.contacts | self._create_customer(name="Udo", email='udo@leser.example'))
        self.assertRecordValues(mailing, [{
            'total': 1, 'dsgvo_left_out': 3, 'dsgvo_left_out_refused': 1,
            'dsgvo_left_out_unasked': 2}])
        self._send(mailing)
        self._assert_reached(mailing, self.granted)
        self.assertEqual(mailing.dsgvo_left_out, 0)

    def test_numbers_follow_a_selection_that_is_not_saved(self):
        mailing = self._create_mailing(self.contacts)
        refused = {'mailing_domain': repr([('id', 'in', self.refused.ids)])}
        self.assertEqual(mailing.dsgvo_read_left_out(refused), {
            'dsgvo_left_out': 1, 'dsgvo_left_out_unasked': 0, 'dsgvo_left_out_refused': 1})
        self.assertEqual(mailing.dsgvo_left_out, 2)
        unsaved = mailing.browse().dsgvo_read_left_out(refused | {
            'mailing_model_id': mailing.mailing_model_id.id, 'mailing_type': 'mail'})
        self.assertEqual(unsaved['dsgvo_left_out'], 1)

    def test_numbers_are_for_those_who_write_mailings(self):
        mailing = self._create_mailing(self.contacts)
        for records in mailing, mailing.browse():
            for changes in {}, {'mailing_domain': '[]'}:
                with self.subTest(records=records, changes=changes), \
                        self.assertRaises(AccessError):
                    records.with_user(self.clerk).dsgvo_read_left_out(changes)

    def test_numbers_of_a_company_are_for_those_who_work_there(self):
        mailing = self._create_mailing(self.contacts)
        other = self.env['res.company'].create({'name': "Filiale"})
        with self.assertRaises(ValidationError):
            mailing.dsgvo_read_left_out({'dsgvo_company_id': other.id})

    def test_counts_of_mailing_contacts(self):
        contacts = self._create_mailing_contacts(
            *self.contacts.mapped('email'), 'nobody@leser.example', False)
        self.assertRecordValues(self._create_mailing(contacts), [{
            'total': 1, 'dsgvo_left_out': 4, 'dsgvo_left_out_refused': 1,
            'dsgvo_left_out_unasked': 3}])

    def test_model_that_the_user_may_not_read(self):
        mailing = self._create_mailing(self.env['pos.order'], mailing_domain='[]')
        self.assertEqual(mailing.dsgvo_left_out, 0)

    def test_error_says_that_nobody_consented(self):
        for mailing_type in ('mail', 'sms'):
            mailing = self._create_mailing(self.refused | self.unasked, mailing_type)
            with self.assertRaisesRegex(
                    Exception, r"2 are selected and left out.*1 never asked, 1 refused"):
                mailing.action_send_mail()

    def test_error_of_odoo_when_nobody_is_selected(self):
        mailing = self._create_mailing(self.env['res.partner'])
        with self.assertRaisesRegex(Exception, "no recipients selected"):
            mailing.action_send_mail()

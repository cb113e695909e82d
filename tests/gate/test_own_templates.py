from odoo.fields import Command
from odoo.tests import tagged

from .common import GateCommon

NEWS = "Neu"


@tagged('post_install', '-at_install')
class TestOwnTemplates(GateCommon):
    """What the shop itself wrote is no duty because of the document that it is about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoices = {
            contact: cls.env['account.move'].create(
                {'move_type': 'out_invoice', 'partner_id': contact.id})
            for contact in cls.contacts}

    def _own_template(self, model):
        return self.env['mail.template'].create({
            'name': "Gutschein", 'model_id': self.env['ir.model']._get_id(model),
            'subject': "10 % Gutschein", 'body_html': "Neu", 'use_default_to': True})

    def _action(self, **values):
        return self._server_action(**{
            'model_id': self.env['ir.model']._get_id('account.move')} | values)

    def _run_on_invoice(self, action):
        return self._reached(lambda contact: self._run(action, self.invoices[contact]))

    def test_own_template_about_a_document_of_duty_is_advertising(self):
        users = {
            contact: self.env['res.users'].with_context(no_reset_password=True).create({
                'login': contact.name, 'partner_id': contact.id,
                'group_ids': [Command.set(self.env.ref('base.group_portal').ids)]})
            for contact in self.contacts}
        for documents in self.invoices, users:
            template = self._own_template(documents[self.granted]._name)
            with self.subTest(model=template.model):
                self.assertEqual(self._reached(
                    lambda contact, t=template, d=documents: t.send_mail(d[contact].id)),
                    self.granted)

    def test_action_of_the_shop_about_a_document_of_duty_is_advertising(self):
        template = self._own_template('account.move')
        for values in (
            {'state': 'mail_post', 'template_id': template.id, 'mail_post_method': 'email'},
            {'state': 'mail_post', 'template_id': template.id, 'mail_post_method': 'comment'},
            {'state': 'code', 'code': "record.message_post(body='x', subtype_xmlid="
                                      "'mail.mt_comment', partner_ids=record.partner_id.ids)"},
            {'state': 'code', 'code': "record.message_post(body='x', subtype_xmlid="
                                      "'mail.mt_comment', message_type='comment',"
                                      " partner_ids=record.partner_id.ids)"},
        ):
            with self.subTest(**values):
                self.assertEqual(self._run_on_invoice(self._action(**values)), self.granted)

    def test_template_that_the_shop_exported_is_its_own(self):
        template = self._own_template('account.move')
        self.env['ir.model.data'].create({
            'module': '__export__', 'name': 'template', 'model': template._name,
            'res_id': template.id})
        self.env.flush_all()
        self.assertEqual(self._reached(
            lambda contact: template.send_mail(self.invoices[contact].id)), self.granted)

    def test_template_of_another_addon_follows_its_document(self):
        template = self._own_template('account.move')
        self.env['ir.model.data'].create({
            'module': 'account', 'name': 'template_of_a_test', 'model': template._name,
            'res_id': template.id})
        self.env.flush_all()
        self.assertEqual(self._reached(
            lambda contact: template.send_mail(self.invoices[contact].id)), self.contacts)

    def test_officer_lists_an_own_template_as_duty(self):
        template = self._own_template('account.move')
        self._rule(template_id=template.id, kind='duty', law="§ 286 BGB")
        self.assertEqual(self._reached(
            lambda contact: template.send_mail(self.invoices[contact].id)), self.contacts)

    def test_own_template_leaves_where_there_are_no_customers(self):
        template = self._own_template('account.move')
        action = self._action(
            state='mail_post', template_id=template.id, mail_post_method='comment')
        self.env.ref('dsgvo.message_rule_document_account_move').no_customer = True
        self.assertEqual(self._reached(
            lambda contact: template.send_mail(self.invoices[contact].id)), self.contacts)
        self.assertEqual(self._run_on_invoice(action), self.contacts)

    def test_own_template_where_there_are_no_customers_is_no_way_to_others(self):
        template = self._own_template('account.move')
        template.write({'use_default_to': False, 'email_cc': self.unasked.email, 'partner_to':
                        ','.join(map(str, (self.refused | self.granted).ids))})
        self.env.ref('dsgvo.message_rule_document_account_move').no_customer = True
        self.assertEqual(self._reached(lambda contact: template.send_mail(
            self.invoices[self.refused].id), self.contacts), self.refused | self.granted)

    def test_mail_where_there_are_no_customers_still_leaves_from_the_queue(self):
        self.env.ref('dsgvo.message_rule_document_account_move').no_customer = True
        template = self._own_template('account.move')
        template.write({'use_default_to': False, 'email_cc': 'fremd@anderswo.example',
                        'partner_to': str(self.refused.id)})
        mail = self.env['mail.mail'].browse(template.send_mail(self.invoices[self.refused].id))
        with self.mock_mail_gateway():
            mail.send()
        self.assertIn(self.refused.email, str(self._mails))

    def test_officer_lists_an_own_template_as_advertising_where_there_are_no_customers(self):
        template = self._own_template('account.move')
        self.env.ref('dsgvo.message_rule_document_account_move').no_customer = True
        self._rule(template_id=template.id, kind='advertising')
        self.assertEqual(self._reached(
            lambda contact: template.send_mail(self.invoices[contact].id)), self.granted)

    def test_invoice_leaves_whatever_sends_it_with_whatever_template(self):
        template = self._own_template('account.move')
        send = self.env['account.move.send']
        mails = {'subtype_id': self.env.ref('mail.mt_comment').id, 'body': "Rechnung"}
        action = self._action(state='code', code="record.write({})")

        def run(action, _records=None, _context=None):
            for invoice in action.env['account.move'].browse(action.env.context['active_ids']):
                send.with_env(action.env)._send_mail(
                    invoice, template, partner_ids=invoice.partner_id.ids, **mails)
        self.patch(self.registry['ir.actions.server'], '_run', run)
        self.assertEqual(self._run_on_invoice(action), self.contacts)

    def test_duty_is_one_towards_the_customer_and_not_towards_who_follows(self):
        invoice = self.env['account.move'].create({
            'move_type': 'out_invoice', 'partner_id': self.customer.id})
        invoice.message_subscribe(self.contacts.ids)
        told = self.customer | self.contacts
        self.assertEqual(self._reached(lambda contact: invoice.message_post(
            body=NEWS, subtype_xmlid='mail.mt_comment', partner_ids=self.customer.ids), told),
            self.customer | self.granted)

    def test_duty_is_one_towards_whom_its_template_names(self):
        invoice = self.env['account.move'].create({
            'move_type': 'out_invoice', 'partner_id': self.customer.id})
        invoice.message_subscribe(self.contacts.ids)
        self.assertEqual(self._reached(lambda contact: invoice.message_post_with_source(
            self.env.ref('account.email_template_edi_invoice'), message_type='auto_comment',
            subtype_xmlid='mail.mt_comment', partner_ids=self.refused.ids), self.contacts),
            self.granted | self.refused)

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import GateCommon


@tagged('post_install', '-at_install')
class TestRules(GateCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.only_officer = new_test_user(
            cls.env, 'dsgvo_only_officer', groups='dsgvo.group_officer')
        cls.Rule = cls.env['dsgvo.message.rule'].with_user(cls.only_officer)

    def _send(self):
        return self._reached(lambda contact: self.template.send_mail(contact.id))

    def _template_rule(self, kind, **values):
        return self.Rule.create({
            'template_id': self.template.id, 'kind': kind, 'reason': "Eigene Vorlage",
            'law': "Art. 6 (1) (b) DSGVO"} | values)

    def test_officer_says_what_a_template_of_the_shop_is(self):
        self.unasked.consent_notification = 'granted'
        self.assertEqual(self._send(), self.granted)
        rule = self._template_rule('contract')
        self.assertEqual(self._send(), self.unasked)
        rule.kind = 'duty'
        self.assertEqual(self._send(), self.contacts)
        rule.unlink()
        self.assertEqual(self._send(), self.granted)

    def test_officer_says_what_a_document_is(self):
        self.Rule.create({
            'scope': 'model', 'model_id': self.model_partner.id, 'kind': 'duty', 'law': "Art. 6",
            'reason': "Mahnungen"})
        self.assertEqual(self._send(), self.contacts)
        self._template_rule('advertising')
        self.assertEqual(self._send(), self.granted)

    def test_rule_with_a_condition_goes_first(self):
        self._template_rule('advertising')
        self._template_rule('duty', domain=repr([('name', '=', self.refused.name)]))
        self.assertEqual(self._send(), self.granted | self.refused)

    def test_rule_in_the_form(self):
        form = Form(self.Rule)
        form.template_id = self.template
        form.kind = 'duty'
        form.law = "§ 286 BGB"
        form.reason = "Mahnung"
        self.assertEqual(form.save().sender, f'mail.template,{self.template.id}')

    def test_senders_have_the_names_of_their_screens(self):
        own = self._template_rule('contract')
        sms = self.env['sms.template'].create(
            {'name': "Liegt bereit", 'model_id': self.model_partner.id, 'body': "Da"})
        text = self.Rule.create(
            {'sms_template_id': sms.id, 'kind': 'contract', 'reason': "SMS"})
        shipped = self.Rule.search([('shipped', '=', True)])
        order = shipped.filtered(lambda rule: rule.sender == 'sale.email_template_edi_sale')
        function = shipped.filtered(
            lambda rule: rule.sender == 'res.users._notify_security_setting_update')
        self.assertEqual((own | text | order | function).mapped('display_name'), [
            self.template.name, "Liegt bereit", "Sales: Send Quotation", "User"])
        awake = self.Rule.search([('is_awake', '=', True)])
        self.assertLessEqual(own | text | order | function, awake)
        sleeping = shipped.filtered(lambda rule: rule.sender == 'survey.invite._send_mail')
        self.assertEqual(
            set(sleeping.mapped('sender_name')), {"Of an app that is not installed"})
        self.assertFalse(sleeping & awake)
        self.assertFalse(
            [rule.sender for rule in awake if rule.sender in rule.sender_name])
        strange = self.Rule.create(
            {'scope': 'template', 'sender': 'strange', 'kind': 'contract', 'reason': "RPC"})
        self.assertFalse(strange.is_awake)

    def test_duty_needs_its_article(self):
        with mute_logger('odoo.sql_db'), self.assertRaisesRegex(IntegrityError, "law_of_duty"):
            self._template_rule('duty', law=False)
            self.env.flush_all()

    def test_rule_needs_a_sender(self):
        for values in (
            {}, {'scope': 'model'}, {'scope': 'method', 'sender': 'res.partner.write'},
        ):
            with self.assertRaisesRegex(ValidationError, "names no sender"):
                self.Rule.create({'kind': 'contract', 'reason': "Test"} | values)

    def test_condition_must_be_a_domain_of_the_document(self):
        for domain in ("[('nix', '=', 1)]", "[(", "name"):
            with self.assertRaisesRegex(ValidationError, "not a valid domain"):
                self._template_rule('contract', domain=domain)

    def test_what_the_law_demands_cannot_be_held_back(self):
        self.env['ir.model.data'].create({
            'module': 'account', 'name': 'test_rule', 'model': 'mail.template',
            'res_id': self.template.id})
        invoice = self.env.ref('account.email_template_edi_invoice')
        with self.assertRaisesRegex(ValidationError, "must leave"):
            self._template_rule('advertising', template_id=invoice.id)
        with self.assertRaisesRegex(ValidationError, "must leave"):
            self.Rule.create({
                'scope': 'model', 'kind': 'contract', 'reason': "Test",
                'model_id': self.env['ir.model']._get_id('account.move')})

    def test_shipped_rules_stay_as_they_are(self):
        shipped = self.env.ref('dsgvo.message_rule_document_sale_order').with_user(
            self.only_officer)
        with self.assertRaisesRegex(UserError, "comes with the addon"):
            shipped.kind = 'duty'
        with self.assertRaisesRegex(UserError, "comes with the addon"):
            shipped.unlink()
        rule = self._template_rule('contract', shipped=True)
        rule.write({'shipped': True})
        self.assertFalse(rule.shipped)
        self.assertFalse(shipped.copy({'law': "x"}).shipped)

    def test_rule_of_the_shop_goes_before_a_shipped_one(self):
        self.Rule.create({
            'scope': 'model', 'model_id': self.env['ir.model']._get_id('sale.order'),
            'kind': 'duty', 'law': "Art. 6", 'reason': "Test"})
        order = self.env['sale.order'].create({'partner_id': self.refused.id})
        self.assertTrue(self._reached(lambda contact: order.message_post(
            body=order.name, partner_ids=contact.ids), self.refused))

    def test_clerk_has_nothing_to_do_with_the_rules(self):
        with self.assertRaises(AccessError):
            self.env['dsgvo.message.rule'].with_user(self.clerk).search([])

    def test_rules_of_apps_that_are_not_installed_sleep(self):
        rules = self.env['dsgvo.message.rule']._get_rules()
        self.assertIn(('model', 'helpdesk.ticket'), rules)
        self.assertNotIn('helpdesk.ticket', self.env)

    def test_every_template_of_the_installed_apps_is_listed(self):
        Rule = self.env['dsgvo.message.rule']
        for name in ('mail.template', 'sms.template'):
            templates = self.env[name].with_context(active_test=False).search(
                [('id', 'not in', (self.template.id, self.sms_template.id))])
            for xmlid in templates.get_external_id().values():
                self.assertIn(('template', xmlid), Rule._get_rules())

    def test_reading_the_rules_for_a_batch_takes_no_query_per_mail(self):
        people = self.env['res.partner'].create([
            {'name': f"Leser {i}", 'email': f'leser{i}@leser.example'} for i in range(40)])
        people[::2].consent_marketing = 'granted'
        Mail = self.env['mail.mail']
        counts = []
        for batch in (people[:2], people[:2], people):
            values = [
                self._mail_values(person, email_to=person.email, model='res.partner',
                                  res_id=person.id) for person in batch]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            Mail._dsgvo_prepare(values)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

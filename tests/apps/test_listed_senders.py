from odoo.tests import tagged
from odoo.tests.common import TransactionCase

# Models that reach a customer and of which no rule says more: whatever Odoo sends by itself about
# them is advertising.
UNLISTED = {
    'res.partner': "a contact: nothing but advertising is sent by itself",
    'crm.lead': "a prospect: the same",
    'mailing.contact': "a recipient of mailings: the same",
    'mail.blacklist': "an address that must get none: the same",
}
# Documents of Odoo Enterprise, and of apps that do not know customers.
ASLEEP = {
    'helpdesk.ticket', 'hr.attendance', 'hr.leave', 'hr.leave.allocation', 'mrp.production'}


@tagged('post_install', '-at_install', '-standard')
class TestListedSenders(TransactionCase):
    """Whatever app of Odoo sends by itself is in the list of automatic messages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env['dsgvo.message.rule']._get_rules()
        # Other addons ship rules of their own, or what they send counts as advertising.
        cls.others = set(cls.env['ir.module.module'].search(
            [('author', 'ilike', "Odoo Community Association")]).mapped('name'))

    def test_every_template_of_odoo_is_listed(self):
        missing = []
        for name in ('mail.template', 'sms.template'):
            templates = self.env[name].with_context(active_test=False).search([])
            missing += [xmlid for xmlid in templates.get_external_id().values()
                        if xmlid and xmlid.partition('.')[0] not in self.others
                        and ('template', xmlid) not in self.rules]
        self.assertEqual(missing, [])

    def test_every_document_that_reaches_a_customer_is_listed(self):
        missing = []
        for name, model in self.env.items():
            reaches = '_mail_get_partner_fields' in dir(model) and model._mail_get_partner_fields()
            if (not model._abstract and not model._transient and 'message_ids' in model._fields
                    and (reaches or model._mail_get_primary_email_field())
                    and model._original_module not in self.others
                    and ('model', name) not in self.rules):
                missing.append(name)
        self.assertEqual(sorted(set(missing) - UNLISTED.keys()), [])

    def test_every_rule_has_its_sender(self):
        for scope, sender in self.rules:
            model, _dot, name = sender.rpartition('.')
            if scope == 'method':
                method = getattr(self.env.registry[model], name, None)
                self.assertEqual(getattr(method, 'dsgvo_sender', None), sender)
            elif scope == 'template':
                self.assertTrue(
                    self.env.ref(sender, raise_if_not_found=False)
                    or self.env['ir.module.module']._get(model).state != 'installed', sender)
            elif sender not in ASLEEP:
                self.assertIn(sender, self.env)

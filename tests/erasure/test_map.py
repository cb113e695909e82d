from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import DsgvoCommon

# Models that name contacts who are no customers of the shop, or that live for an hour.
EXEMPT = {
    'res.partner': "the person, or contacts that the erasure detaches by foreign key",
    'res.company': "its own contact is a blocker",
    'res.partner.category': "labels, deleted by foreign key",
    'res.users': "a login is a blocker",
    'purchase.order': "a supplier is a blocker",
    'product.supplierinfo': "a supplier is a blocker",
    'stock.warehouse': "the address of a warehouse is a blocker",
    'account.move.line': "held by law with its invoice",
    'account.reconcile.model': "chosen by the accountant, emptied by foreign key",
    'account.analytic.distribution.model': "chosen by the accountant, deleted by foreign key",
    'ir.actions.server': "followers of an automation, deleted by foreign key",
    'discuss.channel.member': "only users and guests chat, deleted by foreign key",
    'discuss.channel.rtc.session': "a running call, emptied by foreign key",
    'mail.message.reaction': "deleted by foreign key",
    'res.users.settings.volumes': "deleted by foreign key",
    'dsgvo.erasure': "the evidence itself, emptied by foreign key",
}


@tagged('post_install', '-at_install')
class TestMap(DsgvoCommon):
    def test_every_link_to_a_contact_is_in_the_map_or_exempt(self):
        claimed = {(rule.model, rule.field) for rule in self.env['dsgvo.data.rule'].search([])}
        deleted = {rule.model for rule in self.env['dsgvo.data.rule'].search([])
                   if rule.field == 'id' and rule.erase == 'delete'}
        missing = [
            f'{model}.{field.name}'
            for model, Model in self.env.registry.items()
            if Model._auto and not Model._abstract and not Model._transient
            for field in Model._fields.values()
            if field.store and field.comodel_name == 'res.partner'
            and field.type in ('many2one', 'many2many') and not field.inherited
            if model not in EXEMPT and model not in deleted and (model, field.name) not in claimed]
        self.assertEqual(missing, [])

    def test_every_rule_of_an_installed_model_is_awake(self):
        rules = self.env['dsgvo.data.rule'].search([])
        installed = rules.filtered(lambda rule: rule.model in self.env)
        optional = {'interest_ids', 'picking_properties', 'customizable_pdf_form_fields'}
        self.assertEqual(
            (installed - rules._awake()).filtered(lambda rule: rule.field not in optional)
            .mapped('place'), [])

    def test_rules_of_absent_models_sleep(self):
        rule = self.env['dsgvo.data.rule'].create({
            'model': 'shop.loyalty.stamp', 'field': 'name', 'reached_by': 'partner_id',
            'erase': 'clear', 'category': 'till'})
        self.assertFalse(rule._awake())

    def test_condition_must_be_a_domain(self):
        with self.assertRaisesRegex(ValidationError, "not a valid domain"):
            self.env.ref('dsgvo.rule_message').domain = "[('a' 'b')"

    def test_every_hold_names_its_law_and_period(self):
        for rule in self.env['dsgvo.data.rule'].search([('erase', '=', 'hold')]):
            for name in ('basis', 'retention_years', 'retention_start'):
                self.assertTrue(rule[name], f'{rule.place}: {name}')

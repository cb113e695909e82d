from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import DsgvoCommon


@tagged('post_install', '-at_install')
class TestMap(DsgvoCommon):
    def test_every_rule_of_an_installed_model_is_awake(self):
        """But for fields that other addons add to a model of Odoo's core."""
        rules = self.env['dsgvo.data.rule'].search([]).filtered(
            lambda rule: rule.erase != 'method' and rule.model in self.env)
        fields = rules.filtered(lambda rule: rule.field in self.env[rule.model]._fields)
        unreached = (fields - fields._awake()).filtered(
            lambda rule: rule.reached_by in self.env[rule.model]._fields)
        self.assertEqual(unreached.mapped('place'), [])

    def test_rules_of_absent_models_sleep(self):
        rule = self.env['dsgvo.data.rule'].create({
            'model': 'shop.loyalty.stamp', 'field': 'name', 'reached_by': 'partner_id',
            'erase': 'clear', 'category': 'till'})
        self.assertFalse(rule._awake())

    def test_condition_must_be_a_domain(self):
        with self.assertRaisesRegex(ValidationError, "not a valid domain"):
            self.env.ref('dsgvo.rule_message').domain = "[('a' 'b')"

    def test_exemption_gives_its_reason(self):
        with self.assertRaisesRegex(ValidationError, "res.bank.id is left alone"):
            self.env.ref('dsgvo.rule_res_bank').note = False

    def test_method_is_one_of_the_map(self):
        with self.assertRaisesRegex(ValidationError, "cannot be treated by the method unlink"):
            self.env.ref('dsgvo.rule_wizards').method = 'unlink'

    def test_every_hold_names_its_law_and_period(self):
        for rule in self.env['dsgvo.data.rule'].search([('erase', '=', 'hold')]):
            for name in ('basis', 'retention_years', 'retention_start'):
                self.assertTrue(rule[name], f'{rule.place}: {name}')

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import DsgvoCommon


def find_late_ways(env):
    """Return the places that are reached through rows which are collected later, or never."""
    awake = env['dsgvo.data.rule'].search([('erase', '!=', 'method')])._awake()
    collecting = awake.filtered(lambda rule: not (
        rule._is_exemption() or rule._is_searched_for_only() or rule.erase == 'hold'))
    order = {rule: place for place, rule in enumerate(awake)}
    first = {model: min(order[rule] for rule in rules) for model, rules in collecting.filtered(
        lambda rule: rule.erase not in ('replace', 'detach')).grouped('model').items()}
    late = collecting.browse()
    for rule in collecting:
        field = env[rule.model]._fields.get(rule.reached_by)
        source = field is not None and field.comodel_name
        if source and source not in ('res.partner', rule.model) and (
                first.get(source, len(order)) > order[rule]):
            late |= rule
    return late.mapped(lambda rule: f'{rule.place} by {rule.reached_by}')


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

    def test_every_way_starts_from_rows_that_were_found_before(self):
        self.assertEqual(find_late_ways(self.env), [])

    def test_rules_of_absent_models_sleep(self):
        rule = self.env['dsgvo.data.rule'].create({
            'model': 'shop.loyalty.stamp', 'field': 'name', 'reached_by': 'partner_id',
            'erase': 'clear', 'category': 'till'})
        self.assertFalse(rule._awake())

    def test_condition_must_be_a_domain(self):
        for domain in "[('a' 'b')", "[('no_such_field', '=', 1)]":
            with self.assertRaisesRegex(ValidationError, "not a valid domain"):
                self.env.ref('dsgvo.rule_message').with_user(self.officer).domain = domain

    def _enter(self, model, field, reached_by, erase='clear', **values):
        return self.env['dsgvo.data.rule'].with_user(self.officer).create({
            'model': model, 'field': field, 'reached_by': reached_by, 'erase': erase,
            'category': 'contact'} | values)

    def test_entered_rule_must_be_for_this_database(self):
        for place in (('shop.loyalty.stamp', 'name', 'partner_id'), ('crm.team', 'nam', 'id'),
                      ('crm.team', 'name', 'partner_id'), ('crm.team', 'name', 'search:nam')):
            with self.assertRaisesRegex(ValidationError, "no such model, field or way"):
                self._enter(*place)

    def test_entered_way_must_lead_from_a_customer(self):
        """By its number a team is not a contact, and by its name neither."""
        for place in (('crm.team', 'name', 'id'), ('crm.team', 'name', 'name'),
                      ('crm.team', 'name', 'find:name'), ('crm.team', 'name', 'search:name'),
                      ('sale.order', 'note', 'user_id', 'hold'),
                      ('sale.order', 'note', 'pricelist_id'), ('sale.order', 'note', 'company_id'),
                      ('sale.order', 'note', 'user_id'), ('sale.order', 'note', 'team_id'),
                      ('sale.order', 'note', 'email:amount_total'),
                      ('sale.order', 'note', 'contact:note'),
                      ('sale.order', 'note', 'note,id'),
                      ('product.template', 'description', 'needle:description')):
            with self.subTest(place=place), self.assertRaisesRegex(
                    ValidationError, "does not lead from a customer"):
                self._enter(*place, owns=False)
        for place in (('crm.team', 'name', 'search:name', 'redact'),
                      ('sale.order', 'note', 'partner_id'),
                      ('sale.order.line', 'name', 'order_id'),
                      ('purchase.order', 'note', 'order_line') if 'purchase.order' in self.env
                      else ('mail.mail', 'body_html', 'mail_message_id'),
                      ('crm.team', 'name', 'email:name'),
                      ('ir.filters', 'name', 'needle:name'),
                      ('mail.message', 'body', 'model,res_id')):
            self.assertTrue(self._enter(*place)._awake())

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

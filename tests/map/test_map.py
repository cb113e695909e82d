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

    def test_page_shows_places_of_installed_apps_by_the_words_of_their_screens(self):
        sleeping = self.env['dsgvo.data.rule'].create({
            'model': 'shop.loyalty.stamp', 'field': 'name', 'reached_by': 'partner_id',
            'erase': 'clear', 'category': 'till'})
        rules = self.env['dsgvo.data.rule'].with_user(self.officer)
        shown = rules.search([('is_awake', '=', True)])
        self.assertEqual(shown, rules.search([])._awake())
        self.assertNotIn(sleeping, shown)
        technical = shown.filtered(lambda rule: rule.model in rule.display_name or (
            '_' in rule.field and f': {rule.field}' in rule.display_name))
        self.assertEqual(technical.mapped('display_name'), [])
        gap = self.env['dsgvo.data.gap'].create(
            {'model': 'sale.order', 'field': 'client_order_ref', 'reason': 'text'})
        self.assertEqual(gap.display_name, "Sales Order: Customer Reference")

    def test_condition_must_be_a_domain(self):
        for domain in "[('a' 'b')", "[('no_such_field', '=', 1)]":
            with self.assertRaisesRegex(ValidationError, "not a valid domain"):
                self.env.ref('dsgvo.rule_message').with_user(self.officer).domain = domain

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

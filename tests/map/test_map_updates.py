from importlib.util import module_from_spec, spec_from_file_location

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import convert_file, file_path

from ..common import DsgvoCommon

MIGRATION = 'dsgvo/migrations/19.0.1.2.0/pre-keep-changed-map.py'


@tagged('post_install', '-at_install')
class TestMapUpdates(DsgvoCommon):
    """An update loads the shipped rows of the map again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.env.ref('dsgvo.rule_sale_order_note')
        cls.other = cls.env.ref('dsgvo.rule_sale_order_origin')

    def _update_addon(self):
        self.env.flush_all()
        for name in ('data/dsgvo.data.rule.csv', 'data/dsgvo_retention_data.xml'):
            convert_file(self.env, 'dsgvo', name, {}, mode='update')
        self.env.invalidate_all()

    def test_changed_row_stays_as_it_is(self):
        for values in ({'erase': 'redact'}, {'active': False}, {'sequence': 7}, {'note': "Ours"}):
            with self.subTest(values=values):
                self.rule.with_user(self.officer).write(values)
                self._update_addon()
                self.assertRecordValues(self.rule, [values | {'is_changed': True}])

    def test_unchanged_row_is_renewed(self):
        self.rule.with_user(self.officer).erase = 'redact'
        self.other.erase = 'redact'  # by an older version of the addon
        self._update_addon()
        self.assertRecordValues(self.other, [{'erase': 'clear', 'is_changed': False}])

    def test_row_follows_updates_again(self):
        rule = self.rule.with_user(self.officer)
        rule.erase = 'redact'
        self.assertTrue(rule.is_changed)
        rule.action_follow_updates()
        self.assertEqual((rule.erase, rule.is_changed), ('redact', False))
        self._update_addon()
        self.assertEqual(rule.erase, 'clear')

    def test_clerk_cannot_let_a_row_follow_updates(self):
        self.rule.with_user(self.officer).erase = 'redact'
        with self.assertRaises(AccessError):
            self.rule.with_user(self.clerk).action_follow_updates()

    def test_changed_period_changes_no_row(self):
        retention = self.env.ref('dsgvo.retention_vouchers')
        retention.with_user(self.officer).years = 11
        self.assertFalse(retention.rule_ids.filtered('is_changed'))
        self._update_addon()
        self.assertEqual(set(retention.rule_ids.mapped('retention_years')), {11})

    def test_changed_rows_are_found(self):
        Rule = self.env['dsgvo.data.rule'].with_user(self.officer)
        Rule.create({
            'model': 'sale.order', 'field': 'note', 'reached_by': 'partner_id', 'erase': 'clear',
            'category': 'order'}).erase = 'redact'
        (self.rule + self.other).with_user(self.officer).export = False
        self.other.with_user(self.officer).active = False
        self.assertEqual(Rule.search([('is_changed', '=', True)]), self.rule)
        self.assertEqual(
            Rule.search([('is_changed', '=', True), ('active', '=', False)]), self.other)
        self.assertNotIn(self.rule, Rule.search([('is_changed', '=', False)]))

    def test_rows_changed_before_updates_kept_them_are_kept(self):
        spec = spec_from_file_location('migration', file_path(MIGRATION))
        migration = module_from_spec(spec)
        spec.loader.exec_module(migration)
        self.rule.with_user(self.officer).erase = 'redact'
        self.rule.action_follow_updates()  # as it was before
        self.env.ref('dsgvo.retention_vouchers').with_user(self.officer).years = 11
        self.env.flush_all()
        for _time in range(2):
            migration.migrate(self.env.cr, '19.0.1.1.0')
            self.env.invalidate_all()
            changed = self.env['dsgvo.data.rule'].search([('is_changed', '=', True)])
            self.assertEqual(changed, self.rule)

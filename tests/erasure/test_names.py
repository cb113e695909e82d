from odoo.modules.migration import load_script
from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path


@tagged('post_install', '-at_install')
class TestNames(TransactionCase):
    """What an update does with the names of 19.0.1.1.0 and with what refers to them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        path = file_path('dsgvo/migrations/19.0.1.2.0/pre-names.py')
        cls.names = load_script(path, 'dsgvo_pre_names')
        cls.addClassCleanup(cls.registry.clear_all_caches)
        cls.period = cls.env['dsgvo.erasure.period'].search([('kind', '=', 'inactive')], limit=1)
        cls.period.sudo().write({'duration': 7, 'unit': 'years'})
        cls.kept = {
            'menu_erasure_periods': 'menu_erasure_rules',
            'dsgvo_first_steps_action': 'dsgvo_erasure_preview_action',
            'dsgvo_erasure_period_action': 'dsgvo_erasure_rule_action',
            'dsgvo_erasure_preview_view_form': 'dsgvo_erasure_selection_view_form',
            'model_dsgvo_erasure_preview': 'model_dsgvo_erasure_selection',
            'model_dsgvo_first_steps': 'model_dsgvo_erasure_preview',
            'access_dsgvo_erasure_period_officer': 'access_dsgvo_erasure_rule_officer',
            'field_dsgvo_erasure_period__duration': 'field_dsgvo_erasure_rule__period',
            'dsgvo_erasure_rule_officer': 'dsgvo_erasure_rule_officer',
        }
        cls.ids = {new: cls.env.ref(f'dsgvo.{new}').id for new in cls.kept}
        cls._make_old()

    @classmethod
    def _make_old(cls):
        """Leave the names that 19.0.1.1.0 had."""
        cls.env.flush_all()
        names, cr = cls.names, cls.env.cr
        for model, fields in names.FIELDS.items():
            for old, new in fields.items():
                names._rename_field(cr, model, new, old)
        for old, new in names.XML_IDS.items():
            cr.execute("UPDATE ir_model_data SET name = %s WHERE module = 'dsgvo' AND name = %s",
                       [old, new])
        for old, new in reversed(names.MODELS.items()):
            names._rename_table(cr, new.replace('.', '_'), old.replace('.', '_'))
            names._rename_model(cr, new, old)
            names._rename_xml_ids_of_model(cr, new.replace('.', '_'), old.replace('.', '_'))
        cls._forget()

    @classmethod
    def _forget(cls):
        cls.env.invalidate_all()
        cls.registry.clear_all_caches()

    def _migrate(self):
        self.env.flush_all()
        for _update in range(2):
            self.names.migrate(self.env.cr, '19.0.1.1.0')
        self._forget()

    def test_update_finds_the_old_names(self):
        self.env.cr.execute("SELECT period, unit FROM dsgvo_erasure_rule WHERE id = %s",
                            [self.period.id])
        self.assertEqual(self.env.cr.fetchone(), (7, 'years'))
        for new, old in self.kept.items():
            self.assertEqual(self.env.ref(f'dsgvo.{old}').id, self.ids[new], old)

    def test_periods_keep_what_the_shop_entered(self):
        self._migrate()
        self.assertRecordValues(self.period, [{'duration': 7, 'unit': 'years'}])

    def test_external_ids_lead_to_the_same_records(self):
        self._migrate()
        for new, record_id in self.ids.items():
            self.assertEqual(self.env.ref(f'dsgvo.{new}').id, record_id, new)

    def test_no_old_name_is_left(self):
        self._migrate()
        self.env.cr.execute("""
            SELECT relname FROM pg_class WHERE relname ~ '^dsgvo_erasure_(rule|selection)'
             UNION SELECT conname FROM pg_constraint WHERE conname ~ '^dsgvo_erasure_rule'
             UNION SELECT name FROM ir_model_constraint
                    WHERE name ~ '^dsgvo_erasure_(rule|selection)' AND type = 'f'
             UNION SELECT model FROM ir_model WHERE model ~ '^dsgvo.erasure.(rule|selection)'
             UNION SELECT name FROM ir_model_data
                    WHERE name ~ 'dsgvo_erasure_(rule|selection|board)'
                      AND name !~ '^dsgvo_erasure_rule_(clerk|company|officer)$'
        """)
        self.assertFalse(self.env.cr.fetchall())

    def test_favourites_follow(self):
        favourites = self.env['ir.filters']
        for model, domain, context in (
                ('dsgvo.erasure.rule', "[('period', '>', 2)]", "{}"),
                ('dsgvo.erasure', "[('done_date', '!=', False), ('rule_id.period', '>', 1)]",
                 "{'group_by': ['done_date:month']}"),
                ('dsgvo.notification', "[('date', '!=', False)]", "{'group_by': ['date:day']}"),
                ('dsgvo.consent.event', "[('date', '!=', False)]", "{'group_by': ['date']}")):
            favourites += favourites.sudo().create({
                'name': model, 'model_id': 'res.partner', 'domain': domain, 'context': context})
            self.env.flush_all()
            self.env.cr.execute("UPDATE ir_filters SET model_id = %s WHERE id = %s",
                                [model, favourites[-1].id])
        self._migrate()
        self.assertEqual(favourites.mapped(lambda f: (f.model_id, f.domain, f.context)), [
            ('dsgvo.erasure.period', "[('duration', '>', 2)]", "{}"),
            ('dsgvo.erasure', "[('done_on', '!=', False), ('period_id.duration', '>', 1)]",
             "{'group_by': ['done_on:month']}"),
            ('dsgvo.notification', "[('told_on', '!=', False)]", "{'group_by': ['told_on:day']}"),
            ('dsgvo.consent.event', "[('date', '!=', False)]", "{'group_by': ['date']}")])

    def test_exports_follow(self):
        export = self.env['ir.exports'].create({
            'name': "Recipients", 'resource': 'dsgvo.erasure.recipient', 'export_fields': [
                (0, 0, {'name': name}) for name in ('messages', 'erasure_id/done_date', 'kind')]})
        self._migrate()
        self.assertEqual(export.export_fields.mapped('name'),
                         ['transfer_count', 'erasure_id/done_on', 'kind'])

    def test_own_views_follow(self):
        view = self.env['ir.ui.view'].sudo().create({
            'name': "own", 'type': 'list', 'model': 'res.partner', 'arch': "<list/>"})
        arch = '<list><field name="%s" widget="date"/><field name="state"/></list>'
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_ui_view SET model = 'dsgvo.notification',"
            " arch_db = jsonb_build_object('en_US', %s::text) WHERE id = %s",
            [arch % 'date', view.id])
        self._migrate()
        self.assertEqual(view.arch_db, arch % 'told_on')

    def test_own_rules_of_the_map_and_messages_follow(self):
        rule = self.env['dsgvo.data.rule'].sudo()
        self.env.cr.execute("""
            INSERT INTO dsgvo_data_rule (model, field, reached_by, erase, owns, category, domain)
            VALUES ('dsgvo.notification', 'date', 'partner_id', 'keep', FALSE, 'order', '[]'),
                   ('dsgvo.erasure.rule', 'id', 'id', 'keep', FALSE, 'order', '[]')
         RETURNING id""")
        rules = rule.browse(rule_id for rule_id, in self.env.cr.fetchall())
        self._migrate()
        self.assertRecordValues(rules, [
            {'model': 'dsgvo.notification', 'field': 'told_on', 'is_about_person': False},
            {'model': 'dsgvo.erasure.period', 'field': 'id', 'is_about_person': False}])

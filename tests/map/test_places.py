from datetime import date

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.dsgvo.models.map.places import Column, Places
from odoo.addons.dsgvo.models.map.searching import SEPARATOR

from ..common import DsgvoCommon

SHELF = 'dsgvo_test_shelf'


@tagged('post_install', '-at_install')
class TestPlaces(DsgvoCommon):
    """What the tables of the database and the map say of a column."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute(f"""
            CREATE TABLE {SHELF} (id serial PRIMARY KEY, title varchar NOT NULL, words text[],
                                  extra jsonb, cover bytea, weight numeric, bought date);
            CREATE TABLE {SHELF}_rel (shelf_id int, remark text, scan bytea);
            INSERT INTO {SHELF} (title, words, weight) VALUES ('Emil', '{{Kind,Buch}}', 3)""")
        cls.Rule = cls.env['dsgvo.data.rule']
        cls.Rule.search([('model', '=', 'res.partner.category')]).unlink()
        cls.heading = cls.env['res.partner.category'].create({'name': "Stammkundin"})
        cls.other = cls.env['res.partner.category'].create({'name': "Lieferantin"})

    def _rule(self, **values):
        return self.Rule.create({
            'model': 'res.partner.category', 'field': 'name', 'reached_by': 'partner_ids',
            'erase': 'redact', 'category': 'contact', 'note': "Test"} | values)

    # === TABLES === #

    def test_columns_of_texts_are_known_and_no_others(self):
        self.assertEqual(Places(self.env).columns[SHELF], [
            Column('title', 'character varying', True), Column('words', 'text[]', False),
            Column('extra', 'jsonb', False)])

    def test_files_are_known_where_a_row_has_a_number(self):
        places = Places(self.env)
        self.assertEqual(places.file_columns.get(SHELF), ['cover'])
        self.assertNotIn(f'{SHELF}_rel', places.file_columns)
        self.assertEqual([places.has_ids(SHELF), places.has_ids(f'{SHELF}_rel')], [True, False])

    def test_files_of_attachments_are_left_to_others(self):
        places = Places(self.env)
        self.assertNotIn('db_datas', places.file_columns.get('ir_attachment', ()))
        self.assertIn('index_content', [column.name for column in places.columns['ir_attachment']])

    def test_table_that_is_handed_in_is_left_out(self):
        tables = dict(map(reversed, Places(self.env, without=[SHELF]).get_tables()))
        self.assertNotIn(SHELF, tables)
        self.assertIn(f'{SHELF}_rel', tables)

    def test_texts_of_a_row_stand_under_each_other(self):
        [(texts,)] = self.env.execute_query(SQL(
            "SELECT %s FROM %s", Places(self.env).get_texts(SHELF), SQL.identifier(SHELF)))
        self.assertEqual(texts, f"Emil{SEPARATOR}{{Kind,Buch}}")

    def test_contacts_come_first_and_then_all_tables(self):
        self._rule(field='id', reached_by='id', erase='keep', is_about_person=False)
        tables = Places(self.env).get_tables()
        self.assertEqual(tables[0], (0, 'res_partner'))
        for table in 'res_partner', 'res_partner_category', SHELF:
            self.assertIn((1, table), tables)
        self.assertEqual(tables, sorted(tables))

    # === THE MAP === #

    def test_exemption_of_a_model_or_of_a_field_says_that_a_place_is_nobodys(self):
        rule = self._rule(erase='keep', is_about_person=False)
        for field, exempt in ('name', (True, False)), ('id', (True, True)):
            with self.subTest(field=field):
                rule.field = field
                places = Places(self.env)
                self.assertEqual(tuple(
                    places.is_exempt(rule.model, name) for name in ('name', 'color')), exempt)
                self.assertFalse(places.has_rule(rule.model, 'name'))

    def test_row_that_is_kept_as_the_persons_is_no_exemption(self):
        rule = self._rule(erase='keep')
        self.assertFalse(Places(self.env).is_exempt(rule.model, 'name'))

    def test_treatments_that_change_a_row_treat_its_columns(self):
        rule = self._rule()
        for erase, treats in {
                'clear': True, 'replace': True, 'redact': True, 'delete': True, 'keep': False,
                'detach': False}.items():
            with self.subTest(erase=erase):
                rule.erase = erase
                places = Places(self.env)
                self.assertEqual(places.has_rule(rule.model, 'name'), treats)
                self.assertEqual(
                    places.find_treated(rule.model, 'name', self.heading.ids),
                    set(self.heading.ids) if treats else set())

    def test_only_rows_that_match_a_condition_are_treated(self):
        rule = self._rule(domain="[('name', '=', 'Stammkundin')]")
        ids = (self.heading | self.other).ids
        self.assertEqual(
            Places(self.env).find_treated(rule.model, 'name', ids), set(self.heading.ids))
        self._rule(domain="[('name', '=', 'Lieferantin')]")
        self.assertEqual(Places(self.env).find_treated(rule.model, 'name', ids), set(ids))

    def test_archived_row_is_treated(self):
        self.heading.active = False
        rule = self._rule()
        self.assertEqual(
            Places(self.env).find_treated(rule.model, 'name', self.heading.ids),
            set(self.heading.ids))

    def test_row_that_its_address_found_is_not_treated_afterwards(self):
        rule = self._rule(reached_by='email:name')
        places = Places(self.env)
        self.assertTrue(places.has_rule(rule.model, 'name'))
        self.assertEqual(places.find_treated(rule.model, 'name', self.heading.ids), set())

    # === WHAT THE LAW KEEPS === #

    def _get_kept(self, **values):
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner_category SET create_date = '2019-05-04'")
        self._rule(**values)
        return Places(self.env).get_kept('res.partner.category', self.heading.ids)

    def test_document_is_kept_as_a_whole_until_the_end_of_a_year(self):
        self.assertEqual(
            self._get_kept(erase='hold', retention_years=8, basis='§ 147 AO'),
            {(self.heading.id, 'id'): ('§ 147 AO', date(2027, 12, 31))})

    def test_longest_period_of_a_row_counts(self):
        self._rule(erase='hold', retention_years=10, basis='§ 257 HGB')
        self.assertEqual(
            self._get_kept(erase='hold', retention_years=8, basis='§ 147 AO')[
                self.heading.id, 'id'][1], date(2029, 12, 31))

    def test_column_that_is_kept_with_a_document_lasts_as_long_as_any(self):
        self._rule(model='res.users', field='partner_id', reached_by='partner_id', erase='hold',
                   retention_years=12)
        self.assertEqual(
            self._get_kept(kept_while_held=True),
            {(self.heading.id, 'name'): ('', date(2031, 12, 31))})

    def test_row_that_no_condition_matches_is_not_kept(self):
        self.assertEqual(
            self._get_kept(erase='hold', retention_years=8, domain="[('name', '=', 'X')]"), {})

from odoo.tests import TransactionCase, tagged

from odoo.addons.dsgvo.models.map.filled_tables import find_filled


@tagged('post_install', '-at_install')
class TestFilledTables(TransactionCase):

    def _is_filled(self, *tables):
        return find_filled(self.env, tables)

    def test_only_a_table_without_a_page_is_left_out(self):
        self.env.cr.execute("CREATE TABLE dsgvo_test_shelf (title varchar)")
        self.assertEqual(self._is_filled('dsgvo_test_shelf', 'res_partner'), {'res_partner'})
        self.env.cr.execute("INSERT INTO dsgvo_test_shelf VALUES ('Der Zauberberg')")
        self.assertEqual(
            self._is_filled('dsgvo_test_shelf', 'res_partner'), {'dsgvo_test_shelf', 'res_partner'})

    def test_views_and_what_is_missing_are_left_to_who_asks(self):
        self.env.cr.execute("CREATE VIEW dsgvo_test_view AS SELECT 1 AS id WHERE FALSE")
        self.assertEqual(
            self._is_filled('dsgvo_test_view', 'dsgvo_test_none'),
            {'dsgvo_test_view', 'dsgvo_test_none'})

    def test_rows_in_a_part_of_a_table_count(self):
        self.env.cr.execute("""
            CREATE TABLE dsgvo_test_shelf (title varchar);
            CREATE TABLE dsgvo_test_part () INHERITS (dsgvo_test_shelf);
            INSERT INTO dsgvo_test_part VALUES ('Der Zauberberg')
        """)
        self.assertEqual(self._is_filled('dsgvo_test_shelf'), {'dsgvo_test_shelf'})

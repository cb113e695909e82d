from odoo.tests import TransactionCase, tagged


@tagged('post_install', '-at_install')
class TestIndexes(TransactionCase):
    def test_no_table_is_read_whole_for_a_deleted_contact(self):
        """A foreign key of any addon is found by an index that covers all of its rows."""
        self.env.cr.execute("""
            SELECT conrelid::regclass::varchar || '.' || attname FROM pg_constraint
              JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
             WHERE contype = 'f' AND confrelid = 'res_partner'::regclass AND NOT EXISTS (
                SELECT FROM pg_index WHERE indrelid = conrelid AND indkey[0] = conkey[1] AND (
                    indpred IS NULL OR pg_get_expr(indpred, indrelid) LIKE '%IS NOT NULL)'))
        """)
        self.assertEqual(self.env.cr.fetchall(), [])

    def test_column_of_another_addon_is_indexed_once(self):
        self.env.cr.execute("""
            CREATE TABLE dsgvo_test_shelf (id serial, partner_id int REFERENCES res_partner);
            CREATE INDEX ON dsgvo_test_shelf (partner_id) WHERE id > 5
        """)
        for _time in range(2):
            self.env['dsgvo.data.rule']._create_indexes()
            self.env.cr.execute(
                "SELECT count(*) FROM pg_index WHERE indrelid = 'dsgvo_test_shelf'::regclass")
            self.assertEqual(self.env.cr.fetchone()[0], 2)

from psycopg2 import IntegrityError

from odoo.tests import TransactionCase, tagged

from odoo.addons.dsgvo.models.jobs.isolation import attempt, isolate, refuse_early


@tagged('post_install', '-at_install')
class TestEndOfTransaction(TransactionCase):
    """What another addon lets PostgreSQL check at the commit, seen from work that is isolated."""

    def setUp(self):
        super().setUp()
        self.env.cr.execute("""
            CREATE TEMPORARY TABLE dsgvo_test (
                id int, late int UNIQUE DEFERRABLE INITIALLY DEFERRED,
                early int UNIQUE DEFERRABLE INITIALLY IMMEDIATE);
            CREATE TEMPORARY TABLE dsgvo_test_calls (id int);
            CREATE FUNCTION dsgvo_test_call() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO dsgvo_test_calls VALUES (NEW.id); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER dsgvo_test_call AFTER INSERT ON dsgvo_test
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dsgvo_test_call()
        """)

    def _insert(self, *rows):
        for row in rows:
            self.env.cr.execute("INSERT INTO dsgvo_test VALUES %s", [row])

    def _read(self, table):
        self.env.cr.execute(f"SELECT id FROM {table} ORDER BY id")
        return [row_id for row_id, in self.env.cr.fetchall()]

    def test_record_that_the_commit_would_refuse_is_left_out_alone(self):
        rows = [(1, 1, 1), (2, 2, 2), (3, 1, 3), (4, 4, 4)]
        [(left_out, error)] = isolate(self.env, rows, lambda some: self._insert(*some))
        self.assertEqual(left_out, [(3, 1, 3)])
        self.assertIsInstance(error, IntegrityError)
        self.assertEqual(self._read('dsgvo_test'), [1, 2, 4])
        refuse_early(self.env.cr)

    def test_each_constraint_is_checked_afterwards_when_it_was_before(self):
        self.assertIsNone(attempt(self.env, self._insert, (1, 1, 1)))
        self._insert((2, 1, 2))
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._insert((3, 3, 2))
        self.assertEqual(self._read('dsgvo_test'), [1, 2])

    def test_trigger_does_its_work_once_at_the_commit(self):
        self.assertIsNone(attempt(self.env, self._insert, (1, 1, 1)))
        self.assertEqual(self._read('dsgvo_test_calls'), [])
        self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.assertEqual(self._read('dsgvo_test_calls'), [1])

    def test_work_is_not_undone_for_what_its_caller_has_yet_to_put_right(self):
        self._insert((1, 1, 1), (2, 1, 2))
        self.assertIsNone(attempt(self.env, self._insert, (3, 3, 3)))
        self.assertIsInstance(attempt(self.env, self._insert, (4, 4, 3)), IntegrityError)
        self.env.cr.execute("UPDATE dsgvo_test SET late = 2 WHERE id = 2")
        refuse_early(self.env.cr)
        self.assertEqual(self._read('dsgvo_test'), [1, 2, 3])

    def test_one_statement_is_what_it_costs(self):
        with self.assertQueryCount(3):  # the other two begin and end the savepoint
            attempt(self.env, lambda: None)

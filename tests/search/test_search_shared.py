from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.modules.migration import load_script
from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path

from odoo.addons.dsgvo.models.map.places import Places
from odoo.addons.dsgvo.models.search import dsgvo_erasure_search_chunk, plan
from odoo.addons.dsgvo.models.search.database_search import UNREAD_TABLES, DatabaseSearch


@tagged('post_install', '-at_install')
class TestSearchShared(TransactionCase):
    """Several runs share the chunks of a search."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Chunk = cls.env['dsgvo.erasure.search.chunk']
        cls.env.cr.execute("""
            CREATE TABLE leftover (id serial, note varchar);
            INSERT INTO leftover (note) SELECT 'Guten Tag ' || n FROM generate_series(1, 1000) n;
            CREATE TABLE leftover_empty (id serial, note varchar)
        """)
        cls.search_run = cls.env['dsgvo.erasure.search'].create({})
        cls.places = Places(cls.env, without=UNREAD_TABLES)

    def _plan(self, *tables):
        with patch.object(plan, 'PART', 20_000):
            self.search_run._plan(self.places, tables)
        return self.search_run.chunk_ids

    def _release(self, chunks):
        """Let chunks look like those of runs that were killed."""
        chunks.taken_on -= dsgvo_erasure_search_chunk.GRACE + timedelta(seconds=1)

    def test_large_table_is_cut_into_parts_that_together_are_all_of_it(self):
        parts = [part for chunk in self._plan((1, 'leftover')) for part in chunk.tables]
        self.assertGreater(len(parts), 2)
        self.assertEqual(parts[0][1], 0)
        self.assertEqual([part[2] for part in parts[:-1]], [part[1] for part in parts[1:]])
        self.assertIsNone(parts[-1][2], "Rows that come meanwhile are read, too.")

    def test_table_without_rows_is_left_out_and_small_ones_share_a_chunk(self):
        chunks = self._plan((1, 'leftover_empty'), (1, 'res_lang'), (1, 'res_groups_privilege'))
        self.assertNotIn('leftover_empty', str(chunks.mapped('tables')))
        self.search_run.chunk_ids.unlink()
        self.search_run._plan(self.places, [(1, 'res_lang'), (1, 'leftover')])
        self.assertEqual(len(self.search_run.chunk_ids), 1)

    def test_two_runs_take_different_chunks_of_one_stage(self):
        self.search_run._plan(self.places, [(0, 'res_lang')])
        self._plan((1, 'leftover'))
        first = self.Chunk._take(self.search_run)
        self.assertEqual(first.stage, 0)
        self.assertFalse(self.Chunk._take(self.search_run), "The first stage is not over.")
        first.is_done = True
        second, third = (self.Chunk._take(self.search_run) for _run in range(2))
        self.assertEqual((second.stage, third.stage), (1, 1))
        self.assertNotEqual(second, third)

    def test_chunk_of_a_run_that_was_killed_is_taken_again_with_care(self):
        chunk = self._plan((1, 'leftover'))[0]
        self.assertEqual(self.Chunk._take(self.search_run), chunk)
        (self.search_run.chunk_ids - chunk).is_done = True
        self.assertFalse(self.Chunk._take(self.search_run))
        self._release(chunk)
        self.assertEqual(self.Chunk._take(self.search_run), chunk)
        self.assertTrue(chunk.rows_to_try)
        self.assertFalse(chunk.skips_row)

    def test_run_that_lost_its_chunk_reads_no_more_of_it(self):
        chunk = self._plan((1, 'leftover'))[0]
        self.Chunk._take(self.search_run)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dsgvo_erasure_search_chunk SET taken_on = %s WHERE id = %s",
            [fields.Datetime.now() + timedelta(seconds=5), chunk.id])
        self.assertFalse(chunk._go_on())

    def test_two_runs_in_turn_read_all_once_and_one_of_them_finishes(self):
        self._plan((1, 'leftover'))
        count = len(self.search_run.chunk_ids)
        first, second = (DatabaseSearch(self.search_run) for _run in range(2))
        self.assertFalse(first.run(lambda left: left > count - 2))
        self.assertTrue(second.run(lambda left: True))
        self.assertTrue(first.run(lambda left: True), "Nothing is left for it.")
        self.assertTrue(self.search_run._is_to_finish())
        self.search_run._finish()
        self.assertFalse(self.search_run._is_to_finish())
        self.assertEqual(self.search_run.rows_read, 1000)
        self.assertFalse(self.search_run.chunk_ids)

    def test_second_job_joins_a_search_and_starts_none(self):
        Search = self.env['dsgvo.erasure.search']
        Search.search([]).unlink()
        with self.enter_registry_test_mode():
            self.env.ref('dsgvo.ir_cron_search_along').method_direct_trigger()
        self.assertFalse(Search.search([]))
        search = Search.create({})
        search._plan(self.places, [(1, 'leftover')])
        with self.enter_registry_test_mode():
            self.env.ref('dsgvo.ir_cron_search_along').method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(search.finished_on)
        self.assertEqual(search.rows_read, 1000)

    def test_search_under_way_begins_anew_with_the_update(self):
        done = self.search_run.create({'finished_on': fields.Datetime.now()})
        self.env.flush_all()
        path = file_path('dsgvo/migrations/19.0.1.2.0/pre-search-chunks.py')
        load_script(path, 'dsgvo_pre_search_chunks').migrate(self.env.cr, '19.0.1.1.0')
        self.env.invalidate_all()
        self.assertFalse(self.search_run.exists())
        self.assertTrue(done.exists())

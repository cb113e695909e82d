from base64 import b64encode
from datetime import timedelta
from unittest.mock import ANY, patch

from odoo import fields
from odoo.tests import TransactionCase, tagged

from odoo.addons.dsgvo.models.map.needles import find_needles
from odoo.addons.dsgvo.models.map.searching import SLICE, Recogniser
from odoo.addons.dsgvo.models.search import (
    attachments,
    database_search,
    dsgvo_erasure_search_chunk,
    findings,
)
from odoo.addons.dsgvo.models.search.database_search import DatabaseSearch

from .files_common import PNG, make_pdf, make_zip

EMAIL = 'adelheid@quittenbaum.example'


class Killed(BaseException):
    """What a server does to a job that takes too long."""


@tagged('post_install', '-at_install')
class TestUnread(TransactionCase):
    """A search of single tables: what it cannot read is counted, and stops it only once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.erasure = cls.env['dsgvo.erasure'].create({
            'reason': 'manual', 'state': 'done', 'done_on': fields.Datetime.now()})
        hasher = cls.env['dsgvo.erasure.value']._get_hasher()
        contact = dict.fromkeys(('name', 'phone', 'street', 'country_code', 'phone_code'))
        for mark in find_needles(contact | {'email': EMAIL}).certain:
            value = hasher.get_fingerprint(mark)
            cls.env['dsgvo.erasure.value'].create({
                'erasure_id': cls.erasure.id, 'kind': mark.kind, **value._asdict()})
        cls.search = cls.env['dsgvo.erasure.search'].create({})

    def setUp(self):
        super().setUp()
        self.patch(dsgvo_erasure_search_chunk, 'GRACE', timedelta(seconds=-1))
        self.env.cr.execute("CREATE TABLE leftover (id serial, note varchar)")

    def _add_rows(self, *notes):
        self.env.cr.execute_values("INSERT INTO leftover (note) VALUES %s", [(n,) for n in notes])

    def _add_files(self, *contents, **values):
        return self.env['ir.attachment'].create([
            {'name': str(number), 'raw': content} | values
            for number, content in enumerate(contents)])

    def _add_unreadable(self):
        """Add a file that is a folder, and one of unknown size that is gone."""
        folder, gone = self._add_files(b"becomes a folder", b"becomes unknown")
        self.env.cr.execute("UPDATE ir_attachment SET store_fname = '.' WHERE id = %s", [folder.id])
        self.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = '00/gone', file_size = NULL WHERE id = %s",
            [gone.id])

    def _run(self, table='leftover', first=None, most=None):
        """Search one table, as the job does; at most so many pieces.

        :param first: the id at which a new search begins; by default the old one goes on
        """
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            search = DatabaseSearch(self.search.with_env(self.env(cr=cr)))
            chunk = search.search.chunk_ids
            if first or not chunk:
                chunk.unlink()
                [entry] = [entry for entry in search.places.get_tables() if entry[1] == table]
                search.search._plan(search.places, [entry])
                search.search.chunk_ids.last_id = (first or 1) - 1
                search.env.cr.commit()
            left = [most]

            def go_on(_chunks):
                search.env['ir.cron']._commit_progress()
                left[0] = left[0] and left[0] - 1
                return left[0] != 0

            try:
                is_done = search.run(go_on)
                search.env['ir.cron']._commit_progress()
            except Killed:
                cr.rollback()
                is_done = None
        self.env.invalidate_all()
        return is_done

    @property
    def _chunk(self):
        return self.search.chunk_ids

    def _find_residuals(self):
        return self.env['dsgvo.erasure.residual'].search(
            [('erasure_id', '=', self.erasure.id)]).mapped('res_id')

    def _break_off(self, error):
        """Let the search break off at a text with MINE in it."""
        sift = Recogniser.sift

        def break_off(recogniser, texts):
            if any("MINE" in text for text in texts):
                raise error
            return sift(recogniser, texts)

        self.startPatcher(patch.object(Recogniser, 'sift', break_off))

    def test_row_that_kills_the_job_is_left_out_the_third_time(self):
        self._add_rows("a", "b", "MINE", "c", EMAIL, "d")
        self._break_off(Killed())
        self.assertIsNone(self._run())
        self.assertEqual((self._chunk.rows_read, bool(self._chunk.taken_on)), (0, True))
        self.assertIsNone(self._run())
        self.assertEqual(self._chunk.rows_read, 2)
        self.assertTrue(self._run())
        self.assertRecordValues(self._chunk, [
            {'rows_read': 5, 'unread': {'row': 1}, 'is_done': True}])
        self.assertEqual(self._find_residuals(), [5])

    def test_file_that_kills_the_job_is_left_out_the_third_time(self):
        files = self._add_files(b"a", b"MINE", EMAIL.encode())
        self._break_off(Killed())
        self.assertIsNone(self._run('ir_attachment', files[0].id))
        self.assertIsNone(self._run('ir_attachment'))
        self.assertTrue(self._run('ir_attachment'))
        self.assertEqual(self._chunk.unread, {'row': 1})
        self.assertEqual(self._find_residuals(), files[2].ids)

    def test_row_with_an_error_is_left_out_at_once(self):
        self._add_rows("a", "MINE", EMAIL, "MINE", "b")
        self._break_off(ValueError(EMAIL))
        with self.assertLogs(database_search.__name__, 'WARNING') as log:
            self.assertTrue(self._run())
        self.assertRecordValues(self._chunk, [{'rows_read': 3, 'unread': {'row': 2}}])
        self.assertEqual(self._find_residuals(), [3])
        self.assertNotIn(EMAIL, str(log.output))

    def test_table_without_ids_goes_on_behind_the_block(self):
        self.env.cr.execute("CREATE TABLE nameless (note varchar)")
        for note in "MINE", EMAIL:
            self.env.cr.execute(
                "INSERT INTO nameless SELECT %s FROM generate_series(1, 400)", [f"{note} {EMAIL}"])
        self._break_off(ValueError())
        with self.assertLogs(database_search.__name__, 'WARNING'):
            self.assertTrue(self._run('nameless'))
        self.assertGreater(self._chunk.unread['row'], 399)
        self.assertGreater(self._chunk.rows_read, 300)
        self.assertEqual(self._find_residuals(), [0])

    def test_run_that_was_stopped_in_order_leaves_nothing_out(self):
        self._add_rows(*"abc")
        self._run(most=1)
        self._chunk.rows_to_try = 3
        for _chunk in range(3):
            self.assertFalse(self._run(most=3))
        self.assertTrue(self._run())
        self.assertRecordValues(self._chunk, [{'rows_read': 3, 'unread': False, 'rows_to_try': 0}])

    def test_long_text_is_found_to_its_end(self):
        self._add_rows("Ein langer Text " * 100_000 + EMAIL + " und mehr" * 100)
        self.assertTrue(self._run())
        self.assertEqual(self._find_residuals(), [1])
        self.assertFalse(self._chunk.unread)

    def test_long_text_is_sifted_in_parts_within_its_time(self):
        self._add_rows("a", f"Ein langer Text {EMAIL} " + "x " * (SLICE + 1000), EMAIL)
        sift, sizes = Recogniser.sift, []

        def note(recogniser, texts):
            sizes.extend(map(len, texts))
            return sift(recogniser, texts)

        self.startPatcher(patch.object(Recogniser, 'sift', note))
        self.assertTrue(self._run())
        self.assertEqual(self._find_residuals(), [2, 3])
        self.assertLess(max(sizes), SLICE + 100)

    def test_end_of_a_text_that_is_too_long_or_takes_too_long_is_counted(self):
        self._add_rows(f"{EMAIL} " + "x " * 1000)
        with patch.object(database_search, 'LARGEST', 1000):
            self.assertTrue(self._run())
        self.assertEqual(self._chunk.unread, {'text': 1})
        self.assertEqual(self._find_residuals(), [1])
        self.search.chunk_ids.unlink()
        with patch.object(database_search, 'SECONDS', -1):
            self.assertTrue(self._run())
        self.assertEqual(self._chunk.unread, {'text': 1})

    def test_text_that_is_too_long_to_be_written_is_listed(self):
        partner = self.env['res.partner'].create({'name': "Bert"})
        order = self.env['sale.order'].create(
            {'partner_id': partner.id, 'note': f"<p>{EMAIL}</p>" * 10})
        with patch.object(findings, 'LONGEST_CLEANED', 100):
            self.assertTrue(self._run('sale_order', order.id))
        self.assertEqual(
            self.env['dsgvo.erasure.residual'].search([('res_id', '=', order.id)]).mapped('reason'),
            ['encoded'])
        self.assertIn(EMAIL, order.note)

    def test_chunk_begins_no_file_when_its_time_is_over(self):
        files = self._add_files(b"a", b"b", EMAIL.encode())
        with patch.object(database_search, 'SECONDS', 0):
            self.assertFalse(self._run('ir_attachment', files[0].id, most=3))
            self.assertEqual(self._chunk.last_id, files[0].id)
            self.assertTrue(self._run('ir_attachment'))
        self.assertEqual(self._chunk.rows_read, 3)

    def test_files_are_counted_by_kind_in_words(self):
        missing = self._add_files(b"is removed")
        missing.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = '00/none' WHERE id = %s", [missing.id])
        self._add_files(b"Text", make_pdf("Text"), mimetype='text/plain')
        self._add_files(PNG, PNG + b'0', make_zip(a=PNG), make_pdf(''), name='letter.doc')
        self._add_files(
            PNG, mimetype='image/png', res_field='image_1920', res_model='res.partner')
        cloud = self._add_files(b'')
        self.env.cr.execute(
            "UPDATE ir_attachment SET type = 'cloud_storage' WHERE id = %s", [cloud.id])
        for url in 'https://cloud.example/letter.pdf', '/web/static/img.png':
            self.env['ir.attachment'].create({'name': "Link", 'type': 'url', 'url': url})
        self._add_unreadable()
        self.assertTrue(self._run('ir_attachment', missing.id))
        self.assertRecordValues(self._chunk, [{
            'files_read': 2, 'unread': {
                'picture': 3, 'field_picture': 1, 'scan': 1, 'missing': 3, 'outside': 2}}])
        self.search._add_up()
        self.assertRecordValues(self.search, [{'files_read': 2, 'files_unread': 10}])
        self.assertIn("Pictures: 3\n", self.search.unread_list)
        self.assertIn("PDF files with pages without text (scans): 1\n", self.search.unread_list)

    def test_file_in_a_column_of_another_table_is_read_and_named(self):
        self.env.cr.execute("CREATE TABLE scans (id serial, scan bytea, other bytea)")
        packed = make_zip(a=EMAIL)
        self.env.cr.execute_values("INSERT INTO scans (scan, other) VALUES %s", [
            (b64encode(packed), None), (None, packed), (PNG, b64encode(b"Text")), (None, None)])
        self.assertTrue(self._run('scans'))
        self.assertRecordValues(self._chunk, [{
            'rows_read': 4, 'files_read': 3, 'unread': {'field_picture': 1}}])
        self.assertEqual(self.env['dsgvo.erasure.residual'].search_read(
            [('model', '=', 'scans')], ['field', 'res_id', 'reason'], order='res_id', load=None), [
            {'id': ANY, 'field': 'scan', 'res_id': 1, 'reason': 'file'},
            {'id': ANY, 'field': 'other', 'res_id': 2, 'reason': 'file'}])
        with patch.object(attachments, 'LARGEST', 10):
            self.assertTrue(self._run('scans', 1))
        self.assertEqual(self._chunk.unread['large'], 3)

    def test_long_text_of_a_file_is_searched_to_its_end(self):
        file = self._add_files(f"{'a ' * 50}{EMAIL}".encode())
        with patch.object(database_search, 'LARGEST', 10):
            self.assertTrue(self._run('ir_attachment', file.id))
        self.assertEqual(self._find_residuals(), file.ids)
        self.assertFalse(self._chunk.unread.get('large'))

    def test_name_of_a_file_and_where_it_leads_are_texts(self):
        files = self._add_files(b"a", b"b", b"c")
        for file, field in zip(files, ('name', 'description', 'url'), strict=True):
            file[field] = f"to {EMAIL}"
        self.assertTrue(self._run('ir_attachment', files[0].id))
        self.assertEqual(
            [files[0].name, files[1].description, files[2].url], ["to …"] * 3)

    def test_file_in_the_database_is_read_and_one_that_is_too_large_is_not(self):
        self.env['ir.config_parameter'].set_param('ir_attachment.location', 'db')
        file = self._add_files(EMAIL.encode())
        self.assertTrue(file.db_datas)
        self.assertTrue(self._run('ir_attachment', file.id))
        self.assertEqual(self._find_residuals(), file.ids)
        with patch.object(attachments, 'LARGEST', 10):
            self.assertTrue(self._run('ir_attachment', file.id))
        self.assertEqual(self._chunk.unread, {'large': 1})

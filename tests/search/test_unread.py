from base64 import b64encode
from unittest.mock import ANY, patch

from odoo import fields
from odoo.tests import TransactionCase, tagged

from odoo.addons.dsgvo.models.map.needles import find_needles
from odoo.addons.dsgvo.models.map.searching import Recogniser
from odoo.addons.dsgvo.models.search import attachments, database_search, findings
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
            'reason': 'manual', 'state': 'done', 'done_date': fields.Datetime.now()})
        hasher = cls.env['dsgvo.erasure.value']._get_hasher()
        contact = dict.fromkeys(('name', 'phone', 'street', 'country_code', 'phone_code'))
        for mark in find_needles(contact | {'email': EMAIL}).certain:
            value = hasher.get_fingerprint(mark)
            cls.env['dsgvo.erasure.value'].create({
                'erasure_id': cls.erasure.id, 'kind': mark.kind, **value._asdict()})
        cls.search = cls.env['dsgvo.erasure.search'].create({})

    def setUp(self):
        super().setUp()
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
        """Search one table, as the job does; at most so many chunks."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            search = DatabaseSearch(self.search.with_env(self.env(cr=cr)))
            [entry] = [entry for entry in search.places.get_tables() if entry[1] == table]
            search.places.get_tables = lambda: [entry]
            if first:
                order, _table = entry
                search.search.write({'order': order, 'table': table, 'next_id': first - 1})
            left = [most]

            def go_on(_tables):
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

    def _find_residuals(self):
        return self.env['dsgvo.erasure.residual'].search(
            [('erasure_id', '=', self.erasure.id)]).mapped('res_id')

    def _break_off(self, error):
        """Let the search break off at a text with MINE in it."""
        find_in_parts = Recogniser.find_in_parts

        def break_off(recogniser, text, titles=()):
            if "MINE" in text:
                raise error
            return find_in_parts(recogniser, text, titles)

        self.startPatcher(patch.object(Recogniser, 'find_in_parts', break_off))

    def test_row_that_kills_the_job_is_left_out_the_third_time(self):
        self._add_rows("a", "b", "MINE", "c", EMAIL, "d")
        self._break_off(Killed())
        self.assertIsNone(self._run())
        self.assertEqual((self.search.rows, self.search.is_at_work), (0, True))
        self.assertIsNone(self._run())
        self.assertEqual(self.search.rows, 2)
        self.assertTrue(self._run())
        self.assertRecordValues(self.search, [{
            'rows': 5, 'unread': {'row': 1}, 'files_unread': 0, 'is_at_work': False}])
        self.assertEqual(self._find_residuals(), [5])

    def test_file_that_kills_the_job_is_left_out_the_third_time(self):
        files = self._add_files(b"a", b"MINE", EMAIL.encode())
        self._break_off(Killed())
        self.assertIsNone(self._run('ir_attachment', files[0].id))
        self.assertIsNone(self._run('ir_attachment'))
        self.assertTrue(self._run('ir_attachment'))
        self.assertEqual(self.search.unread, {'row': 1})
        self.assertEqual(self._find_residuals(), files[2].ids)

    def test_row_with_an_error_is_left_out_at_once(self):
        self._add_rows("a", "MINE", EMAIL, "MINE", "b")
        self._break_off(ValueError(EMAIL))
        with self.assertLogs(database_search.__name__, 'WARNING') as log:
            self.assertTrue(self._run())
        self.assertRecordValues(self.search, [{'rows': 3, 'unread': {'row': 2}}])
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
        self.assertGreater(self.search.unread['row'], 399)
        self.assertGreater(self.search.rows, 300)
        self.assertEqual(self._find_residuals(), [0])

    def test_run_that_was_stopped_in_order_leaves_nothing_out(self):
        self._add_rows(*"abc")
        self.search.rows_to_try = 3
        for _chunk in range(3):
            self.assertFalse(self._run(most=2))
        self.assertTrue(self._run())
        self.assertRecordValues(self.search, [{'rows': 3, 'unread': False, 'rows_to_try': 0}])

    def test_long_text_is_found_to_its_end(self):
        self._add_rows("Ein langer Text " * 100_000 + EMAIL + " und mehr" * 100)
        self.assertTrue(self._run())
        self.assertEqual(self._find_residuals(), [1])
        self.assertFalse(self.search.unread)

    def test_end_of_a_text_that_is_too_long_or_takes_too_long_is_counted(self):
        self._add_rows(f"{EMAIL} " + "x " * 1000)
        with patch.object(database_search, 'LARGEST', 1000):
            self.assertTrue(self._run())
        self.assertEqual((self.search.unread, self.search.files_unread), ({'text': 1}, 0))
        self.assertEqual(self._find_residuals(), [1])
        self.search.write({'next_id': 0, 'table': False, 'unread': False})
        with patch.object(database_search, 'SECONDS', -1):
            self.assertTrue(self._run())
        self.assertEqual(self.search.unread, {'text': 1})

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
            self.assertFalse(self._run('ir_attachment', files[0].id, most=2))
            self.assertEqual(self.search.next_id, files[0].id)
            self.assertTrue(self._run('ir_attachment'))
        self.assertEqual(self.search.rows, 3)

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
        self.assertRecordValues(self.search, [{
            'files': 2, 'files_unread': 10, 'unread': {
                'picture': 3, 'field_picture': 1, 'scan': 1, 'missing': 3, 'outside': 2}}])
        self.assertIn("Pictures: 3\n", self.search.unread_list)
        self.assertIn("PDF files with pages without text (scans): 1\n", self.search.unread_list)

    def test_file_in_a_column_of_another_table_is_read_and_named(self):
        self.env.cr.execute("CREATE TABLE scans (id serial, scan bytea, other bytea)")
        packed = make_zip(a=EMAIL)
        self.env.cr.execute_values("INSERT INTO scans (scan, other) VALUES %s", [
            (b64encode(packed), None), (None, packed), (PNG, b64encode(b"Text")), (None, None)])
        self.assertTrue(self._run('scans'))
        self.assertRecordValues(self.search, [{
            'rows': 4, 'files': 3, 'unread': {'field_picture': 1}}])
        self.assertEqual(self.env['dsgvo.erasure.residual'].search_read(
            [('model', '=', 'scans')], ['field', 'res_id', 'reason'], order='res_id', load=None), [
            {'id': ANY, 'field': 'scan', 'res_id': 1, 'reason': 'file'},
            {'id': ANY, 'field': 'other', 'res_id': 2, 'reason': 'file'}])
        with patch.object(attachments, 'LARGEST', 10):
            self.assertTrue(self._run('scans', 1))
        self.assertEqual(self.search.unread['large'], 3)

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
        self.assertEqual(self.search.unread, {'large': 1})

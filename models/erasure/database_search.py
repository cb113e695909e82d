"""The search of the whole database for everybody who was erased since the last one.

One stream over every text of every table and over the files of attachments. What it costs depends
on the size of the database only, its memory on nothing: the values are hashes in a filter of fixed
size, rows are read in small chunks, and after each chunk it may be stopped or killed.
"""
from odoo.tools import SQL

from ..jobs.isolation import BUSY, LOCK_TIMEOUT, isolate
from .files import is_readable, read_text
from .findings import Findings
from .fingerprints import Sieve
from .places import Places

CHUNK = 500  # rows
SIZE = 2_000_000  # bytes of texts and files in a chunk, as stored; one row may be larger
BLOCKS = 50  # of a table without ids, 8 kB each
VALUES = 10_000
DONE = -1
ATTACHMENT = 'ir_attachment'
ASSETS = "/web/assets/%"  # made of the code of the addons


class DatabaseSearch:
    """Searches rows, takes out what it may, and notes the rest as `dsgvo.erasure.residual`.

    :param search: the `dsgvo.erasure.search` to go on with, as superuser
    """

    def __init__(self, search):
        self.search = search
        self.env = search.env
        self.places = Places(self.env)
        self.sieve = Sieve(self.env['dsgvo.erasure.value']._get_hasher())
        self.findings = Findings(search, self.places, self.sieve)
        last_id = 0
        while rows := self.env.execute_query(SQL(
                "SELECT id, hash, head, words FROM dsgvo_erasure_value"
                " WHERE id > %s ORDER BY id LIMIT %s", last_id, VALUES)):
            for _id, *fingerprint in rows:
                self.sieve.add(*fingerprint)
            last_id = rows[-1][0]

    def run(self, go_on):
        """Search from where the last run stopped; return whether the end was reached.

        :param go_on: called after each chunk with the number of tables left; commits, and returns
            whether there is time left
        """
        position = (self.search.order, self.search.table or '')
        tables = [entry for entry in self.places.get_tables() if entry >= position]
        for number, (order, table) in enumerate(tables):
            next_id = self.search.next_id if (order, table) == position else 0
            while next_id != DONE:
                rows, next_id = self._read(table, next_id)
                files, unread = self._examine(table, rows)
                self.search._note_progress(order, table, next_id, len(rows), files, unread)
                if not go_on(len(tables) - number):
                    return False
        return True

    def look_at(self, table, row_id, force=False):
        """Search one row again.

        :param bool force: take out whatever is found, somebody said that it is this person
        """
        rows = self.env.execute_query(SQL(
            "SELECT id, %s FROM %s WHERE id = %s", self.places.get_texts(table),
            SQL.identifier(table), row_id))
        self._examine(table, rows, force)

    # === READING === #

    def _size(self, table):
        sizes = [SQL("coalesce(pg_column_size(%s), 0)", SQL.identifier(column.name))
                 for column in self.places.columns[table]]
        if table == ATTACHMENT:
            sizes.append(SQL("coalesce(file_size, 0)"))
        return SQL(" + ").join(sizes)

    def _read(self, table, last_id):
        """Return a chunk of `(id, all texts of the row)` and where the next one starts, or DONE."""
        name = SQL.identifier(table)
        if self.places.has_ids(table):
            rows = self.env.execute_query(SQL(
                """
                SELECT id, %s FROM (
                    SELECT t.*, sum(%s) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING
                                              AND 1 PRECEDING) AS size_before
                      FROM (SELECT * FROM %s WHERE id > %s ORDER BY id LIMIT %s) t) t
                 WHERE size_before IS NULL OR size_before < %s ORDER BY id
                """, self.places.get_texts(table), self._size(table), name, last_id, CHUNK, SIZE))
            return rows, rows[-1][0] if rows else DONE
        end = last_id + BLOCKS
        rows = self.env.execute_query(SQL(
            "SELECT 0, %s FROM %s WHERE ctid >= %s::tid AND ctid < %s::tid",
            self.places.get_texts(table), name, f'({last_id},0)', f'({end},0)'))
        [[size]] = self.env.execute_query(SQL(
            "SELECT pg_relation_size(%s::regclass) / current_setting('block_size')::int", table))
        return rows, end if end < size else DONE

    def _read_files(self, ids):
        """Yield `(id, text, whether that is all of it)` of the attachments of readable types."""
        Attachment = self.env['ir.attachment']
        for row_id, name, mimetype, data in self.env.execute_query(SQL(
                """
                SELECT id, store_fname, mimetype, db_datas FROM ir_attachment
                 WHERE id = ANY(%s) AND type = 'binary' AND (url IS NULL OR url NOT LIKE %s)
                """, ids, ASSETS)):
            if is_readable(mimetype) and (name or data):
                content = Attachment._file_read(name) if name else bytes(data)
                yield row_id, *read_text(mimetype, content)

    # === EXAMINING === #

    def _examine(self, table, rows, force=False):
        """Treat what stands in these rows and their files.

        :return: how many files were read, and how many could not be, or not to their end
        """
        hits = {row_id: found for row_id, text in rows if (found := self.sieve.find(text))}
        files, unread, in_files = 0, 0, {}
        if table == ATTACHMENT:
            for row_id, text, whole in self._read_files([row_id for row_id, _text in rows]):
                files += whole
                unread += not whole
                if found := self.sieve.find(text):
                    in_files[row_id] = found
        found_in = sorted(hits.keys() | in_files.keys())
        busy = []
        for row_ids, error in isolate(
                self.env, found_in, lambda some: self._treat(table, some, hits, in_files, force)):
            if isinstance(error, BUSY):  # somebody works with it: the next search cleans it
                busy += row_ids
            else:
                self._note_refused(table, row_ids[0], hits, in_files, error)
        for row_ids, error in isolate(self.env, busy, lambda some: self._treat(
                table, some, hits, in_files, force, may_clean=False)):
            if isinstance(error, BUSY):  # not even noted: the chunk is searched again
                raise error
            self._note_refused(table, row_ids[0], hits, in_files, error)
        return files, unread

    def _treat(self, table, row_ids, hits, in_files, force, may_clean=True):
        self.env.execute_query(SQL("SELECT set_config('lock_timeout', %s, TRUE)", LOCK_TIMEOUT))
        self.findings.treat(table, _only(hits, row_ids), may_clean, force)
        self.findings.treat_files(_only(in_files, row_ids))

    def _note_refused(self, table, row_id, hits, in_files, error):
        """List a row that could not be treated; the search goes on with the others."""
        hashes = hits.get(row_id, set()) | in_files.get(row_id, set())
        for _ids, refusal in isolate(self.env, [row_id], lambda _ids: self.findings.note_refused(
                table, row_id, hashes, error)):
            if isinstance(refusal, BUSY):
                raise refusal
            record = self.env[self.places.models.get(table, self.search._name)].browse(row_id)
            self.env['dsgvo.job.failure']._note('search', [(record, refusal)])


def _only(found, row_ids):
    return {row_id: found[row_id] for row_id in row_ids if row_id in found}

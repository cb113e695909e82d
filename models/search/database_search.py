"""The search of the whole database for everybody who was erased since the last one.

One stream over every text of every table and over the files of attachments. What it costs depends
on the size of the database only, its memory on nothing: the values are hashes in a filter of fixed
size, rows are read in small chunks, and after each chunk it may be stopped or killed. A row at
which it breaks off twice is left out and counted.
"""
import logging
import time
from collections import Counter
from typing import NamedTuple

from odoo.tools import SQL

from ..jobs.isolation import BUSY, LOCK_TIMEOUT, isolate
from ..map.places import OWNERS, Places
from .attachments import AttachmentTexts
from .files import SECONDS
from .findings import FILE, Findings

_logger = logging.getLogger(__name__)
CHUNK = 500  # rows
SIZE = 2_000_000  # bytes of texts and files in a chunk, as stored; one row may be larger
BLOCKS = 50  # of a table without ids, 8 kB each
DONE = -1
ATTACHMENT = 'ir_attachment'
LARGEST = 50_000_000  # characters of a row


class Chunk(NamedTuple):
    """What a piece of a table came to."""
    next_id: int  # where the next one starts, or DONE
    rows: int  # that were read
    files: int  # that were read to their end
    unread: Counter  # how often what was not: see `files.KINDS`


class DatabaseSearch:
    """Searches rows, takes out what it may, and notes the rest as `dsgvo.erasure.residual`.

    :param search: the `dsgvo.erasure.search` to go on with, as superuser
    """

    def __init__(self, search):
        self.search = search
        self.env = search.env
        # Not the hashes that are looked for.
        self.places = Places(self.env, without=[self.env['dsgvo.erasure.value']._table])
        self.recogniser = self.env['dsgvo.erasure.value']._make_recogniser()
        self.findings = Findings(search, self.places, self.recogniser)
        self.attachments = AttachmentTexts(self.env)
        self._skips = False  # the row at which the last two runs were broken off

    def run(self, go_on):
        """Search from where the last run stopped; return whether the end was reached.

        :param go_on: called before the first and after each chunk with the number of tables left;
            commits, and returns whether there is time left
        """
        position = (self.search.order, self.search.table or '')
        tables = [entry for entry in self.places.get_tables() if entry >= position]
        self._skips = self.search._begin()
        with self.attachments:
            has_time = go_on(len(tables))
            for number, entry in enumerate(tables):
                next_id = self.search.next_id if entry == position else 0
                while has_time and next_id != DONE:
                    next_id = self._search_next(entry, next_id)
                    has_time = go_on(len(tables) - number)
        self.search._pause()
        return bool(has_time)

    def _search_next(self, entry, next_id):
        """Search the next chunk, and return where the one after it starts, or DONE.

        If there is an error, it is the same one: what one row does must not stop the search for
        all the others. It is looked for row by row, and that row is left out.
        """
        order, table = entry
        self.findings.asks_owners = order == OWNERS
        try:
            chunk = (self._skip if self._skips else self._search_chunk)(table, next_id)
        except Exception as error:
            if self._skips:
                raise
            self.env.cr.rollback()
            _logger.warning("The search of %s broke off: %s", table, type(error).__name__)
            self._skips = self.search._begin()
            return next_id
        self._skips = False
        self.search._note_progress(order, table, chunk)
        return chunk.next_id

    def look_at(self, table, row_id, force=False):
        """Search one row again.

        :param bool force: take out whatever is found, somebody said that it is this person
        """
        rows = self.env.execute_query(SQL(
            "SELECT id, left(%s, %s) FROM %s WHERE id = %s", self.places.get_texts(table),
            LARGEST, SQL.identifier(table), row_id))
        with self.attachments:
            files = self._find_in_files(table, rows)[0]
        self._treat(table, self._find_in_rows(rows)[0], files, force)

    # === READING === #

    def _size(self, table):
        """Return an expression for the size of a row, for which its texts need not be unpacked."""
        sizes = [SQL(
            "coalesce(octet_length(%s), 0)" if column.type in ('text', 'character varying')
            else "coalesce(pg_column_size(%s), 0)", SQL.identifier(column.name))
            for column in self.places.columns[table]]
        sizes += [SQL("coalesce(octet_length(%s), 0)", SQL.identifier(name))
                  for name in self.places.file_columns.get(table, ())]
        if table == ATTACHMENT:
            sizes.append(SQL("coalesce(file_size, 0)"))
        return SQL(" + ").join(sizes)

    def _read(self, table, last_id, texts):
        """Return a chunk of `(id, texts of the row)` and where the next one starts, or DONE."""
        name = SQL.identifier(table)
        limit = 1 if self.search.rows_to_try else CHUNK
        if self.places.has_ids(table):
            rows = self.env.execute_query(SQL(
                """
                SELECT id, left(%s, %s) FROM (
                    SELECT t.*, sum(%s) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING
                                              AND 1 PRECEDING) AS size_before
                      FROM (SELECT * FROM %s WHERE id > %s ORDER BY id LIMIT %s) t) t
                 WHERE size_before IS NULL OR size_before < %s ORDER BY id
                """, texts, LARGEST + 1, self._size(table), name, last_id, limit, SIZE))
            return rows, rows[-1][0] if rows else DONE
        end = last_id + min(limit, BLOCKS)
        rows = self.env.execute_query(SQL(
            "SELECT 0, left(%s, %s) FROM %s WHERE ctid >= %s::tid AND ctid < %s::tid",
            texts, LARGEST + 1, name, f'({last_id},0)', f'({end},0)'))
        [[size]] = self.env.execute_query(SQL(
            "SELECT pg_relation_size(%s::regclass) / current_setting('block_size')::int", table))
        return rows, end if end < size else DONE

    # === EXAMINING === #

    def _search_chunk(self, table, last_id):
        rows, next_id = self._read(table, last_id, self.places.get_texts(table))
        files, read, unread, last_id = self._find_in_files(table, rows)
        if last_id is not None:
            next_id, rows = last_id, [row for row in rows if row[0] <= last_id]
        hits, unfinished = self._find_in_rows(rows)
        self._treat(table, hits, files)
        return Chunk(next_id, len(rows), read, unread + Counter(text=unfinished))

    def _skip(self, table, last_id):
        """Leave out the next row, or what stands in its block where there are no ids."""
        rows, next_id = self._read(table, last_id, SQL("''"))
        return Chunk(next_id, 0, 0, Counter(row=len(rows)))

    def _find_in_rows(self, rows):
        """Return `{row id: hashes}` of what was found, and how many were not read to their end."""
        hits, unfinished = {}, 0
        for row_id, text in rows:
            found, is_whole = self._find(text)
            unfinished += not is_whole
            if found:
                hits[row_id] = hits.get(row_id, set()) | found  # without ids, all rows are 0
        return hits, unfinished

    def _find_in_files(self, table, rows):
        """Search the files of rows, until it takes too long for one chunk.

        :return: `{(row id, field): hashes}` of what was found, how many files were read to their
            end, how many of which kind were not, and the last id if some were left for later
        """
        hits, read, unread = {}, 0, Counter()
        end = time.monotonic() + SECONDS
        for row_id, files in self._get_files(table, [row_id for row_id, _text in rows]):
            for name, text, kind in files:
                found, is_whole = self._find(text)
                if kind or not is_whole:
                    unread[kind or 'large'] += 1
                else:
                    read += 1
                if found:
                    hits[row_id, name] = found
            if time.monotonic() > end:
                return hits, read, unread, row_id
        return hits, read, unread, None

    def _get_files(self, table, ids):
        """Yield `(row id, [(field, text, which of `files.KINDS` was left out)])`."""
        if table == ATTACHMENT:
            for row_id, *file in self.attachments.get_texts(ids):
                yield row_id, [(FILE, *file)]
        elif names := self.places.file_columns.get(table):
            yield from self.attachments.get_column_texts(table, names, ids)

    def _find(self, text):
        """Return the hashes in a text, and whether it was read to its end."""
        found, end = set(), time.monotonic() + SECONDS
        for values in self.recogniser.find_in_parts(text[:LARGEST]):
            found |= values
            if time.monotonic() > end:
                return found, False
        return found, len(text) <= LARGEST

    def _treat(self, table, hits, files, force=False):
        """Treat what stands in these rows and their files, and list what could not be."""
        busy = []
        for row_ids, error in isolate(
                self.env, sorted(hits.keys() | {row_id for row_id, _name in files}),
                lambda some: self._treat_rows(table, some, hits, files, force)):
            if isinstance(error, BUSY):  # somebody works with it: the next search cleans it
                busy += row_ids
            else:
                self._note_refused(table, row_ids[0], hits, files, error)
        for row_ids, error in isolate(self.env, busy, lambda some: self._treat_rows(
                table, some, hits, files, force, may_clean=False)):
            if isinstance(error, BUSY):  # not even noted: the row is searched again
                raise error
            self._note_refused(table, row_ids[0], hits, files, error)

    def _treat_rows(self, table, row_ids, hits, files, force, may_clean=True):
        self.env.execute_query(SQL("SELECT set_config('lock_timeout', %s, TRUE)", LOCK_TIMEOUT))
        self.findings.treat(table, _only(hits, row_ids), may_clean, force)
        self.findings.treat_files(
            table, {place: found for place, found in files.items() if place[0] in row_ids})

    def _note_refused(self, table, row_id, hits, files, error):
        """List a row that could not be treated; the search goes on with the others."""
        hashes = hits.get(row_id, set()).union(
            *(found for (file_id, _name), found in files.items() if file_id == row_id))
        for _ids, refusal in isolate(self.env, [row_id], lambda _ids: self.findings.note_refused(
                table, row_id, hashes, error)):
            if isinstance(refusal, BUSY):
                raise refusal
            record = self.env[self.places.models.get(table, self.search._name)].browse(row_id)
            self.env['dsgvo.job.failure']._note('search', [(record, refusal)])


def _only(found, row_ids):
    return {row_id: found[row_id] for row_id in row_ids if row_id in found}

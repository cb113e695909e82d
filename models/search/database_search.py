"""The search of the whole database for everybody who was erased since the last one.

It is one stream over every text of every table and over all files. Its time depends on the size of
the database only, and its memory on nothing: the values are hashes in a filter of fixed size. Any
number of runs share a search: each takes chunks, and reads them in small pieces, after each of
which it may be stopped or killed. A row at which it breaks off twice is left out and counted.
"""
import logging
import time
from collections import Counter
from itertools import chain
from typing import NamedTuple

from odoo.tools import SQL

from ..jobs.isolation import BUSY, LOCK_TIMEOUT, isolate
from ..map.places import OWNERS, Places
from ..map.searching import SLICE
from .attachments import IS_ASSET, AttachmentTexts
from .dsgvo_erasure_search_chunk import MOST_ROWS
from .files import SECONDS
from .findings import FILE, Findings

_logger = logging.getLogger(__name__)
SIZE = 2_000_000  # bytes of texts and files in a piece, as stored; one row may be larger
BLOCKS = 50  # of a table without ids, 8 kB each
DONE = -1
LAST_ID = 2**63 - 1
ATTACHMENT = 'ir_attachment'
LARGEST = 50_000_000  # characters of a row
# The hashes that are looked for.
UNREAD_TABLES = ('dsgvo_erasure_value',)
RETRIES = 3  # while another run works with the same rows


class Piece(NamedTuple):
    """What was read of a table in one transaction."""
    last_id: int  # behind which the next one starts, or DONE
    rows: int  # that were read
    files: int  # that were read to their end
    unread: Counter  # number of unread files by kind: see `files.KINDS`
    size: int  # characters

    def add(self, other):
        return Piece(other.last_id, *(
            mine + others for mine, others in zip(self[1:], other[1:], strict=True)))


class DatabaseSearch:
    """Searches rows, takes values out where it may, and notes the rest as `dsgvo.erasure.residual`.

    :param search: the `dsgvo.erasure.search` to go on with, as superuser
    """

    def __init__(self, search):
        self.search = search
        self.env = search.env
        self.places = Places(self.env, without=UNREAD_TABLES)
        self.recogniser = self.env['dsgvo.erasure.value']._make_recogniser()
        self.findings = Findings(search, self.places, self.recogniser)
        self.attachments = AttachmentTexts(self.env)
        self._busy = 0  # how often the last piece was in the way of somebody else
        self._open = self._get_open() if search.changed_since else {}

    def run(self, go_on):
        """Read chunks until no other is left for this run; return whether all have been read.

        :param go_on: called before the first and after each piece with the number of chunks left;
            commits, and returns whether there is time left
        """
        Chunk = self.env['dsgvo.erasure.search.chunk']
        with self.attachments:
            has_time = go_on(Chunk._count_left(self.search))
            while has_time and (chunk := Chunk._take(self.search)):
                has_time = go_on(Chunk._count_left(self.search))
                while has_time and not chunk.is_done and (chunk := chunk._go_on()):
                    self._search_next(chunk)
                    has_time = go_on(Chunk._count_left(self.search))
                if not has_time:
                    chunk.taken_on = False  # stopped in order
        return not Chunk._count_left(self.search)

    def _search_next(self, chunk):
        """Search the next piece of a chunk.

        If there is an error, it is the same one: what one row does must not stop the search for
        all the others. It is looked for row by row, and that row is left out.
        """
        try:
            self._search_piece(chunk)
            self._busy = 0
        except Exception as error:
            if chunk.skips_row:
                raise
            self.env.cr.rollback()
            self._busy = self._busy + 1 if isinstance(error, BUSY) else RETRIES
            if self._busy >= RETRIES and (chunk := chunk._go_on()):
                _logger.warning("A part of the search broke off: %s", type(error).__name__)
                chunk._note_break()
                self._busy = 0

    def _search_piece(self, chunk):
        """Read one table of a chunk up to a limit, or several that are small."""
        self.findings.asks_owners = chunk.stage == OWNERS
        self.findings.counts = chunk
        limit = 1 if chunk.rows_to_try else MOST_ROWS
        search = self._skip if chunk.skips_row else self._search_rows
        tables, number = chunk.tables, chunk.table_number
        piece, seen = Piece(chunk.last_id, 0, 0, Counter(), 0), 0
        while number < len(tables) and seen < limit and piece.size < SIZE:
            table, _first, end = tables[number]
            rows, part = search(table, piece.last_id, end, limit - seen)
            piece, seen = piece.add(part), seen + rows
            if piece.last_id != DONE:
                break
            number += 1
            piece = piece._replace(last_id=tables[number][1] if number < len(tables) else DONE)
            if self._has_files(table):
                break
        chunk._note_piece(number, piece, is_done=number == len(tables))

    def look_at(self, table, row_id, force=False):
        """Search one row again.

        :param bool force: take out whatever is found, somebody said that it is this person
        """
        rows = self._read_texts(
            table, SQL("id"), self.places.get_texts(table), SQL("id = %s", row_id))
        with self.attachments:
            files = self._find_in_files(table, rows)[0]
        self._treat(table, self._find_in_rows(rows)[0], files, force)

    # === READING === #

    def _get_open(self):
        """Return `{table: ids}` of rows in which somebody is still found, of those with a date."""
        found = dict(self.env['dsgvo.erasure.residual']._read_group(
            [('state', '=', 'open')], ['model'], ['res_id:array_agg']))
        return {
            table: found.get(name, []) for table, name in self.places.models.items()
            if (date := self.env[name]._fields.get('write_date')) and date.store}

    def _is_sought(self, table):
        """Return the condition of the rows that are to be read."""
        if table == ATTACHMENT:
            return SQL("(%s) IS NOT TRUE AND %s", IS_ASSET, self._is_open(table))
        return self._is_open(table)

    def _is_open(self, table):
        if table not in self._open:
            return SQL("TRUE")
        return SQL("(write_date >= %s OR write_date IS NULL OR id = ANY(%s))",
                   self.search.changed_since, self._open[table])

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

    def _read(self, table, last_id, end, limit, texts):
        """Return `(id, texts of the row)` of some rows, and the last id that was read, or DONE."""
        if not self.places.has_ids(table):
            return self._read_blocks(table, last_id, last_id + min(limit, BLOCKS), texts)
        last, is_done = self._find_last(table, last_id, end, limit)
        rows = [] if last is None else self._read_texts(table, SQL("id"), texts, SQL(
            "id > %s AND id <= %s AND %s", last_id, last, self._is_sought(table)))
        return rows, DONE if is_done else last

    def _find_last(self, table, last_id, end, limit):
        """Return the last id that is read at once, None without rows, and whether it is the end.

        Sizes are summed up apart from the texts, which PostgreSQL would copy twice for that.
        """
        [[last, last_of_all, count]] = self.env.execute_query(SQL(
            """
            SELECT max(id) FILTER (WHERE size_before < %s), max(id), count(*) FROM (
                SELECT id, coalesce(sum(size) OVER (
                           ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0
                       ) AS size_before
                  FROM (SELECT id, %s AS size FROM %s WHERE id > %s AND id <= %s AND %s
                         ORDER BY id LIMIT %s) t) t
            """, SIZE, self._size(table), SQL.identifier(table), last_id,
            LAST_ID if end is None else end, self._is_sought(table), limit))
        return last, last == last_of_all and count < limit

    def _read_blocks(self, table, first, end, texts):
        rows = self._read_texts(table, SQL("0"), texts, SQL(
            "ctid >= %s::tid AND ctid < %s::tid", f'({first},0)', f'({end},0)'))
        [[size]] = self.env.execute_query(SQL(
            "SELECT pg_relation_size(%s::regclass) / current_setting('block_size')::int", table))
        return rows, end if end < size else DONE

    def _read_texts(self, table, row_id, texts, condition):
        """Return `[(id, texts)]` of rows in the order of their ids, cut behind `LARGEST`.

        The database counts signs more slowly than it reads them, so it does that for long texts
        only.
        """
        return self.env.execute_query(SQL(
            """
            SELECT id, CASE WHEN octet_length(text) > %s THEN left(text, %s) ELSE text END
              FROM (SELECT %s AS id, %s AS text FROM %s WHERE %s ORDER BY 1 OFFSET 0) t
            """, LARGEST, LARGEST + 1, row_id, texts, SQL.identifier(table), condition))

    def _has_files(self, table):
        return table == ATTACHMENT or table in self.places.file_columns

    # === EXAMINING === #

    def _search_rows(self, table, last_id, end, limit):
        """Search rows; return how many were looked at, and the `Piece` that they are."""
        rows, last_id = self._read(table, last_id, end, limit, self.places.get_texts(table))
        files, read, unread, last_file = self._find_in_files(table, rows)
        if last_file is not None:
            last_id, rows = last_file, [row for row in rows if row[0] <= last_file]
        hits, unfinished = self._find_in_rows(rows)
        self._treat(table, hits, files)
        return len(rows), Piece(last_id, len(rows), read, unread + Counter(text=unfinished),
                                sum(len(text) for _row_id, text in rows))

    def _skip(self, table, last_id, end, limit):
        """Leave out the next row, or its whole block if the table has no ids."""
        rows, last_id = self._read(table, last_id, end, limit, SQL("''"))
        return len(rows), Piece(last_id, 0, 0, Counter(row=len(rows)), 0)

    def _find_in_rows(self, rows):
        """Return `{row id: hashes}` of the findings, and how many texts were not read to the end.

        Long texts are sifted in the parts in which they are read, within the time that they have.
        """
        hits, unfinished = {}, sum(len(text) > LARGEST for _row_id, text in rows)
        rows = [(row_id, text[:LARGEST]) for row_id, text in rows]
        short = [row for row in rows if len(row[1]) <= SLICE]
        sifted = [short[number] for number in self.recogniser.sift([text for _, text in short])]
        for row_id, text in chain(sifted, (row for row in rows if len(row[1]) > SLICE)):
            found, is_whole = self._find(text)
            unfinished += not is_whole
            if found:
                hits[row_id] = hits.get(row_id, set()) | found  # without ids, all rows are 0
        return hits, unfinished

    def _find_in_files(self, table, rows):
        """Search the files of rows, until it takes too long for one chunk.

        :return: four values: `{(row id, field): hashes}` of what was found, the number of files
            read to their end, the numbers of the others by kind, and the last id if some rows
            were left for later
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
        for values in self.recogniser.find_in_parts(text):
            if time.monotonic() > end:
                return found, False
            found |= values
        return found, True

    def _treat(self, table, hits, files, force=False):
        """Treat values in these rows and their files, and list rows that could not be treated."""
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

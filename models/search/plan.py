"""Cuts the database into chunks that several runs of a search can share."""
from odoo.tools import SQL

PART = 16_000_000  # bytes of tables, as stored, in a chunk


def make_chunks(places, entries):
    """Return the values of `dsgvo.erasure.search.chunk` for tables, in the order of their stages.

    A large table is cut by its ids, and small ones share a chunk. Tables without rows are left out.
    The last part of a table has no end: rows that come meanwhile are read, too.

    :param Places places: knows the columns of the tables
    :param entries: `[(stage, table)]`
    """
    sizes, chunks, room = _read_sizes(places.env), [], 0
    for stage, table in entries:
        if not (size := sizes.get(table)):
            continue
        for part in _cut(places, table, size):
            if room < size or chunks[-1]['stage'] != stage:
                chunks.append({'stage': stage, 'tables': [], 'last_id': part[1]})
                room = PART
            chunks[-1]['tables'].append(part)
            room -= size
    return chunks


def _read_sizes(env):
    """Return `{table: bytes}`, 0 if it has no rows. Of a partitioned table nothing is known."""
    return dict(env.execute_query(SQL("""
        SELECT relname, CASE WHEN relkind = 'p' THEN 1 WHEN pg_relation_size(oid) = 0 THEN 0
                             ELSE pg_table_size(oid) END
          FROM pg_class
         WHERE relkind IN ('r', 'p') AND relnamespace = current_schema::regnamespace
    """)))


def _cut(places, table, size):
    """Return the parts of a table: `[[table, id behind which it begins, last id or None]]`."""
    if size <= PART or not places.has_ids(table):
        return [[table, 0, None]]
    [[first, last]] = places.env.execute_query(SQL(
        "SELECT min(id) - 1, max(id) FROM %s", SQL.identifier(table)))
    if first is None:
        return []
    step = (last - first) // (size // PART + 1) + 1
    starts = range(first, last, step)
    return [[table, start, start + step] for start in starts[:-1]] + [[table, starts[-1], None]]

"""Tells which tables hold anything: most of the many that the map knows are empty in most shops."""
from odoo.tools import SQL


def find_filled(env, tables):
    """Return those tables in which there may be rows, and whatever is not a table of its own.

    A table without a page has no row, whichever transaction asks. That takes no look into it.

    :param tables: their names
    """
    env.cr.execute(SQL("""
        SELECT relname FROM pg_class
         WHERE relname = ANY(%s) AND relnamespace = current_schema::regnamespace
           AND relkind = 'r' AND NOT relhassubclass AND pg_relation_size(oid) = 0
    """, list(tables)))
    return set(tables).difference(table for table, in env.cr.fetchall())

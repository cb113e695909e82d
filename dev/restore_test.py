"""Restore a backup from before an erasure, with the tools of PostgreSQL, and start the server.

    python dev/restore_test.py DATABASE

Works on copies of the database. It says what it saw and ends with an error if the customer who was
erased is not erased again, or if anybody else is touched.
"""
import subprocess
import sys
import tempfile

from kill_test import NAMESAKE, count, job, make_shop, require, say

from odoo.modules.registry import Registry

from odoo.addons.dsgvo.benchmarks.databases import clone, drop, environment

PERSONS = 20
LATER = '2999-01-01'


def main(source):
    shop, staging = source + '_restore', source + '_staging'
    clone(source, shop)
    with environment(shop) as env:
        make_shop(env, PERSONS, refused=False)
        env.ref('dsgvo.ir_cron_replay').active = True
        # At the time of the backup nobody is to be erased yet.
        env.cr.execute("UPDATE dsgvo_erasure SET not_before = %s", [LATER])
        env.cr.commit()
    with tempfile.NamedTemporaryFile() as dump:
        subprocess.run(['pg_dump', '-Fc', '-f', dump.name, shop], check=True)
        erase(shop)
        require(customers(shop) == 0, "the customers are still there")
        restore(dump.name, shop)
    require(customers(shop) == PERSONS, "the backup does not bring them back")
    before = read_namesake(shop)
    clone(shop, staging)
    for database in shop, staging:
        start(database)
    require(customers(shop) == 0, "after the restore %s are not erased again", customers(shop))
    require(read_namesake(shop) == before, "somebody else was touched")
    require(customers(staging) == PERSONS, "a copy under another name erased somebody")
    say("%s erased customers came back with a backup and were erased again, nobody else", PERSONS)
    for database in (shop, staging):
        drop(database)


def erase(database):
    with environment(database) as env:
        env.cr.execute("UPDATE dsgvo_erasure SET not_before = NULL")
        env.cr.commit()
    job(database)


def restore(dump, database):
    drop(database)
    subprocess.run(['createdb', database], check=True)
    subprocess.run(['pg_restore', '--no-owner', '-d', database, dump], check=True)


def start(database):
    """Load the database, and run what is due, as the server does."""
    Registry.new(database)
    with environment(database) as env:
        for _run in range(3):  # one job starts the next one
            env['ir.cron']._process_jobs(database)
            env.cr.rollback()


def customers(database):
    with environment(database) as env:
        return count(env, "partner_id IS NOT NULL")


def read_namesake(database):
    with environment(database) as env:
        env.cr.execute("SELECT to_jsonb(p) FROM res_partner p WHERE name = %s AND parent_id IS NULL"
                       " AND NOT EXISTS (SELECT FROM dsgvo_erasure WHERE partner_id = p.id)",
                       [NAMESAKE])
        return env.cr.fetchall()


if __name__ == '__main__':
    main(sys.argv[1])

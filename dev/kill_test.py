"""Kill the job that erases, and let several of them run while the till sells.

    dev/test --kill [PERSONS [KILLS]]    5,000 persons, 20 kills (about 5 minutes)

One of ten customers is refused by the database, as by another addon, in each way in which it can.

Everything runs on databases of its own, copies of the one that is named first. It says what it saw
and ends with an error if one of the promises was broken.
"""
import os
import random
import signal
import sys
import time
import traceback
from copy import deepcopy
from functools import partial

import odoo
from odoo import sql_db
from odoo.modules.registry import Registry
from odoo.service.model import retrying

# Where addons are is known from here on, and the imports below need it.
odoo.tools.config.parse_config(['--log-level=critical', '--no-http'], setup_logging=True)
odoo.modules.module.initialize_sys_path()

from odoo.addons.dsgvo.benchmarks.databases import clone, drop, environment  # noqa: E402
from odoo.addons.dsgvo.benchmarks.shop import Shop  # noqa: E402

# Differ from run to run: when it was, placeholders, keyed hashes, the records of the job itself.
TIMES = ('create_date', 'write_date', 'done_on', 'last_date_done')
RANDOM = (
    '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
    '|[0-9a-f]{64}|[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}')
JOBS = '^(ir_cron|bus_bus|orm_signaling)'
NAMESAKE = "Adelheid Quittenbaum"
SELLING = 20  # seconds
REFUSED_EVERY = 10
# At the end of an erasure by a reference, at its beginning by a trigger, and for two at the commit.
REFUSE = """
    CREATE TABLE kill_test_refused AS SELECT partner_id, number / %(every)s %% 2 AS kind FROM (
        SELECT partner_id, row_number() OVER (ORDER BY id) AS number FROM dsgvo_erasure
         WHERE state = 'due') due WHERE number %% %(every)s = 0;
    UPDATE kill_test_refused SET kind = 2 WHERE partner_id IN (
        SELECT partner_id FROM kill_test_refused ORDER BY partner_id LIMIT 2);
    CREATE TABLE kill_test_reference (partner_id int REFERENCES res_partner);
    INSERT INTO kill_test_reference SELECT partner_id FROM kill_test_refused WHERE kind = 0;
    CREATE FUNCTION kill_test_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF EXISTS (
            SELECT FROM kill_test_refused r
             WHERE r.kind = TG_ARGV[0]::int AND r.partner_id::text = to_jsonb(OLD) ->> TG_ARGV[1]
        ) THEN RAISE check_violation; END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER kill_test_refuse BEFORE UPDATE ON sale_order
       FOR EACH ROW EXECUTE FUNCTION kill_test_refuse(1, 'partner_id');
    CREATE CONSTRAINT TRIGGER kill_test_refuse AFTER DELETE ON res_partner DEFERRABLE
       INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kill_test_refuse(2, 'id');
"""
LONGEST_SALE = 10  # seconds; Odoo tries a sale again after up to 2 seconds


def main(source, persons=5000, kills=20):
    shop = source + '_shop'
    clone(source, shop)
    with environment(shop) as env:
        make_shop(env, persons)
        # Many small transactions: more places at which it can be killed.
        env.ref('dsgvo.ir_cron_erase').code = 'model._cron_erase(batch_size=50)'
        env.cr.commit()
    whole, killed = shop + '_whole', shop + '_killed'
    clone(shop, whole)
    seconds = run_job(whole)
    say("%s persons in one run: %.1f s", persons, seconds)
    clone(shop, killed)
    kill(killed, kills, seconds)
    compare(whole, killed)
    for workers in (2, 4):
        clone(shop, killed)
        race(killed, workers)
    for database in (shop, whole, killed):
        drop(database)


# --- Shop ----------------------------------------------------------------------------------------

def make_shop(env, persons, refused=True):
    """Make customers who are to be erased, some of whom the database refuses to erase."""
    shop = Shop.open(env)
    rows = shop.create_first_customer()
    shop.multiply(rows, 1, persons - 1)
    # One more, with the same name and address, whom nothing may erase.
    rows['res.partner'][0].copy({'name': NAMESAKE})
    if refused:
        env.cr.execute(REFUSE, {'every': REFUSED_EVERY})
    # Only the job that is tested runs.
    env.cr.execute("UPDATE ir_cron SET active = FALSE WHERE id != %s",
                   [env.ref('dsgvo.ir_cron_erase').id])
    env.cr.commit()


# --- Killing -------------------------------------------------------------------------------------

def start(function, *args):
    """Run a function in a process of its own, and return its id.

    The registry is loaded here, once; connections are not shared.
    """
    Registry(args[0])
    sql_db.close_all()
    sys.stdout.flush()
    if pid := os.fork():
        return pid
    status = 1
    try:
        function(*args)
        status = 0
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(status)


def wait(*pids):
    """Wait for processes; complain if one of them ended by itself with an error."""
    for pid in pids:
        _pid, status = os.waitpid(pid, 0)
        require(status in (0, signal.SIGKILL), "a process ended with status %s", status)


def job(database):
    """What workers of Odoo do while the job is due: also after Odoo gave it up as timed out."""
    with environment(database) as env:
        while count(env, "state = 'due'"):
            env.ref('dsgvo.ir_cron_erase')._trigger()
            env.cr.commit()
            env['ir.cron']._process_jobs(database)


def run_job(database):
    Registry(database)
    started = time.monotonic()
    wait(start(job, database))
    return time.monotonic() - started


def wait_for_progress(database, persons):
    """However slow the machine is: at least the last kill hits a job that has done something."""
    with environment(database) as env:
        while count(env, "state = 'due'") == persons:
            env.cr.rollback()
            time.sleep(0.05)


def kill(database, kills, seconds):
    with environment(database) as env:
        persons = count(env, "state = 'due'")
    left = []
    for number in range(kills):
        pid = start(job, database)
        time.sleep(random.uniform(0, 1 + seconds / kills * 1.5))
        if number == kills - 1:
            wait_for_progress(database, persons)
        os.kill(pid, signal.SIGKILL)
        wait(pid)
        with environment(database) as env:
            left.append(count(env, "state = 'due'"))
    say("killed %s times; still due after each: %s", kills, left)
    require(left[0] and left[-1] < persons, "the kills did not hit a job at work")
    run_job(database)


def count(env, condition):
    env.cr.execute(f'SELECT count(*) FROM dsgvo_erasure WHERE {condition}')
    return env.cr.fetchone()[0]


def compare(first, second):
    contents = []
    for database in (first, second):
        with environment(database) as env:
            contents.append(summarize(env.cr))
    different = {table for table in contents[0] if contents[0][table] != contents[1][table]}
    require(not different, "tables differ from an uninterrupted run: %s", sorted(different))
    say("%s tables equal those of an uninterrupted run", len(contents[0]))


def summarize(cr):
    """Return `{table: (rows, hash of their content)}`."""
    cr.execute("""
        SELECT table_name, string_agg(quote_ident(column_name), ', ')
          FROM information_schema.columns JOIN information_schema.tables USING (table_name)
         WHERE tables.table_schema = 'public' AND columns.table_schema = 'public'
           AND table_type = 'BASE TABLE' AND column_name != ALL(%s) AND table_name !~ %s
           -- A killed run leaves gaps in the numbers.
           AND (column_name != 'id' OR table_name NOT IN (
                'dsgvo_suppression', 'dsgvo_erasure_value', 'dsgvo_erasure_recipient',
                'mail_activity', 'mail_message', 'mail_notification', 'mail_mail'))
           AND (table_name, column_name) NOT IN (
                ('mail_message', 'message_id'), ('mail_mail', 'mail_message_id'),
                ('mail_mail', 'references'))
         GROUP BY table_name
    """, [list(TIMES), JOBS])
    result = {}
    for table, columns in cr.fetchall():
        cr.execute(f"""
            SELECT count(*), md5(string_agg(hash, '' ORDER BY hash))
              FROM (SELECT md5(regexp_replace(r::text, %s, '', 'g')) AS hash
                      FROM (SELECT {columns} FROM "{table}") r) hashes
        """, [RANDOM])
        result[table] = cr.fetchone()
    return result


# --- Several at once, and a till -----------------------------------------------------------------

def race(database, workers):
    """Erase with several workers while a till sells to the very customers who are due."""
    results = f'/tmp/{database}.sales'
    till = start(sell, database, results)
    wait(till, *(start(erase, database) for _number in range(workers)))
    run_job(database)
    with open(results) as file:
        sales = [line.split() for line in file]
    os.remove(results)
    with environment(database) as env:
        check_sales(env, [uuid for uuid, _time in sales])
        check_persons(env)
        env.cr.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = %s", [database])
        deadlocks, = env.cr.fetchone()
        require(not deadlocks, "%s deadlocks", deadlocks)
    times = sorted(float(seconds) for _uuid, seconds in sales)
    require(times[-1] < LONGEST_SALE, "a sale took %.1f s", times[-1])
    say("%s workers and a till: %s sales, none lost, %.2f s in the middle, %.2f s at most",
        workers, len(times), times[len(times) // 2], times[-1])


def erase(database):
    with environment(database) as env:
        while count(env, "state = 'due'"):
            env['dsgvo.erasure']._cron_erase(batch_size=50)
            env.cr.commit()


def sell(database, results):
    """Sell to customers who are being erased, as the server does for a till: with retries."""
    with environment(database) as env:
        till = env['pos.config'].search([], order='id desc', limit=1)
        env.cr.execute("SELECT partner_id FROM dsgvo_erasure WHERE state = 'due' ORDER BY id")
        customers = [customer_id for customer_id, in env.cr.fetchall()]
    end = time.monotonic() + SELLING
    with open(results, 'w') as file:
        while time.monotonic() < end:
            with environment(database) as env:
                shop = Shop(env(user=env.ref('base.user_admin'))['pos.config'].browse(till.id))
                data = shop.prepare_sale(random.choice(customers))
                started = time.monotonic()
                retrying(partial(send, shop, data), shop.env)
                file.write(f"{data['uuid']} {time.monotonic() - started}\n")


def send(shop, data):
    return shop.env['pos.order'].sync_from_ui([deepcopy(data)])


def check_sales(env, uuids):
    env.cr.execute("SELECT count(*), count(DISTINCT uuid) FROM pos_order"
                   " WHERE uuid = ANY(%s) AND state = 'paid'", [uuids])
    found = env.cr.fetchone()
    require(found == (len(uuids), len(uuids)), "of %s sales there are %s", len(uuids), found)


def check_persons(env):
    refused = "(SELECT partner_id FROM kill_test_refused)"
    require(not count(env, f"state != 'done' AND partner_id NOT IN {refused}"), "not all are done")
    left = count(env, f"state = 'blocked' AND failure_count > 0 AND partner_id IN {refused}")
    env.cr.execute("SELECT count(*) FROM kill_test_refused")
    require(left == env.cr.fetchone()[0], "%s of those who are refused are left", left)
    twice = count(env, "state = 'done' AND"
                       " certificate->'removed'->>'res.partner' IS DISTINCT FROM '2'")
    require(not twice, "%s persons were erased twice or in part", twice)
    env.cr.execute("SELECT count(*) FROM pos_order o JOIN res_partner p ON p.id = o.partner_id"
                   " WHERE p.id NOT IN (SELECT dsgvo_anonymous_partner_id FROM res_company)"
                   f" AND p.id NOT IN {refused}")
    left, = env.cr.fetchone()
    require(env['res.partner'].search_count([('name', '=', NAMESAKE)]) == 1, "not who was due went")
    require(not left, "%s sales still name a customer", left)


# --- Output --------------------------------------------------------------------------------------

def say(text, *values):
    print(time.strftime('%X'), text % values, flush=True)


def require(condition, text, *values):
    if not condition:
        sys.exit("FAILED: " + text % values)


if __name__ == '__main__':
    main(sys.argv[1], *map(int, sys.argv[2:]))

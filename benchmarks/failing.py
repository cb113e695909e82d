"""How much longer the others take when some of the customers cannot be erased.

    createdb -T DATABASE throwaway
    dev/odoo shell -d throwaway --no-http --log-level=critical < benchmarks/failing.py

It commits: run it on a copy that is thrown away. CUSTOMERS (5000) are due in each of two runs in
the same shop. In the second run the database refuses every tenth of them, as it would because of
another addon. A trigger refuses one half at the beginning of an erasure, and a reference refuses
the other half at its end.
"""
import os
import time

from odoo.addons.dsgvo.benchmarks.shop import Shop

CUSTOMERS = int(os.environ.get('CUSTOMERS', 5000))
EVERY = 10  # one customer of so many is refused
WARM_UP = 100
REFUSE = """
    CREATE TABLE refused AS SELECT partner_id, number / %(every)s %% 2 AS at_the_end FROM (
        SELECT partner_id, row_number() OVER (ORDER BY id) AS number FROM dsgvo_erasure
         WHERE state = 'due' AND not_before IS NULL) due
     WHERE number %% %(every)s = 0;
    CREATE TABLE refused_reference (partner_id int REFERENCES res_partner);
    INSERT INTO refused_reference SELECT partner_id FROM refused WHERE at_the_end = 1;
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF EXISTS (SELECT FROM refused WHERE partner_id = OLD.partner_id AND at_the_end = 0) THEN
            RAISE check_violation;
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER refuse BEFORE UPDATE ON sale_order FOR EACH ROW EXECUTE FUNCTION refuse();
"""


def say(text, *values):
    print(text % values, flush=True)


def make_due(count):
    """Let the next customers be due; there are as many others in the shop for each run."""
    env.cr.execute("""
        UPDATE dsgvo_erasure SET not_before = NULL WHERE id IN (
            SELECT id FROM dsgvo_erasure WHERE state = 'due' AND id != %s AND not_before IS NOT NULL
             ORDER BY id LIMIT %s)
    """, [first.id, count])  # noqa: F821  (the shell provides it)
    env.cr.commit()  # noqa: F821
    env.invalidate_all()  # noqa: F821


def erase(refused=0):
    """Return how long the job takes until all are done who can be."""
    started = time.perf_counter()
    Erasure._cron_erase()
    seconds = time.perf_counter() - started
    mine = [('not_before', '=', False)]
    failed = Erasure.search_count([*mine, ('state', '=', 'blocked'), ('failure_count', '=', 1)])
    left = Erasure.search_count([*mine, ('state', '!=', 'done')])
    assert failed == left == refused, f"{refused} are refused, {failed} failed, {left} are left"
    return seconds


Erasure = env['dsgvo.erasure'].with_context(tracking_disable=True)  # noqa: F821
shop = Shop.open(env)  # noqa: F821
rows = shop.create_first_customer()
first = rows['dsgvo.erasure'].with_user(1)
first.not_before = '2999-01-01'  # the one that is copied stays
shop.multiply(rows, 1, WARM_UP + 2 * CUSTOMERS)
env.cr.commit()  # noqa: F821
make_due(WARM_UP)
erase()
make_due(CUSTOMERS)
usual = erase()
say("%s customers: %.1f s", CUSTOMERS, usual)
make_due(CUSTOMERS)
env.cr.execute(REFUSE, {'every': EVERY})  # noqa: F821
env.cr.commit()  # noqa: F821
failing = erase(refused=CUSTOMERS // EVERY)
say("%s customers of whom %s are refused: %.1f s, %.2f times as long",
    CUSTOMERS, CUSTOMERS // EVERY, failing, failing / usual)

"""How much faster two workers erase together than one alone.

    createdb -T DATABASE throwaway
    dev/odoo shell -d throwaway --no-http --log-level=error < benchmarks/workers.py

Commits: run it on a copy that is thrown away. CUSTOMERS (5000) is how many are erased each time.
"""
import os

from odoo.addons.dsgvo.benchmarks.runs import time_together
from odoo.addons.dsgvo.benchmarks.shop import Shop

CUSTOMERS = int(os.environ.get('CUSTOMERS', 5000))
# The first batch warms the caches of the worker, so that its start is not counted.
RUN = """
import time
Erasure = env['dsgvo.erasure'].with_context(tracking_disable=True)
Erasure._cron_erase()
print('ready', flush=True)
while not Erasure.search_count([('state', '=', 'due'), ('not_before', '=', False)], limit=1):
    env.cr.rollback()
    time.sleep(0.01)
Erasure._cron_erase()
env.cr.commit()
"""


def erase(workers):
    """Return how many seconds so many workers need for `CUSTOMERS` customers."""
    seconds = time_together(env, RUN, workers, make_due)  # noqa: F821  (the shell provides it)
    left = Erasure.search_count([('state', '!=', 'done'), ('not_before', '=', False)])
    assert not left, f"{left} are not done"
    return seconds


def make_due():
    env.cr.execute("""
        UPDATE dsgvo_erasure SET not_before = NULL WHERE id IN (
            SELECT id FROM dsgvo_erasure WHERE state = 'due' AND id != %s AND not_before IS NOT NULL
             ORDER BY id LIMIT %s)
    """, [first.id, CUSTOMERS])  # noqa: F821


Erasure = env['dsgvo.erasure']  # noqa: F821
shop = Shop.open(env)  # noqa: F821
rows = shop.create_first_customer()
first = rows['dsgvo.erasure'].with_user(1)
first.not_before = '2999-01-01'  # the one that is copied stays
shop.multiply(rows, 1, 4 * CUSTOMERS)
env.cr.execute("ANALYZE")  # noqa: F821
env.cr.commit()  # noqa: F821
erase(1)  # what is only slow at first is over
alone, together = erase(1), erase(2)
print(f"{CUSTOMERS} customers: {alone:.1f} s alone, {together:.1f} s by two workers, that is"
      f" {alone / together:.2f} times as fast")

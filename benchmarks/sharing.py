"""How much faster two runs read a database together than one alone.

    createdb -T DATABASE throwaway
    dev/odoo shell -d throwaway --no-http --log-level=error < benchmarks/sharing.py

Commits: run it on a copy that is thrown away. MESSAGES (100000) is the size of the database. Each
run is a process of its own, as a worker of Odoo is; its start is not counted.
"""
import os

from odoo.addons.dsgvo.benchmarks.runs import time_together

MESSAGES = int(os.environ.get('MESSAGES', 100_000))
TEXT = "<p>Guten Tag,</p><p>die Bestellung S' || n || ' liegt zur Abholung bereit.</p>" * 8
RUN = """
import time
from odoo.addons.dsgvo.models.search.database_search import DatabaseSearch
print('ready', flush=True)
search = env['dsgvo.erasure.search'].search([('finished_on', '=', False)], limit=1)
while not search:
    env.cr.rollback()
    time.sleep(0.01)
    search = env['dsgvo.erasure.search'].search([('finished_on', '=', False)], limit=1)
# As the scheduler, which calls a job again while something is left.
while not DatabaseSearch(search).run(lambda left: env.cr.commit() or True):
    env.cr.commit()
    time.sleep(0.05)
env.cr.commit()
"""


def read(workers):
    """Return how many seconds so many runs need for one search."""
    def start():
        env['dsgvo.erasure.search']._start()  # noqa: F821  (the shell provides it)

    seconds = time_together(env, RUN, workers, start)  # noqa: F821
    search = env['dsgvo.erasure.search'].search([], limit=1)  # noqa: F821
    assert not env['dsgvo.erasure.search.chunk']._count_left(search)  # noqa: F821
    search._add_up()
    rows = search.rows_read
    search.unlink()
    env.cr.commit()  # noqa: F821
    return seconds, rows


env.cr.execute("""
    INSERT INTO dsgvo_erasure (company_id, reason, state, certificate)
    VALUES (%s, 'checkout', 'done', '{}') RETURNING id
""", [env.company.id])  # noqa: F821
env.cr.execute("""
    INSERT INTO dsgvo_erasure_value (erasure_id, kind, hash, head, words)
    VALUES (%s, 'email', repeat('0', 32), 0, 0)
""", [env.cr.fetchone()[0]])  # noqa: F821
env.cr.execute(f"""
    INSERT INTO mail_message (model, res_id, message_type, body, date, create_date)
    SELECT 'sale.order', n, 'email', '{TEXT}', now(), now() FROM generate_series(1, {MESSAGES}) n
""")  # noqa: F821
env.cr.execute("ANALYZE mail_message")  # noqa: F821
env.cr.commit()  # noqa: F821
alone, rows_alone = read(1)
together, rows_together = read(2)
# The server itself writes some rows between the two.
assert rows_alone <= rows_together < rows_alone + 100, f"{rows_alone}, {rows_together} together"
print(f"{rows_alone} rows: {alone:.0f} s alone, {together:.0f} s by two runs, that is"
      f" {alone / together:.2f} times as fast")

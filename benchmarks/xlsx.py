"""How long the table of the ledger takes, and how much memory, with 200,000 decisions.

    dev/odoo shell -d DATABASE --no-http < benchmarks/xlsx.py

Nothing is committed. Takes about a minute.
"""
import time

from odoo.addons.dsgvo.benchmarks.memory import get_peak, reset_peak
from odoo.addons.dsgvo.models.consent.ledger import recording

DECISIONS = 200_000
CUSTOMERS = 5_000

env = env(context=dict(env.context, tz='Europe/Berlin'))  # noqa: F821
env.cr.execute("""
    INSERT INTO res_partner (name, complete_name, active, autopost_bills, type, company_id)
    SELECT 'Customer ' || n, 'Customer ' || n, TRUE, 'ask', 'contact', NULL
      FROM generate_series(1, %s) n RETURNING id
""", [CUSTOMERS])
customers = [row[0] for row in env.cr.fetchall()]
with recording(env):
    env.cr.execute("""
        INSERT INTO dsgvo_consent_event
               (partner_id, purpose, decision, date, means, user_id, company_id, recorded_on)
        SELECT (%s::int[])[1 + n %% %s], 'storage',
               CASE n %% 2 WHEN 0 THEN 'granted' ELSE 'withdrawn' END,
               current_date - n %% 3000, 'counter', %s, %s, now()
          FROM generate_series(1, %s) n
    """, [customers, CUSTOMERS, env.uid, env.company.id, DECISIONS])
env.invalidate_all()

# The rows came by SQL, so the process holds no memory of them that the table could use.
reset_peak()
before = get_peak()
started = time.perf_counter()
with env['dsgvo.xlsx']._open('ledger') as written:
    size = written.seek(0, 2)
seconds = time.perf_counter() - started
print(f"{DECISIONS} rows in {seconds:.0f} s, {size / 1e6:.0f} MB of XLSX,"
      f" peak {get_peak():.0f} MB instead of {before:.0f} MB")
env.cr.rollback()

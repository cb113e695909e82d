"""What opening the overview costs with 200,000 customers and 600,000 decisions, as ratios.

    dev/odoo shell -d DATABASE --no-http < benchmarks/overview.py

Nothing is committed. Takes a minute or two. Rows are copied by a superuser of PostgreSQL, which
spares the checks of each row.
"""
import time
from unittest.mock import patch

from odoo.addons.dsgvo.models.consent import current_consents
from odoo.addons.dsgvo.models.overview import dsgvo_overview

CUSTOMERS = 200_000
ROUNDS = 5

cr, company = env.cr, env.company  # noqa: F821  (the shell provides it)
other = env['res.company'].create({'name': "Zweite"})  # noqa: F821
(company | other).dsgvo_validity_storage = 24  # what ends soon is counted as well
cr.execute("SET LOCAL session_replication_role = 'replica'")
first = env['res.partner'].create({  # noqa: F821
    'name': "Kunde", 'email': 'kunde@example.com', 'phone': '+49 30 901820', 'street': "Weg 1",
    'zip': '10115', 'city': "Berlin"})
env.flush_all()  # noqa: F821
cr.execute("SELECT column_name FROM information_schema.columns"
           " WHERE table_schema = 'public' AND table_name = 'res_partner'")
columns = [column for column, in cr.fetchall()]
own = {'id', 'commercial_partner_id', 'dsgvo_subject_id'}
values = ', '.join(f't.id + n AS "{name}"' if name in own else f't."{name}"' for name in columns)
names = ', '.join(f'"{name}"' for name in columns)
cr.execute(f'INSERT INTO res_partner ({names}) SELECT {values}'
           f' FROM res_partner t, generate_series(1, {CUSTOMERS}) n WHERE t.id = {first.id}')
cr.execute("""
    INSERT INTO dsgvo_consent_event
           (partner_id, purpose, decision, date, means, till, company_id, recorded_on)
    SELECT %s + n, purpose, (ARRAY['granted', 'granted', 'refused', 'withdrawn'])[1 + n %% 4],
           current_date - n %% 700, (ARRAY['counter', 'till', 'paper'])[1 + n %% 3],
           CASE n %% 3 WHEN 1 THEN 'Kasse ' || n %% 5 END, %s, now()
      FROM generate_series(1, %s) n, unnest(ARRAY['storage', 'notification', 'marketing']) purpose
""", [first.id, company.id, CUSTOMERS])
current_consents.refresh(env)  # noqa: F821
cr.execute("ANALYZE res_partner")
cr.execute("ANALYZE dsgvo_consent_event")

Overview = env['dsgvo.overview']  # noqa: F821


def seconds(work):
    """Return the time of the fastest of some rounds: others use the machine as well."""
    taken = []
    for _round in range(ROUNDS):
        env.invalidate_all()  # noqa: F821
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


bare = seconds(lambda: cr.execute(
    "SELECT (SELECT count(*) FROM res_partner), (SELECT count(*) FROM dsgvo_consent_event)"))
counted = seconds(lambda: Overview._count(company, *Overview._get_period(company)))
with patch.object(dsgvo_overview, 'LARGE', 0):
    Overview.read_overview(anew=True)
    opened = seconds(Overview.read_overview)
    both = Overview.with_context(allowed_company_ids=(company | other).ids)
    both.read_overview(anew=True)
    opened_both = seconds(both.read_overview)
print(f"{CUSTOMERS} customers, {3 * CUSTOMERS} decisions, a bare count of both: {bare:.2f} s")
print(f"counting everything, as the job does at night: {counted / bare:.1f} times as long")
print(f"opening the overview then: {opened:.2f} s, {opened / bare:.1f} times as long")
print(f"for two companies, whose customers may be the same: {opened_both:.2f} s")
cr.rollback()

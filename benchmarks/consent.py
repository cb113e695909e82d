"""What recording and reading consents costs, as ratios within one run.

    dev/odoo shell -d DATABASE --no-http < benchmarks/consent.py

Nothing is committed. Takes a few minutes and some gigabytes of disk for a million decisions.
"""
import time

from odoo.addons.dsgvo.models.consent.ledger import recording

DECISIONS = 10_000
LEDGER = 1_000_000


def seconds(work):
    env.flush_all()  # noqa: F821  (the shell provides it)
    started = time.perf_counter()
    work()
    env.flush_all()  # noqa: F821
    return time.perf_counter() - started


def say(text, *values):
    print(text % values, flush=True)


Event = env['dsgvo.consent.event']  # noqa: F821
Partner = env['res.partner'].with_context(tracking_disable=True)  # noqa: F821
customers = Partner.create([{'name': f"Customer {number}"} for number in range(DECISIONS)])


def write_contacts():
    for customer in customers:
        customer.function = "Reader"
        customer.flush_recordset()


def record_decisions():
    Event.create([
        {'partner_id': customer.id, 'purpose': 'marketing', 'decision': 'granted'}
        for customer in customers])


def open_register():
    env.invalidate_all()  # noqa: F821
    Event.web_search_read(
        [], {'date': {}, 'partner_id': {'fields': {'display_name': {}}}, 'purpose': {}}, limit=80,
        count_limit=10_001)


def draw_graph():
    env.invalidate_all()  # noqa: F821
    Event.formatted_read_group([], ['date:month', 'decision'], ['__count'])


def count_pivot():
    env.invalidate_all()  # noqa: F821
    Event.formatted_read_group([], ['date:month', 'purpose', 'decision'], ['__count'])


plain = seconds(write_contacts)
recorded = seconds(record_decisions)
say("%s decisions in one call: %.1f s, %.2f times as long as as many plain contact writes (%.1f s)",
    DECISIONS, recorded, recorded / plain, plain)

small = min(seconds(open_register) for _round in range(5))
with recording(env):  # noqa: F821
    env.cr.execute("""
        INSERT INTO dsgvo_consent_event
               (partner_id, purpose, decision, date, means, user_id, company_id, recorded_on)
        SELECT (%s::int[])[1 + n %% %s], 'storage',
               CASE n %% 2 WHEN 0 THEN 'granted' ELSE 'withdrawn' END,
               current_date - n %% 3000, 'counter', %s, %s, now()
          FROM generate_series(1, %s) n
    """, [customers.ids, DECISIONS, env.uid, env.company.id, LEDGER])  # noqa: F821
env.cr.execute("ANALYZE dsgvo_consent_event")  # noqa: F821
large = min(seconds(open_register) for _round in range(5))
say("register opened with %s decisions: %.3f s, %.1f times as long as with %s (%.3f s)",
    LEDGER, large, large / small, DECISIONS, small)
say("graph over time then: %.1f s, pivot: %.1f s", seconds(draw_graph), seconds(count_pivot))
one = min(seconds(lambda: Event.create({
    'partner_id': customers[0].id, 'purpose': 'storage', 'decision': 'granted'}))
    for _round in range(5))
say("one more decision then: %.4f s", one)
verified = seconds(env['dsgvo.ledger.check']._verify)  # noqa: F821
say("ledger of %s decisions verified: %.1f s", LEDGER, verified)
env.cr.rollback()  # noqa: F821

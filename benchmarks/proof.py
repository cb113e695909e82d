"""What the search of the whole database costs: by size of the database, by number of persons.

    createdb -T DATABASE throwaway
    dev/odoo shell -d throwaway --no-http --log-level=error < benchmarks/proof.py

Commits: run it on a copy that is thrown away. MESSAGES (400000, some 500 MB of text) is the size of
the large database, the small one has half of them; PERSONS (100000) is the larger number of
persons. The counterpart is bare SQL that reads the same columns and looks for one person by one
regular expression. The size is that of what is read: scripts and styles that Odoo makes of others
are left out. PostgreSQL must run on this machine: the time of its process is measured, too.
"""
import os
import re
import time
from pathlib import Path

from odoo.addons.dsgvo.benchmarks.memory import get_peak, reset_peak
from odoo.addons.dsgvo.models.map.needles import find_needles
from odoo.addons.dsgvo.models.search.database_search import DatabaseSearch

MESSAGES = int(os.environ.get('MESSAGES', 400_000))
PERSONS = int(os.environ.get('PERSONS', 100_000))
FEW = 10
NAMES = ('Maria', 'Thomas', 'Anna', 'Peter', 'Sabine', 'Michael', 'Petra', 'Andreas', 'Monika')
# Nearly every message names a customer with the first name of somebody who was erased.
TEXT = (
    f"<p>Guten Tag ' || (ARRAY{[*NAMES]})[1 + n % {len(NAMES)}] || ' Birnen' || to_hex(n % 2000)"
    " || ',</p><p>Hauptstraße ' || n % 150 || '</p><p>Ihre Bestellung S' || n || ' vom"
    " 12.05.2026 über 23,50 EUR liegt zur Abholung bereit. Bitte bringen Sie den Abholschein"
    " mit; wir haben montags bis samstags von 9 bis 19 Uhr geöffnet.</p><p>Mit"
    " freundlichen Grüßen, Ihre Buchhandlung</p>") * 3


def say(text, *values):
    print(text % values, flush=True)


def add_messages(first, last):
    env.cr.execute(f"""
        INSERT INTO mail_message (model, res_id, message_type, body, date, create_date)
        SELECT 'sale.order', n, 'email', '{TEXT}', now(), now()
          FROM generate_series({first}, {last}) n
    """)  # noqa: F821  (the shell provides it)
    env.cr.execute("ANALYZE mail_message")  # noqa: F821
    env.cr.commit()  # noqa: F821


def add_erasures(count):
    """Add erasures as they stay in the database for good, and return their ids."""
    env.cr.execute("""
        INSERT INTO dsgvo_erasure (company_id, reason, state, certificate)
        SELECT %s, 'checkout', 'done', '{}' FROM generate_series(1, %s) RETURNING id
    """, [env.company.id, count])  # noqa: F821
    return [erasure_id for erasure_id, in env.cr.fetchall()]  # noqa: F821


def add_persons(erasure_ids, first):
    """Add the hashes of erased persons that were not searched for yet."""
    hasher = env['dsgvo.erasure.value']._get_hasher()  # noqa: F821
    for number, erasure_id in enumerate(erasure_ids, first):
        rows = [
            (erasure_id, mark.kind, *hasher.get_fingerprint(mark))
            for mark in find_needles(person(number)).certain]
        env.cr.execute_values(  # noqa: F821
            "INSERT INTO dsgvo_erasure_value (erasure_id, kind, hash, head, words) VALUES %s", rows)
    env.cr.commit()  # noqa: F821


def person(number):
    return {
        'name': f"{NAMES[number % len(NAMES)]} Quitten{number:x}",
        'email': f'adelheid@quitten{number}.example',
        'phone': f'+49 30 {10_000_000 + number}', 'street': f"Hauptstraße {200 + number}",
        'country_code': 'DE', 'phone_code': 49}


def get_server_time():
    """Return the processor time of the server's process for this connection, in seconds."""
    env.cr.execute("SELECT pg_backend_pid()")  # noqa: F821
    [[pid]] = env.cr.fetchall()  # noqa: F821
    *_others, user, system = Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()[:13]
    return (int(user) + int(system)) / os.sysconf('SC_CLK_TCK')


def search():
    """Search everything; return the seconds, those of both processors, and the peak of memory."""
    reset_peak()
    started, cpu, server = time.perf_counter(), time.process_time(), get_server_time()
    env.cr.execute("UPDATE dsgvo_erasure SET search_id = NULL")  # noqa: F821
    record = env['dsgvo.erasure.search']._start()  # noqa: F821
    DatabaseSearch(record).run(lambda left: env.cr.commit() or True)  # noqa: F821
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    server = get_server_time() - server
    record._add_up()
    found = env['dsgvo.erasure.residual'].search_count([])  # noqa: F821
    assert found == 1, f"{found} found, but one was planted"
    record.finished_on = record.started_on
    env.cr.commit()  # noqa: F821
    return seconds, cpu, server, get_peak()


def bare():
    """Look for one person by one regular expression in the same columns."""
    pattern = '|'.join(re.escape(person(1)[name]) for name in ('name', 'email', 'phone', 'street'))
    reader = DatabaseSearch(env['dsgvo.erasure.search'])  # noqa: F821
    started = time.perf_counter()
    size = 0
    for table, columns in reader.places.columns.items():
        texts = ', '.join(['NULL', *(f'"{column.name}"::text' for column in columns)])
        env.cr.execute(f"""
            SELECT sum(octet_length(t)), count(*) FILTER (WHERE t ~* %s)
              FROM (SELECT concat_ws(' ', {texts}) AS t FROM "{table}"
                     WHERE {reader._is_sought(table).code}) texts
        """, [pattern])  # noqa: F821
        size += env.cr.fetchone()[0] or 0  # noqa: F821
    return time.perf_counter() - started, size / 1e6


erasure_ids = add_erasures(PERSONS)
add_persons(erasure_ids[:FEW], 1)
add_messages(1, MESSAGES // 2)
env.cr.execute("""
    INSERT INTO mail_message (message_type, body) VALUES ('email', %s)
""", [f"An {person(7)['name']}"])  # noqa: F821
env.cr.commit()  # noqa: F821
half, *_others = search()
_seconds, half_size = bare()
add_messages(MESSAGES // 2 + 1, MESSAGES)
whole, cpu, server, small_peak = search()
bare_seconds, size = bare()
say("%.0f MB of text: %.0f s for %s persons, %.1f MB a second, at most %.0f MB",
    size, whole, FEW, size / whole, small_peak)
say("%.1f s of processor time: %.1f MB for each second of it", cpu, size / cpu)
say("with the %.1f s of PostgreSQL, %.1f MB for each second", server, size / (cpu + server))
say("a database %.2f times as large takes %.2f times as long", size / half_size, whole / half)
add_persons(erasure_ids[FEW:], FEW + 1)
many, _cpu, _server, large_peak = search()
say("%s persons: %.0f s, at most %.0f MB, that is %.2f times as long and %.2f times the memory",
    PERSONS, many, large_peak, many / whole, large_peak / small_peak)
say("bare SQL for one person: %.0f s; the search for %s takes %.2f times as long",
    bare_seconds, PERSONS, many / bare_seconds)

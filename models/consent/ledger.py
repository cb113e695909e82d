"""What PostgreSQL itself guards of the ledger of decisions.

Each decision carries a keyed hash (HMAC-SHA256) over itself and the decision before it in the chain
of its person. The chain remembers its length and last hash, and seals them and its person with the
key. So a row that was changed, removed, moved or inserted behind Odoo's back is named by
`find_breaks`. PostgreSQL knows the key only inside `recording`.

The person is not part of the hash: an erased person leaves the chain whole. Note, signature and
scan are hashed with a salt into `evidence_digest`; they and the salt can be emptied, nothing else.
Where an older version hashed another spelling of a scan, the update has put a keyed hash beside it,
`evidence_seal`.

The first `legacy_count` decisions of a chain are from before 19.0.1.2.0, hashed without a key. The
hash of the next one and the seal of the chain keep them as they are.
"""
import hashlib
import hmac
from contextlib import contextmanager
from itertools import pairwise

from psycopg2.extensions import TRANSACTION_STATUS_INTRANS

BLOCK = 64  # bytes, of SHA-256
BEFORE_FIRST = -2**31 - 1  # below every id that PostgreSQL can store, also of a forged row


def _row(event, till):
    """Return the SQL of the text of a row that is hashed, in one spelling."""
    return f"""concat_ws('|', {event}.chain_id, {event}.position, {event}.purpose, {event}.decision,
        to_char({event}.date, 'YYYY-MM-DD'), to_char({event}.recorded_on, 'YYYY-MM-DD HH24:MI:SS'),
        {event}.means, coalesce({event}.user_id, {event}.user_number), {event}.company_id, {till},
        coalesce({event}.wording_id, 0), coalesce({event}.evidence_digest, ''),
        -- Left out where there is none, as in every row from before there was such a column.
        'at ' || to_char({event}.decided_at, 'YYYY-MM-DD HH24:MI:SS'))"""


def _legacy_message(event, previous):
    return f"{_row(event, f'''coalesce({event}.till, '')''')} || '|' || coalesce({previous}, '')"


def _message(event, previous):
    row = _row(event, f'quote_nullable({event}.till)')
    return f"'event|' || {row} || '|' || coalesce({previous}, '')"


def _end(chain, count, last_hash):
    return (f"concat_ws('|', 'end', {chain}.id, {count}, {last_hash},"
            f" coalesce({chain}.legacy_count, 0))")


def _person(chain, partner):
    return f"concat_ws('|', 'person', {chain}, coalesce({partner}, 0))"


def _sha256(message):
    return f"encode(sha256(convert_to({message}, 'UTF8')), 'hex')"


def _keyed(message):
    """Return the SQL of the HMAC; the query takes the parameters of `_get_pads`."""
    return (f"encode(sha256(%(outer)s || sha256(%(inner)s ||"
            f" convert_to({message}, 'UTF8'))), 'hex')")


# Columns that nobody may change. The person may go to another contact (merge) or away (erasure),
# and the evidence and the login may go. Columns of other addons are theirs.
COLUMNS = (
    'id', 'purpose', 'decision', 'date', 'recorded_on', 'means', 'user_id', 'user_number',
    'company_id', 'till', 'decided_at', 'wording_id', 'note', 'evidence_salt', 'evidence_digest',
    'evidence_seal', 'chain_id', 'position', 'hash')

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION dsgvo_ledger_hmac(message text) RETURNS varchar
LANGUAGE plpgsql STABLE AS $$
DECLARE
    key varchar := nullif(current_setting('dsgvo.ledger_key', TRUE), '');
BEGIN
    RETURN encode(sha256(decode(right(key, {2 * BLOCK}), 'hex') || sha256(
        decode(left(key, {2 * BLOCK}), 'hex') || convert_to(message, 'UTF8'))), 'hex');
END $$;

CREATE OR REPLACE FUNCTION dsgvo_consent_event_insert() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    SELECT chain_id INTO NEW.chain_id FROM dsgvo_consent_event
     WHERE partner_id = NEW.partner_id ORDER BY id DESC LIMIT 1;
    IF NEW.chain_id IS NULL THEN
        INSERT INTO dsgvo_consent_chain (event_count, legacy_count) VALUES (0, 0)
            RETURNING id INTO NEW.chain_id;
        UPDATE dsgvo_consent_chain
           SET person_seal = dsgvo_ledger_hmac({_person('NEW.chain_id', 'NEW.partner_id')})
         WHERE id = NEW.chain_id;
    END IF;
    -- Two clerks at once: the second waits, and its transaction is repeated.
    SELECT * INTO last FROM dsgvo_consent_chain WHERE id = NEW.chain_id FOR UPDATE;
    NEW.user_number := NULL;
    NEW.position := last.event_count + 1;
    NEW.hash := dsgvo_ledger_hmac({_message('NEW', 'last.hash')});
    UPDATE dsgvo_consent_chain
       SET event_count = NEW.position, hash = NEW.hash,
           seal = dsgvo_ledger_hmac({_end('last', 'NEW.position', 'NEW.hash')})
     WHERE id = last.id;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION dsgvo_consent_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.note IS NULL THEN OLD.note := NULL; END IF;
        IF NEW.evidence_salt IS NULL THEN OLD.evidence_salt := NULL; END IF;
        IF OLD.evidence_seal IS NULL THEN OLD.evidence_seal := NEW.evidence_seal; END IF;
        -- The hash needs the number of a login that is deleted.
        IF NEW.user_id IS NULL AND OLD.user_id IS NOT NULL THEN
            NEW.user_number := OLD.user_id;
            OLD.user_number := OLD.user_id;
            OLD.user_id := NULL;
        END IF;
        IF ({', '.join(f'NEW.{column}' for column in COLUMNS)}) IS NOT DISTINCT FROM
           ({', '.join(f'OLD.{column}' for column in COLUMNS)})
        THEN
            IF NEW.partner_id IS DISTINCT FROM OLD.partner_id
               AND current_setting('dsgvo.ledger_key', TRUE) != ''
            THEN
                UPDATE dsgvo_consent_chain
                   SET person_seal = dsgvo_ledger_hmac({_person('NEW.chain_id', 'NEW.partner_id')})
                 WHERE id = NEW.chain_id;
            END IF;
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'dsgvo_consent_event is append-only: it is evidence (Art. 7(1) DSGVO)';
END $$;

DROP TRIGGER IF EXISTS dsgvo_insert ON dsgvo_consent_event;
CREATE TRIGGER dsgvo_insert BEFORE INSERT ON dsgvo_consent_event
    FOR EACH ROW EXECUTE FUNCTION dsgvo_consent_event_insert();
DROP TRIGGER IF EXISTS dsgvo_guard ON dsgvo_consent_event;
CREATE TRIGGER dsgvo_guard BEFORE UPDATE OR DELETE ON dsgvo_consent_event
    FOR EACH ROW EXECUTE FUNCTION dsgvo_consent_event_guard();
DROP TRIGGER IF EXISTS dsgvo_guard_all ON dsgvo_consent_event;
CREATE TRIGGER dsgvo_guard_all BEFORE TRUNCATE ON dsgvo_consent_event
    FOR EACH STATEMENT EXECUTE FUNCTION dsgvo_consent_event_guard();
DROP FUNCTION IF EXISTS dsgvo_consent_event_hash;
"""

WORDING_FUNCTIONS = """
CREATE OR REPLACE FUNCTION dsgvo_wording_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        -- Odoo ends a wording when it is archived.
        IF current_setting('dsgvo.ledger_key', TRUE) != '' THEN
            OLD.valid_until := NEW.valid_until;
        END IF;
        IF (NEW.purpose, NEW.lang, NEW.company_id, NEW.version, NEW.text, NEW.valid_from,
            NEW.valid_until)
           IS NOT DISTINCT FROM
           (OLD.purpose, OLD.lang, OLD.company_id, OLD.version, OLD.text, OLD.valid_from,
            OLD.valid_until)
        THEN
            RETURN NEW;
        END IF;
    END IF;
    IF TG_OP != 'TRUNCATE' THEN
        IF NOT EXISTS (SELECT FROM dsgvo_consent_event WHERE wording_id = OLD.id) THEN
            RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
        END IF;
    END IF;
    RAISE EXCEPTION 'dsgvo_wording is what customers decided on: it is evidence (Art. 7(1) DSGVO)';
END $$;

DROP TRIGGER IF EXISTS dsgvo_guard ON dsgvo_wording;
CREATE TRIGGER dsgvo_guard BEFORE UPDATE OR DELETE ON dsgvo_wording
    FOR EACH ROW EXECUTE FUNCTION dsgvo_wording_guard();
DROP TRIGGER IF EXISTS dsgvo_guard_all ON dsgvo_wording;
CREATE TRIGGER dsgvo_guard_all BEFORE TRUNCATE ON dsgvo_wording
    FOR EACH STATEMENT EXECUTE FUNCTION dsgvo_wording_guard();
"""

REMOVAL = """
DROP FUNCTION IF EXISTS dsgvo_consent_event_insert CASCADE;
DROP FUNCTION IF EXISTS dsgvo_consent_event_guard CASCADE;
DROP FUNCTION IF EXISTS dsgvo_wording_guard CASCADE;
DROP FUNCTION IF EXISTS dsgvo_ledger_hmac CASCADE;
"""

# The last id of every so many chains: ids may have gaps, and forged ones may lie anywhere.
BLOCKS = """
    SELECT max(id) FROM (
        SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS block FROM dsgvo_consent_chain
    ) chain GROUP BY block ORDER BY block
"""
BREAKS = f"""
    SELECT chain.id, event.id, event.position,
           CASE WHEN event.id IS NULL THEN 'all_removed'
                WHEN event.position != coalesce(event.before, 0) + 1 THEN 'removed_before'
                WHEN event.hash IS NULL THEN 'inserted'
                WHEN event.hash IS DISTINCT FROM event.expected OR event.is_overtaken
                THEN 'changed'
                ELSE 'removed_after' END
      FROM dsgvo_consent_chain chain
      LEFT JOIN (
            SELECT e.id, e.chain_id, e.position, e.hash,
                   lag(e.position) OVER chain AS before,
                   lead(e.id) OVER chain IS NULL AS is_last,
                   -- Of two decisions of one day the one with the higher number counts.
                   e.id < lag(e.id) OVER chain AS is_overtaken,
                   CASE WHEN e.position <= c.legacy_count
                        THEN {_sha256(_legacy_message('e', 'lag(e.hash) OVER chain'))}
                        ELSE {_keyed(_message('e', 'lag(e.hash) OVER chain'))} END AS expected
              FROM dsgvo_consent_event e
              JOIN dsgvo_consent_chain c ON c.id = e.chain_id
             WHERE e.chain_id > %(after)s AND e.chain_id <= %(upto)s
            WINDOW chain AS (PARTITION BY e.chain_id ORDER BY e.position, e.id)
           ) event ON event.chain_id = chain.id
     WHERE chain.id > %(after)s AND chain.id <= %(upto)s
       AND (event.id IS NULL
            OR event.position != coalesce(event.before, 0) + 1
            OR event.hash IS DISTINCT FROM event.expected
            OR event.is_overtaken
            OR event.is_last AND (chain.event_count, chain.hash, chain.seal) IS DISTINCT FROM
                                 (event.position, event.hash,
                                  {_keyed(_end('chain', 'event.position', 'event.hash'))}))
     ORDER BY chain.id, event.position
"""
MOVED = f"""
    SELECT chain.id, person.id, person.position, 'moved'
      FROM dsgvo_consent_chain chain
      JOIN (
            SELECT chain_id, partner_id, min(id) AS id, min(position) AS position
              FROM dsgvo_consent_event
             WHERE chain_id > %(after)s AND chain_id <= %(upto)s
             GROUP BY chain_id, partner_id
           ) person ON person.chain_id = chain.id
     WHERE chain.person_seal IS DISTINCT FROM {_keyed(_person('chain.id', 'person.partner_id'))}
     ORDER BY chain.id, person.position
"""
STRAYS = """
    SELECT e.chain_id, e.id, e.position, 'inserted'
      FROM dsgvo_consent_event e
     WHERE NOT EXISTS (SELECT FROM dsgvo_consent_chain c WHERE c.id = e.chain_id)
"""
SEALS = f"""
    UPDATE dsgvo_consent_chain chain
       SET seal = {_keyed(_end('chain', 'chain.event_count', 'chain.hash'))},
           person_seal = {_keyed(_person('chain.id', 'person.partner_id'))}
      FROM (SELECT DISTINCT ON (chain_id) chain_id, partner_id
              FROM dsgvo_consent_event ORDER BY chain_id, position DESC) person
     WHERE person.chain_id = chain.id AND chain.seal IS NULL
"""


def install_guards(cr):
    """Create or renew the functions and triggers; safe to run at every update."""
    cr.execute(FUNCTIONS)


def install_wording_guard(cr):
    """The same for the wordings that customers decided on."""
    cr.execute(WORDING_FUNCTIONS)


def remove_guards(cr):
    """Let tables and rows go when the addon is uninstalled."""
    cr.execute(REMOVAL)


def derive_key(key):
    """Return the key of the ledger, made from that of the addon and worth nothing elsewhere."""
    return hmac.digest(key, b'ledger', hashlib.sha256)


def _get_pads(key):
    """Return the two padded keys of which PostgreSQL makes an HMAC (RFC 2104)."""
    padded = derive_key(key).ljust(BLOCK, b'\0')
    return {
        'inner': bytes(byte ^ 0x36 for byte in padded),
        'outer': bytes(byte ^ 0x5C for byte in padded)}


@contextmanager
def recording(env):
    """Let PostgreSQL seal the decisions that are inserted or move to another person inside.

    A decision that anything else inserts or moves is found by `find_breaks`.
    """
    pads = _get_pads(env['ir.config_parameter']._dsgvo_get_key())
    env.cr.execute(
        "SELECT current_setting('dsgvo.ledger_key', TRUE),"
        "       set_config('dsgvo.ledger_key', %s, TRUE)",
        [pads['inner'].hex() + pads['outer'].hex()])
    before = env.cr.fetchone()[0] or ''  # one recording may run inside another
    try:
        yield
    finally:
        # After an error of PostgreSQL, which accepts no statement then, the rollback takes it back.
        if env.cr.connection.info.transaction_status == TRANSACTION_STATUS_INTRANS:
            env.cr.execute("SELECT set_config('dsgvo.ledger_key', %s, TRUE)", [before])


def seal_legacy_chains(env):
    """Seal the chains from before there was a key, as they are now."""
    env.cr.execute(SEALS, _get_pads(env['ir.config_parameter']._dsgvo_get_key()))


def find_breaks(cr, chains_at_once=20_000):
    """Stream through the ledger, some thousand persons at a time, in constant memory.

    :return: iterator over `(share done from 0 to 1, rows)`. A row is `(chain id, event id or None,
        position or None, break)`. A break is one of changed, removed_before, removed_after,
        all_removed, inserted, moved
    """
    cr.execute("SELECT value FROM ir_config_parameter WHERE key = 'dsgvo.hash_key'")
    pads = _get_pads(''.join(value for value, in cr.fetchall()).encode())
    cr.execute(BLOCKS, [chains_at_once])
    ends = [end for end, in cr.fetchall()]
    for number, (after, upto) in enumerate(pairwise([BEFORE_FIRST, *ends]), 1):
        parameters = pads | {'after': after, 'upto': upto}
        for query in BREAKS, MOVED:
            cr.execute(query, parameters)
            yield number / len(ends), cr.fetchall()
    cr.execute(STRAYS)
    yield 1, cr.fetchall()

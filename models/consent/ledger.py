"""What PostgreSQL itself guards of the ledger of decisions.

Each decision carries a hash over itself and the decision before it in the chain of its person, and
the chain remembers its length and last hash. So a row that was changed, removed or inserted behind
Odoo's back breaks the chain and is named by `find_breaks`.

The person is not part of the hash: an erased person leaves the chain whole. Note, signature and
scan are hashed with a salt into `evidence_digest`; they and the salt can be emptied, nothing else.
"""
# The text of a row that is hashed. Dates and numbers have one spelling each, NULL is empty.
ROW = """concat_ws('|', e.chain_id, e.position, e.purpose, e.decision,
    to_char(e.date, 'YYYY-MM-DD'), to_char(e.recorded_on, 'YYYY-MM-DD HH24:MI:SS'),
    e.means, e.user_id, e.company_id, coalesce(e.till, ''), coalesce(e.wording_id, 0),
    coalesce(e.evidence_digest, ''))"""

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION dsgvo_consent_event_hash(e dsgvo_consent_event, previous varchar)
RETURNS varchar LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to({ROW} || '|' || coalesce(previous, ''), 'UTF8')), 'hex')
$$;

CREATE OR REPLACE FUNCTION dsgvo_consent_event_insert() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    SELECT chain_id INTO NEW.chain_id FROM dsgvo_consent_event
     WHERE partner_id = NEW.partner_id ORDER BY id DESC LIMIT 1;
    IF NEW.chain_id IS NULL THEN
        INSERT INTO dsgvo_consent_chain (event_count) VALUES (0) RETURNING id INTO NEW.chain_id;
    END IF;
    -- Two clerks at once: the second waits, and its transaction is repeated.
    SELECT * INTO last FROM dsgvo_consent_chain WHERE id = NEW.chain_id FOR UPDATE;
    NEW.position := last.event_count + 1;
    NEW.hash := dsgvo_consent_event_hash(NEW, last.hash);
    UPDATE dsgvo_consent_chain SET event_count = NEW.position, hash = NEW.hash WHERE id = last.id;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION dsgvo_consent_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        -- A merge moves a decision to another contact, an erasure removes the person.
        OLD.partner_id := NEW.partner_id;
        IF NEW.note IS NULL THEN OLD.note := NULL; END IF;
        IF NEW.evidence_salt IS NULL THEN OLD.evidence_salt := NULL; END IF;
        IF NEW IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
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
"""

BREAKS = """
    SELECT chain.id, event.id, event.position,
           CASE WHEN event.id IS NULL THEN 'all_removed'
                WHEN event.position != coalesce(event.before, 0) + 1 THEN 'removed_before'
                WHEN event.hash IS DISTINCT FROM event.expected THEN 'changed'
                ELSE 'removed_after' END
      FROM dsgvo_consent_chain chain
      LEFT JOIN (
            SELECT e.id, e.chain_id, e.position, e.hash,
                   lag(e.position) OVER chain AS before,
                   lead(e.id) OVER chain IS NULL AS is_last,
                   dsgvo_consent_event_hash(e, lag(e.hash) OVER chain) AS expected
              FROM dsgvo_consent_event e
             WHERE e.chain_id > %s AND e.chain_id <= %s
            WINDOW chain AS (PARTITION BY e.chain_id ORDER BY e.position, e.id)
           ) event ON event.chain_id = chain.id
     WHERE chain.id > %s AND chain.id <= %s
       AND (event.id IS NULL
            OR event.position != coalesce(event.before, 0) + 1
            OR event.hash IS DISTINCT FROM event.expected
            OR event.is_last AND (chain.event_count, chain.hash) IS DISTINCT FROM
                                 (event.position, event.hash))
     ORDER BY chain.id, event.position
"""
STRAYS = """
    SELECT e.chain_id, e.id, e.position, 'inserted'
      FROM dsgvo_consent_event e
     WHERE NOT EXISTS (SELECT FROM dsgvo_consent_chain c WHERE c.id = e.chain_id)
"""


def install_guards(cr):
    """Create or renew the functions and triggers; safe to run at every update."""
    cr.execute(FUNCTIONS)


def find_breaks(cr, chains_at_once=20_000):
    """Stream through the ledger, some thousand persons at a time, in constant memory.

    :return: iterator over `(share done from 0 to 1, rows)`; a row is `(chain id, event id or None,
        position or None, what happened)`, one of changed, removed_before, removed_after,
        all_removed, inserted
    """
    cr.execute("SELECT coalesce(max(id), 0) FROM dsgvo_consent_chain")
    last = cr.fetchone()[0]
    for after in range(0, last, chains_at_once):
        upto = after + chains_at_once
        cr.execute(BREAKS, (after, upto, after, upto))
        yield min(upto / last, 1), cr.fetchall()
    cr.execute(STRAYS)
    yield 1, cr.fetchall()

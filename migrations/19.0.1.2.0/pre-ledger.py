"""Say which decisions were hashed without a key, and from which day each wording was valid."""


def migrate(cr, version):
    cr.execute("""
        ALTER TABLE dsgvo_consent_chain ADD COLUMN IF NOT EXISTS legacy_count int;
        UPDATE dsgvo_consent_chain SET legacy_count = event_count WHERE legacy_count IS NULL;
    """)
    cr.execute("""
        ALTER TABLE dsgvo_wording ADD COLUMN IF NOT EXISTS valid_from date;
        ALTER TABLE dsgvo_wording ADD COLUMN IF NOT EXISTS valid_until date;
        UPDATE dsgvo_wording wording
           SET valid_from = CASE WHEN version > 1 THEN create_date::date ELSE least(
                   create_date::date, (SELECT min(date) FROM dsgvo_consent_event
                                        WHERE wording_id = wording.id)) END,
               valid_until = CASE WHEN NOT active AND NOT EXISTS (
                   SELECT FROM dsgvo_wording newer
                    WHERE newer.version > wording.version
                      AND (newer.purpose, newer.lang, coalesce(newer.company_id, 0))
                        = (wording.purpose, wording.lang, coalesce(wording.company_id, 0))
                   ) THEN write_date::date - 1 END
         WHERE valid_from IS NULL
    """)

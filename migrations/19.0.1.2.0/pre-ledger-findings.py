"""Keep what verifications of the ledger found before this update, in the words of that time."""


def migrate(cr, version):
    cr.execute("""
        SELECT FROM information_schema.columns
         WHERE table_schema = current_schema
           AND table_name = 'dsgvo_ledger_check' AND column_name = 'findings'
    """)
    if cr.rowcount:
        cr.execute("""
            ALTER TABLE dsgvo_ledger_check ADD COLUMN IF NOT EXISTS found jsonb;
            UPDATE dsgvo_ledger_check SET found = jsonb_build_array(
                       jsonb_build_array('in_words', jsonb_build_object('words', findings)))
             WHERE findings IS NOT NULL;
            ALTER TABLE dsgvo_ledger_check DROP COLUMN findings;
        """)

"""Let a search that is under way begin anew: it is cut into chunks now.

Nothing is lost. Values that it took out are gone, findings that it noted are looked at again, and
the persons for whom it was made wait for the next search.
"""

COLUMNS = ('next_stage', 'next_table', 'next_id', 'is_at_work', 'rows_to_try')


def migrate(cr, version):
    cr.execute("SELECT 1 FROM information_schema.columns WHERE table_schema = current_schema"
               " AND table_name = 'dsgvo_erasure_search' AND column_name = 'finished_on'")
    if not cr.fetchone():
        return
    cr.execute("DELETE FROM dsgvo_erasure_search WHERE finished_on IS NULL")
    for column in COLUMNS:
        cr.execute(f"ALTER TABLE dsgvo_erasure_search DROP COLUMN IF EXISTS {column}")

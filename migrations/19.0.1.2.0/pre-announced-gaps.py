"""Say which places not covered the officers know of already: those found before this update."""


def migrate(cr, version):
    # Only whoever has no such column yet gets the default: what is found later is new to them.
    cr.execute("""
        ALTER TABLE IF EXISTS dsgvo_data_gap
          ADD COLUMN IF NOT EXISTS is_announced bool DEFAULT TRUE;
        ALTER TABLE IF EXISTS dsgvo_data_gap ALTER COLUMN is_announced DROP DEFAULT;
    """)

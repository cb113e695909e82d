"""Say which places not covered the officers know of already: those found before this update."""


def migrate(cr, version):
    # Only a database without the column gets the default: gaps found later are new to the officers.
    cr.execute("""
        ALTER TABLE IF EXISTS dsgvo_data_gap
          ADD COLUMN IF NOT EXISTS is_told bool DEFAULT TRUE;
        ALTER TABLE IF EXISTS dsgvo_data_gap ALTER COLUMN is_told DROP DEFAULT;
    """)

"""Say which values of erased customers were hashed in the spelling of 19.0.1.1.0."""


def migrate(cr, version):
    # Only a database without the column gets the default: values hashed later are not legacy.
    cr.execute("""
        ALTER TABLE IF EXISTS dsgvo_erasure_value
          ADD COLUMN IF NOT EXISTS is_legacy bool DEFAULT TRUE;
        ALTER TABLE IF EXISTS dsgvo_erasure_value ALTER COLUMN is_legacy DROP DEFAULT;
    """)

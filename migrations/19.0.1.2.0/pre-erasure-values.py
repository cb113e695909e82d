"""Say which values of erased customers were hashed in the spelling of 19.0.1.1.0."""


def migrate(cr, version):
    # Only whoever has no such column yet gets the default: what is hashed later is not legacy.
    cr.execute("""
        ALTER TABLE IF EXISTS dsgvo_erasure_value
          ADD COLUMN IF NOT EXISTS is_legacy bool DEFAULT TRUE;
        ALTER TABLE IF EXISTS dsgvo_erasure_value ALTER COLUMN is_legacy DROP DEFAULT;
    """)

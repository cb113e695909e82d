"""Consents become company-dependent: another type of column, filled anew from the ledger."""


def migrate(cr, version):
    cr.execute("""
        ALTER TABLE res_partner
         DROP COLUMN IF EXISTS consent_storage,
         DROP COLUMN IF EXISTS consent_notification,
         DROP COLUMN IF EXISTS consent_marketing,
         DROP COLUMN IF EXISTS consent_state
    """)
    cr.execute("""
        SELECT column_name FROM information_schema.columns
         WHERE table_name = 'res_partner' AND data_type != 'jsonb'
           AND column_name IN ('consent_text', 'consent_date')
    """)
    for column, in cr.fetchall():
        cr.execute(f'ALTER TABLE res_partner RENAME COLUMN {column} TO {column}_before_companies')

"""Fill how long customers waited for their message, which Odoo would compute one by one."""


def migrate(cr, version):
    if not version:
        return
    cr.execute("ALTER TABLE dsgvo_notification ADD COLUMN IF NOT EXISTS hours_until_told float8")
    cr.execute("""
        UPDATE dsgvo_notification
           SET hours_until_told = extract(epoch FROM told_on - create_date) / 3600
         WHERE told_on IS NOT NULL AND hours_until_told IS NULL
    """)

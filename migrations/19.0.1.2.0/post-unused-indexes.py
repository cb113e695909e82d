"""Drop the indexes of consents that no job and no till needs: they slow every new contact."""
from odoo.tools import SQL

FIELDS = 'consent_storage', 'consent_notification', 'consent_state', 'consent_text', 'consent_date'


def migrate(cr, version):
    for field in FIELDS:
        cr.execute(SQL("DROP INDEX IF EXISTS %s", SQL.identifier(f'res_partner__{field}_index')))

"""Serial messages that wait in the queue keep needing the consent to marketing."""
from odoo.tools import SQL
from odoo.tools.sql import column_exists


def migrate(cr, version):
    for table in 'mail_mail', 'sms_sms':
        if column_exists(cr, table, 'dsgvo_marketing'):
            cr.execute(SQL(
                """
                UPDATE %s SET dsgvo_kind = 'advertising'
                 WHERE dsgvo_kind IS NULL AND state = 'outgoing'
                   AND (dsgvo_marketing OR mailing_id IS NOT NULL)
                """, SQL.identifier(table)))

"""Let the one retention period of older versions become that of vouchers, with its years."""
import json

from odoo.tools import SQL
from odoo.tools.sql import convert_column_translatable, table_columns

NAME, BASIS = "Invoices, entries and payments", '§ 147 AO, § 257 HGB'
NEW_NAME = "Vouchers: invoices, payments, statements and their files"
NEW_BASIS = '§ 147 (1) no. 4, (3) AO, § 257 (1) no. 4, (4) HGB, § 14b UStG'


def migrate(cr, version):
    cr.execute("""
        UPDATE ir_model_data SET name = 'retention_vouchers'
         WHERE module = 'dsgvo' AND name = 'retention_accounting' RETURNING res_id
    """)
    if found := cr.fetchone():
        if table_columns(cr, 'dsgvo_retention')['basis']['udt_name'] != 'jsonb':
            convert_column_translatable(cr, 'dsgvo_retention', 'basis', 'jsonb')
        cr.execute(SQL(
            "UPDATE dsgvo_retention SET name = %s, basis = %s"
            " WHERE id = %s AND name->>'en_US' = %s AND basis->>'en_US' = %s",
            json.dumps({'en_US': NEW_NAME}), json.dumps({'en_US': NEW_BASIS}), found[0], NAME,
            BASIS))

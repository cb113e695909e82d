"""Keep what officers changed in shipped rows of the map: this update would still reset it."""
from odoo import SUPERUSER_ID
from odoo.tools import SQL
from odoo.tools.sql import column_exists


def migrate(cr, version):
    # A changed period writes its rows as the officer, and they follow it anyway.
    no_period = SQL("rule.retention_id IS NULL") if column_exists(
        cr, 'dsgvo_data_rule', 'retention_id') else SQL("TRUE")
    cr.execute(SQL("""
        UPDATE ir_model_data data SET noupdate = TRUE
          FROM dsgvo_data_rule rule
         WHERE data.model = 'dsgvo.data.rule' AND data.res_id = rule.id AND NOT data.noupdate
           AND data.module NOT IN ('__export__', '__import__')
           AND rule.write_uid != %s AND %s
    """, SUPERUSER_ID, no_period))

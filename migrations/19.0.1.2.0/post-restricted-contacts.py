"""Empty columns of restricted contacts which the map passed by before."""
from odoo.tools import SQL, sql

COLUMNS = (
    'activation', 'calendar_last_notif_ack', 'color', 'credit_limit', 'date_partnership',
    'date_review', 'date_review_next', 'grade_id', 'grade_sequence', 'industry_id', 'is_published',
    'message_bounce', 'notification_type', 'partner_weight', 'property_delivery_carrier_id',
    'specific_property_product_pricelist', 'trust', 'tz', 'user_id')


def migrate(cr, version):
    there = sql.table_columns(cr, 'res_partner')
    cr.execute(SQL("UPDATE res_partner SET %s WHERE dsgvo_restricted", SQL(", ").join(
        SQL("%s = NULL", SQL.identifier(name)) for name in COLUMNS if name in there)))

"""Archive restricted contacts that somebody restored by SQL; PostgreSQL refuses that now."""
from odoo.tools import sql


def migrate(cr, version):
    if sql.column_exists(cr, 'res_partner', 'dsgvo_restricted'):
        cr.execute("UPDATE res_partner SET active = FALSE WHERE dsgvo_restricted AND active")

"""Give each company the decisions made there, with the text and date that documented them."""
from odoo import SUPERUSER_ID, api
from odoo.tools import SQL
from odoo.tools.sql import column_exists


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env['res.partner']._dsgvo_refresh_consents()
    env['dsgvo.suppression']._get_key()
    for column in 'consent_text', 'consent_date':
        old = f'{column}_before_companies'
        if column_exists(cr, 'res_partner', old):
            # The text did not say for which company: for all that have a decision, or else for all.
            cr.execute(SQL("""
                UPDATE res_partner partner
                   SET %(new)s = (
                       SELECT jsonb_object_agg(company.id, partner.%(old)s)
                         FROM res_company company
                        WHERE NOT EXISTS (
                                SELECT FROM dsgvo_consent_event
                                 WHERE partner_id = partner.dsgvo_subject_id)
                           OR company.id IN (
                                SELECT company_id FROM dsgvo_consent_event
                                 WHERE partner_id = partner.dsgvo_subject_id))
                 WHERE partner.%(old)s IS NOT NULL
            """, new=SQL.identifier(column), old=SQL.identifier(old)))
            cr.execute(SQL(
                "ALTER TABLE res_partner DROP COLUMN %s", SQL.identifier(old)))

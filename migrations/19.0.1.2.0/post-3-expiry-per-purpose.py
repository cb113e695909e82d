"""Store until when each consent is valid, at each company, and not only the first day."""
from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    api.Environment(cr, SUPERUSER_ID, {})['res.partner']._dsgvo_refresh_consents()

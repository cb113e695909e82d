"""Remove the default values of consents: they made everybody agree who was never asked."""
from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    api.Environment(cr, SUPERUSER_ID, {})['ir.default']._dsgvo_remove_consents()

from odoo import SUPERUSER_ID, api

from odoo.addons.dsgvo.models.notification.res_partner import UNTOLD


def migrate(cr, version):
    """Take from the work list who has withdrawn or fetched everything meanwhile."""
    env = api.Environment(cr, SUPERUSER_ID, {'active_test': False})
    env['dsgvo.notification'].search([('state', 'in', UNTOLD)])._cancel_obsolete()

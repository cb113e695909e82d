"""Record who had refused advertising before the addon was installed."""
from odoo import SUPERUSER_ID, api

from odoo.addons.dsgvo.models.marketing.known_before import record_objections


def migrate(cr, version):
    record_objections(api.Environment(cr, SUPERUSER_ID, {}))

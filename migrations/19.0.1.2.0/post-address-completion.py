from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Note since when the completion of addresses is off: names typed before have left."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    noted = env['ir.config_parameter'].search_count(
        [('key', '=like', 'dsgvo.partner_autocomplete%')])
    if version and not noted:
        env['res.partner']._dsgvo_complete_addresses(False)

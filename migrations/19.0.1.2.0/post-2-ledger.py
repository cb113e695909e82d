"""Seal decisions recorded without a key; give text and date to companies that share consents."""
from odoo import SUPERUSER_ID, api

from odoo.addons.dsgvo.models.consent.ledger import seal_legacy_chains


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env['dsgvo.consent.event']._seal_legacy_evidence()
    seal_legacy_chains(env)
    env['dsgvo.ledger.check']._begin_notes()
    wordings = env['dsgvo.wording'].with_context(active_test=False).search([('seal', '=', False)])
    wordings._seal()
    env['res.partner']._dsgvo_share_all_documentation()

"""For `odoo shell` after the update: nothing that `before.py` noted is lost or due twice."""
import json

from odoo.tools import SQL


def require(expected, found):
    assert json.loads(json.dumps(found)) == expected, f"\nbefore {expected}\nafter  {found}"


note = json.loads(env['ir.config_parameter'].get_param('dsgvo_upgrade_test'))
erasures = env['dsgvo.erasure']
contacts = env['res.partner'].browse(row[0] for row in note['consents'])
require(note['consents'], [
    [p.id, p.consent_storage, p.consent_notification, p.consent_marketing, p.consent_text]
    for p in contacts])
require(note['decisions'], [
    [e.id, e.partner_id.id, e.purpose, e.decision, str(e.date), e.note]
    for e in env['dsgvo.consent.event'].search([], order='id')])
require('whole', env['dsgvo.ledger.check']._verify().state)
require(note['erasures'], [
    [e.id, e.partner_id.id, e.state, e.reason, str(e.not_before)]
    for e in erasures.search([], order='id')])
period = env['dsgvo.erasure.period'].browse(note['period'])
require(['inactive', 7, 'years'], [period.kind, period.duration, period.unit])
require(['possible'], env['dsgvo.erasure.residual'].search([]).mapped('reason'))
require("[('done_on', '!=', False)]", env['ir.filters'].search([('name', '=', 'Finished')]).domain)

indexes = env.execute_query(SQL("SELECT indexname FROM pg_indexes WHERE tablename = 'res_partner'"))
assert ('res_partner__consent_text_index',) not in indexes

env['dsgvo.erasure.period']._cron_find()
twice = erasures._read_group(
    [('partner_id', '!=', False)], ['partner_id'], having=[('__count', '>', 1)])
assert not twice, twice

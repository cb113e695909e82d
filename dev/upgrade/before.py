"""For `odoo shell` with the version before: customers in every state, and a note of them."""
import base64
import json

erasures = env['dsgvo.erasure']
contacts = env['res.partner'].create([{
    'name': f'Kundin {number} Alt', 'email': f'kundin{number}@alt.example',
    'phone': f'+49 30 90000{number}', 'street': f'Weg {number}', 'zip': '89073', 'city': 'Ulm',
    'country_id': env.ref('base.de').id,
} for number in range(10)])
agreed, refused, merged, gone, due, blocked, restricted, done, unasked, signed = contacts
for partner in agreed | merged | gone:
    partner.write({'consent_storage': 'granted', 'consent_marketing': 'granted'})
    partner.action_dsgvo()
refused.consent_marketing = 'refused'
env['dsgvo.consent.event'].create({
    'partner_id': signed.id, 'purpose': 'notification', 'decision': 'granted', 'means': 'paper',
    'date': '2026-01-05', 'note': 'am Telefon', 'signature': base64.b64encode(b'%PDF-1.4 scan')})
env['base.partner.merge.automatic.wizard'].create({})._merge((agreed | merged).ids, agreed)
gone.unlink()

for partner in blocked, done:
    erasures._enqueue(partner, 'request', env.company)
book = env['product.product'].create({'name': 'Buch'})
order = env['sale.order'].create({
    'partner_id': blocked.id, 'order_line': [(0, 0, {'product_id': book.id})]})
order.action_confirm()
erasures.search([])._process()
erasures._enqueue(due, 'checkout', env.company)
erasures.create({
    'partner_id': restricted.id, 'company_id': env.company.id, 'reason': 'manual',
    'state': 'restricted', 'restricted_until': '2034-12-31', 'done_date': '2026-01-05'})
env['dsgvo.erasure.residual'].create({
    'erasure_id': erasures.search([('state', '=', 'done')]).id, 'reason': 'possible',
    'model': 'sale.order', 'field': 'note', 'res_id': order.id})
period = env['dsgvo.erasure.rule'].search(
    [('company_id', '=', env.company.id), ('kind', '=', 'inactive')])
period.write({'period': 7, 'unit': 'years'})
env['ir.filters'].create({
    'name': 'Finished', 'model_id': 'dsgvo.erasure', 'domain': "[('done_date', '!=', False)]"})

note = {
    'consents': [
        [p.id, p.consent_storage, p.consent_notification, p.consent_marketing, p.consent_text]
        for p in contacts.exists()],
    'decisions': [[e.id, e.partner_id.id, e.purpose, e.decision, str(e.date), e.note]
                  for e in env['dsgvo.consent.event'].search([], order='id')],
    'erasures': [[e.id, e.partner_id.id, e.state, e.reason, str(e.not_before)]
                 for e in erasures.search([], order='id')],
    'period': period.id,
}
assert {state for _id, _partner, state, _reason, _day in note['erasures']} == {
    'due', 'blocked', 'restricted', 'done'}, note['erasures']
env['ir.config_parameter'].set_param('dsgvo_upgrade_test', json.dumps(note))
env.cr.commit()

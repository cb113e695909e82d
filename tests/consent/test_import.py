from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import DsgvoCommon

COLUMNS = ['name', 'consent_marketing', 'consent_date']


@tagged('post_install', '-at_install')
class TestImport(DsgvoCommon):
    def _load(self, rows, columns=COLUMNS):
        return self.env['res.partner'].with_user(self.clerk).load(columns, rows)

    def _find(self, name):
        return self.env['res.partner'].search([('name', '=', name)])

    def test_imported_consent_has_its_day_and_means(self):
        result = self._load([
            ["Importiert", "granted", "2020-02-29"], ["Nein", "refused", "2020-02-29"],
            ["Nicht gefragt", "", ""]])
        self.assertFalse(result['messages'])
        events = self.env['res.partner'].browse(result['ids']).consent_event_ids
        self.assertRecordValues(events.sorted('id'), [
            {'decision': decision, 'means': 'import', 'user_id': self.clerk.id,
             'date': fields.Date.from_string('2020-02-29')} for decision in ('granted', 'refused')])
        self.assertRecordValues(self._find("Nicht gefragt"), [
            {'consent_marketing': False, 'consent_state': 'none'}])

    def test_line_without_a_day_is_named(self):
        result = self._load([
            ["Importiert", "granted", "2020-02-29"], ["Ohne Datum", "granted", ""],
            ["Nicht gefragt", "", ""]])
        self.assertFalse(result['ids'])
        message, = result['messages']
        self.assertEqual(message['rows'], {'from': 1, 'to': 1})
        self.assertIn("Ohne Datum: an imported consent needs the day", message['message'])
        self.assertFalse(self._find("Importiert"))

    def test_day_in_the_future_is_refused(self):
        result = self._load([["Morgen", "granted", "2999-01-01"]])
        self.assertIn("in the future", result['messages'][0]['message'])

    def test_empty_cell_leaves_a_consent_as_it_is(self):
        self.customer.consent_marketing = 'granted'
        result = self._load(
            [[self.customer.id, "", "2020-02-29"]],
            ['.id', 'consent_marketing', 'consent_date'])
        self.assertFalse(result['messages'])
        self.assertEqual(self.customer.consent_marketing, 'granted')

    def test_decisions_themselves_are_imported_with_their_day_only(self):
        Event = self.env['dsgvo.consent.event'].with_user(self.clerk)
        row = [self.customer.id, "storage", "granted"]
        columns = ['partner_id/.id', 'purpose', 'decision']
        self.assertIn("needs the day", Event.load(columns, [row])['messages'][0]['message'])
        result = Event.load([*columns, 'date'], [[*row, "2020-02-29"]])
        self.assertEqual(Event.browse(result['ids']).means, 'import')

    def test_nobody_claims_an_import_of_today(self):
        with self.assertRaisesRegex(ValidationError, "needs the day"):
            self.env['dsgvo.consent.event'].with_user(self.clerk).create({
                'partner_id': self.customer.id, 'purpose': 'storage', 'decision': 'granted',
                'means': 'import'})

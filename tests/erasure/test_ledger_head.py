import json

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_selection import OfficerCommon

EVENTS = "ALTER TABLE dsgvo_consent_event %s TRIGGER USER"


@tagged('post_install', '-at_install')
class TestLedgerHead(OfficerCommon):
    """The end of the ledger, noted outside the database every day and compared."""

    def setUp(self):
        super().setUp()
        self.env.flush_all()
        self.other = self._create_customer(name="Balduin Wacholder")
        for customer in self.customer, self.other:
            customer.with_user(self.clerk).consent_storage = 'granted'
        self.list = self.env['dsgvo.erasure'].sudo()._get_list()

    def _note(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref('dsgvo.ir_cron_note_ledger').method_direct_trigger()
        self.env.invalidate_all()

    def _lines(self):
        return [entry for entry in self.list.read_entries() if 'ledger' in entry]

    def _verify(self):
        Check = self.env['dsgvo.ledger.check']
        return Check.browse(Check.with_user(self.officer).action_verify()['res_id']).sudo()

    def _tamper(self, *queries):
        self.env.flush_all()
        for query in (EVENTS % 'DISABLE', *queries, EVENTS % 'ENABLE'):
            self.env.cr.execute(query, {'other': self.other.id})
        self.env.invalidate_all()

    def _remove_chain(self):
        self._tamper(
            "CREATE TEMP TABLE gone ON COMMIT DROP AS SELECT chain_id FROM dsgvo_consent_event"
            " WHERE partner_id = %(other)s",
            "DELETE FROM dsgvo_consent_event WHERE chain_id IN (SELECT chain_id FROM gone)",
            "DELETE FROM dsgvo_consent_chain WHERE id IN (SELECT chain_id FROM gone)",
            "DROP TABLE gone")

    def test_what_goes_on_in_a_shop_agrees_with_the_notes(self):
        self._note()
        self.customer.with_user(self.clerk).consent_marketing = 'granted'
        self._note()
        self._note()
        lines = self._lines()
        self.assertEqual([line['events'] for line in lines[1:]], [1])
        self.customer.with_user(self.clerk).consent_marketing = 'refused'
        self._sell(self._order(customer=self.other))
        self.env['dsgvo.erasure']._enqueue(self.other, 'request', self.env.company)
        self._run_cron()
        self.assertFalse(self.other.exists())
        check = self._verify()
        self.assertRecordValues(check, [
            {'findings': False, 'noted_until': self.env.company._dsgvo_today()}])

    def test_removed_chain_is_found(self):
        self._note()
        self._remove_chain()
        findings = self._verify().findings
        self.assertIn("are not those that were noted outside the database", findings)
        line = self._lines()[0]
        self.assertIn(f"noted were {line['events']} decisions", findings)
        self.assertIn(f"there are {line['events'] - 1} and {line['chains'] - 1}", findings)

    def test_removed_chain_without_notes_leaves_no_trace_inside(self):
        self._remove_chain()
        self.assertFalse(self._verify().findings)

    def test_later_days_are_compared_on_their_own(self):
        self._note()
        self._remove_chain()
        self.customer.with_user(self.clerk).consent_marketing = 'granted'
        self._note()
        self.assertEqual(self._verify().finding_count, 1)

    def test_notes_that_are_gone_are_missed(self):
        self._note()
        self.assertFalse(self._verify().findings)
        self.list.path.write_text('{"format": "x"}\n')
        with self.assertLogs('odoo.addons.dsgvo', 'ERROR'):
            self.assertIn("The notes outside the database are missing", self._verify().findings)
        self.list.path.unlink()
        self.assertIn("The notes outside the database are missing", self._verify().findings)

    def test_line_that_was_changed_is_found(self):
        self._note()
        lines = self.list.path.read_text().splitlines()
        forged = json.loads(lines[-1]) | {'events': 0, 'ledger': 'x'}
        self.list.path.write_text('\n'.join([*lines[:-1], json.dumps(forged), '']))
        self.assertEqual(self._verify().finding_count, 1)

    def test_officer_compares_anew_after_a_restore(self):
        self._note()
        self._remove_chain()
        broken = self._verify()
        with self.enter_registry_test_mode():
            broken.with_user(self.officer).action_compare_anew()
        self.assertFalse(self._verify().findings)
        self.assertEqual(broken.state, 'broken')
        self.assertTrue(self._lines()[-1]['anew'])

    def test_clerk_does_not_compare_anew(self):
        with self.assertRaises(AccessError):
            self.env['dsgvo.ledger.check'].with_user(self.clerk).action_compare_anew()

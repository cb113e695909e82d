import json
from contextlib import closing, contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from odoo.addons.dsgvo.models.suppression.erasure_list import ErasureList

from ..erasure.test_preview import OfficerCommon

EVENTS = "ALTER TABLE dsgvo_consent_event %s TRIGGER USER"


@tagged('post_install', '-at_install')
class TestLedgerHead(OfficerCommon):
    """The end of the ledger, noted outside the database after decisions and compared."""

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
        self.env.flush_all()
        with self.enter_registry_test_mode():
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
        self.other._dsgvo_refresh_consents(self.other)

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
        job = self.env.ref('dsgvo.ir_cron_note_ledger')
        self.assertRecordValues(check, [
            {'findings': False, 'noted_until': job.user_id.company_id._dsgvo_today()}])

    def test_removed_chain_is_found(self):
        self._note()
        self._remove_chain()
        findings = self._verify().findings
        self.assertIn("are not those that were noted outside the database", findings)
        line = self._lines()[0]
        self.assertIn(f"Noted were {line['events']} decisions", findings)
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
        line = self._lines()[0]
        for key, value in line.items():
            with self.subTest(key), self._list_put_back():
                self._write_lines([line | {key: not value if key == 'anew' else value * 2}])
                self.assertGreaterEqual(self._verify().finding_count, 1)

    def _write_lines(self, lines):
        header = self.list.path.read_text().splitlines()[0]
        self.list.path.write_text('\n'.join([header, *map(json.dumps, lines), '']))

    @contextmanager
    def _list_put_back(self):
        content = self.list.path.read_text()
        with closing(self.env.cr.savepoint()):
            yield
        self.list.path.write_text(content)
        self.env.invalidate_all()

    def test_lines_that_were_cut_off_are_missed_for_good(self):
        self._note()
        self._compare_anew(self._verify())
        self.customer.with_user(self.clerk).consent_marketing = 'granted'
        self._note()
        lines = self._lines()
        self._verify()
        forget = "UPDATE dsgvo_ledger_check SET noted_until = NULL, noted_database = NULL"
        begin = "DELETE FROM ir_config_parameter WHERE key = 'dsgvo.ledger_head'"
        for what, left, queries in [
            ("the last one", lines[:-1], []),
            ("the last one, another day", [*lines[:-2], lines[-2] | {'date': '2099-01-01'}], []),
            ("all of them", [], [forget]),
            ("all of them, and the head", [], [forget, begin]),
            ("the head", lines, [begin]),
            ("by repeating one that begins anew", [*lines, lines[1]], []),
        ]:
            with self.subTest(what), self._list_put_back():
                self._write_lines(left)
                self._tamper(*queries)
                for _noted in range(2):
                    self.assertIn(
                        "The notes outside the database are missing", self._verify().findings)
                    with self.assertLogs('odoo.addons.dsgvo', 'WARNING'):
                        self._note()
                    self.customer.with_user(self.clerk).consent_marketing = 'refused'
                self._compare_anew(self._verify())
                self.assertFalse(self._verify().findings)

    def test_newest_decision_that_is_undone_is_found(self):
        self._note()
        chain = self.other.consent_event_ids.sudo().chain_id
        self.env.cr.execute(
            "SELECT event_count, hash, seal FROM dsgvo_consent_chain WHERE id = %s", [chain.id])
        event_count, last_hash, seal = self.env.cr.fetchone()
        self.other.with_user(self.clerk).consent_storage = 'refused'
        self._note()
        self._tamper(
            "DELETE FROM dsgvo_consent_event WHERE partner_id = %(other)s AND position > 1")
        self.env.cr.execute(
            "UPDATE dsgvo_consent_chain SET event_count = %s, hash = %s, seal = %s WHERE id = %s",
            [event_count, last_hash, seal, chain.id])
        self.other._dsgvo_refresh_consents(self.other)
        self.assertIn("are not those that were noted", self._verify().findings)

    def test_forged_decision_with_a_number_below_all_others_is_found(self):
        self._note()
        self._tamper(
            "ALTER TABLE dsgvo_consent_event DROP CONSTRAINT dsgvo_consent_event_positive_id",
            "UPDATE dsgvo_consent_event SET id = -2147483648 WHERE partner_id = %(other)s")
        self.assertIn("are not those that were noted", self._verify().findings)

    def test_end_is_noted_within_minutes_of_a_decision(self):
        cron = self.env.ref('dsgvo.ir_cron_note_ledger')
        Trigger = self.env['ir.cron.trigger'].sudo()
        due = [('cron_id', '=', cron.id)]
        Trigger.search(due).unlink()
        now = fields.Datetime.now()
        for consent in 'granted', 'refused':
            self.customer.with_user(self.clerk).consent_marketing = consent
            trigger = Trigger.search(due)
            self.assertEqual(len(trigger), 1)
            self.assertLess(trigger.call_at, now + timedelta(minutes=10))
        with freeze_time(trigger.call_at):
            self.customer.with_user(self.clerk).consent_marketing = 'granted'
        self.assertEqual(len(Trigger.search(due)), 2)

    def test_decision_is_recorded_where_the_job_was_deleted(self):
        self.env.ref('dsgvo.ir_cron_note_ledger').unlink()
        self.customer.with_user(self.clerk).consent_marketing = 'granted'
        self.assertEqual(self.customer.consent_marketing, 'granted')

    def test_officer_compares_anew_after_a_restore(self):
        self._note()
        self._remove_chain()
        broken = self._verify()
        self._compare_anew(broken)
        self.assertFalse(self._verify().findings)
        self.assertEqual(broken.state, 'broken')
        self.assertTrue(self._lines()[-1]['anew'])

    @contextmanager
    def _in_a_copy(self):
        """Do what Odoo does with a copy of a database, and go back to the original at the end."""
        with closing(self.env.cr.savepoint()):
            self.env['ir.config_parameter'].sudo().set_param('database.uuid', 'of-the-copy')
            yield
        self.env.invalidate_all()
        self.env.registry.clear_all_caches()

    def _compare_anew(self, check):
        with self.enter_registry_test_mode():
            check.with_user(self.officer).action_compare_anew()

    def test_copy_is_told_that_the_notes_belong_to_another_database(self):
        for what, leave in {
            "shares the list": lambda: None,
            "has a list of its own": self.list.path.unlink,
        }.items():
            self._note()
            self.assertFalse(self._verify().findings)
            with self.subTest(what), self._in_a_copy():
                leave()
                self._remove_chain()
                for noted in False, True:  # the job notes all the same
                    if noted:
                        self._note()
                    check = self._verify()
                    self.assertEqual(check.finding_count, 1)
                    self.assertIn("This database is a copy, or was renamed", check.findings)
                self._compare_anew(check)
                self.assertFalse(self._verify().findings)

    def test_notes_of_a_copy_do_not_disturb_the_original(self):
        self._note()
        with self._in_a_copy():
            self._remove_chain()
            self._compare_anew(self._verify())
        self.assertEqual(len({line['database'] for line in self._lines()}), 2)
        self.assertFalse(self._verify().findings)
        self._remove_chain()
        self.assertIn("are not those that were noted", self._verify().findings)

    def test_what_is_noted_meanwhile_is_not_compared_with_an_older_snapshot(self):
        self._note()
        Check, order = type(self.env['dsgvo.ledger.check']), []
        read = Check._read_lines
        with self.enter_registry_test_mode():
            cursor = self.registry.cursor
            with patch.object(Check, '_read_lines', lambda check: (
                    order.append('notes'), read(check))[1]), patch.object(
                    self.registry, 'cursor', lambda *args, **kwargs: (
                        order.append('snapshot'), cursor(*args, **kwargs))[1]):
                self.env['dsgvo.ledger.check'].with_user(self.officer).action_verify()
        self.assertEqual(order[-2:], ['notes', 'snapshot'])

    def test_line_that_was_cut_off_when_the_disk_was_full_is_noted_anew(self):
        self._note()
        self.customer.with_user(self.clerk).consent_marketing = 'granted'

        def append(erasure_list, lines):
            with self.list.path.open('a') as file:
                file.write(json.dumps(lines[0])[:-30])
            raise OSError("No space left on device")

        with self.enter_registry_test_mode(), self.assertRaises(OSError), patch.object(
                ErasureList, 'append', append):
            self.env['dsgvo.ledger.check']._cron_note()
        self.assertFalse(self._verify().findings)
        self._note()
        self.assertEqual([line['events'] for line in self._lines()[1:]], [1])
        self.assertFalse(self._verify().findings)

    def test_clerk_does_not_compare_anew(self):
        with self.assertRaises(AccessError):
            self.env['dsgvo.ledger.check'].with_user(self.clerk).action_compare_anew()

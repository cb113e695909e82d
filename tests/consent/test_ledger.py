from psycopg2.errors import RaiseException

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.dsgvo.models.consent.ledger import recording

from .ledger_common import LedgerCommon


@tagged('post_install', '-at_install')
class TestLedger(LedgerCommon):
    def test_untouched_ledger_is_whole(self):
        self._decide()
        self._decide('withdrawn', note="Anruf")
        self._decide(purpose='marketing', signature=b'aGFsbG8=')
        check = self._verify()
        self.assertRecordValues(check, [{'state': 'whole', 'finding_count': 0, 'findings': False}])
        self.assertGreaterEqual(check.event_count, 3)

    def test_decisions_of_a_person_form_one_chain(self):
        events = self._decide() | self._decide(purpose='marketing') | self._decide('withdrawn')
        self.assertEqual(events.mapped('position'), [1, 2, 3])
        self.assertEqual(len(events.chain_id), 1)
        self.assertEqual(events[-1].sudo().chain_id.hash, events[-1].hash)
        self.assertEqual(len(set(events.mapped('hash'))), 3)

    def test_recording_costs_the_same_in_a_long_ledger(self):
        self._decide()
        counts = []
        for _round in range(2):
            before = self.env.cr.sql_log_count
            self._decide()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_changed_row_is_named(self):
        event = self._decide()
        self._decide('withdrawn')
        self._tamper("UPDATE dsgvo_consent_event SET decision = 'refused' WHERE id = %s", event.id)
        check = self._verify()
        self.assertEqual(check.state, 'broken')
        self.assertIn(f"Decision {event.id} was changed", check.findings)

    def test_backdated_row_is_named(self):
        event = self._decide()
        self._tamper(
            "UPDATE dsgvo_consent_event SET date = date - 300 WHERE id = %s", event.id)
        self.assertIn(f"Decision {event.id} was changed", self._verify().findings)

    def test_removed_rows_are_named(self):
        first, second, third = self._decide(), self._decide('withdrawn'), self._decide()
        self._tamper("DELETE FROM dsgvo_consent_event WHERE id = %s", second.id)
        self.assertIn(f"Before decision {third.id}", self._verify().findings)
        self._tamper("DELETE FROM dsgvo_consent_event WHERE id = %s", third.id)
        self.assertIn(f"After decision {first.id}", self._verify().findings)
        chain = first.chain_id
        self._tamper("DELETE FROM dsgvo_consent_event WHERE id = %s", first.id)
        self.assertIn(f"All decisions of chain {chain.id} were removed", self._verify().findings)

    def test_inserted_row_is_named(self):
        event = self._decide()
        self._tamper("""
            INSERT INTO dsgvo_consent_event
                   (partner_id, purpose, decision, date, means, user_id, company_id, recorded_on,
                    chain_id, position, hash)
            SELECT partner_id, purpose, 'withdrawn', date, means, user_id, company_id, recorded_on,
                   chain_id, position + 1, md5('x')
              FROM dsgvo_consent_event WHERE id = %s
        """, event.id)
        forged = self.env['dsgvo.consent.event'].search(
            [('partner_id', '=', self.customer.id)], order='id desc', limit=1)
        self.assertIn(f"Decision {forged.id} was changed", self._verify().findings)

    @mute_logger('odoo.sql_db')
    def test_database_refuses_changes_by_sql(self):
        event = self._decide()
        self.env.flush_all()
        for query in (
            "UPDATE dsgvo_consent_event SET decision = 'refused' WHERE id = %s",
            "UPDATE dsgvo_consent_event SET note = 'x' WHERE id = %s",
            "DELETE FROM dsgvo_consent_event WHERE id = %s",
        ):
            with self.assertRaises(RaiseException), self.env.cr.savepoint():
                self.env.cr.execute(query, [event.id])

    def test_forgotten_person_leaves_the_chain_whole(self):
        event = self._decide(note="Frau Quittenbaum am Telefon", signature=b'aGFsbG8=')
        self.env['dsgvo.erasure'].sudo()._enqueue(self.customer, 'request', self.env.company)
        with self.enter_registry_test_mode():
            self.env.ref('dsgvo.ir_cron_erase').method_direct_trigger()
        self.env.invalidate_all()
        self.assertRecordValues(event.with_user(self.officer), [{
            'partner_id': False, 'note': False, 'signature': False, 'evidence_salt': False,
            'decision': 'granted'}])
        self.assertEqual(self._verify().state, 'whole')

    def test_merged_person_has_both_chains_whole(self):
        double = self._create_customer()
        double.consent_storage = 'refused'
        self._decide()
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.customer | double).ids, self.customer)
        self.assertEqual(len(self.customer.consent_event_ids), 3)
        self.assertEqual(self._verify().state, 'whole')

    def test_only_the_officer_verifies(self):
        with self.assertRaises(AccessError):
            self.env['dsgvo.ledger.check'].with_user(self.clerk).action_verify()

    def test_contact_deleted_by_hand_leaves_the_chain_whole(self):
        self._decide(purpose='marketing')
        self._decide('withdrawn', purpose='marketing')
        self.customer.unlink()
        self.assertEqual(self._verify().findings, False)

    def test_one_recording_may_run_inside_another(self):
        event = self._decide()
        other = self._create_customer(name="Balduin Wacholder")
        with recording(self.env):
            other.unlink()
            self._run_sql(
                "UPDATE dsgvo_consent_event SET partner_id = NULL WHERE id = %s", event.id)
        self.customer._dsgvo_refresh_consents(self.customer)
        self.assertEqual(self._verify().findings, False)

    def test_deleted_login_leaves_the_chain_whole(self):
        temp = new_test_user(
            self.env, 'dsgvo_temp', groups='sales_team.group_sale_salesman_all_leads')
        event = self.env['dsgvo.consent.event'].with_user(temp).create(
            {'partner_id': self.customer.id, 'purpose': 'storage', 'decision': 'granted'})
        number = temp.id
        temp.unlink()
        event.invalidate_recordset()
        self.assertRecordValues(
            event.with_user(self.officer), [{'user_id': False, 'user_number': number}])
        self.assertEqual(self._verify().findings, False)
        self._tamper(
            "UPDATE dsgvo_consent_event SET user_number = %s WHERE id = %s", number + 1, event.id)
        self.assertIn(f"Decision {event.id} was changed", self._verify().findings)

    @mute_logger('odoo.sql_db')
    def test_column_of_another_addon_is_no_evidence(self):
        event = self._decide()
        self._run_sql("ALTER TABLE dsgvo_consent_event ADD COLUMN x_addon varchar")
        self._run_sql("UPDATE dsgvo_consent_event SET x_addon = 'x'")
        self._decide('withdrawn')
        self._run_sql("ALTER TABLE dsgvo_consent_event DROP COLUMN x_addon")
        self._decide()
        self.assertEqual(self._verify().findings, False)
        with self.assertRaises(RaiseException), self.env.cr.savepoint():
            self._run_sql(
                "UPDATE dsgvo_consent_event SET decision = 'refused' WHERE id = %s", event.id)

    def test_each_reads_the_findings_of_a_job_in_the_own_language(self):
        self.env['res.lang']._activate_lang('de_DE')
        event = self._decide()
        self._tamper(
            "UPDATE dsgvo_consent_event SET decision = 'refused' WHERE id = %s", event.id)
        Check = self.env['dsgvo.ledger.check']
        Check.with_context(lang=False)._cron_verify()
        check = Check.search([], limit=1).with_user(self.officer)
        self.assertIn(f"Decision {event.id} was changed (position 1", check.findings)
        self.assertIn(
            f"Entscheidung {event.id} wurde geändert (Position 1",
            check.with_context(lang='de_DE').findings)

    def test_finding_of_an_addon_that_is_gone_does_not_hide_the_others(self):
        check = self._verify().sudo()
        check.found = [['of_another', {'event': 7}], ['inserted', {'event': 8}]]
        self.assertEqual(check.findings, "of_another\nDecision 8 was not recorded by Odoo.")

    def test_officer_cannot_write_a_verification(self):
        Check = self.env['dsgvo.ledger.check'].with_user(self.officer)
        check = self._verify()
        with self.assertRaises(AccessError):
            Check.create({'event_count': 5, 'finding_count': 0})
        for forge in (lambda: check.with_user(self.officer).write({'finding_count': 0}),
                      lambda: check.with_user(self.officer).unlink()):
            with self.assertRaises(AccessError):
                forge()

    def test_key_of_the_hashes_stays(self):
        self.env['ir.config_parameter']._dsgvo_get_key()
        key = self.env['ir.config_parameter'].search([('key', '=', 'dsgvo.hash_key')])
        with self.assertRaisesRegex(UserError, "cannot be changed or deleted"):
            self.env['ir.config_parameter'].set_param('dsgvo.hash_key', 'x')
        with self.assertRaisesRegex(UserError, "cannot be changed or deleted"):
            key.unlink()

    def test_nobody_claims_a_means_of_odoo_itself(self):
        for means in ('portal', 'email', 'merge', 'system'):
            with self.assertRaisesRegex(UserError, "Only Odoo itself"):
                self._decide(means=means)

    def test_evidence_is_never_taken_from_the_caller(self):
        event = self._decide(
            recorded_on='2001-01-01', evidence_digest='x', position=7, hash='y', till="Kasse 9")
        self.assertRecordValues(event, [{
            'user_id': self.clerk.id, 'evidence_digest': False, 'position': 1, 'till': False}])
        self.assertNotEqual(event.hash, 'y')
        self.assertGreater(event.recorded_on.year, 2001)

    def test_evidence_is_no_default_of_a_context(self):
        Event = self.env['dsgvo.consent.event'].with_user(self.clerk).with_context(
            default_note="Anruf", default_means='paper', default_date='2020-01-01',
            default_signature=b'aGFsbG8=')
        event = Event.create(
            {'partner_id': self.customer.id, 'purpose': 'storage', 'decision': 'granted'})
        self.assertRecordValues(event.sudo(), [{
            'note': False, 'means': 'counter', 'date': self.env.company._dsgvo_today(),
            'signature': False, 'evidence_digest': False}])
        self.assertEqual(self._verify().findings, False)

from psycopg2.errors import RaiseException

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import DsgvoCommon


@tagged('post_install', '-at_install')
class TestLedger(DsgvoCommon):
    def _decide(self, decision='granted', purpose='storage', **values):
        return self.env['dsgvo.consent.event'].with_user(self.clerk).create({
            'partner_id': self.customer.id, 'purpose': purpose, 'decision': decision} | values)

    def _verify(self):
        # As the buttons do it: the one of the list passes the selected checks, here none.
        Check = self.env['dsgvo.ledger.check'].with_user(self.officer)
        action = call_kw(Check, 'action_verify', [[]], {})
        return self.env['dsgvo.ledger.check'].browse(action['res_id'])

    def _tamper(self, query, *args):
        """Do to the ledger what only somebody with the password of the database can do."""
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE dsgvo_consent_event DISABLE TRIGGER USER")
        self.env.cr.execute(query, args)
        self.env.cr.execute("ALTER TABLE dsgvo_consent_event ENABLE TRIGGER USER")
        self.env.invalidate_all()

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
        self.assertRecordValues(event, [{
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


@tagged('post_install', '-at_install')
class TestWording(DsgvoCommon):
    def _wording(self, purpose='marketing'):
        return self.env['dsgvo.wording'].search(
            [('purpose', '=', purpose), ('lang', '=', 'en_US')])

    def test_decision_carries_the_wording_of_its_day(self):
        wording = self._wording()
        self.customer.with_user(self.clerk).consent_marketing = 'granted'
        event = self.customer.consent_event_ids
        self.assertEqual(event.wording_id, wording)
        wording.with_user(self.officer).action_new_version()
        newer = self._wording()
        self.assertRecordValues(newer, [{'version': 2, 'is_used': False, 'active': True}])
        self.assertEqual(event.wording_id, wording)
        self.assertFalse(wording.active)
        outdated = [('wording_id.active', '=', False), ('is_in_force', '=', True)]
        Event = self.env['dsgvo.consent.event'].with_user(self.clerk)
        self.assertEqual(Event.search(outdated), event)
        self.customer.consent_marketing = 'refused'
        self.assertFalse(Event.search(outdated))

    def test_used_wording_is_immutable(self):
        self.customer.consent_marketing = 'granted'
        wording = self._wording().with_user(self.officer)
        with self.assertRaisesRegex(UserError, "is evidence"):
            wording.text = "<p>Anders</p>"
        with self.assertRaisesRegex(UserError, "is evidence"):
            wording.unlink()

    def test_unused_wording_can_be_edited_by_the_officer_only(self):
        self._wording().with_user(self.officer).text = "<p>Klarer</p>"
        self.assertEqual(str(self._wording().text), "<p>Klarer</p>")
        with self.assertRaises(AccessError):
            self._wording().with_user(self.clerk).text = "<p>Heimlich</p>"

    def test_own_wording_of_a_company_comes_first(self):
        company = self.env.company
        own = self._wording().copy({'company_id': company.id, 'version': 1})
        current = self.env['dsgvo.wording']._get_current(company)
        self.assertEqual(current['marketing', 'en_US'], own)
        other = self.env['dsgvo.wording']._get_current(self.env['res.company'].create(
            {'name': "Filiale"}))
        self.assertEqual(other['marketing', 'en_US'], self._wording() - own)

    def test_withdrawal_and_import_carry_no_wording(self):
        self.customer.consent_marketing = 'granted'
        self.customer.consent_marketing = 'refused'
        self.customer.with_context(import_file=True).write(
            {'consent_storage': 'granted', 'consent_date': '2020-02-29'})
        events = self.customer.consent_event_ids.sorted('id')
        self.assertEqual([bool(event.wording_id) for event in events], [True, False, False])

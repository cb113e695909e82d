import base64
import io
from contextlib import closing, contextmanager, suppress

from PIL import Image
from psycopg2 import InternalError
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.misc import file_path

from ...models.consent.ledger import _row
from .ledger_common import LedgerCommon

SCAN = base64.b64encode(b'%PDF-1.4 signed form')


@tagged('post_install', '-at_install')
class TestForgery(LedgerCommon):
    """What Verify Ledger finds of what somebody did behind Odoo's back."""

    def _scan(self, event):
        return self.env['ir.attachment'].sudo().search([
            ('res_model', '=', event._name), ('res_field', '=', 'signature'),
            ('res_id', '=', event.id)])

    def _make_picture(self, width, color='white'):
        picture = io.BytesIO()
        Image.new('RGB', (width, 20), color).save(picture, 'PNG')
        return picture.getvalue()

    @contextmanager
    def _undone(self):
        with closing(self.env.cr.savepoint()):
            yield
            self.env.flush_all()
        self.env.invalidate_all()

    def test_changed_note_and_proof_are_named(self):
        for what, queries in {
            "note": ["UPDATE dsgvo_consent_event SET note = 'x' WHERE id = %(event)s"],
            "note with its salt": [
                "UPDATE dsgvo_consent_event SET note = 'x', evidence_salt = 'y'"
                " WHERE id = %(event)s"],
            "note emptied": ["UPDATE dsgvo_consent_event SET note = NULL WHERE id = %(event)s"],
            "evidence emptied": [
                "UPDATE dsgvo_consent_event SET note = NULL, evidence_salt = NULL"
                " WHERE id = %(event)s", "DELETE FROM ir_attachment WHERE id = %(scan)s"],
            "scan removed": ["DELETE FROM ir_attachment WHERE id = %(scan)s"],
            "scan replaced": [
                "UPDATE ir_attachment SET db_datas = 'x', store_fname = NULL WHERE id = %(scan)s"],
            "scan of another decision": [
                "UPDATE ir_attachment SET res_id = %(other)s WHERE id = %(scan)s"],
        }.items():
            with self.subTest(what), self._undone():
                event = self._decide(note="am Telefon", signature=SCAN)
                other = self._decide('withdrawn')
                self.assertEqual(self._verify().findings, False)
                names = {'event': event.id, 'other': other.id, 'scan': self._scan(event).id}
                for query in queries:
                    self._tamper(query % names)
                self.assertIn(
                    f"Note, signature or scan of decision {event.id} was changed",
                    self._verify().findings)

    def test_note_and_scan_added_later_are_named(self):
        event, other = self._decide(), self._decide(note="x", signature=SCAN)
        self._tamper("UPDATE dsgvo_consent_event SET note = 'x' WHERE id = %s", event.id)
        self.assertIn(f"of decision {event.id} was changed", self._verify().findings)
        third = self._decide('withdrawn')
        self._run_sql(
            "UPDATE ir_attachment SET res_id = %s WHERE id = %s", third.id, self._scan(other).id)
        self.assertIn(f"of decision {third.id} was changed", self._verify().findings)

    def test_file_of_the_scan_is_guarded(self):
        event = self._decide(signature=SCAN)
        scan = self._scan(event)
        for forge in (
            lambda: scan.write({'raw': b'x'}),
            lambda: scan.write({'datas': base64.b64encode(b'x')}),
            lambda: scan.write({'res_id': False}),
            lambda: scan.write({'res_field': False}),
            scan.unlink,
        ):
            with self.assertRaisesRegex(UserError, "cannot be changed or deleted"):
                forge()
        scan.write({'raw': scan.raw, 'mimetype': scan.mimetype})  # as to another storage
        self.assertEqual(self._verify().findings, False)

    def test_every_spelling_of_a_scan_is_the_same_proof(self):
        for signature in (SCAN, SCAN.decode(), base64.encodebytes(b'%PDF' * 99)):
            self._decide(signature=signature)
        self.assertEqual(self._verify().findings, False)

    def test_large_picture_of_a_form_is_kept_as_it_is(self):
        picture = self._make_picture(3000)
        event = self._decide(signature=base64.b64encode(picture))
        self.assertEqual(self._scan(event).raw, picture)
        self.assertEqual(self._verify().findings, False)

    def test_decision_moved_to_another_customer_is_named(self):
        first, second = self._decide(), self._decide('withdrawn')
        other = self._create_customer(name="Balduin Wacholder")
        move = "UPDATE dsgvo_consent_event SET partner_id = %s WHERE id = %s"
        for change in self._run_sql, self._tamper:
            with self._undone():
                change(move, other.id, second.id)
                self.assertIn(
                    f"Decision {second.id} was moved to another customer", self._verify().findings)
        self._run_sql(move, None, first.id)
        self.assertIn(
            f"Decision {first.id} was moved to another customer", self._verify().findings)

    def test_decision_inserted_by_sql_is_named(self):
        self._decide()
        for customer in self.customer, self._create_customer(name="Balduin Wacholder"):
            self._run_sql("""
                INSERT INTO dsgvo_consent_event
                       (partner_id, purpose, decision, date, means, user_id, company_id,
                        recorded_on)
                SELECT %s, 'marketing', 'granted', date, means, user_id, company_id, recorded_on
                  FROM dsgvo_consent_event WHERE partner_id = %s LIMIT 1
            """, customer.id, self.customer.id)
            forged = self.env['dsgvo.consent.event'].search(
                [('partner_id', '=', customer.id)], order='id desc', limit=1)
            self._decide('withdrawn')
            self.assertIn(
                f"Decision {forged.id} was not recorded by Odoo", self._verify().findings)

    def test_forged_decision_is_named_whatever_its_number(self):
        self._decide()
        last = self._decide('withdrawn').id
        self._run_sql(
            "ALTER TABLE dsgvo_consent_chain DROP CONSTRAINT dsgvo_consent_chain_positive_id;"
            "ALTER TABLE dsgvo_consent_event DROP CONSTRAINT dsgvo_consent_event_positive_id")
        for chain, event in (-2**31, 2**31 - 1), (-1, -1), (0, last + 9), (2**31 - 1, 0):
            with self.subTest(chain=chain, event=event), self._undone():
                self._tamper("""
                    INSERT INTO dsgvo_consent_chain (id, event_count, legacy_count, hash)
                    VALUES (%s, 1, 0, 'x');
                    INSERT INTO dsgvo_consent_event
                           (id, chain_id, position, hash, partner_id, purpose, decision, date,
                            means, user_id, company_id, recorded_on)
                    SELECT %s, %s, 1, 'x', partner_id, purpose, 'granted', date,
                           means, user_id, company_id, recorded_on
                      FROM dsgvo_consent_event WHERE id = %s
                """, chain, event, chain, last)
                self.assertIn(f"Decision {event} was changed", self._verify().findings)

    @mute_logger('odoo.sql_db')
    def test_contacts_that_differ_from_the_ledger_are_counted_and_put_right(self):
        self._decide()
        other = self._create_customer(name="Balduin Wacholder")
        self.assertEqual(self._verify().findings, False)
        self._run_sql("""
            UPDATE res_partner SET consent_marketing = jsonb_build_object(%s::text, 'granted')
             WHERE id = ANY(%s)
        """, self.env.company.id, (self.customer | other).ids)
        self.assertEqual(other.consent_marketing, 'granted')
        check = self._verify()
        self.assertEqual(check.finding_count, 1)
        self.assertIn("wrong consents: 2.", check.findings)
        with self.assertRaises(AccessError):
            check.with_user(self.clerk).action_refresh_contacts()
        action = check.with_user(self.officer).action_refresh_contacts()
        self.assertFalse(check.browse(action['res_id']).findings)
        self.assertRecordValues(self.customer | other, [
            {'consent_storage': 'granted', 'consent_marketing': False},
            {'consent_storage': False, 'consent_marketing': False}])

    def test_database_refuses_numbers_that_odoo_does_not_give(self):
        self._decide()
        for table, columns, values in [
            ('dsgvo_consent_chain', "id, event_count", "0, 0"),
            ('dsgvo_consent_event', "id, partner_id, purpose, decision, date, means, user_id,"
             " company_id, recorded_on", "-1, partner_id, purpose, decision, date, means, user_id,"
             " company_id, recorded_on"),
        ]:
            with self.subTest(table), self.assertRaises(CheckViolation), self.cr.savepoint():
                self.cr.execute(
                    f"INSERT INTO {table} ({columns})"
                    f" SELECT {values} FROM dsgvo_consent_event LIMIT 1")

    def test_decision_that_overtakes_a_later_one_is_named(self):
        first, second = self._decide(), self._decide('withdrawn')
        renumber = "UPDATE dsgvo_consent_event SET id = %s WHERE id = %s"
        with mute_logger('odoo.sql_db'), self.assertRaises(InternalError), self.cr.savepoint():
            self.cr.execute(renumber, [second.id + 1, first.id])
        self._tamper(renumber, second.id + 1, first.id)
        self.assertIn(f"Decision {second.id} was changed", self._verify().findings)

    def test_decision_inserted_after_a_refused_recording_is_named(self):
        self._decide()
        with suppress(ValidationError):  # without the savepoint of assertRaises
            self._decide('withdrawn', date='2099-01-01')
        self._run_sql("""
            INSERT INTO dsgvo_consent_event
                   (partner_id, purpose, decision, date, means, user_id, company_id, recorded_on)
            SELECT partner_id, purpose, 'granted', date, means, user_id, company_id, recorded_on
              FROM dsgvo_consent_event WHERE partner_id = %s LIMIT 1
        """, self.customer.id)
        self.assertIn("was not recorded by Odoo", self._verify().findings)

    def test_end_of_a_chain_cut_off_is_named(self):
        first, second = self._decide(), self._decide('withdrawn')
        chain = first.sudo().chain_id
        self._tamper("DELETE FROM dsgvo_consent_event WHERE id = %s", second.id)
        self._run_sql(
            "UPDATE dsgvo_consent_chain SET event_count = 1, hash = %s WHERE id = %s",
            first.hash, chain.id)
        self.assertIn(f"After decision {first.id} a decision was removed", self._verify().findings)

    def test_time_of_an_answer_is_sealed_and_decisions_without_one_keep_their_hash(self):
        plain = self._decide()
        timed = self.env['dsgvo.consent.event'].sudo().create({
            'partner_id': self.customer.id, 'purpose': 'marketing', 'decision': 'granted',
            'means': 'tablet', 'decided_at': '2026-03-02 10:00:00'})
        self.assertEqual(self._verify().findings, False)
        # The text that was hashed before there was such a column.
        self.env.cr.execute(f"""
            SELECT {_row('e', 'quote_nullable(e.till)')} = concat_ws('|', e.chain_id, e.position,
                   e.purpose, e.decision, to_char(e.date, 'YYYY-MM-DD'),
                   to_char(e.recorded_on, 'YYYY-MM-DD HH24:MI:SS'), e.means,
                   coalesce(e.user_id, e.user_number), e.company_id, quote_nullable(e.till),
                   coalesce(e.wording_id, 0), coalesce(e.evidence_digest, ''))
              FROM dsgvo_consent_event e WHERE id = ANY(%s) ORDER BY id
        """, [[plain.id, timed.id]])
        self.assertEqual(self.env.cr.fetchall(), [(True,), (False,)])
        for event, moment in (timed, None), (timed, '2026-03-02 09:00'), (plain, '2026-03-02'):
            with self.subTest(event=event.id, moment=moment), self._undone():
                self._tamper("UPDATE dsgvo_consent_event SET decided_at = %s WHERE id = %s",
                             moment, event.id)
                self.assertIn("was changed", self._verify().findings)
        with self.assertRaisesRegex(InternalError, "append-only"), self.env.cr.savepoint():
            self._run_sql("UPDATE dsgvo_consent_event SET decided_at = now()")

    def _make_legacy(self, events):
        """Make the decisions what an older version recorded: hashed without a key."""
        self._tamper("""
            DO $$ DECLARE e record; previous varchar := ''; BEGIN
                FOR e IN SELECT * FROM dsgvo_consent_event
                          WHERE id = ANY(%s) ORDER BY id LOOP
                    previous := encode(sha256(convert_to(concat_ws('|', e.chain_id, e.position,
                        e.purpose, e.decision, to_char(e.date, 'YYYY-MM-DD'),
                        to_char(e.recorded_on, 'YYYY-MM-DD HH24:MI:SS'), e.means, e.user_id,
                        e.company_id, coalesce(e.till, ''), coalesce(e.wording_id, 0),
                        coalesce(e.evidence_digest, ''), previous), 'UTF8')), 'hex');
                    UPDATE dsgvo_consent_event SET hash = previous WHERE id = e.id;
                    UPDATE dsgvo_consent_chain SET hash = previous WHERE id = e.chain_id;
                END LOOP;
            END $$
        """, events.ids)
        self._run_sql("ALTER TABLE dsgvo_consent_chain DROP COLUMN legacy_count")
        self._run_sql("UPDATE dsgvo_consent_chain SET seal = NULL, person_seal = NULL")

    def _migrate(self):
        for stage in 'pre', 'post-2':
            path = file_path(f'dsgvo/migrations/19.0.1.2.0/{stage}-ledger.py')
            load_script(path, f'dsgvo_{stage}').migrate(self.env.cr, '19.0.1.1.0')
        self.env.invalidate_all()

    def _put_scan(self, event, content):
        self._run_sql(
            "UPDATE ir_attachment SET db_datas = %s, store_fname = NULL WHERE id = %s", content,
            self._scan(event).id)

    def _migrate_with_scan(self, content, note=False):
        """Return a decision of an older version, of whose scan it stored another content."""
        event = self._decide(note=note, signature=SCAN)
        self._make_legacy(event)
        if content is None:
            self._run_sql("DELETE FROM ir_attachment WHERE id = %s", self._scan(event).id)
        else:
            self._put_scan(event, content)
        self._migrate()
        return event

    def test_scan_that_an_older_version_stored_in_another_way_is_whole(self):
        for content in self._make_picture(1920), self._make_picture(1024), b'spelled differently':
            with self._undone():
                event = self._migrate_with_scan(content)
                self.assertTrue(event.sudo().evidence_seal)
                self.assertEqual(self._verify().findings, False)

    def test_scan_of_an_older_version_that_is_changed_after_the_update_is_named(self):
        for what, forge in {
            "another picture of the usual size": lambda event: self._put_scan(
                event, self._make_picture(1920, 'red')),
            "broken": lambda event: self._put_scan(event, self._make_picture(1920)[:60]),
            "file gone": lambda event: self._run_sql(
                "UPDATE ir_attachment SET db_datas = NULL, store_fname = 'xx/gone' WHERE id = %s",
                self._scan(event).id),
            "removed": lambda event: self._run_sql(
                "DELETE FROM ir_attachment WHERE id = %s", self._scan(event).id),
            "note": lambda event: self._tamper(
                "UPDATE dsgvo_consent_event SET note = 'x' WHERE id = %s", event.id),
            "seal": lambda event: self._tamper(
                "UPDATE dsgvo_consent_event SET evidence_seal = 'x' WHERE id = %s", event.id),
            "seal taken away": lambda event: self._tamper(
                "UPDATE dsgvo_consent_event SET evidence_seal = NULL WHERE id = %s", event.id),
        }.items():
            with self.subTest(what), self._undone():
                event = self._migrate_with_scan(self._make_picture(1920), note="Messe")
                self.assertEqual(self._verify().findings, False)
                forge(event)
                expected = f"of decision {event.id} was changed or removed."
                self.assertIn(expected, self._verify().findings)
                self._migrate()  # seals nothing a second time
                self.assertIn(expected, self._verify().findings)

    def test_scan_that_the_update_did_not_find_is_named_as_such(self):
        for content in None, '':
            with self.subTest(content), self._undone():
                event = self._migrate_with_scan(content)
                self.assertIn(
                    f"decision {event.id} was missing or changed already when the addon was"
                    " updated", self._verify().findings)

    def test_seal_of_evidence_is_set_once(self):
        event = self._migrate_with_scan(self._make_picture(1920))
        with self.assertRaises(InternalError), mute_logger('odoo.sql_db'), self.cr.savepoint():
            self.cr.execute(
                "UPDATE dsgvo_consent_event SET evidence_seal = 'x' WHERE id = %s", [event.id])

    def test_decisions_of_an_older_version_stay_verifiable(self):
        events = self._decide(note="Anruf") | self._decide('withdrawn', signature=SCAN)
        self._make_legacy(events)
        self._migrate()
        self._decide()
        self.assertEqual(self._verify().findings, False)
        last = self._decide('withdrawn')
        # Whoever makes them anew without a key breaks the seal.
        self._tamper("UPDATE dsgvo_consent_event SET date = date - 9 WHERE id = %s", events[0].id)
        self._make_legacy(events | last)
        self._run_sql("ALTER TABLE dsgvo_consent_chain ADD COLUMN legacy_count int DEFAULT 4")
        self.assertTrue(self._verify().findings)

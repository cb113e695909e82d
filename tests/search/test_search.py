import io
import random
from datetime import date, datetime, timedelta

from reportlab.pdfgen.canvas import Canvas

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.dsgvo.models.search.database_search import DatabaseSearch

from ..erasure.common import PERSON
from ..erasure.test_preview import OfficerCommon

NOTE = "<p>Abholung durch %s, bitte anrufen.</p>"


class SearchCommon(OfficerCommon):
    def _values(self, erasure):
        return self.env['dsgvo.erasure.value'].sudo().search([('erasure_id', '=', erasure.id)])


class NeighbourCommon(SearchCommon):
    """An order of somebody else, in whose rows the search may find the customer."""

    def setUp(self):
        super().setUp()
        self.neighbour = self._create_customer(
            name="Bert Ohlendorf", email='bert@ohlendorf.example', phone='+49 30 777333',
            street="Ginstergasse 4", consent_storage='granted')
        self.order = self._order(customer=self.neighbour)


@tagged('post_install', '-at_install')
class TestSearch(NeighbourCommon):
    """The search of the whole database in the night after an erasure."""

    def _erase_customer(self):
        self._sell(self._order())
        erasure = self._erasure()
        self._run_cron()
        self.assertEqual(erasure.state, 'done', erasure.blocker)
        return erasure.with_user(self.officer)

    def _search_for_somebody(self):
        erasure = self._erase_another()
        self._search_database()
        return erasure.with_user(self.officer).search_id

    def _erase_another(self):
        another = self._create_customer(name="Cordula Nierenstein", email='c@nierenstein.example')
        self._sell(self._order(customer=another))
        erasure = self._erasure(another)
        self._run_cron()
        self.assertEqual(erasure.state, 'done', erasure.blocker)
        return erasure

    def _make_pdf(self, text=''):
        content = io.BytesIO()
        canvas = Canvas(content)
        canvas.drawString(100, 100, text)
        canvas.save()
        return content.getvalue()

    def _residuals(self, erasure):
        fields = ['model', 'field', 'res_id', 'reason']
        return [tuple(residual[name] for name in fields)
                for residual in erasure.residual_ids]

    def test_sale_made_while_an_erasure_ran_is_searched_for_the_person(self):
        """A till sends it days later. The row of the erasure was written before its commit."""
        erasure = self._erase_customer()
        started = fields.Datetime.now() - timedelta(minutes=1)
        search = self.env['dsgvo.erasure.search'].sudo().create({})
        self.env.cr.execute(
            "UPDATE dsgvo_erasure SET write_date = %s, is_listed = FALSE, search_id = %s"
            " WHERE id = %s", [started, search.id, erasure.id])
        self.env.invalidate_all()
        self._run_cron()
        self.env['dsgvo.erasure'].sudo()._search_again(started + timedelta(seconds=1))
        self.assertFalse(erasure.search_id)

    def test_address_in_the_order_of_somebody_else_is_taken_out(self):
        self.order.note = NOTE % f"die Dame mit {PERSON['email'].upper()}"
        erasure = self._erase_customer()
        self._search_database()
        self.assertEqual(self.order.note, NOTE % "die Dame mit …")
        self.assertEqual(self._residuals(erasure), [])
        self.assertEqual(erasure.search_id.cleaned, 1)
        self.assertTrue(erasure.searched_on)

    def test_address_with_a_name_in_the_note_of_a_message_is_taken_out(self):
        """Odoo keeps it as it was typed; the note must not be without any address."""
        note = self.env['mail.notification'].sudo().create({
            'mail_message_id': self.order.message_post(body=NOTE).id,
            'notification_type': 'email', 'notification_status': 'sent',
            'mail_email_address': f'"Frau Quittenbaum" <{PERSON["email"].title()}>'})
        erasure = self._erase_customer()
        self._search_database()
        self.assertNotIn('quittenbaum.example', note.mail_email_address.lower())
        self.assertEqual(self._residuals(erasure), [])

    def test_longer_address_of_somebody_else_stays(self):
        note = self.order.note = NOTE % f"anna.{PERSON['email']}, {PERSON['email']}.org"
        erasure = self._erase_customer()
        self._search_database()
        self.assertEqual(self.order.note, note)
        self.assertEqual(
            self._residuals(erasure), [('sale.order', 'note', self.order.id, 'possible')],
            "The name stands in it.")

    def test_name_in_the_order_of_somebody_else_is_left_to_the_officer(self):
        note = self.order.note = NOTE % PERSON['name']
        erasure = self._erase_customer()
        self._search_database()
        self.assertEqual(self.order.note, note)
        self.assertEqual(
            self._residuals(erasure), [('sale.order', 'note', self.order.id, 'possible')])
        residual = erasure.residual_ids
        residual.action_take_out()
        self.assertEqual(self.order.note, NOTE % "…")
        self.assertFalse(residual.exists())

    def test_somebody_else_is_not_reported_again(self):
        self.order.write({'note': NOTE % PERSON['name'], 'client_order_ref': PERSON['name']})
        erasure = self._erase_customer()
        self._search_database()
        note, reference = erasure.residual_ids.sorted('field', reverse=True)
        note.action_dismiss()
        self._search_database()
        self.assertRecordValues(note | reference, [
            {'field': 'note', 'state': 'dismissed', 'dismissed_by_id': self.officer.id},
            {'field': 'client_order_ref', 'state': 'open', 'dismissed_by_id': False}])

    def test_printed_certificate_says_what_is_still_found(self):
        self.order.note = NOTE % PERSON['name']
        erasure = self._erase_customer()
        self._search_database()
        html, _type = self.env['ir.actions.report'].with_user(self.officer)._render_qweb_html(
            'dsgvo.erasure_certificate', erasure.ids)
        for text in ("The whole database was searched on", "May be somebody else with",
                     "Terms and conditions"):
            self.assertIn(text, html.decode())
        self.assertNotIn(PERSON['name'], html.decode())

    def test_put_right_by_hand(self):
        self.order.note = NOTE % PERSON['name']
        erasure = self._erase_customer()
        self._search_database()
        residual = erasure.residual_ids
        residual.action_look_again()
        self.assertEqual(len(erasure.residual_ids), 1)
        self.order.note = False
        erasure.residual_ids.action_look_again()
        self.assertFalse(erasure.residual_ids)

    def test_several_findings_of_one_record_are_looked_at_together(self):
        self.order.write({'note': NOTE % PERSON['name'], 'client_order_ref': PERSON['name']})
        erasure = self._erase_customer()
        self._search_database()
        self.assertEqual(len(erasure.residual_ids), 2)
        erasure.residual_ids.action_look_again()
        self.assertEqual(len(erasure.residual_ids), 2)
        self.order.client_order_ref = False
        erasure.residual_ids.action_look_again()
        self.assertEqual(erasure.residual_ids.mapped('field'), ['note'])

    def test_finding_of_an_app_that_is_gone_is_named(self):
        self.order.note = NOTE % PERSON['name']
        erasure = self._erase_customer()
        self._search_database()
        gone = erasure.residual_ids.sudo().copy({'model': 'gone.model'})
        for method in 'action_look_again', 'action_take_out':
            with self.assertRaisesRegex(UserError, r"gone\.model\.note belongs to no"):
                getattr(erasure.residual_ids, method)()
        self.assertEqual(len(erasure.residual_ids), 2)
        self.assertEqual(self.order.note, NOTE % PERSON['name'])
        gone.with_user(self.officer).action_dismiss()
        self.assertEqual(gone.state, 'dismissed')

    def test_name_and_street_together_are_certain(self):
        self.order.note = NOTE % f"<b>Adelheid</b> <i>Quittenbaum</i> ({PERSON['street']})"
        erasure = self._erase_customer()
        self._search_database()
        self.assertEqual(self.order.note, NOTE % "<b>…</b> <i>…</i> (…)")
        self.assertEqual(self._residuals(erasure), [])

    def test_json_stays_json(self):
        text = self.order.picking_ids
        number = self._order(customer=self.neighbour).picking_ids
        for picking, value in (text, '{"call": "030 901820"}'), (number, '{"call": 4930901820}'):
            self.env.cr.execute(
                "UPDATE stock_picking SET picking_properties = %s WHERE id = %s",
                [value, picking.id])
        erasure = self._erase_customer()
        self._search_database()
        self.env.cr.execute(
            "SELECT picking_properties FROM stock_picking WHERE id IN %s ORDER BY id",
            [(text | number)._ids])
        self.assertEqual(self.env.cr.fetchall(), [({'call': "…"},), ({'call': 4930901820},)])
        self.assertEqual(self._residuals(erasure), [
            ('stock.picking', 'picking_properties', number.id, 'encoded')])

    def test_namesake_of_the_household_is_untouched(self):
        self._create_customer(consent_storage='granted')
        note = self.order.note = NOTE % " ".join(PERSON.values())
        erasure = self._erase_customer()
        self._search_database()
        self.assertEqual(self.order.note, note)
        self.assertEqual(self._residuals(erasure), [])

    def test_author_is_nobody(self):
        self.book.name = f"{PERSON['name']}: Gedichte"
        note = self.order.note = NOTE % self.book.name
        erasure = self._erase_customer()
        self._search_database()
        self.assertEqual(self.order.note, note)
        self.assertEqual(self._residuals(erasure), [])

    def test_place_that_the_map_does_not_know(self):
        """Covered by one click: nothing leads there, so it is left to the search."""
        team = self.env['crm.team'].create({'name': f"Leute wie {PERSON['email']}"})
        erasure = self._erase_customer()
        self._search_database()
        self.assertEqual(self._residuals(erasure), [('crm.team', 'name', team.id, 'uncovered')])
        action = erasure.residual_ids.action_cover()
        rule = Form(self.env['dsgvo.data.rule'].with_user(self.officer).with_context(
            **action['context']), view='dsgvo.dsgvo_data_rule_view_form').save()
        self.assertRecordValues(rule, [{
            'reached_by': 'search:name', 'erase': 'redact', 'is_about_person': False}])
        self._search_database()
        self.assertEqual(team.name, "Leute wie …")
        self.assertEqual(self._residuals(erasure), [])
        self._erase_another()  # the rule is in the way of no erasure

    def test_table_of_no_app_and_name_across_two_columns(self):
        self.env.cr.execute("""
            CREATE TABLE leftover (first_name varchar, last_name varchar);
            INSERT INTO leftover VALUES ('Adelheid', 'Quittenbaum')
        """)
        erasure = self._erase_customer()
        self._search_database()
        self.assertEqual(self._residuals(erasure), [('leftover', '', 0, 'possible')])
        with self.assertRaisesRegex(UserError, "has no screen of its own"):
            erasure.residual_ids.action_open()

    def test_file_is_named(self):
        content = f"Kunde;Straße\n{PERSON['name']};{PERSON['street']}\n"
        attachment = self.env['ir.attachment'].create(
            {'name': 'kunden.csv', 'raw': content.encode(), 'mimetype': 'text/csv'})
        erasure = self._erase_customer()
        self._search_database()
        self.assertEqual(
            self._residuals(erasure), [('ir.attachment', 'raw', attachment.id, 'file')])
        self.assertEqual(attachment.raw, content.encode())

    def test_files_that_cannot_be_read_are_counted(self):
        Attachment = self.env['ir.attachment']
        before = self._search_for_somebody()
        Attachment.create([
            {'name': name, 'raw': content, 'mimetype': mimetype} for name, content, mimetype in (
                ('gut.txt', b"Ohne Namen", 'text/plain'),
                ('kaputt.pdf', b"%PDF-1.4 und sonst nichts", 'application/pdf'),
                ('kaputt.ods', b"PK\3\4", 'application/vnd.oasis.opendocument.spreadsheet'),
                ('scan.pdf', self._make_pdf(), 'application/pdf'),
                ('text.pdf', self._make_pdf("Lieferschein"), 'application/pdf'))])
        after = self._search_for_somebody()
        self.assertEqual(after.files_unread - before.files_unread, 3)
        self.assertEqual(after.files_read - before.files_read, 2)

    def test_large_rows_are_read_one_by_one(self):
        self.env.cr.execute("CREATE TABLE leftover (id serial, note varchar)")
        for note in range(3):
            noise = random.Random(note).randbytes(750_000).hex()
            self.env.cr.execute("INSERT INTO leftover (note) VALUES (%s)", [noise])
        self.env.cr.execute("UPDATE leftover SET note = note || %s WHERE id = 3",
                            [f" {PERSON['email']}"])
        erasure = self._erase_customer()
        search = self.env['dsgvo.erasure.search'].sudo()._start()
        search.chunk_ids.unlink()
        run = DatabaseSearch(search)
        search._plan(run.places, [(1, 'leftover')])
        pieces = []
        self.assertTrue(run.run(lambda left: pieces.append(left) or True))
        self.assertEqual(pieces, [1, 1, 1, 0], "Two rows are a piece, and the third is one.")
        self.assertIn(('leftover', 'note', 3, 'uncovered'), self._residuals(erasure))

    def test_bank_line_of_nobody_is_kept_by_law(self):
        journal = self.company_data['default_journal_bank']
        line = self.env['account.bank.statement.line'].create({
            'journal_id': journal.id, 'amount': 20.0, 'date': self._today(),
            'payment_ref': f"{PERSON['name']} {PERSON['email']} Rechnung 17"})
        reference = line.payment_ref
        erasure = self._erase_customer()
        self._search_database()
        until = date(self._today().year + 8, 12, 31)
        kept = erasure.residual_ids.filtered(lambda r: r.model == line._name)
        self.assertRecordValues(kept, [
            {'field': 'payment_ref', 'reason': 'law', 'basis': "§ 147 AO", 'until': until}])
        self.assertEqual(set(erasure.residual_ids.mapped('reason')), {'law'})
        self.assertEqual(line.payment_ref, reference)

    def test_values_are_kept_as_hashes_only_and_go(self):
        self.order.note = NOTE % PERSON['name']
        erasure = self._erase_customer()
        self.assertTrue(self._values(erasure))
        found = self._find_in_database(PERSON['name'], PERSON['email'], PERSON['street'])
        self.assertEqual(found, {'sale_order.note': 1})
        self._search_database()
        self.assertTrue(self._values(erasure), "Somebody has to decide first.")
        erasure.residual_ids.action_take_out()
        self.assertFalse(self._values(erasure))
        self.assertTrue(erasure.searched_on)

    def test_nothing_to_do(self):
        self._erase_customer()
        self._search_database()
        Search = self.env['dsgvo.erasure.search'].with_user(self.officer)
        count = Search.search_count([])
        self._search_database()
        self.assertEqual(Search.search_count([]), count)

    def test_what_is_still_found_does_not_make_the_next_night_read_everything(self):
        unchanged, changed = self.order.copy(), self.order.copy()
        self.order.note = NOTE % PERSON['name']
        erasure = self._erase_customer()
        self._search_database()
        left = self._residuals(erasure)
        self.assertTrue(left)
        whole = self.env['dsgvo.erasure.search'].sudo().search([], limit=1)
        # Whatever was there is older now, even in a database that was made just now.
        whole.started_on += timedelta(hours=2)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET note = %s WHERE id = ANY(%s)",
            [NOTE % PERSON['email'], (unchanged | changed).ids])
        self.env.cr.execute(
            "UPDATE sale_order SET write_date = %s WHERE id = %s", [whole.started_on, changed.id])
        self.env.invalidate_all()
        self._search_database()
        partial = whole.search([], limit=1)
        self.assertLess(partial.rows_read, whole.rows_read)
        self.assertEqual(self._residuals(erasure), left)
        self.assertEqual(
            [changed.note, unchanged.note], [NOTE % "…", NOTE % PERSON['email']])
        with freeze_time(datetime.now() + timedelta(days=8)):
            self._search_database()
        self.assertEqual(unchanged.note, NOTE % "…")

    def test_goes_on_where_it_was_stopped(self):
        self.order.note = NOTE % PERSON['email']
        erasure = self._erase_customer()
        Search = self.env['dsgvo.erasure.search'].sudo()
        search = Search._start()
        chunks = []
        for pause in 3, 6, 9:
            def go_on(left, pause=pause):
                chunks.append(left)
                return len(chunks) < pause
            self.assertFalse(DatabaseSearch(search).run(go_on))
        self.assertEqual(len(chunks), 9)
        self.assertFalse(erasure.searched_on)
        self._search_database()
        self.assertEqual(Search.search([], limit=1), search)
        self.assertTrue(erasure.searched_on)
        self.assertEqual(self.order.note, NOTE % "…")

    def test_who_is_erased_meanwhile_waits_for_the_next_search(self):
        self._erase_customer()
        search = self.env['dsgvo.erasure.search'].sudo()._start()
        late = self._create_customer(name="Cordula Nierenstein", email='cordula@example.test')
        self._sell(self._order(customer=late))
        erasure = self._erasure(late).with_user(self.officer)
        self._run_cron()
        self._search_database()
        self.assertTrue(search.finished_on)
        self.assertFalse(erasure.searched_on)
        self._search_database()
        self.assertTrue(erasure.searched_on)

    def test_officer_is_reminded_once(self):
        self.order.note = NOTE % PERSON['name']
        self._erase_customer()
        self._search_database()
        self._search_database()
        activities = self.env.company.sudo().dsgvo_reminder_ids.activity_ids.filtered(
            lambda activity: "still found" in activity.summary)
        self.assertEqual(len(activities), 1)
        self.assertNotIn("Quittenbaum", activities.note)

    def test_clerk_sees_and_does_nothing(self):
        self.order.note = NOTE % PERSON['name']
        erasure = self._erase_customer()
        self._search_database()
        residual = erasure.residual_ids.with_user(self.clerk)
        for method in 'action_take_out', 'action_dismiss', 'action_look_again', 'action_cover':
            with self.assertRaises(AccessError):
                getattr(residual, method)()
        for model in 'dsgvo.erasure.search', 'dsgvo.erasure.value':
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.clerk).search([])
        self.assertEqual(self.order.note, NOTE % PERSON['name'])

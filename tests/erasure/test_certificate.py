from datetime import datetime
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.misc import format_datetime

from odoo.addons.dsgvo.models.erasure.engine import ErasureEngine

from .common import PERSON, ShopCommon


@tagged('post_install', '-at_install')
class TestCertificate(ShopCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = new_test_user(
            cls.env, 'shop_officer', groups='dsgvo.group_officer',
            company_id=cls.env.company.id)

    def _print(self, erasure, user):
        html, _type = self.env['ir.actions.report'].with_user(user)._render_qweb_html(
            'dsgvo.erasure_certificate', erasure.ids)
        return html.decode()

    def test_says_what_was_removed_and_when_and_not_who(self):
        self._sell(self._order())
        erasure = self._erasure()
        self.assertFalse(erasure.certificate_hash)
        self._run_cron()
        certificate = erasure.with_user(self.officer).certificate
        self.assertEqual(certificate['kept'], [])
        self.assertGreater(certificate['searched'], 0)
        self.assertTrue(erasure.certificate_intact)
        html = self._print(erasure, self.officer)
        self.assertIn("Sales Order", html)
        self.assertIn(certificate['hash'], html)
        for secret in ("Quittenbaum", PERSON['email'], PERSON['street']):
            self.assertNotIn(secret, html + str(certificate))

    def test_clerk_who_opens_an_erasure_reads_it(self):
        self._sell(self._order())
        erasure = self._erasure().with_user(self.clerk)
        self._run_cron()
        self.assertIn("Contact", erasure.certificate_html)

    def test_tells_deleted_records_from_those_that_only_lost_the_customer(self):
        self._sell(self._order())
        erasure = self._erasure().with_user(self.officer)
        self._run_cron()
        deleted, changed = (
            {name for name, _count, _basis in erasure._get_certificate_lines(part)}
            for part in ('deleted', 'changed'))
        self.assertIn("Contact", deleted)
        self.assertIn("Sales Order", changed)
        self.assertNotIn("Sales Order", deleted)
        self.assertFalse({"Model Data", "Communication Bus"} & (deleted | changed))

    def test_each_line_that_stays_has_its_law_and_contradicts_nothing(self):
        self._sell(self._order(), to_invoice=True)
        self._run_cron()
        erasure = self._erasure().with_user(self.officer)
        kept = erasure._get_certificate_lines('kept')
        self.assertTrue(kept)
        self.assertFalse([name for name, _count, basis in kept if not basis])
        self.assertIn("What follows is about all other records", self._print(erasure, self.officer))

    def test_each_kind_stands_once_and_what_documents_keep_is_not_called_anonymous(self):
        self._sell(self._order(), to_invoice=True)
        self._run_cron()
        erasure = self._erasure().with_user(self.officer)
        table = erasure._get_certificate_table()
        names = [line[0] for line in table]
        self.assertEqual(len(names), len(set(names)))
        (_deleted, taken_out, kept, law), = (line[1:] for line in table if line[0] == "Contact")
        self.assertEqual((taken_out, kept), (1, 1))
        self.assertTrue(law)
        for text in erasure.certificate_html, self._print(erasure, self.officer):
            self.assertIn("§ 147 AO", text)
            self.assertIn("If it stays by law", text)

    def test_time_is_that_of_the_shop(self):
        self._sell(self._order())
        erasure = self._erasure().with_user(self.officer)
        self._run_cron()
        self.env.company.partner_id.country_id = self.env.ref('base.jp')
        verified = erasure._get_verified()
        self.assertIn(format_datetime(
            self.env, erasure.certificate['verified'], tz='Asia/Tokyo'), verified)

    def test_certificate_of_an_older_version_is_printed_as_it_was(self):
        self._sell(self._order())
        erasure = self._erasure()
        self._run_cron()
        erasure.certificate = {
            key: value for key, value in erasure.certificate.items() if key != 'deleted'}
        self.assertFalse(erasure._get_certificate_lines('deleted'))
        html = self._print(erasure, self.officer)
        self.assertIn("Removed", html)
        self.assertNotIn("Taken out", html)

    def test_is_written_after_the_last_row_went(self):
        """The contacts go last: nothing says done before, nor if that fails."""
        self._sell(self._order())
        erasure, before = self._erasure(), []

        def fail(engine, _step):
            engine.env.invalidate_all()
            before.append((erasure.state, erasure.certificate))
            raise ValueError

        with patch.object(ErasureEngine, '_delete_contacts', fail), mute_logger(
                'odoo.addons.dsgvo.models.erasure.dsgvo_erasure_batches'):
            self._run_cron()
        self.assertEqual(before, [('due', False)])
        self.assertRecordValues(erasure, [{
            'state': 'blocked', 'certificate': False, 'done_on': False}])
        self.assertTrue(self.customer.exists())
        erasure.sudo().next_try = False  # the pause is over
        self._run_cron()
        self.assertEqual(erasure.state, 'done')
        self.assertTrue(erasure.certificate_intact)

    def test_names_the_documents_that_stay_and_their_basis(self):
        self._sell(self._order(), to_invoice=True)
        self._run_cron()
        certificate = self._erasure().certificate
        kept = {row['model']: (row['rows'], row['basis']) for row in certificate['kept']}
        self.assertEqual(kept['account.move'], (1, "§ 147 AO"))
        self.assertEqual(certificate['until'], str(self._erasure().restricted_until))
        self.assertIn("§ 147 AO", self._print(self._erasure(), self.officer))

    def test_names_the_audit_trail_and_files_that_stay_with_the_documents(self):
        sale = self._sell(self._order(), to_invoice=True)
        self.env['ir.attachment'].create({
            'name': 'invoice.pdf', 'raw': b'%PDF', 'res_model': 'account.move',
            'res_id': sale.account_move.id})
        self._run_cron()
        kept = {row['model']: row['rows'] for row in self._erasure().certificate['kept']}
        self.assertGreaterEqual(kept['ir.attachment'], 1)
        removed = self._erasure().certificate['removed']
        self.assertFalse(kept.keys() & {'sale.order', 'pos.order'})
        self.assertIn('mail.message', removed)

    def test_text_left_with_a_restricted_customer_blocks(self):
        self.env.ref('dsgvo.rule_sale_order_note').sudo().active = False
        self._sell(self._order(note="QUITTENBAUM, Adelheid holt ab"), to_invoice=True)
        with self.assertLogs('odoo.addons.dsgvo', 'WARNING'):
            self._run_cron()
        self.assertEqual(self._erasure().state, 'blocked')
        self.assertTrue(self.customer.active)

    def test_names_what_was_searched_for(self):
        customer = self._create_customer(phone=False, street=False)
        self._sell(self._order(customer=customer))
        erasure = self._erasure(customer)
        self._run_cron()
        self.assertEqual(erasure.certificate['sought'], ['email', 'name'])
        self.assertIn("were searched in all spellings for: E-mail, Name. Nothing was found.",
                      " ".join(self._print(erasure, self.officer).split()))

    def test_says_when_nothing_could_be_searched_for(self):
        customer = self.env['res.partner'].create({'name': "Li"})
        self._sell(self._order(customer=customer))
        erasure = self._erasure(customer)
        self._run_cron()
        self.assertEqual(erasure.state, 'done')
        self.assertTrue(erasure.is_unsearchable)
        html = " ".join(self._print(erasure, self.officer).split())
        self.assertIn("The remaining records of the person were not searched", html)
        self.assertIn("The whole database is not searched for this person", html)
        for untrue in "Nothing was found", "in the night after the erasure":
            self.assertNotIn(untrue, html)

    def test_certificate_of_before_says_what_it_said(self):
        self._sell(self._order())
        erasure = self._erasure()
        self._run_cron()
        erasure.certificate = {
            key: value for key, value in erasure.certificate.items() if 'sought' not in key}
        html = " ".join(self._print(erasure, self.officer).split())
        self.assertIn("were searched for name, address, e-mail and telephone", html)
        self.assertIn("is searched in the night after the erasure", html)

    def test_says_how_many_files_of_which_kinds_were_not_read(self):
        self._sell(self._order())
        erasure = self._erasure()
        self._run_cron()
        erasure.search_id = self.env['dsgvo.erasure.search'].sudo().create({
            'finished_on': fields.Datetime.now(), 'files_unread': 5,
            'unread': {'scan': 3, 'picture': 2, 'row': 1}})
        html = self._print(erasure, self.officer)
        for text in ("5 files could not", "Pictures: 2\n", "(scans): 3\n", "stopped twice: 1<"):
            self.assertIn(text, html)

    def test_a_changed_certificate_is_noticed(self):
        self._sell(self._order())
        erasure = self._erasure()
        self._run_cron()
        erasure.sudo().certificate = erasure.certificate | {'searched': 0}
        erasure.invalidate_recordset()
        self.assertFalse(erasure.certificate_intact)

    def test_another_spelling_blocks_the_erasure(self):
        self.env.ref('dsgvo.rule_sale_order_note').sudo().active = False
        self._sell(self._order(note="QUITTENBAUM, Adelheid&nbsp;holt ab"))
        with self.assertLogs('odoo.addons.dsgvo', 'WARNING'):
            self._run_cron()
        self.assertEqual(self._erasure().state, 'blocked')
        self.assertTrue(self.customer.exists())

    def test_clerk_cannot_change_it(self):
        self._sell(self._order())
        erasure = self._erasure()
        self._run_cron()
        with self.assertRaises(AccessError):
            erasure.with_user(self.clerk).certificate = {}

    # === TWO STAGES === #

    def _erase_in_two_stages(self):
        """Return the erasure, and its certificate of the day on which the law kept documents."""
        self.customer.country_id = self.env.ref('base.de')
        self.env['mail.message'].create({
            'model': 'res.partner', 'res_id': self.customer.id, 'body': "Ruft wieder an"})
        self._sell(self._order(), to_invoice=True)
        self._run_cron()
        erasure = self._erasure()
        first = erasure.certificate
        self.assertEqual(erasure.state, 'restricted')
        with freeze_time(datetime(erasure.restricted_until.year + 1, 1, 1, 12)):
            self._search_database()
            self._run_cron()
        self.assertEqual(erasure.state, 'done')
        return erasure, first

    def test_tells_what_went_before_the_end_of_the_period_too(self):
        counted = []
        original = type(self.env['dsgvo.erasure'])._prepare_certificate

        def count(erasure, person):
            counted.append(person)
            return original(erasure, person)

        self.patch(type(self.env['dsgvo.erasure']), '_prepare_certificate', count)
        erasure, first = self._erase_in_two_stages()
        last = erasure.certificate
        before, after = (person.deleted for person in counted)
        self.assertTrue(before and after)
        self.assertEqual(last['deleted'], {
            model: before.get(model, 0) + after.get(model, 0) for model in before.keys() | after})
        self.assertFalse(first['removed'].keys() - last['removed'].keys())
        for model, count in last['deleted'].items():
            self.assertGreaterEqual(last['removed'][model], count)
        self.assertEqual(last['sought'], ['email', 'name', 'phone', 'street'])
        self.assertEqual((last['kept'], last['until']), ([], None))
        self.assertTrue(erasure.certificate_intact)

    def test_counts_a_record_of_both_stages_once(self):
        erasure, first = self._erase_in_two_stages()
        for model in 'sale.order', 'res.partner':
            self.assertEqual((first['removed'][model], erasure.certificate['removed'][model]),
                             (1, 1))

    def test_stays_when_somebody_else_deleted_the_contact_meanwhile(self):
        self._sell(self._order(), to_invoice=True)
        self._run_cron()
        erasure = self._erasure()
        first = erasure.certificate
        erasure.sudo().write({'state': 'due', 'partner_id': False})
        self._run_cron()
        self.assertEqual((erasure.state, erasure.certificate), ('done', first))

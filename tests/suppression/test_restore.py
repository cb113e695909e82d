import base64
import json
import stat
from contextlib import closing
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..erasure.test_preview import OfficerCommon


@tagged('post_install', '-at_install')
class TestRestore(OfficerCommon):
    """The list outside the database, and the erasures that it repeats after a restore."""

    def setUp(self):
        super().setUp()
        self.namesake = self._create_customer(consent_storage='granted')
        self.list = self.env['dsgvo.erasure'].sudo()._get_list()

    def _restored(self):
        """Return a context; at its end the database is what it was at the beginning."""
        return closing(self.env.cr.savepoint())

    def _erase_customer(self, **values):
        self._sell(self._order(), **values)
        self._run_cron()
        self.assertNotIn(self._erasure().mapped('state'), ('due', 'blocked'))

    def _start_server(self):
        """Do what happens when the database is loaded, and return whether the job is started."""
        cron = self.env.ref('dsgvo.ir_cron_replay')
        before = self.env['ir.cron.trigger'].search_count([('cron_id', '=', cron.id)])
        self.env['dsgvo.erasure'].sudo()._register_hook()
        return self.env['ir.cron.trigger'].search_count([('cron_id', '=', cron.id)]) > before

    def _replay(self):
        with self.enter_registry_test_mode():
            self.env.ref('dsgvo.ir_cron_replay').method_direct_trigger()
        self.env.invalidate_all()

    def test_erased_customer_is_erased_again_and_nobody_else(self):
        with self._restored():
            self._erase_customer()
            self.assertFalse(self.customer.exists())
            self.assertFalse(self._start_server(), "Nothing was restored.")
        self.env.invalidate_all()
        self.assertTrue(self.customer.exists())
        self.assertTrue(self._start_server())
        self.env.company.dsgvo_grace_checkout = 5  # is over since long
        before = self.namesake.read()
        self._replay()
        erasure = self._erasure()
        self.assertRecordValues(erasure, [
            {'reason': 'checkout', 'state': 'due', 'is_replayed': True, 'not_before': False}])
        self._run_cron()
        self.assertFalse(self.customer.exists())
        self.assertEqual(erasure.state, 'done')
        self.assertEqual(self.namesake.read(), before)
        self.assertFalse(self._start_server(), "It is done.")

    def test_restricted_customer_is_restricted_again(self):
        with self._restored():
            self._erase_customer(to_invoice=True)
            self.assertTrue(self.customer.dsgvo_restricted)
        self.env.invalidate_all()
        self.assertFalse(self.customer.dsgvo_restricted)
        self._replay()
        self._sell(self._order(), to_invoice=True)
        self._run_cron()
        self.assertTrue(self.customer.dsgvo_restricted)

    def test_consent_from_before_the_erasure_does_not_count(self):
        self.customer.with_user(self.clerk).consent_storage = 'granted'
        self.env.company.dsgvo_grace_withdrawal = 0
        with self._restored():
            self.customer.with_user(self.clerk).consent_storage = False
            self._run_cron()
            self.assertFalse(self.customer.exists())
        self.env.invalidate_all()
        self.assertEqual(self.customer.consent_storage, 'granted')
        self._replay()
        self._run_cron()
        self.assertFalse(self.customer.exists())

    @freeze_time('2026-11-25 23:30:00')  # in the shop it is tomorrow
    def test_who_objected_after_the_backup_gets_no_advertising(self):
        agreeing = self._create_customer(
            name="Cordula Nierenstein", email='cordula@example.test', phone='+49 30 4711')
        self.customer.with_user(self.clerk).consent_marketing = 'granted'
        agreeing.with_user(self.clerk).consent_marketing = 'granted'
        with self._restored():
            self.customer.with_user(self.clerk).consent_marketing = False
            self._run_cron()
        self.env.invalidate_all()
        self.assertEqual(self.customer.consent_marketing, 'granted')
        self.assertTrue(self._start_server())
        for _run in range(2):
            self._replay()
        self.assertEqual(self.customer.consent_marketing, 'refused')
        self.assertEqual(agreeing.consent_marketing, 'granted')
        events = self.env['dsgvo.consent.event'].search(
            [('partner_id', '=', self.customer.id), ('purpose', '=', 'marketing')])
        self.assertEqual(events.mapped('means'), ['system', 'counter'])

    def test_open_order_of_the_backup_blocks(self):
        order = self._order()
        with self._restored():
            self._sell(order)
            self._run_cron()
            self.assertFalse(self.customer.exists())
        self.env.invalidate_all()
        self._replay()
        self._run_cron()
        self.assertEqual(self._erasure().state, 'blocked')
        self.assertIn(order.name, self._erasure().blocker)
        self._sell(order)
        self._run_cron()
        self.assertFalse(self.customer.exists())

    def test_customer_from_after_the_backup_is_on_record_only(self):
        with self._restored():
            late = self._create_customer(name="Cordula Nierenstein", email='cordula@example.test')
            self._sell(self._order(customer=late))
            self._run_cron()
            self.assertFalse(late.exists())
        self.env.invalidate_all()
        self._replay()
        erasures = self.env['dsgvo.erasure'].search([('is_replayed', '=', True)])
        self.assertRecordValues(erasures, [{'state': 'done', 'partner_id': False}])
        back = self.env['res.partner'].with_user(self.clerk).create(
            {'name': "Cordula Nierenstein", 'email': 'cordula@example.test'})
        self.assertEqual(back.dsgvo_suppressed_reason, 'erased')
        count = self.env['dsgvo.erasure'].search_count([])
        self._replay()
        self.assertEqual(self.env['dsgvo.erasure'].search_count([]), count)

    def test_another_contact_with_the_same_number_is_somebody_else(self):
        with self._restored():
            self._erase_customer()
        self.env.invalidate_all()
        self.env.cr.execute("UPDATE res_partner SET create_date = create_date + interval '1 day'"
                            " WHERE id = %s", [self.customer.id])
        self._replay()
        self.assertFalse(self._erasure())

    def test_list_names_nobody_and_is_for_the_server_only(self):
        self._erase_customer()
        content = self.list.read_content().decode()
        for secret in "Quittenbaum", "quittenbaum", str(self.customer.id), "901820":
            self.assertNotIn(f'"{secret}', content)
        self.assertEqual(stat.S_IMODE(self.list.path.stat().st_mode), 0o600)
        self.assertEqual(json.loads(content.splitlines()[0])['format'], 'dsgvo-erasures')

    def test_copy_under_another_name_has_a_list_of_its_own(self):
        self._erase_customer()
        with patch.object(self.env.cr, 'dbname', 'staging', create=True):
            other = self.env['dsgvo.erasure'].sudo()._get_list()
        self.assertNotEqual(other.path, self.list.path)
        self.assertEqual(other.read_entries(), [])

    def test_list_that_cannot_be_written_is_caught_up(self):
        self.list.path.parent.mkdir(parents=True, exist_ok=True)
        self.list.path.mkdir()
        with self.assertLogs('odoo.addons.dsgvo', 'ERROR'):
            self._erase_customer()
        self.assertFalse(self.customer.exists())
        self.assertEqual(self.env['mail.activity'].sudo().search_count(
            [('summary', 'like', "the list of erasures cannot be written")]), 1)
        self.list.path.rmdir()
        self._run_cron()
        self.assertEqual(len([e for e in self.list.read_entries() if 'erased' in e]), 1)
        self._run_cron()
        self.assertEqual(len([e for e in self.list.read_entries() if 'erased' in e]), 1)

    def test_line_cut_off_is_left_out(self):
        self._erase_customer()
        entries = self.list.read_entries()
        with self.list.path.open('a') as file:
            file.write('{"erased": "12')
        self.assertEqual(self.list.read_entries(), entries)
        self.assertFalse(self._start_server())

    def test_officer_repeats_with_a_downloaded_copy(self):
        with self._restored():
            self._erase_customer()
            copy = self.env['dsgvo.erasure.replay'].with_user(self.officer).create({}).list_file
        self.env.invalidate_all()
        self.list.path.unlink()
        replay = self.env['dsgvo.erasure.replay'].with_user(self.officer).create(
            {'upload': copy, 'upload_name': self.list.path.name})
        self.assertRecordValues(replay, [{'unknown_count': 1, 'found_count': 1}])
        self.assertFalse(self._erasure(), "Nothing happens before the button.")
        replay.action_replay()
        self.assertEqual(self._erasure().state, 'due')
        replay.action_replay()
        self.assertEqual(len(self._erasure()), 1)

    def test_list_of_another_database_is_refused(self):
        for content in b'{"format": "dsgvo-erasures", "key": "0123456789abcdef"}\n', b'PK\x03\x04':
            replay = self.env['dsgvo.erasure.replay'].with_user(self.officer).create(
                {'upload': base64.b64encode(content), 'upload_name': 'fremd.jsonl'})
            with self.assertRaisesRegex(UserError, "fremd.jsonl is no list of the erasures"):
                replay.action_replay()

    def test_clerk_sees_no_list(self):
        with self.assertRaises(AccessError):
            self.env['dsgvo.erasure.replay'].with_user(self.clerk).create({})
        self._erase_customer()
        with self.assertRaises(AccessError):
            self._erasure().with_user(self.clerk).read(['identity'])

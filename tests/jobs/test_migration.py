from importlib.util import module_from_spec, spec_from_file_location

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path


def _migrate(cr, name):
    spec = spec_from_file_location('migration', file_path(f'dsgvo/migrations/19.0.1.2.0/{name}.py'))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    for _update in range(2):
        module.migrate(cr, '19.0.1.1.0')


@tagged('post_install', '-at_install')
class TestToldGaps(TransactionCase):
    def test_only_places_that_are_found_after_the_update_are_told(self):
        Gap = self.env['dsgvo.data.gap']
        Gap.search([]).unlink()
        known = Gap.create({'model': 'sale.order', 'field': 'origin', 'reason': 'text'})
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE dsgvo_data_gap DROP COLUMN is_told")
        _migrate(self.env.cr, 'pre-told-gaps')
        self.env.invalidate_all()
        Gap.create({'model': 'sale.order', 'field': 'note', 'reason': 'text'})
        self.env.flush_all()
        _migrate(self.env.cr, 'pre-told-gaps')
        self.env.invalidate_all()
        self.assertEqual(Gap.search([('is_told', '=', True)]), known)
        self.assertEqual(Gap.search([('is_told', '=', False)]).field, 'note')


@tagged('post_install', '-at_install')
class TestJobsAtNight(TransactionCase):
    """What an update does to the time of day of the jobs."""

    def _migrate(self, installed, nextcall):
        cron = self.env.ref('dsgvo.ir_cron_find')
        self.env.flush_all()
        self.env.cr.execute("UPDATE ir_cron SET create_date = %s, nextcall = %s WHERE id = %s",
                            [installed, nextcall, cron.id])
        _migrate(self.env.cr, 'post-jobs-at-night')
        self.env.invalidate_all()
        return str(cron.nextcall)

    def test_job_moves_from_the_time_of_the_installation_into_the_night(self):
        for nextcall in '2026-02-03 14:05:00', '2026-02-03 15:05:00', '2026-02-03 13:52:00':
            with self.subTest(nextcall=nextcall):
                self.assertEqual(
                    self._migrate('2026-01-01 14:00:00', nextcall), '2026-02-04 00:30:00')

    def test_time_that_the_shop_chose_stays(self):
        for nextcall in '2026-02-03 14:30:00', '2026-02-03 09:00:00', '2026-02-03 01:00:00':
            with self.subTest(nextcall=nextcall):
                self.assertEqual(self._migrate('2026-01-01 14:00:00', nextcall), nextcall)


@tagged('post_install', '-at_install')
class TestLedgerFindings(TransactionCase):
    def test_what_was_found_before_the_update_is_still_read(self):
        Check = self.env['dsgvo.ledger.check']
        broken, whole = Check.create([{'finding_count': 2}, {'finding_count': 0}])
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE dsgvo_ledger_check ADD COLUMN findings text")
        self.env.cr.execute("UPDATE dsgvo_ledger_check SET findings = %s WHERE id = %s",
                            ["Decision 7 was changed.\n100 % of them", broken.id])
        _migrate(self.env.cr, 'pre-ledger-findings')
        self.env.invalidate_all()
        self.assertEqual(broken.findings, "Decision 7 was changed.\n100 % of them")
        self.assertFalse(whole.findings)


@tagged('post_install', '-at_install')
class TestReminders(TransactionCase):
    def test_activities_on_contacts_go_and_the_daily_job_reminds_of_what_is_left(self):
        asked = self.env['res.partner'].create({
            'name': "Ute Berg", 'dsgvo_objected_on': '2026-01-01'})
        kinds = [f'dsgvo.activity_type_{kind}' for kind in ('expiry', 'objection')]
        for kind in kinds:
            asked.activity_schedule(kind)
        other = asked.activity_schedule('mail.mail_activity_data_todo')
        self.env.flush_all()
        _migrate(self.env.cr, 'post-reminders')
        self.env.invalidate_all()
        self.assertEqual(asked.activity_ids, other)
        reminders = [('topic', '=', "Find out who objected")]
        self.env.company._dsgvo_remind_of_expiry()
        self.assertTrue(self.env['dsgvo.reminder'].search(reminders).activity_ids)
        asked.dsgvo_objected_on = False
        self.env.company._dsgvo_remind_of_expiry()
        self.assertFalse(self.env['dsgvo.reminder'].search(reminders))

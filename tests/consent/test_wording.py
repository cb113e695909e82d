from contextlib import closing
from datetime import date, timedelta

from psycopg2.errors import RaiseException

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.modules.migration import load_script
from odoo.tests import freeze_time, tagged
from odoo.tools import convert_file, mute_logger
from odoo.tools.misc import file_path

from .ledger_common import LedgerCommon


@tagged('post_install', '-at_install')
class TestWording(LedgerCommon):
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

    def test_update_brings_no_deleted_wording_back_and_does_not_fail(self):
        texts = self.env['dsgvo.wording'].with_context(active_test=False)
        before = texts.search_count([])
        self.env.ref('dsgvo.wording_marketing_en').with_user(self.officer).unlink()
        self.env['dsgvo.wording'].with_user(self.officer).create({
            'purpose': 'marketing', 'lang': 'en_US', 'text': "<p>Eigener Text</p>"})
        for _update in range(2):
            convert_file(
                self.env, 'dsgvo', 'data/dsgvo_wording_data.xml', {}, 'update', noupdate=True)
        self.assertFalse(self.env.ref('dsgvo.wording_marketing_en', raise_if_not_found=False))
        self.assertEqual(texts.search_count([]), before)

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

    def test_branch_has_the_wording_of_its_company_until_it_has_its_own(self):
        """Its consents are those of the company, so the text is as well."""
        company, shared = self.env.company, self._wording()
        branch = self.env['res.company'].create({'name': "Filiale", 'parent_id': company.id})
        sub_branch = self.env['res.company'].create({'name': "Stand", 'parent_id': branch.id})

        def find(company):
            return self.env['dsgvo.wording']._get_current(company)['marketing', 'en_US']

        self.assertEqual(find(sub_branch), shared)
        of_company = shared.copy({'company_id': company.id})
        self.assertEqual([find(branch), find(sub_branch)], [of_company] * 2)
        self.customer.with_company(sub_branch).consent_marketing = 'granted'
        self.assertEqual(self.customer.sudo().consent_event_ids.wording_id, of_company)
        of_branch = shared.copy({'company_id': branch.id})
        self.assertEqual(
            [find(company), find(branch), find(sub_branch)], [of_company, of_branch, of_branch])

    def test_withdrawal_and_import_carry_no_wording(self):
        self.customer.consent_marketing = 'granted'
        self.customer.consent_marketing = 'refused'
        self.customer.with_context(import_file=True).write(
            {'consent_storage': 'granted', 'consent_date': '2020-02-29'})
        events = self.customer.consent_event_ids.sorted('id')
        self.assertEqual([bool(event.wording_id) for event in events], [True, False, False])

    def _make_version(self, wording, day):
        action = wording.with_user(self.officer).action_new_version()
        version = self.env['dsgvo.wording'].browse(action['res_id'])
        version.valid_from = day
        return version

    def test_decision_dated_back_has_the_wording_of_its_day(self):
        first = self._wording()
        self._tamper("UPDATE dsgvo_wording SET valid_from = '2025-01-01' WHERE id = %s", first.id)
        second = self._make_version(first, '2025-03-01')
        same_day = self._make_version(second, '2025-03-01')
        for day, wording in [
                ('2024-12-31', first), ('2025-01-01', first), ('2025-02-28', first),
                ('2025-03-01', same_day), ('2026-11-01', same_day)]:
            with self.subTest(day=day):
                event = self._decide(purpose='marketing', date=day, means='paper')
                self.assertEqual(event.wording_id, wording)

    def test_version_for_next_week_is_not_shown_today(self):
        first = self._wording()
        today = self.env.company._dsgvo_today()
        newer = self._make_version(first, today + timedelta(days=7))
        self.assertEqual(self._decide(purpose='marketing').wording_id, first)
        with freeze_time(f'{today + timedelta(days=7)} 12:00:00'):
            self.assertEqual(self._decide(purpose='marketing').wording_id, newer)

    def test_version_is_not_valid_before_the_one_it_replaces(self):
        newer = self._make_version(self._wording(), self.env.company._dsgvo_today())
        with self.assertRaisesRegex(ValidationError, "a newer version replaces an older one"):
            newer.with_user(self.officer).valid_from = '2000-01-01'
        with self.assertRaisesRegex(ValidationError, "a newer version replaces an older one"):
            newer.copy({'version': 0, 'active': False})

    def test_own_wording_of_a_company_ends_when_it_is_archived(self):
        general, today = self._wording(), self.env.company._dsgvo_today()
        own = general.copy({
            'company_id': self.env.company.id, 'version': 1,
            'valid_from': today - timedelta(days=9)})
        own.with_user(self.officer).active = False
        for days, wording in [(0, general), (1, own), (9, own)]:
            event = self._decide(
                purpose='marketing', date=today - timedelta(days=days), means='paper')
            self.assertEqual(event.wording_id, wording, days)

    def test_wording_is_never_taken_from_the_caller(self):
        shown = self._wording()
        other = self._wording('storage')
        Event = self.env['dsgvo.consent.event'].with_context(default_wording_id=other.id)
        event = Event.with_user(self.clerk).create({
            'partner_id': self.customer.id, 'purpose': 'marketing', 'decision': 'granted',
            'wording_id': other.id})
        self.assertEqual(event.wording_id, shown)
        withdrawal = self._decide('withdrawn', 'marketing', wording_id=other.id)
        self.assertFalse(withdrawal.wording_id)

    @mute_logger('odoo.sql_db')
    def test_used_wording_cannot_be_changed_by_sql(self):
        wording = self._decide(purpose='marketing').wording_id
        for query in (
            "UPDATE dsgvo_wording SET text = '<p>x</p>' WHERE id = %s",
            "UPDATE dsgvo_wording SET purpose = 'storage' WHERE id = %s",
            "UPDATE dsgvo_wording SET lang = 'fr_FR' WHERE id = %s",
            "UPDATE dsgvo_wording SET version = 9 WHERE id = %s",
            "UPDATE dsgvo_wording SET company_id = 1 WHERE id = %s",
            "UPDATE dsgvo_wording SET valid_from = '2000-01-01' WHERE id = %s",
            "UPDATE dsgvo_wording SET valid_until = '2000-01-01' WHERE id = %s",
            "DELETE FROM dsgvo_wording WHERE id = %s",
            "TRUNCATE dsgvo_wording CASCADE -- %s",
        ):
            with self.subTest(query), self.assertRaises(RaiseException), self.env.cr.savepoint():
                self._run_sql(query, wording.id)
        unused = self._wording('storage')
        self._run_sql("UPDATE dsgvo_wording SET text = '<p>x</p>' WHERE id = %s", unused.id)

    def test_days_of_a_used_wording_cannot_be_changed(self):
        wording = self._decide(purpose='marketing').wording_id.with_user(self.officer)
        for field in 'valid_from', 'valid_until':
            with self.subTest(field), self.assertRaisesRegex(UserError, "is evidence"):
                wording[field] = '2000-01-01'

    def test_used_wording_ends_when_it_is_archived_and_stays_whole(self):
        wording, today = self._wording(), self.env.company._dsgvo_today()
        self._decide(purpose='marketing')
        for active, last_day in (False, today - timedelta(days=1)), (True, False):
            wording.with_user(self.officer).active = active
            self.assertRecordValues(wording, [{'active': active, 'valid_until': last_day}])
            self.assertEqual(self._verify().findings, False)
        self._make_version(wording, today)
        self.assertRecordValues(wording, [{'active': False, 'valid_until': False}])
        self.assertEqual(self._verify().findings, False)

    def test_wording_forged_in_the_database_is_named(self):
        wording = self._decide(purpose='marketing').wording_id
        for column, value in ('text', '<p>Alles</p>'), ('valid_until', '2000-01-01'):
            with self.subTest(column), closing(self.env.cr.savepoint()):
                self._tamper(
                    f"UPDATE dsgvo_wording SET {column} = %s WHERE id = %s", value, wording.id)
                self.assertEqual(
                    self._verify().findings, f"The wording {wording.display_name} was changed.")
            self.env.invalidate_all()

    def test_update_dates_the_versions(self):
        first = self._decide(purpose='marketing', date='2026-02-01', means='paper').wording_id
        second = self._make_version(first, self.env.company._dsgvo_today())
        ended = self._wording('storage')
        ended.active = False
        self._tamper(
            "ALTER TABLE dsgvo_wording ALTER valid_from DROP NOT NULL;"
            "UPDATE dsgvo_wording SET valid_from = NULL, valid_until = NULL, seal = NULL,"
            " create_date = '2026-03-01', write_date = '2026-05-02'")
        self._run_sql("DROP TRIGGER dsgvo_guard ON dsgvo_wording")  # comes with the update
        for stage in 'pre', 'post-2':
            path = file_path(f'dsgvo/migrations/19.0.1.2.0/{stage}-ledger.py')
            load_script(path, f'dsgvo_{stage}').migrate(self.env.cr, '19.0.1.1.0')
        self.env.invalidate_all()
        self.assertRecordValues(first | second | ended, [
            {'valid_from': date(2026, 2, 1), 'valid_until': False},
            {'valid_from': date(2026, 3, 1), 'valid_until': False},
            {'valid_from': date(2026, 3, 1), 'valid_until': date(2026, 5, 1)}])
        self.assertEqual(self._verify().findings, False)

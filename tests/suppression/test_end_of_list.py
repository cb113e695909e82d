from datetime import timedelta

from odoo.tests import tagged

from ..common import DsgvoCommon, ErasureMixin


@tagged('post_install', '-at_install')
class TestEndOfList(ErasureMixin, DsgvoCommon):
    """What is kept to know erased customers again lasts as long as the oldest backup."""

    def setUp(self):
        super().setUp()
        self.Erasure = self.env['dsgvo.erasure'].sudo()
        self.list = self.Erasure._get_list()
        Suppression, today = self.env['dsgvo.suppression'].sudo(), self.env.company._dsgvo_today()
        self.old, self.new = today - timedelta(days=40), today - timedelta(days=20)
        for name, day in ('old', self.old), ('new', self.new):
            for reason in 'erased', 'objected':
                Suppression._suppress_since({('email', f'{name}@{reason}.example'): day}, reason)
            erasure = self.Erasure.create({
                'state': 'done', 'reason': 'request', 'done_on': day, 'identity': name})
            self.list.append([erasure._get_line()])
        self.list.append([*(row._get_line() for row in Suppression.search([])),
                          {'ledger': 'head', 'date': '2020-01-01'}])

    def _enter(self, days):
        self.env.ref('dsgvo.retention_erasure_list').with_user(self.officer).days = days
        self.env.flush_all()

    def _read(self):
        """Return what is left: identities, suppressed addresses, and entries of the list."""
        return (
            set(self.Erasure.search([('identity', '!=', False)]).mapped('identity')),
            {(row.reason, row.since) for row in self.env['dsgvo.suppression'].search([])},
            {next(filter(None, map(entry.get, ('erased', 'reason', 'ledger')))) + entry['date'][:10]
             for entry in self.list.read_entries()})

    def test_nothing_goes_before_the_officer_entered_how_long_backups_live(self):
        before = self._read()
        self.Erasure._drop_outdated()
        self.assertEqual(self._read(), before)

    def test_what_no_backup_needs_goes_and_objections_stay(self):
        self._enter(30)
        for _time in range(2):
            self.Erasure._drop_outdated()
            identities, suppressed, listed = self._read()
            self.assertEqual(identities, {'new'})
            self.assertEqual(suppressed, {
                ('erased', self.new), ('objected', self.new), ('objected', self.old)})
            self.assertEqual(listed, {
                f'new{self.new}', f'erased{self.new}', f'objected{self.new}',
                f'objected{self.old}', 'head2020-01-01'})

    def test_old_copy_of_the_list_brings_nothing_back(self):
        entries = self.list.read_entries()
        self._enter(30)
        self.Erasure._drop_outdated()
        before = self._read()
        self.Erasure._replay(entries)
        self.assertEqual(self._read(), before)

    def test_list_goes_on_after_it_was_shortened(self):
        self._enter(30)
        self.Erasure._drop_outdated()
        self.list.append([{'erased': 'newest', 'date': '2099-01-01'}])
        self.assertEqual(self.list.read_entries()[-1]['erased'], 'newest')

    def test_job_does_it_every_day(self):
        self._enter(30)
        with self.enter_registry_test_mode():
            self.env.ref('dsgvo.ir_cron_find').method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self._read()[0], {'new'})

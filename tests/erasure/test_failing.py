from contextlib import closing
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import LockNotAvailable

from odoo import fields
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_cron import IrCron
from odoo.addons.dsgvo.models.erasure.dsgvo_erasure_batches import DsgvoErasure
from odoo.addons.dsgvo.models.erasure.dsgvo_erasure_blocker import DsgvoErasureBlocker
from odoo.addons.dsgvo.models.erasure.dsgvo_erasure_recipient import DsgvoErasureRecipient
from odoo.addons.dsgvo.models.erasure.engine import ErasureEngine
from odoo.addons.dsgvo.models.map.rows import ROWS

from .common import ShopCommon

LOGGER = 'odoo.addons.dsgvo'
TOLD = "DSGVO: erasures fail"


class FailingCommon(ShopCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env['res.partner'].create([{'name': f"Kunde {n}"} for n in range(12)])
        cls.failing, cls.others = cls.customers[3:6], cls.customers[:3] + cls.customers[6:]
        cls.officer = new_test_user(
            cls.env, 'nothing_but_officer', groups='dsgvo.group_officer',
            company_id=cls.env.company.id)
        cls.env.cr.execute("CREATE TABLE dsgvo_test_shelf (partner_id int REFERENCES res_partner)")

    def setUp(self):
        super().setUp()
        self.runs = []
        self._watch(ErasureEngine, 'run', lambda engine: self.runs.append(len(engine.erasures)))

    def _watch(self, owner, name, before):
        """Call a function with the arguments of a method before each call of it."""
        original = getattr(owner, name)

        def watched(record, *args, **kwargs):
            before(record, *args)
            return original(record, *args, **kwargs)
        self.startPatcher(patch.object(owner, name, watched))

    def _note(self, customers):
        self.env['dsgvo.erasure']._enqueue(customers, 'manual', self.env.company)
        return self._erasure(customers)

    def _erasure(self, customer=None):
        return self.env['dsgvo.erasure'].sudo().search(
            [('partner_id', 'in', (customer or self.customer).ids)], order='id')

    def _refuse_by_reference(self, customers):
        self.env.cr.execute(
            "INSERT INTO dsgvo_test_shelf SELECT unnest(%s)", [customers.ids])

    def _refuse_by_trigger(self, customers):
        self.env.cr.execute("""
            CREATE FUNCTION dsgvo_test_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                RAISE check_violation USING MESSAGE = 'Failing row contains ' || OLD.name;
            END $$;
            CREATE TRIGGER dsgvo_test_refuse BEFORE DELETE ON res_partner FOR EACH ROW
              WHEN (OLD.id BETWEEN %s AND %s) EXECUTE FUNCTION dsgvo_test_refuse()
        """, [min(customers.ids), max(customers.ids)])

    def _refuse_by_deferred_reference(self, customers):
        self.env.cr.execute("ALTER TABLE dsgvo_test_shelf ALTER CONSTRAINT"
                            " dsgvo_test_shelf_partner_id_fkey DEFERRABLE INITIALLY DEFERRED")
        self._refuse_by_reference(customers)

    def _refuse_by_deferred_trigger(self, customers):
        self._refuse_by_trigger(customers)
        self.env.cr.execute("DROP TRIGGER dsgvo_test_refuse ON res_partner")
        self.env.cr.execute("""
            CREATE CONSTRAINT TRIGGER dsgvo_test_refuse AFTER DELETE ON res_partner
              DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
              WHEN (OLD.id BETWEEN %s AND %s) EXECUTE FUNCTION dsgvo_test_refuse()
        """, [min(customers.ids), max(customers.ids)])

    def _raise_for_batches_with(self, customers):
        """Fail in a way that does not tell whose fault it is."""
        def fail(_recipient, engine):
            if {subject_id for subject_id, _anonymous in engine.erasures} & set(customers.ids):
                raise ZeroDivisionError
        self._watch(DsgvoErasureRecipient, '_find', fail)

    def _run_muted(self):
        with mute_logger(LOGGER):
            self._run_cron()

    def _let_pauses_end(self):
        self._erasure(self.failing).next_try = fields.Datetime.now() - timedelta(minutes=1)


@tagged('post_install', '-at_install')
class TestFailing(FailingCommon):
    def _keep_silently(self, table, event, row, body):
        """Let a trigger of another program undo what is done to a row, without an error."""
        self.env.flush_all()
        self.env.cr.execute(f"""
            CREATE FUNCTION dsgvo_test_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                {body} END $$;
            CREATE TRIGGER dsgvo_test_keep BEFORE {event} ON {table} FOR EACH ROW
              WHEN (OLD.id = {row.id}) EXECUTE FUNCTION dsgvo_test_keep()""")

    def test_contact_that_the_database_does_not_delete_is_not_certified(self):
        for batch in self.failing[:1], self.customers:
            with self.subTest(size=len(batch)), closing(self.env.cr.savepoint()):
                self._note(batch)
                self._keep_silently('res_partner', 'DELETE', self.failing[0], "RETURN NULL;")
                self._run_muted()
                self.assertEqual(batch.exists(), self.failing[0])
                erasure = self._erasure(batch).filtered('partner_id')
                self.assertRecordValues(erasure, [{
                    'partner_id': self.failing[0].id, 'state': 'blocked', 'failure_count': 1}])
                self.assertIn("could still be found in: Contact", erasure.blocker)

    def test_text_that_the_database_does_not_change_is_not_certified(self):
        for body in "NEW.note := OLD.note; RETURN NEW;", "RETURN NULL;":
            with self.subTest(body=body), closing(self.env.cr.savepoint()):
                order, kind = self._order(), self.config.picking_type_id
                self._sell(order)
                picking = self.env['stock.picking'].sudo().create({
                    'picking_type_id': kind.id, 'partner_id': self.others[0].id,
                    'location_id': kind.default_location_src_id.id,
                    'location_dest_id': kind.default_location_dest_id.id})
                picking.write({'sale_id': order.id, 'state': 'done',
                               'note': f"Für {self.customer.name}"})
                self._keep_silently('stock_picking', 'UPDATE', picking, body)
                self._run_muted()
                self.assertTrue(self.customer.exists())
                self.assertIn("found in: Deliveries and receipts", self._erasure().blocker)

    def test_those_who_are_refused_cost_one_run_more(self):
        for refuse in (self._refuse_by_reference, self._refuse_by_trigger,
                       self._refuse_by_deferred_reference, self._refuse_by_deferred_trigger):
            with self.subTest(refuse.__name__), self.env.cr.savepoint() as savepoint:
                self.runs.clear()
                refuse(self.failing)
                erasures = self._note(self.customers)
                self._run_muted()
                self.assertEqual(self.customers.exists(), self.failing)
                self.assertEqual(self.runs, [12, 9])
                self.assertEqual(
                    [erasure.state for erasure in erasures],
                    ['done'] * 3 + ['blocked'] * 3 + ['done'] * 6)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_whoever_still_stands_somewhere_is_told_apart(self):
        self._watch(type(self.env['dsgvo.data.rule']), '_erase_wizards', lambda *args: None)
        found = {customer.id: ['res.partner'] for customer in self.failing}
        with patch('odoo.addons.dsgvo.models.erasure.proof.ErasureProof._find_named',
                   lambda proof, _rows, model, _suspects: set(found) & set(proof.values.searchers)
                   if model == 'res.partner' else set()):
            self._note(self.customers)
            self._run_muted()
        self.assertEqual(self.runs, [12, 9])
        self.assertEqual(self.customers.exists(), self.failing)
        self.assertIn("could still be found", self._erasure(self.failing)[0].blocker)

    def test_nothing_of_who_fails_is_erased(self):
        order = self._order(customer=self.failing[0], note="Für Kunde 3")
        order.with_user(self.clerk)._action_cancel()
        self._refuse_by_trigger(self.failing)
        self._note(self.customers)
        self._run_muted()
        self.assertRecordValues(order, [{'partner_id': self.failing[0].id}])
        self.assertIn("Kunde 3", order.note)

    def test_log_and_reason_name_nobody(self):
        self._refuse_by_trigger(self.failing)
        self._note(self.customers)
        with self.assertLogs(LOGGER, 'WARNING') as log:
            self._run_cron()
        self.assertEqual(len(log.output), 1)
        self.assertIn("CheckViolation", log.output[0])
        for text in (*log.output, *self._erasure(self.failing).mapped('blocker')):
            self.assertNotIn("Kunde", text)

    def test_whom_somebody_works_with_is_due_still(self):
        def lock(engine, *_args):
            [(count,)] = engine.execute(
                "SELECT count(*) FROM %s WHERE subject_id = %s", ROWS, self.failing[0].id)
            if count:
                raise LockNotAvailable
        self._watch(ErasureEngine, '_archive_held', lock)
        self._note(self.customers)
        self._run_muted()
        self.assertEqual(self.customers.exists(), self.failing[0])
        self.assertRecordValues(
            self._erasure(self.failing), [{'state': 'due', 'failure_count': 0}])

    def test_deleting_by_hand_fails_for_all_or_none(self):
        self.failing.consent_storage = 'granted'
        self._watch(ErasureEngine, '_update', lambda *args: 1 / 0)
        with self.assertRaises(ZeroDivisionError):
            self.failing.unlink()


@tagged('post_install', '-at_install')
class TestHalves(FailingCommon):
    def test_halves_of_a_failed_batch_have_a_commit_each(self):
        left, commit = [], IrCron._commit_progress

        def commit_in_time(cron, *args, **values):
            left.append(cron.env['res.partner'].search_count([('id', 'in', self.customers.ids)]))
            commit(cron, *args, **values)
            return 10
        self.startPatcher(patch.object(IrCron, '_commit_progress', commit_in_time))
        self._raise_for_batches_with(self.failing)
        self._note(self.customers)
        self._run_muted()
        self.assertEqual(self.customers.exists(), self.failing)
        self.assertEqual(self.runs, [12, 6, 3, 3, 1, 2, 1, 1, 6])
        self.assertEqual([count for number, count in enumerate(left)
                          if number and count != left[number - 1]], [9, 3])

    def test_who_failed_is_not_tried_with_others_again(self):
        self._raise_for_batches_with(self.failing)
        self._note(self.customers)
        self._run_muted()
        self._let_pauses_end()
        new = self._create_customer(name="Balthasar Ohlendorf")
        self._note(new)
        self.runs.clear()
        self._run_muted()
        self.assertFalse(new.exists())
        self.assertEqual(self.runs, [1, 3, 1, 2, 1, 1])

    def test_without_the_job_all_but_those_who_fail_are_erased(self):
        self._raise_for_batches_with(self.failing)
        erasures = self._note(self.customers)
        with mute_logger(LOGGER):
            erasures._process()
        self.env.invalidate_all()
        self.assertEqual(self.customers.exists(), self.failing)


@tagged('post_install', '-at_install')
class TestChecksThatRaise(FailingCommon):
    def setUp(self):
        super().setUp()
        self.looks, self.how = [], lambda: 1 / 0

        def look(_blocker, check, family):
            self.looks.append(check.model)
            if check.model == 'account.move.line' and family & self.failing:
                self.how()
        self._watch(DsgvoErasureBlocker, '_look_for', look)

    def _divide_in_sql(self):
        self.env.cr.execute("SELECT 1 / 0", log_exceptions=False)

    def test_only_those_stay_at_whom_a_check_cannot_look(self):
        for how in (lambda: 1 / 0), self._divide_in_sql:
            with self.subTest(how), self.env.cr.savepoint() as savepoint:
                self.looks, self.how = [], how
                erasures = self._note(self.customers)
                with mute_logger(LOGGER):
                    erasures._process()
                self.env.invalidate_all()
                self.assertEqual(self.customers.exists(), self.failing)
                failed = self._erasure(self.failing)
                self.assertEqual(failed.mapped('failure_count'), [1, 1, 1])
                self.assertIn("cannot be looked at because of an error", failed[0].blocker)
                # Two checks look at unpaid items: at all of them, then at one after the other.
                self.assertEqual(self.looks.count('account.move.line'), 2 * (1 + 12))
                self.assertEqual(self.looks.count('stock.warehouse'), 1)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_officer_can_open_the_erasure(self):
        self._note(self.failing)
        self._run_muted()
        erasure = self._erasure(self.failing)[0].with_user(self.officer)
        self.assertFalse(erasure.advice)
        self.assertIn("Unpaid items", erasure.blocker)


@tagged('post_install', '-at_install')
class TestPauses(FailingCommon):
    def setUp(self):
        super().setUp()
        self._refuse_by_reference(self.failing)
        self._note(self.failing)
        self._run_muted()
        self.erasure = self._erasure(self.failing)[0]

    def _get_pause(self):
        return round((self.erasure.next_try - fields.Datetime.now()) / timedelta(hours=1))

    def test_pauses_grow_up_to_a_week(self):
        self.assertEqual((self.erasure.failure_count, self._get_pause()), (1, 1))
        for count, hours in (2, 2), (3, 4), (4, 8):
            self._let_pauses_end()
            self._run_muted()
            self.assertEqual((self.erasure.failure_count, self._get_pause()), (count, hours))
        self.erasure.failure_count = 1000
        self._let_pauses_end()
        self._run_muted()
        self.assertEqual(self._get_pause(), 7 * 24)

    def test_nobody_is_tried_before_the_pause_is_over(self):
        self.runs.clear()
        self._run_muted()
        self.assertFalse(self.runs)

    def test_officer_does_not_wait_for_the_pause(self):
        with mute_logger(LOGGER):
            self.erasure.with_user(self.officer).action_retry()
        self.assertEqual((self.erasure.state, self.erasure.failure_count), ('blocked', 2))
        self.env.cr.execute("DELETE FROM dsgvo_test_shelf")
        self.erasure.with_user(self.officer).action_retry()
        self.assertRecordValues(self.erasure, [{
            'state': 'done', 'failure_count': 0, 'next_try': False, 'failure_told': False}])

    def test_whom_something_keeps_meanwhile_fails_no_more(self):
        self._order(customer=self.failing[0])
        self._let_pauses_end()
        self._run_muted()
        self.assertRecordValues(self.erasure, [{
            'state': 'blocked', 'failure_count': 0, 'next_try': False}])
        self.assertIn("Open order", self.erasure.blocker)

    def test_officer_is_told_once_of_the_same_customers(self):
        def get_told():
            return self.env.company.sudo().dsgvo_reminder_ids.activity_ids.filtered(
                lambda activity: activity.summary == TOLD)
        self.assertEqual(get_told().user_id & self.officer, self.officer)
        get_told().unlink()
        self._let_pauses_end()
        self._run_muted()
        self.assertEqual(self.erasure.failure_count, 2)
        self.assertFalse(get_told())
        another = self._create_customer(name="Balthasar Ohlendorf")
        self._refuse_by_reference(another)
        self._note(another)
        self._run_muted()
        self.assertEqual(len(get_told().filtered(lambda a: a.user_id == self.officer)), 1)


@tagged('post_install', '-at_install')
class TestTurns(FailingCommon):
    def setUp(self):
        super().setUp()
        self.seen = []
        self._watch(DsgvoErasure, '_process_together', lambda erasures: self.seen.append(
            (set(erasures.mapped('state')), erasures.partner_id)))

    def test_who_is_due_comes_before_who_failed_and_who_is_blocked(self):
        waiting = self.customers[:2]
        for customer in waiting:
            self._order(customer=customer)
        self._refuse_by_reference(self.failing)
        self._note(waiting | self.failing)
        self._run_muted()
        self._let_pauses_end()
        due = self._create_customer(name="Balthasar Ohlendorf")
        self._note(due)
        self.seen.clear()
        self._run_muted()
        self.assertEqual(self.seen, [
            ({'due'}, due), ({'blocked'}, self.failing), ({'blocked'}, waiting)])

    def test_look_at_the_blocked_goes_on_where_it_stopped(self):
        for customer in self.customers[:4]:
            self._order(customer=customer)
        self._note(self.customers[:4])
        self._run_muted()
        self.assertEqual(len(self._erasure(self.customers).filtered('checked_on')), 4)
        long_ago = fields.Datetime.now() - timedelta(days=1)
        self._erasure(self.customers).checked_on = long_ago
        self._erasure(self.customers[2]).checked_on = False  # was not looked at yet
        self.seen.clear()
        with patch.object(IrCron, '_commit_progress', lambda *_args, **_values: 0):  # time is up
            for _run in range(4):
                self.env['dsgvo.erasure'].sudo()._cron_erase(batch_size=1)
        self.assertEqual([customer for _states, customer in self.seen], list(
            self.customers[2] + self.customers[0] + self.customers[1] + self.customers[3]))

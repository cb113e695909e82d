from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from psycopg2 import InternalError

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.dsgvo.models.erasure.open_orders import get_open_domain
from odoo.addons.dsgvo.models.jobs.isolation import WorkCommitted, attempt, isolate
from odoo.addons.dsgvo.models.map.guard import Gap, Guard
from odoo.addons.dsgvo.models.map.places import Places
from odoo.addons.dsgvo.models.map.rows import PersonRows
from odoo.addons.dsgvo.models.notification.dsgvo_notification_sending import DsgvoNotification

from .common import BUSY_KINDS, DEFERRED, ERRORS, KINDS, Case, FaultCommon

# Each job of the addon and its cases, which are methods below. A job without a case fails.
JOBS = {
    'ir_cron_erase': ('release', 'list'),  # one that is erased: tests/erasure, and see below
    'ir_cron_find': ('period', 'delivered'),
    'ir_cron_search': ('search',),
    'ir_cron_search_along': (),  # It reads chunks of the same search in the same way.
    'ir_cron_replay': ('replay', 'objection'),
    'ir_cron_expire': ('expire',),
    'ir_cron_find_gaps': ('gap',),
    'ir_cron_notify': ('notify',),
    'ir_cron_verify_ledger': (),  # One result: there are no other records.
    'ir_cron_note_ledger': (),
    'ir_cron_count': (),  # A company that fails is left out: tests/overview.
    'ir_cron_report': (),
    'ir_cron_remind': (),  # What is told stands in no record that could be bad.
}


@tagged('post_install', '-at_install')
class TestJobs(FaultCommon):
    """No job stops because of one record, or says whose record it was."""

    def setUp(self):
        super().setUp()
        self.bad = self._create_customer(customer_rank=1)
        self.good = self._create_customer(name="Balduin Wacholder", customer_rank=1)

    # === THE TABLE === #

    def _erasure_of(self, person):
        return self.env['dsgvo.erasure'].sudo().search([('partner_id', '=', person.id)])

    def _is_noted(self, person):
        return bool(self._erasure_of(person))

    def _noting(self, listed='note'):
        return Case(
            self.bad, listed, self._is_noted, self.good,
            'dsgvo_erasure', 'INSERT', f'NEW.partner_id = {self.bad.id}',
            ('dsgvo.erasure', '_enqueue', lambda _self, subjects, *_args: self.bad in subjects))

    def _prepare_period(self):
        self._age(self.bad | self.good, 1500, 'create_date')
        self._period('inactive').sudo().write({'is_on': True})
        return self._noting()

    def _prepare_delivered(self):
        for person in self.bad, self.good:
            order = self._order(customer=person)
            order.picking_ids.move_ids.write({'quantity': 1, 'picked': True})
            order.picking_ids._action_done()
            invoice = order.sudo()._create_invoices()
            invoice.action_post()
            self.env['account.payment.register'].with_context(
                active_model='account.move', active_ids=invoice.ids).create({})._create_payments()
        return self._noting()

    def _prepare_release(self):
        over = self._today() - relativedelta(days=2)  # also where the job's company is, far west
        search = self.env['dsgvo.erasure.search'].sudo().create({
            'started_on': fields.Datetime.now(), 'finished_on': fields.Datetime.now()})
        bad, good = self.env['dsgvo.erasure'].sudo().create([
            {'partner_id': person.id, 'reason': 'request', 'state': 'restricted',
             'restricted_until': over, 'search_id': search.id}
            for person in (self.bad, self.good)])
        return Case(
            bad, 'release', lambda erasure: erasure.state != 'restricted', good,
            'dsgvo_erasure', 'UPDATE', f"NEW.id = {bad.id} AND OLD.state = 'restricted'",
            ('dsgvo.erasure', 'write', lambda erasures, vals: (
                bad in erasures and vals.get('state') == 'due')))

    def _prepare_list(self):
        bad, good = self.env['dsgvo.erasure'].sudo().create([
            {'reason': 'request', 'state': 'done', 'identity': name,
             'done_on': fields.Datetime.now()} for name in ('bad', 'good')])
        return Case(
            bad, 'list', lambda erasure: erasure.is_listed, good,
            'dsgvo_erasure', 'UPDATE', f'NEW.id = {bad.id} AND NEW.is_listed',
            ('dsgvo.erasure', '_note_listed', lambda _self, records: (
                records._name == bad._name and bad in records)))

    def _prepare_search(self):
        """Somebody who was erased is still named in two orders of others."""
        self.env['dsgvo.erasure']._enqueue(self.customer, 'request', self.env.company)
        erasure = self._erasure()
        bad, good = (self._order(customer=self.good) for _number in range(2))
        erasure._process()
        self.assertEqual(erasure.state, 'done')
        name = self.bad.name
        (bad | good).sudo().note = f"<p>{name}</p>"
        self.bad.name = self.bad.complete_name = "Cordula Nierenstein"
        tables = Places.get_tables
        self.stack.enter_context(patch.object(Places, 'get_tables', lambda places: [
            entry for entry in tables(places) if entry[1] == 'sale_order']))
        residuals = self.env['dsgvo.erasure.residual'].sudo()
        return Case(
            bad, 'search', lambda order: bool(residuals.search([('res_id', '=', order.id)])), good,
            'dsgvo_erasure_residual', 'INSERT', f'NEW.res_id = {bad.id}',
            ('dsgvo.erasure.residual', '_upsert', lambda _self, _search, found: (
                any(residual[3] == bad.id for residual in found))))

    def _prepare_replay(self):
        erasures = self.env['dsgvo.erasure'].sudo()
        self.env.flush_all()
        self.env.cr.execute("SELECT id, create_date FROM res_partner WHERE id = ANY(%s)",
                            [(self.bad | self.good).ids])
        erasures._get_list().append([
            {'erased': erasures._get_identity(*row), 'company': self.env.company.id,
             'reason': 'request', 'date': '2026-01-01 00:00:00'} for row in self.env.cr.fetchall()])
        return self._noting('replay')

    def _prepare_objection(self):
        people = self.bad | self.good
        self.bad.email = 'bad@example.test'
        people.consent_marketing = 'granted'
        suppression = self.env['dsgvo.suppression'].sudo()
        day = fields.Date.to_string(self._today())
        self.env['dsgvo.erasure'].sudo()._get_list().append([
            {'suppressed': suppression._hash('email', person.email_normalized), 'kind': 'email',
             'reason': 'objected', 'date': day} for person in people])
        return Case(
            self.bad, 'replay', lambda person: person.consent_marketing == 'refused', self.good,
            'dsgvo_consent_event', 'INSERT',
            f"NEW.partner_id = {self.bad.id} AND NEW.decision != 'granted'",
            ('dsgvo.consent.event', 'create', lambda _self, vals_list: any(
                vals['partner_id'] == self.bad.id for vals in vals_list)))

    def _prepare_expire(self):
        self.env.company.dsgvo_validity_marketing = 12
        self.env['dsgvo.consent.event'].create([
            {'partner_id': person.id, 'purpose': 'marketing', 'decision': 'granted',
             'date': self._today() - relativedelta(months=24)}
            for person in (self.bad, self.good)])
        events = self.env['dsgvo.consent.event']
        return Case(
            self.bad, 'expire', lambda person: bool(events.search(
                [('partner_id', '=', person.id), ('decision', '=', 'expired')])), self.good,
            'dsgvo_consent_event', 'INSERT', f'NEW.partner_id = {self.bad.id}',
            ('dsgvo.consent.event', 'create', lambda _self, vals_list: any(
                vals['partner_id'] == self.bad.id for vals in vals_list)))

    def _prepare_gap(self):
        self.stack.enter_context(patch.object(Guard, 'find', lambda guard: [
            Gap('sale.order', name, 'text') for name in ('origin', 'client_order_ref')]))
        bad, good = (self.env['ir.model.fields']._get('sale.order', name)
                     for name in ('origin', 'client_order_ref'))
        gaps = self.env['dsgvo.data.gap'].sudo()
        return Case(
            bad, 'gap', lambda field: bool(gaps.search([('field', '=', field.name)])), good,
            'dsgvo_data_gap', 'INSERT', "NEW.field = 'origin'",
            ('dsgvo.data.gap', 'create', lambda _self, vals_list: any(
                vals['field'] == 'origin' for vals in vals_list)))

    def _prepare_notify(self):
        (self.bad | self.good).consent_notification = 'granted'
        sent = []
        orders = self._order(customer=self.bad) | self._order(customer=self.good)
        self._receive(quantity=2)
        bad, good = self.env['dsgvo.notification'].sudo().search(
            [('sale_order_id', 'in', orders.ids)], order='id')
        self.assertEqual((bad.notification_type, good.notification_type), ('M', 'M'))

        def send(notification):
            sent.append(notification)

        self.stack.enter_context(patch.object(DsgvoNotification, '_send_email', send))
        return Case(
            bad, 'notify', lambda notification: notification in sent, good,
            'dsgvo_notification', 'UPDATE', f"NEW.id = {bad.id} AND NEW.state = 'sent'",
            ('dsgvo.notification', 'write', lambda records, vals: (
                bad in records and vals.get('state') == 'sent')))

    # === WHAT HOLDS FOR ALL OF THEM === #

    def _check_each(self, kinds, check):
        for job, names in JOBS.items():
            for name in names:
                for kind in kinds:
                    with (
                        self.subTest(job=job, case=name, kind=kind), self._restored(),
                        ExitStack() as self.stack,
                    ):
                        check(job, getattr(self, f'_prepare_{name}')(), kind)

    def test_every_job_of_the_addon_has_a_case(self):
        jobs = self.env['ir.model.data'].search(
            [('module', '=', 'dsgvo'), ('model', '=', 'ir.cron')])
        self.assertEqual(set(jobs.mapped('name')), JOBS.keys())

    def test_bad_record_is_left_out_listed_and_done_later(self):
        self._check_each((*KINDS, *ERRORS), self._check_bad)

    def _check_bad(self, job, case, kind):
        with self._refusing(case, kind), self._discreet() as log:
            for _night in range(2):
                self.assertTrue(self._run_job(job))
        self.assertIn("Left out", "".join(log.output))
        # A search reads every row: there is nothing to leave out before.
        nights = 2 if case.listed == 'search' else 1
        self.assertTrue(case.is_done(case.good))
        self.assertFalse(case.is_done(case.bad))
        self.assertRecordValues(self._failures(), [{
            'job': case.listed, 'model': case.bad._name, 'res_id': case.bad.id,
            'reason': KINDS.get(kind, 'app'), 'tries': nights}])
        self.assertEqual(len(self._told()), 1)
        self._end_pauses()
        self.assertTrue(self._run_job(job))
        self.assertTrue(case.is_done(case.bad))
        self.assertFalse(self._failures())

    def test_busy_record_is_not_bad(self):
        self._check_each(BUSY_KINDS, self._check_busy)

    def _check_busy(self, job, case, kind):
        with self._refusing(case, kind), self._discreet():
            self._run_job(job)
        self.assertFalse(case.is_done(case.bad))
        self.assertFalse(self._failures())
        self.assertTrue(self._run_job(job))
        self.assertTrue(case.is_done(case.bad))
        self.assertTrue(case.is_done(case.good))

    def test_failing_person_stops_no_other_erasure(self):
        for kind in (*KINDS, *BUSY_KINDS):
            with self.subTest(kind=kind), self._restored():
                self.env['dsgvo.erasure']._enqueue(
                    self.bad | self.good, 'request', self.env.company)
                bad, good = map(self._erasure_of, (self.bad, self.good))
                case = Case(bad, None, None, good, 'res_partner', 'DELETE',
                            f'OLD.id = {self.bad.id}', None)
                with self._refusing(case, kind), self._discreet():
                    self.assertTrue(self._run_job('ir_cron_erase'))
                self.assertEqual(good.state, 'done')
                self.assertTrue(self.bad.exists())
                if kind in KINDS:
                    self.assertEqual(bad.state, 'blocked')
                    self.assertIn("The erasure failed", bad.blocker)

    def _is_compiling(self):
        self.env.cr.execute("SHOW jit")
        return self.env.cr.fetchone() == ('on',)

    def test_nothing_that_a_job_does_is_compiled(self):
        """Also after a batch was rolled back."""
        compiling = {}

        def run(action):
            action.env.cr.rollback()
            compiling[job] = self._is_compiling()

        for job in JOBS:
            self.env.cr.execute("SET jit = on")
            with patch.object(self.registry['ir.actions.server'], 'run', run):
                self._run_job(job)
        self.assertEqual(compiling, dict.fromkeys(JOBS, False))

    def test_no_large_statement_of_a_preview_is_compiled(self):
        env = self.env(su=True)
        for look in (
                lambda: get_open_domain(env),
                lambda: PersonRows(env, [(self.good.id, None)]).find_last_days(),
                lambda: env['dsgvo.erasure.period'].search([], limit=1)._match()):
            self.env.cr.execute("SET jit = on")
            look()
            self.assertFalse(self._is_compiling())

    @contextmanager
    def _eight_persons(self):
        """Yield persons in a transaction of their own, which may be committed."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            yield self.env(cr=cr)['res.partner'].create(
                [{'name': f"Person {number}"} for number in range(8)])

    def test_override_that_commits_takes_nobody_along(self):
        with self._eight_persons() as persons:
            bad = persons[3]

            def work(some):
                for person in some:
                    if person == bad:
                        person.env.cr.commit()
                    person.comment = "Done"

            [(left_out, error)] = isolate(persons.env, persons, work)
            self.assertEqual((left_out, type(error)), (bad, WorkCommitted))
            self.assertEqual(
                [str(person.comment) for person in persons - bad], ["<p>Done</p>"] * 7)
            self.assertFalse(bad.comment)

    def test_override_that_rolls_everything_back_is_not_passed_over(self):
        with self._eight_persons() as persons:
            with self.assertRaises(InternalError):
                attempt(persons.env, lambda some: some.env.cr.rollback(), persons)
            persons.env.cr.rollback()

    def test_message_that_the_database_refuses_at_the_end_does_not_leave(self):
        with ExitStack() as self.stack:
            case = self._prepare_notify()
            with self._refusing(case, DEFERRED + '23514'), self._discreet():
                self.assertTrue(self._run_job('ir_cron_notify'))
            self.assertFalse(case.is_done(case.bad))
            self.assertTrue(case.is_done(case.good))
            self.assertEqual(self._failures().reason, 'check')

    def test_job_that_fails_as_a_whole_says_nobodys_name(self):
        """Neither statement nor traceback nor message, also if it fails when Odoo ends the job."""
        name = self.bad.name

        def fail_at_once(model):
            raise ValueError(name)

        def fail_in_a_statement(model):
            model.env.cr.execute("SELECT %s::int", [name])

        def fail_in_the_end(model):
            model.env['dsgvo.interest'].create({'name': name}).flush_recordset()
            model.env['res.partner'].browse(self.bad.id).name = False  # refused when written

        for job in JOBS:
            cron = self.env.ref(f'dsgvo.{job}')
            method = cron.code.removeprefix('model.').partition('(')[0]
            for fail in fail_at_once, fail_in_a_statement, fail_in_the_end:
                with (
                    self.subTest(job=job, fail=fail.__name__), self._restored(),
                    patch.object(self.env.registry[cron.model_name], method, fail),
                    self._discreet() as log,
                ):
                    self.assertFalse(self._run_job(job))
                self.assertIn("JobFailed", "".join(log.output))
        self.assertTrue(self._run_job('ir_cron_verify_ledger'))
        self.assertTrue(self._run_job('ir_cron_note_ledger'))

    def test_jobs_run_at_night(self):
        """Those of each day; a shop may choose another time."""
        daily = self.env['ir.cron'].union(*(self.env.ref(f'dsgvo.{job}') for job in JOBS)).filtered(
            lambda cron: cron.interval_type == 'days')
        self.assertTrue(daily)
        for cron in daily:
            self.assertLess(cron.nextcall.hour, 3, cron.name)

    def test_pauses_grow_until_two_weeks(self):
        case = self._prepare_period()
        pauses = []
        with self._refusing(case, '23505'), self._discreet():
            for _night in range(10):
                self._run_job('ir_cron_find')
                failure = self._failures()
                pauses.append((failure.next_try - failure.tried_on).total_seconds() / 3600)
                self._end_pauses()
        self.assertEqual(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 336])
        self.assertEqual(len(self._told()), 1)

    def test_reminder_goes_at_the_company_where_the_last_line_goes(self):
        companies = self.env.company | self.env['res.company'].create({'name': "Laden am Markt"})
        Failure = self.env['dsgvo.job.failure'].sudo()
        for company in companies:
            with self._discreet():
                Failure.with_company(company)._note('note', [(self.customer, ValueError())])
        reminders = companies.sudo().dsgvo_reminder_ids
        self.assertEqual(reminders.company_id, companies)
        Failure.search([('company_id', '=', self.env.company.id)]).unlink()
        self.assertEqual(reminders.exists().company_id, companies - self.env.company)

    def test_line_goes_when_no_job_asks_for_it_any_more(self):
        case = self._prepare_period()
        with self._refusing(case, '23505'), self._discreet():
            self._run_job('ir_cron_find')
        self.env['dsgvo.job.failure'].sudo()._gc_over()
        self.assertTrue(self._failures())
        self._age(self._failures(), 15, 'next_try')
        self.env['dsgvo.job.failure'].sudo()._gc_over()
        self.assertFalse(self._failures())

    def test_officer_of_another_company_and_clerk_see_nothing(self):
        case = self._prepare_period()
        with self._refusing(case, '23505'), self._discreet():
            self._run_job('ir_cron_find')
        self.assertEqual(self._failures().action_open()['res_id'], self.bad.id)
        self.assertFalse(self._failures().with_user(self._other_officer()).search([]))
        with self.assertRaises(AccessError):
            self._failures().with_user(self.clerk).read(['res_id'])
        with self.assertRaises(AccessError):
            self._failures().write({'tries': 0})
        self._failures().unlink()
        self.assertFalse(self._failures())

    def _other_officer(self):
        other = self.env['res.company'].create({'name': "Fremder Laden"})
        return new_test_user(
            self.env, 'other_officer', groups='dsgvo.group_officer', company_id=other.id,
            company_ids=[Command.set(other.ids)])

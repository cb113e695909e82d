import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .isolation import BUSY, REFUSAL_LABELS, RunningJob, attempt, classify, describe, isolate

_logger = logging.getLogger(__name__)
CHUNK = 500  # records in one transaction
RETRY_BUSY = timedelta(minutes=10)
FIRST_PAUSE = timedelta(hours=1)  # each further one is twice as long
LONGEST_PAUSE = timedelta(days=14)
RARE = ('replay', 'suppress')  # work that the job does not do every day
OF_THE_DATABASE = ('search', 'list', 'suppress', 'gap')  # jobs of no single company


class DsgvoJobFailure(models.Model):
    """A record that a job left out because it caused an error. The job did all others.

    It names the record and the kind of error, never a value of the record. The record is tried
    again after pauses that grow, and the row goes when that works.
    """
    _name = 'dsgvo.job.failure'
    _description = "Left Out by a Job"
    _order = 'id desc'
    _rec_name = 'model_name'

    job = fields.Selection(
        [
            ('expire', "End consents whose validity is over"),
            ('notify', "Send a customer message"),
            ('arrival', "Make the customer message of a goods receipt"),
            ('follow', "Let customer messages follow the order"),
            ('checkout', "Note the customer of a sale"),
            ('late_sale', "Clean up a sale that the till sent late"),
            ('period', "Find customers whose period is over"),
            ('note', "List a customer for erasure"),
            ('release', "Release a customer whose documents need no longer be kept"),
            ('search', "Search the whole database"),
            ('list', "Write the list of erasures"),
            ('replay', "Repeat erasures and objections after a restore"),
            ('suppress', "Put the suppression list back after a restore"),
            ('gap', "Look for places that the map does not cover"),
            ('remind', "Remind the privacy officers"),
            ('count', "Count for the overview"),
            ('report', "Send the monthly report"),
        ], "What Failed", required=True, readonly=True)
    model = fields.Char(required=True, readonly=True)
    model_name = fields.Char("Kind of Record", compute='_compute_model_name')
    res_id = fields.Integer("No. of Record", required=True, readonly=True)
    company_id = fields.Many2one(
        'res.company', readonly=True, ondelete='cascade', index='btree_not_null',
        help="Empty: it concerns the whole database.")
    reason = fields.Selection(
        [*REFUSAL_LABELS, ('app', "An app refuses it")], "Why", required=True, readonly=True)
    error = fields.Char(
        "Technical Name", required=True, readonly=True, help="For your Odoo administrator.")
    tries = fields.Integer(required=True, readonly=True)
    tried_on = fields.Datetime(required=True, readonly=True)
    next_try = fields.Datetime(readonly=True, help="Empty: it is not tried again by itself.")

    _once = models.UniqueIndex('(job, model, res_id, coalesce(company_id, 0))')

    @api.depends_context('lang')
    @api.depends('model')
    def _compute_model_name(self):
        for failure in self:
            # sudo: ir.model - only the label
            model = self.env['ir.model'].sudo()._get(failure.model)
            failure.model_name = model.name or failure.model

    def action_open(self):
        """Open the record, with the rights of whoever looks."""
        self.ensure_one()
        self.check_access('read')
        if self.model not in self.env:
            raise UserError(self.env._(
                "%(model)s belongs to no installed app any more. Delete the line.",
                model=self.model))
        return {
            'type': 'ir.actions.act_window', 'res_model': self.model, 'res_id': self.res_id,
            'views': [(False, 'form')]}

    # === RUNNING === #

    @api.model
    def _run(self, job, records, work):
        """Let `work` do these records, all at once if possible, and leave out those that fail.

        A job does not try a record again before the end of its pause, and leaves a record with
        which somebody else works to its next run. A request of a user tries all records, and the
        line of a record that failed stays until somebody deletes it.

        :param str job: a value of the field `job`
        :param records: with the company for which `work` does them
        :param work: called with some of the records, in a savepoint
        :return: the records that were left out
        :raise: BUSY in a request, which Odoo then repeats
        """
        # sudo: dsgvo.job.failure - kept by Odoo itself, whoever works
        Failure = self.sudo().with_company(records.env.company)
        known = Failure._find_known(job, records) if self._get_cron() else {}
        now = fields.Datetime.now()
        ready = records.filtered(lambda record: not (until := known.get(record.id)) or until <= now)
        failed = isolate(self.env, ready, work)
        Failure._settle(job, failed)
        left_out = records.browse(record.id for record, _error in failed) | (records - ready)
        if done := [record.id for record in records - left_out if record.id in known]:
            Failure._forget(job, records._name, done)
        return left_out

    @api.model
    def _run_on_values(self, job, values, work):
        """Do as `_run` with values that have no record yet; the company is listed instead."""
        # sudo: dsgvo.job.failure - kept by Odoo itself, whoever works
        Failure = self.sudo()
        failed = isolate(self.env, values, work)
        Failure._settle(job, [(self.env.company, error) for _values, error in failed[:1]])
        if not failed:
            Failure._forget(job, 'res.company', self.env.company.ids)

    @api.model
    def _run_in_chunks(self, job, records, work):
        """Do as `_run`, with a commit after each chunk: nobody waits for more than one of them."""
        for start in range(0, len(records), CHUNK):
            self._run(job, records[start:start + CHUNK], work)
            self.env['ir.cron']._commit_progress()

    @api.model
    def _get_paused_domain(self, job, model):
        """Return the `Domain` of a model without the records whose pause is not over."""
        # sudo: dsgvo.job.failure - kept by Odoo itself, whoever works
        paused = self.sudo().search(
            Domain('job', '=', job) & Domain('model', '=', model)
            & Domain('next_try', '>', fields.Datetime.now()))
        return Domain('id', 'not in', paused.mapped('res_id'))

    def _find_known(self, job, records):
        """Return `{record id: end of its pause}` of those that were left out before."""
        return {failure.res_id: failure.next_try for failure in self._search_for(
            job, records._name, records.ids)}

    def _forget(self, job, model, ids):
        self._search_for(job, model, ids).unlink()

    @api.model
    def _forget_before(self, job):
        """Drop the rows of requests at this company: a job has just taken them over."""
        # sudo: dsgvo.job.failure - kept by Odoo itself, whoever works
        self.sudo().search(
            Domain('job', '=', job) & Domain('company_id', '=', self.env.company.id)).unlink()

    def _search_for(self, job, model, ids):
        return self.search(
            Domain('job', '=', job) & Domain('model', '=', model) & Domain('res_id', 'in', ids)
            & Domain('company_id', '=', self._get_company(job).id))

    # === NOTING === #

    def _settle(self, job, failures):
        """List records that were left out; leave busy ones to the next run, or raise their error.

        :param failures: pairs `(record, error)`
        """
        busy = [error for _record, error in failures if isinstance(error, BUSY)]
        if busy and not self._get_cron():
            raise busy[0]
        self._note(job, [pair for pair in failures if not isinstance(pair[1], BUSY)])
        if busy:
            self._try_again(fields.Datetime.now() + RETRY_BUSY)
        elif failures and job in RARE:
            next_failure = self.search([('job', '=', job)], order='next_try', limit=1)
            self._try_again(next_failure.next_try)

    def _note(self, job, failures):
        for record, error in failures:
            _logger.error(
                "Left out (%s): %s %s: %s", job, record._name, record.id, describe(error))
        # A failure that cannot be listed is in the log; the others are listed.
        new = []
        isolate(self.env, failures, lambda some: new.extend(self._upsert(job, some)))
        if new and (error := attempt(
                self.env, self._after_new, self._get_company(job))):
            _logger.error("Nobody is told of what was left out: %s", describe(error))

    def _upsert(self, job, failures):
        """List failures and return the ids of the rows that are new."""
        now = fields.Datetime.now()
        next_try = now + FIRST_PAUSE if self._get_cron() else None
        rows = [
            (record._name, record.id, classify(error), describe(error))
            for record, error in failures]
        listed = self.env.execute_query(SQL(
            """
            INSERT INTO dsgvo_job_failure AS known (
                   job, model, res_id, reason, error, company_id, tries, tried_on, next_try,
                   create_date)
            SELECT %(job)s, failed.*, %(company)s::int, 1, %(now)s, %(next_try)s::timestamp, %(now)s
              FROM unnest(%(models)s, %(ids)s, %(reasons)s, %(errors)s)
                   AS failed(model, res_id, reason, error)
                ON CONFLICT (job, model, res_id, coalesce(company_id, 0)) DO UPDATE
               SET reason = excluded.reason, error = excluded.error, tried_on = excluded.tried_on,
                   tries = known.tries + 1,
                   next_try = excluded.next_try + LEAST(
                       %(first)s * (2 ^ LEAST(known.tries, 30) - 1), %(longest)s - %(first)s)
            RETURNING id, tries
            """, job=job, company=self._get_company(job).id or None, now=now, next_try=next_try,
            first=FIRST_PAUSE, longest=LONGEST_PAUSE,
            **dict(zip(('models', 'ids', 'reasons', 'errors'), map(list, zip(*rows, strict=True)),
                       strict=True))))
        self.invalidate_model()
        return [failure_id for failure_id, tries in listed if tries == 1]

    def _get_company(self, job):
        return self.env['res.company'] if job in OF_THE_DATABASE else self.env.company

    def _after_new(self, company):
        """Called as superuser after records were left out for the first time.

        :param company: empty for failures that concern the whole database

        Extend it to tell somebody. It runs in the code that left them out, such as a sale, and in a
        savepoint: an error that it raises is logged and undoes nothing else.
        """

    @api.model
    def _get_cron(self):
        """Return the job that runs at this moment, none in the request of a user."""
        job = self.env.context.get('dsgvo_job')
        return self.env['ir.cron'].browse(isinstance(job, RunningJob) and job.cron_id)

    def _try_again(self, at):
        if at and (cron := self._get_cron()):
            cron._trigger(at=at)

    @api.autovacuum
    def _gc_over(self):
        """Drop what no job asks for any more: it came to an end in another way."""
        self.search([('next_try', '<', fields.Datetime.now() - LONGEST_PAUSE)]).unlink()

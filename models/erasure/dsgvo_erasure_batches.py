import logging
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..jobs.isolation import BUSY, halve
from .engine import ContactsInUse, ErasureEngine, PersonsFailed
from .erasure_run import ErasureRun
from .proof import PersonStillFound

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__)
RETRY_BUSY = timedelta(minutes=1)
# A failing erasure pauses for an hour, then for twice as long each time, for a week at most.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(hours=1), timedelta(weeks=1)
DOUBLINGS = 8  # more of them would be longer than a week


class DsgvoErasure(models.Model):
    """How customers are erased in batches, and what becomes of those whose erasure fails."""
    _inherit = 'dsgvo.erasure'

    # === CRON === #

    @api.model
    def _cron_erase(self, batch_size=500):
        """Erase customers who are due, try again where it failed, then look at the blocked ones.

        Each queue goes on where the run before stopped. Customers who are done leave theirs, failed
        ones come back after a pause, blocked ones are looked at in the order of the last look.
        Any number of workers may run at the same time: rows locked by another one are skipped. Each
        batch is a transaction, so a worker may be killed at any point.
        """
        self._release_restricted()
        run = ErasureRun(self.browse(), batch_size)
        ready = Domain('not_before', '=', False) | Domain('not_before', '<=', run.started)
        blocked = ready & Domain('state', '=', 'blocked')
        run.work_off(ready & Domain('state', '=', 'due'), 'id', counts=True)
        run.work_off(
            blocked & Domain('next_try', '<=', run.started), 'next_try, id', counts=False)
        run.work_off(
            blocked & Domain('next_try', '=', False) & (
                Domain('checked_on', '=', False) | Domain('checked_on', '<=', run.started)),
            'checked_on NULLS FIRST, id', counts=False)
        if run.is_busy:
            self._trigger_cron(fields.Datetime.now() + RETRY_BUSY)
        if run.has_erased:
            self._tell_of_erased()
        self.env['ir.cron']._commit_progress()
        try:
            self._tell_of_failures()
        except BUSY:  # another worker tells of them
            self.env.cr.rollback()

    def _note_look(self):
        """Note when blocked customers were looked at; that is no change of the erasure."""
        self.flush_recordset()
        self.env.execute_query(SQL(
            "UPDATE dsgvo_erasure SET checked_on = %s WHERE id = ANY(%s) RETURNING id",
            fields.Datetime.now(), self.ids))
        self.invalidate_recordset(['checked_on'], flush=False)

    # === BATCHES === #

    def _process(self):
        """Erase persons whom nothing keeps, note what keeps the others, drop those who agreed.

        If that fails for all of them together, it is tried in halves; who fails alone is set aside.

        :return: those that stay as they are for now, because somebody works with their contacts
        """
        try:
            with self.env.cr.savepoint():
                return self._process_together()
        except Exception as error:
            if len(self) == 1 and isinstance(error, BUSY):
                return self
            if len(self) == 1:
                self._set_aside({self: error})
                return self.browse()
        return self.browse().union(*(half._process() for half in halve(self)))

    def _process_together(self):
        """Do what `_process` does; an error that belongs to no single person stops all of them."""
        erasures = self._for_shop().filtered(
            lambda erasure: erasure.state in ('due', 'blocked')) - self._find_in_grace()
        gone = erasures.filtered(lambda erasure: not erasure.partner_id)
        certified = gone.filtered('certificate')
        certified._set_done()
        (gone - certified)._set_done(certificate={})
        erasures -= gone
        erasures -= erasures._drop_obsolete()
        reasons, failures = erasures._find_blockers()
        errors = {erasure: failures[erasure.partner_id]
                  for erasure in erasures if erasure.partner_id in failures}
        texts = {erasure: "\n".join(reasons[erasure.partner_id])
                 for erasure in erasures if reasons.get(erasure.partner_id)}
        self._set_aside(errors, texts)
        for erasure, text in texts.items():
            if erasure not in errors:
                erasure._set_blocked(text)
        return (erasures - self.browse().union(*texts))._erase()

    def _for_shop(self):
        # Reasons are stored as text: in the shop's language, not in that of the job.
        lang = self.env.company.partner_id.lang
        # sudo: dsgvo.erasure - what is erased follows from the map, not from the caller's rights
        return self.sudo().with_context(lang=lang)

    def _find_blockers(self):
        """Return who must stay for now.

        :return: `({customer: [reasons]}, {customer: error})`; who could not be looked at is in both
        """
        Blocker = self.env['dsgvo.erasure.blocker']
        errors = {}
        reasons = defaultdict(list, Blocker._find(
            self.partner_id, self.filtered('balance_accepted').partner_id,
            self.filtered('period_id.cancels_quotations').partner_id, errors))
        for (company, reason), noted in self.grouped(lambda e: (e.company_id, e.reason)).items():
            elsewhere = Blocker._find_elsewhere(noted.partner_id, company, reason)
            for customer, texts in elsewhere.items():
                reasons[customer] += texts
        return reasons, errors

    def _erase(self):
        """Erase a batch, without those who cannot be erased; these are set aside.

        :return: those that somebody works with at this moment; they are as they were before
        """
        rest, busy, errors = self, self.browse(), {}
        while rest:
            try:
                with self.env.cr.savepoint():
                    rest._erase_together()
                break
            except ContactsInUse as error:
                found = dict.fromkeys(error.subject_ids, error)
            except PersonsFailed as error:
                if errors:  # of one another's failure: nobody knows how many times more
                    raise
                found = error.errors
            except Exception as error:
                if len(rest) > 1:
                    raise
                found = {rest.partner_id.id: error}
            for erasure in rest.filtered(lambda e, out=found: e.partner_id.id in out):
                error = found[erasure.partner_id.id]
                if isinstance(error, (ContactsInUse, *BUSY)):
                    busy |= erasure
                else:
                    errors[erasure] = error
            rest -= busy.union(*errors)
        self._set_aside(errors)
        return busy

    def _erase_together(self):
        self.filtered('period_id.cancels_quotations').partner_id._dsgvo_cancel_quotations()
        pairs = [
            (erasure.partner_id.id, erasure.company_id.dsgvo_anonymous_partner_id.id)
            for erasure in self]
        persons = dict(zip(self, ErasureEngine(self.env, pairs).run(), strict=True))
        self._set_erased(persons)
        self._after_erasure(persons)

    # === WHO FAILS === #

    def _set_aside(self, errors, texts=None):
        """Let erasures that failed wait, each time for longer.

        :param dict errors: `{erasure: exception}`
        :param dict texts: `{erasure: why}`, where the exception does not say it
        """
        now = fields.Datetime.now()
        kinds = defaultdict(list)
        for erasure, error in errors.items():
            erasure = erasure._for_shop()
            kinds[type(error).__name__].append(erasure.id)
            pause = FIRST_PAUSE * 2 ** min(erasure.failure_count, DOUBLINGS)
            erasure.write({
                'state': 'blocked',
                'blocker': (texts or {}).get(erasure) or erasure._describe_failure(error),
                'failure_count': erasure.failure_count + 1,
                'next_try': now + min(pause, LONGEST_PAUSE)})
        for kind, ids in kinds.items():
            _logger.warning("Erasures %s failed: %s", ids, kind)

    def _describe_failure(self, error):
        """Return a reason without the person: the table at fault, never the row's values."""
        if isinstance(error, PersonStillFound):
            return self.env._(
                "The customer could still be found in: %(places)s. Nothing was erased. Remove the"
                " customer there, or ask your Odoo administrator to cover the place in the map of"
                " personal data.",
                places=", ".join(map(self.env['dsgvo.data.rule']._name_model, error.places)))
        table = getattr(getattr(error, 'diag', None), 'table_name', None)
        return self.env._(
            "The erasure failed and is tried again (%(error)s%(table)s). If it stays, tell your"
            " Odoo administrator.", error=type(error).__name__, table=f", {table}" if table else "")

    def _tell_of_failures(self):
        """Tell the officers of each company once about erasures that fail."""
        untold = self.search(
            Domain('failure_count', '>', 0) & Domain('failure_told', '=', False)
        ).try_lock_for_update(allow_referencing=True)
        untold_ids = Domain('id', 'in', untold.ids)
        left_out = self._remind_of_each_company(
            untold_ids, _lt("DSGVO: erasures fail"), lambda _count: _lt(
                "Some customers cannot be erased because of an error. They are tried again "
                "automatically, after growing pauses. The list of erasures says why: choose the "
                "filter “Failing”. You are not told again about the same customers."))
        untold.failure_told = not left_out
        self.env.flush_all()

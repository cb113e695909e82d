"""One run of the job that erases: works off its queues, batch by batch."""
import logging

from odoo import fields
from odoo.tools import SQL, split_every

from ..jobs.isolation import BUSY, attempt, describe, halve
from ..map.arrays import as_array

_logger = logging.getLogger(__name__)


class ErasureRun:
    """Works off queues of erasures. Each batch is a transaction, and so is each half
    of one that fails.

    Locks of rows end with each transaction. A row that another worker has locked or done is
    skipped.

    :param erasures: an empty recordset, in the environment of the job
    :param int batch_size: erasures in a batch
    """

    def __init__(self, erasures, batch_size):
        self.erasures = erasures
        self.batch_size = batch_size
        self.started = fields.Datetime.now()
        self.is_busy = False  # somebody else works with some of them
        self.has_erased = False

    def work_off(self, domain, order, counts):
        """Process each erasure of a queue once, at least one batch, until the job's time is up.

        :param Domain domain: who belongs to the queue
        :param bool counts: whether Odoo is to start the job again as long as some of them are left
        """
        waiting = self.erasures.search(domain, order=order)
        if counts:
            self._commit(remaining=len(waiting))
        for ids in split_every(self.batch_size, waiting.ids):
            if not self._process(ids, domain, counts):
                break

    def _process(self, ids, domain, counts):
        """Process a batch; if it fails as a whole, in halves. Return whether time is left."""
        batch = self._lock(ids, domain)
        processed = len(ids) if counts else 0
        try:
            self.is_busy |= bool(batch._process_together())
            return self._finish(batch, processed)
        except BUSY:
            self.erasures.env.cr.rollback()
            if len(ids) == 1:
                self.is_busy = True
                return self._commit(processed)
        except Exception as error:
            self.erasures.env.cr.rollback()
            if len(ids) == 1:
                batch = self._lock(ids, domain)
                if refused := attempt(batch.env, batch._set_aside, dict.fromkeys(batch, error)):
                    _logger.error("Erasure %s: %s", ids, describe(refused))
                return self._commit(processed)
        # Also beyond the job's time: the next run would fail with the whole batch again first.
        return min((self._process(half.ids, domain, counts) for half in halve(batch)), default=0)

    def _lock(self, ids, domain):
        """Lock the persons of a batch who still wait, at the start of a transaction."""
        cr = self.erasures.env.cr
        while True:
            try:
                cr.execute(SQL(
                    "SELECT id FROM dsgvo_erasure WHERE id = ANY(%s::int[]) ORDER BY id"
                    " FOR NO KEY UPDATE SKIP LOCKED", as_array(ids)), log_exceptions=False)
                locked = self.erasures.browse(row_id for row_id, in cr.fetchall())
                return locked.filtered_domain(domain)
            except BUSY:  # another worker has just committed one of these
                cr.rollback()

    def _finish(self, batch, processed):
        """Note the outcome of a batch, for the rest of the run and for the next run."""
        batch = batch.exists()
        self.has_erased |= any(erasure.state in ('restricted', 'done') for erasure in batch)
        batch.filtered(lambda erasure: erasure.state == 'blocked')._note_look()
        return self._commit(processed)

    def _commit(self, processed=0, **values):
        return self.erasures.env['ir.cron']._commit_progress(processed, **values)

import hashlib
import hmac
import logging
from datetime import timedelta

from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..consent.ledger import derive_key
from .erasure_list import ForeignList

_logger = logging.getLogger(__name__)
LOCK_TIMEOUT = '200ms'  # so long may a clerk wait who records a decision at that moment
RETRY = timedelta(minutes=10)
SEGMENT = """
    SELECT encode(sha256(convert_to(
               string_agg(coalesce(hash, ''), '|' ORDER BY id), 'UTF8')), 'hex'),
           count(*), count(*) FILTER (WHERE position = 1)
      FROM dsgvo_consent_event
     WHERE id > %s AND id <= %s
     GROUP BY id / 20000
     ORDER BY id / 20000
"""


class DsgvoLedgerCheck(models.Model):
    """How the ledger ended on each day is noted outside the database, and compared.

    The hashes inside cannot tell that a customer was removed with all decisions, nor that all was
    made anew by somebody who knows the key. A line of the list holds the number of decisions and of
    chains up to an id, and a keyed hash over the line before and all decisions in between.
    """
    _inherit = 'dsgvo.ledger.check'

    noted_until = fields.Date(
        "Compared with Notes Until", readonly=True,
        help="The day on which the end of the ledger was last noted outside the database.")

    # === NOTING === #

    @api.model
    def _cron_note(self):
        """Note how the ledger ends, a little later if somebody is recording decisions."""
        lines = self._read_lines()
        try:
            self._note(lines[-1] if lines else None)
        except errors.LockNotAvailable:
            self.env.ref('dsgvo.ir_cron_note_ledger')._trigger(at=fields.Datetime.now() + RETRY)

    @api.model
    def _note(self, last, **marks):
        """Add a line to the list, if there are decisions since the last one.

        :param dict last: the line before, None to begin with the first decision
        """
        with self.env.registry.cursor() as cr:
            # A decision that is not committed yet must not turn up later among those noted.
            cr.execute("SELECT set_config('lock_timeout', %s, TRUE)", [LOCK_TIMEOUT])
            cr.execute("LOCK TABLE dsgvo_consent_event IN SHARE MODE", log_exceptions=False)
            cr.execute("SELECT coalesce(max(id), 0) FROM dsgvo_consent_event")
            upto = cr.fetchone()[0]
            cr.commit()  # pylint: disable=invalid-commit
            if upto > (last['upto'] if last else 0):
                line = self._prepare_line(cr, last, upto)
                line['date'] = fields.Date.to_string(self.env.company._dsgvo_today())
                self._get_list().append([line | marks])

    def action_compare_anew(self):
        """After a backup was restored: forget what was noted before, and note what there is.

        :raise AccessError: for everybody but the privacy officer
        :raise UserError: while somebody records decisions
        """
        self.check_access('read')
        try:
            self._note(None, anew=True)
        except errors.LockNotAvailable as error:
            raise UserError(self.env._(
                "Somebody is recording consents, so the end of the ledger cannot be noted at this"
                " moment. Try again.")) from error
        return self.action_verify()

    @api.model
    def _prepare_line(self, cr, last, upto):
        """Return the line of the decisions up to an id, with their numbers since the last line."""
        cr.execute(SEGMENT, [last['upto'] if last else 0, upto])
        digests, events, chains = zip(*cr.fetchall() or [('', 0, 0)], strict=True)
        values = [last['ledger'] if last else '', upto, sum(events), sum(chains), *digests]
        # sudo: ir.config_parameter - the key is used and not shown
        key = derive_key(self.sudo().env['ir.config_parameter']._dsgvo_get_key())
        head = hmac.digest(key, '|'.join(map(str, ['head', *values])).encode(), hashlib.sha256)
        return {'ledger': head.hex(), 'upto': upto, 'events': sum(events), 'chains': sum(chains)}

    @api.model
    def _get_list(self):
        # sudo: dsgvo.erasure - the place of the list and its key
        return self.env['dsgvo.erasure'].sudo()._get_list()

    @api.model
    def _read_lines(self):
        """Return the lines of the ledger, beginning with the last that was noted anew.

        What cannot be read is missing, and `_find` says so.
        """
        lines = []
        try:
            entries = self._get_list().read_entries()
        except (OSError, ForeignList):
            _logger.error("The list outside the database cannot be read")
            return []
        for line in entries:
            if 'ledger' in line:
                lines = [line] if line.get('anew') else [*lines, line]
        return lines

    # === COMPARING === #

    def _find(self):
        yield from super()._find()
        lines, last = self._read_lines(), None
        for line in lines:
            found = self._prepare_line(self.env.cr, last, line['upto'])
            if found['ledger'] != line['ledger']:
                yield 1, [self.env._(
                    "The decisions up to number %(upto)s are not those that were noted outside the"
                    " database on %(date)s: noted were %(noted)s decisions and %(noted_chains)s new"
                    " chains, there are %(events)s and %(chains)s. If a backup was restored since,"
                    " compare anew from now on.",
                    upto=line['upto'], date=line['date'], noted=line['events'],
                    noted_chains=line['chains'], events=found['events'], chains=found['chains'])]
            last = line
        before = self.search([('noted_until', '!=', False)], limit=1).noted_until
        if before and (not last or last['date'] < fields.Date.to_string(before)):
            yield 1, [self.env._(
                "The notes outside the database are missing: they went on until %(date)s.",
                date=before)]

    def _prepare_comparison(self):
        lines = self._read_lines()
        return super()._prepare_comparison() | {'noted_until': lines and lines[-1]['date']}

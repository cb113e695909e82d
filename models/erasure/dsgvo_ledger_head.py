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
    noted_database = fields.Char(
        readonly=True, groups='base.group_system',
        help="Keyed hash of the name and number of the database that the notes are of.")

    # === NOTING === #

    @api.model
    def _cron_note(self):
        """Note how the ledger ends, a little later if somebody is recording decisions."""
        lines = self._get_own(self._read_lines())
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
                line = self._prepare_line(cr, last, upto) | marks | {
                    'database': self._get_database(),
                    'date': fields.Date.to_string(self.env.company._dsgvo_today())}
                self._get_list().append([line])

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
        return {
            'ledger': self._hash('head', *values), 'upto': upto, 'events': sum(events),
            'chains': sum(chains)}

    @api.model
    def _hash(self, *values):
        # sudo: ir.config_parameter - the key is used and not shown
        key = derive_key(self.sudo().env['ir.config_parameter']._dsgvo_get_key())
        return hmac.digest(key, '|'.join(map(str, values)).encode(), hashlib.sha256).hex()

    @api.model
    def _get_database(self):
        """Return what tells this database from its copies: Odoo gives most of them another uuid."""
        # sudo: ir.config_parameter - only its hash is used
        uuid = self.env['ir.config_parameter'].sudo().get_param('database.uuid')
        return self._hash('database', self.env.cr.dbname, uuid)

    @api.model
    def _get_list(self):
        # sudo: dsgvo.erasure - the place of the list and its key
        return self.env['dsgvo.erasure'].sudo()._get_list()

    @api.model
    def _read_lines(self):
        """Return the lines of ledgers; what cannot be read is missing, and `_find` says so."""
        try:
            return [line for line in self._get_list().read_entries() if 'ledger' in line]
        except (OSError, ForeignList):
            _logger.error("The list outside the database cannot be read")
            return []

    @api.model
    def _get_own(self, lines):
        """Return the lines of this ledger, beginning with the last that was noted anew.

        A copy of this database, which writes into the same list, has lines of its own.
        """
        own, database = [], self._get_database()
        for line in lines:
            if line['database'] == database:
                own = [line] if line.get('anew') else [*own, line]
        return own

    # === COMPARING === #

    def _find(self):
        yield from super()._find()
        lines = self._read_lines()
        own = self._get_own(lines)
        # What is recorded and noted from now on is not in these lines, but in the snapshot of this
        # cursor, which begins later: so all that was noted is in it.
        with self.env.registry.cursor() as cr:
            yield from self._compare(cr, own)
        yield from self._find_missing(lines, own)

    def _compare(self, cr, lines):
        last = None
        for line in lines:
            found = self._prepare_line(cr, last, line['upto'])
            if found['ledger'] != line['ledger']:
                yield 1, [self.env._(
                    "The decisions up to number %(upto)s are not those that were noted outside the"
                    " database on %(date)s: noted were %(noted)s decisions and %(noted_chains)s new"
                    " chains, there are %(events)s and %(chains)s. If a backup was restored since,"
                    " compare anew from now on.",
                    upto=line['upto'], date=line['date'], noted=line['events'],
                    noted_chains=line['chains'], events=found['events'], chains=found['chains'])]
            last = line

    def _find_missing(self, lines, own):
        """Say whether there are fewer lines than at the last verification, and why.

        Where another database has begun the list, or was verified before, the officer must have
        said that it is compared anew: its number alone could be changed by whoever forges.
        """
        # sudo: dsgvo.ledger.check - of which database the notes were that were compared
        before = self.sudo().search([('noted_until', '!=', False)])
        databases = {line['database'] for line in lines[:1]} | {*before.mapped('noted_database')}
        if databases - {self._get_database()} and not (own and own[0].get('anew')):
            yield 1, [self.env._(
                "This database is a copy, or was renamed: the notes outside the database are those"
                " of another one, so the end of the ledger was not compared with them. In a copy"
                " this is as it should be. Compare anew to begin notes of its own.")]
        elif before and (not own or own[-1]['date'] < fields.Date.to_string(before[0].noted_until)):
            yield 1, [self.env._(
                "The notes outside the database are missing: they went on until %(date)s. If the"
                " database was moved to another server, copy the folder “dsgvo” of the data"
                " directory there, or compare anew from now on.", date=before[0].noted_until)]

    def _prepare_comparison(self):
        own = self._get_own(self._read_lines())
        return super()._prepare_comparison() | {
            'noted_until': own and own[-1]['date'],
            'noted_database': own and own[-1]['database']}

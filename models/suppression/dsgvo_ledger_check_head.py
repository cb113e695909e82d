import hashlib
import hmac
import json
import logging
from datetime import timedelta

from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..consent.ir_config_parameter import HEAD
from ..consent.ledger import BEFORE_FIRST, derive_key
from .erasure_list import ForeignList

_logger = logging.getLogger(__name__)
LOCK_TIMEOUT = '200ms'  # the longest wait of a clerk who records a decision at that moment
RETRY = timedelta(minutes=10)
NOTE_AFTER = timedelta(minutes=5)  # of a decision: what is recorded meanwhile shares the line
KEYS = {'ledger', 'upto', 'events', 'chains', 'database', 'date', 'anew'}
# The decisions between one line and the next, hashed in parts of constant memory.
SEGMENTS = """
    SELECT line, string_agg(digest, '|' ORDER BY part), sum(events)::int, sum(chains)::int
      FROM (
            SELECT width_bucket(id - 1::bigint, %(ends)s::bigint[]) AS line, id / 20000 AS part,
                   encode(sha256(convert_to(
                       string_agg(coalesce(hash, ''), '|' ORDER BY id), 'UTF8')), 'hex') AS digest,
                   count(*) AS events, count(*) FILTER (WHERE position = 1) AS chains
              FROM dsgvo_consent_event
             WHERE id > %(after)s AND id <= %(upto)s
             GROUP BY line, part
           ) part
     GROUP BY line
"""
# Not by the ORM: each time, it would empty the caches of all workers.
KEEP_HEAD = """
    INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)
        ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value
"""


class DsgvoLedgerCheck(models.Model):
    """The end of the ledger, noted outside the database soon after each decision, and compared.

    Three changes leave the hashes inside the database intact. A customer may be removed with all
    decisions, and the newest decision of a chain may be undone. Somebody who knows the key may make
    all hashes anew.

    A line of the list holds the number of decisions and of chains up to an id. It also holds a
    keyed hash over itself, the line before and all decisions in between. The database keeps a keyed
    hash of the last line, its head, so lines that were cut off are missed.
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
    def _begin_notes(self):
        """Store that nothing was noted yet; without this mark nothing is ever noted."""
        if not self._get_head(self.env.cr):
            self._keep_head(self.env.cr, '')

    @api.model
    def _note_soon(self):
        """Have the end of the ledger noted within minutes, once for all decisions until then."""
        # sudo: ir.cron, ir.cron.trigger - only that the job runs
        cron = self.sudo().env.ref('dsgvo.ir_cron_note_ledger', raise_if_not_found=False)
        now = fields.Datetime.now()
        if cron and not cron.env['ir.cron.trigger'].search_count(
                [('cron_id', '=', cron.id), ('call_at', '>', now)], limit=1):
            cron._trigger(at=now + NOTE_AFTER)

    @api.model
    def _cron_note(self):
        """Note how the ledger ends, a little later if somebody is recording decisions.

        Where lines are missing nothing is added: a new head would hide it.
        """
        head = self._get_head(self.env.cr)
        lines = self._get_own(self._read_lines())
        if not self._is_complete(lines, head):
            _logger.warning("Notes outside the database are missing; the ledger is not noted")
            return
        try:
            self._note(lines[-1] if lines else None)
        except errors.LockNotAvailable:
            self.env.ref('dsgvo.ir_cron_note_ledger')._trigger(at=fields.Datetime.now() + RETRY)

    @api.model
    def _note(self, last, anew=False):
        """Add a line to the list, if there are decisions since the last one.

        :param dict last: the line before, None to begin with the first decision
        :param bool anew: whether the lines until now do not count any more
        """
        with self.env.registry.cursor() as cr:
            # A decision that is not committed yet must not turn up later among those noted.
            cr.execute("SELECT set_config('lock_timeout', %s, TRUE)", [LOCK_TIMEOUT])
            cr.execute("LOCK TABLE dsgvo_consent_event IN SHARE MODE", log_exceptions=False)
            cr.execute("SELECT coalesce(max(id), 0) FROM dsgvo_consent_event")
            upto = cr.fetchone()[0]
            cr.commit()  # pylint: disable=invalid-commit
            if anew or upto > (last['upto'] if last else 0):
                segments = self._read_segments(cr, [upto], last['upto'] if last else BEFORE_FIRST)
                line = self._prepare_line(last, segments.get(0), {
                    'upto': upto, 'anew': anew, 'database': self._get_database(),
                    'date': fields.Date.to_string(self.env.company._dsgvo_today())})
                self._get_list().append([line])
                self._keep_head(cr, line['ledger'])

    def action_compare_anew(self):
        """After a restore, forget the notes made before, and note the current end of the ledger.

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
    def _read_segments(self, cr, ends, after=BEFORE_FIRST):
        """Return `{number of the end: (hash, decisions, new chains)}` of what lies before each.

        :param list ends: ascending ids of decisions
        :param int after: the id up to which nothing is read
        """
        cr.execute(SEGMENTS, {'ends': ends, 'after': after, 'upto': ends[-1]})
        return {number: segment for number, *segment in cr.fetchall()}

    @api.model
    def _prepare_line(self, last, segment, values):
        """Return a line with a keyed hash over itself, the line before and the decisions between.

        :param list segment: of `_read_segments`, None without decisions
        """
        digest, events, chains = segment or ('', 0, 0)
        line = values | {'events': events, 'chains': chains}
        before = last['ledger'] if last else ''
        return line | {
            'ledger': self._hash('head', before, json.dumps(line, sort_keys=True), digest)}

    @api.model
    def _keep_head(self, cr, ledger):
        """Keep the last line in the database, in a way that nobody derives from the list."""
        cr.execute(KEEP_HEAD, [HEAD, self._hash('noted', ledger)])

    @api.model
    def _get_head(self, cr):
        cr.execute("SELECT value FROM ir_config_parameter WHERE key = %s", [HEAD])
        return ''.join(value for value, in cr.fetchall())

    @api.model
    def _is_complete(self, lines, head):
        """Return whether the line that was noted last is among the lines of this ledger."""
        ledgers = [line['ledger'] for line in reversed(lines)] or ['']
        return any(self._hash('noted', ledger) == head for ledger in ledgers)

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
            return [line for line in self._get_list().read_entries()
                    if line.keys() >= KEYS and isinstance(line['upto'], int)]
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
                own = [line] if line['anew'] else [*own, line]
        return own

    # === COMPARING === #

    def _find(self):
        yield from super()._find()
        # Others go on to work. The lines are read after the head, so they hold what it names. The
        # snapshot of the ledger begins after the lines, so it holds every decision that they count.
        with self.env.registry.cursor() as cr:
            head = self._get_head(cr)
        lines = self._read_lines()
        own = self._get_own(lines)
        with self.env.registry.cursor() as cr:
            yield from self._compare(cr, own)
        yield from self._find_missing(lines, own, head)

    def _compare(self, cr, lines):
        segments = self._read_segments(cr, [line['upto'] for line in lines]) if lines else {}
        last = None
        for number, line in enumerate(lines):
            found = self._prepare_line(last, segments.get(number), {
                key: value for key, value in line.items() if key != 'ledger'})
            if found != line:
                yield 1, [('notes_differ', {
                    'upto': line['upto'], 'date': line['date'], 'noted': line['events'],
                    'noted_chains': line['chains'], 'events': found['events'],
                    'chains': found['chains']})]
            last = line

    def _find_missing(self, lines, own, head):
        """Say whether the line that was noted last is missing, and why.

        Where another database has begun the list, or was verified before, the officer must have
        said that it is compared anew: its number alone could be changed by whoever forges.
        """
        # sudo: dsgvo.ledger.check - of which database the notes were that were compared
        before = self.sudo().search([('noted_until', '!=', False)])
        databases = {line['database'] for line in lines[:1]} | {*before.mapped('noted_database')}
        if databases - {self._get_database()} and not (own and own[0]['anew']):
            yield 1, [('notes_of_another', {})]
        elif not self._is_complete(own, head):
            yield 1, [('notes_missing', {})]

    @api.model
    def _get_texts(self):
        return super()._get_texts() | {
            'notes_differ': self.env._(
                "The decisions up to number %(upto)s are not those that were noted outside the"
                " database on %(date)s. Noted were %(noted)s decisions and %(noted_chains)s new"
                " chains, there are %(events)s and %(chains)s. If a backup was restored since,"
                " compare anew from now on."),
            'notes_of_another': self.env._(
                "This database is a copy, or was renamed: the notes outside the database are those"
                " of another one, so the end of the ledger was not compared with them. In a copy"
                " this is as it should be. Compare anew to begin notes of its own."),
            'notes_missing': self.env._(
                "The notes outside the database are missing, all or the last ones, and nothing is"
                " noted until they are back. If the database was moved to another server, copy the"
                " folder “dsgvo” of the data directory there, or compare anew from now on."),
        }

    def _prepare_comparison(self):
        own = self._get_own(self._read_lines())
        return super()._prepare_comparison() | {
            'noted_until': own and own[-1]['date'],
            'noted_database': own and own[-1]['database']}


class DsgvoConsentEvent(models.Model):
    _inherit = 'dsgvo.consent.event'

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        self.env['dsgvo.ledger.check']._note_soon()
        return events

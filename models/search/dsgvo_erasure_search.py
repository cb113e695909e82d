from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_datetime
from odoo.tools.translate import LazyTranslate

from ..jobs.isolation import BUSY
from ..map.places import Places
from .database_search import UNREAD_TABLES, DatabaseSearch
from .files import KINDS, NO_FILES
from .findings import LONGEST_TRANSACTION
from .plan import make_chunks

_lt = LazyTranslate(__name__)
# How long a search of what changed may stand in for one of everything: not all that writes into the
# database notes when.
WHOLE_AFTER = timedelta(days=7)


class DsgvoErasureSearch(models.Model):
    """One search of the whole database for erased persons, and how far it came."""
    _name = 'dsgvo.erasure.search'
    _inherit = ['dsgvo.erasure.search.counts']
    _description = "Search of the Whole Database"
    _order = 'id desc'

    started_on = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    finished_on = fields.Datetime(readonly=True, help="Empty: it goes on with the next run.")
    changed_since = fields.Datetime(
        readonly=True, help="Only rows that were written since, and those in which somebody was"
                            " still found, are read. Empty: all of them.")
    chunk_ids = fields.One2many(
        'dsgvo.erasure.search.chunk', 'search_id', readonly=True,
        help="What is left to read, and what was read, until the search is over.")
    share_read = fields.Integer("Read (%)", compute='_compute_share_read')
    files_unread = fields.Integer(
        "Files Not Read", compute='_compute_files_unread', store=True, help="Or not completely.")
    unread_list = fields.Text("Not Read", compute='_compute_unread_list')
    passed_by = fields.Json(
        readonly=True, help="Values that were not searched for: {reason: {kind: number}}.")
    passed_by_list = fields.Text("Not Searched For", compute='_compute_passed_by_list')
    cleaned = fields.Integer(
        "Passages Taken Out", compute='_compute_cleaned', store=True,
        help="Values of erased customers that stood in a place of the map and were removed.")
    cleaned_list = fields.Text("Taken Out Of", compute='_compute_cleaned_list')
    erasure_ids = fields.One2many('dsgvo.erasure', 'search_id', "Erasures", readonly=True)
    residual_ids = fields.One2many('dsgvo.erasure.residual', 'search_id', "Found", readonly=True)

    @api.depends('finished_on', 'chunk_ids.is_done')
    def _compute_share_read(self):
        for search in self:
            # sudo: dsgvo.erasure.search.chunk - only how many there are
            done = search.sudo().chunk_ids.mapped('is_done')
            search.share_read = 100 if search.finished_on else (
                100 * sum(done) // len(done) if done else 0)

    @api.depends('unread')
    def _compute_files_unread(self):
        for search in self:
            search.files_unread = sum(
                count for kind, count in (search.unread or {}).items() if kind not in NO_FILES)

    @api.depends('cleaned_places')
    def _compute_cleaned(self):
        for search in self:
            search.cleaned = sum((search.cleaned_places or {}).values())

    @api.depends_context('lang', 'tz')
    @api.depends('started_on')
    def _compute_display_name(self):
        for search in self:
            search.display_name = format_datetime(self.env, search.started_on)

    @api.depends_context('lang')
    @api.depends('cleaned_places')
    def _compute_cleaned_list(self):
        Rule = self.env['dsgvo.data.rule']
        for search in self:
            lines = [(*Rule._name_place(*place.rsplit('.', 1)), count)
                     for place, count in (search.cleaned_places or {}).items()]
            search.cleaned_list = "\n".join(
                f"{model}, {field}: {count}" for model, field, count in sorted(lines))

    @api.depends_context('lang')
    @api.depends('unread')
    def _compute_unread_list(self):
        for search in self:
            search.unread_list = "\n".join(
                f"{self.env._(label)}: {search.unread[kind]}"
                for kind, label in KINDS.items() if kind in (search.unread or {}))

    @api.depends_context('lang')
    @api.depends('passed_by')
    def _compute_passed_by_list(self):
        kinds = dict(self.env['dsgvo.erasure.value']._fields['kind']._description_selection(
            self.env))
        why = {
            'shared': self.env._("values that another contact has as well"),
            'weak': self.env._("customers of whom such a value is not distinctive enough, or who"
                               " shared it already when they were erased"),
        }
        for search in self:
            search.passed_by_list = "\n".join(
                f"{kinds[kind]}: {count} {why[reason]}"
                for reason, counts in (search.passed_by or {}).items()
                for kind, count in sorted(counts.items()))

    @api.model
    def _cron_search(self):
        """Go on with the search of last night, or start one if somebody was erased since."""
        if search := self._get_unfinished() or self._start():
            if len(search.chunk_ids) > 1 and (along := self.env.ref(
                    'dsgvo.ir_cron_search_along', raise_if_not_found=False)):
                along._trigger()
            search._run()

    @api.model
    def _cron_search_along(self):
        """Share the search that is under way, if there is one."""
        if search := self._get_unfinished():
            search._run()

    @api.model
    def _get_unfinished(self):
        return self.search([('finished_on', '=', False)], limit=1)

    def _run(self):
        """Read chunks while there is time, and finish the search when all have been read."""
        commit_progress = self.env['ir.cron']._commit_progress
        # Odoo starts a job that is not done several times. Each start reads all values anew, so
        # none is made for a single piece when the time is over.
        if not commit_progress(0, remaining=1):
            return
        if DatabaseSearch(self).run(lambda left: commit_progress(1, remaining=left)):
            if self._is_to_finish():
                self._finish()
            commit_progress(1, remaining=0)

    def _is_to_finish(self):
        """Whether no other run finishes the search, or has done so; locks it."""
        try:
            is_locked = bool(self.try_lock_for_update())
        except BUSY:
            self.env.cr.rollback()
            return False
        self.invalidate_recordset()
        return is_locked and not self.finished_on

    # === WHEN === #

    @api.model
    def _start(self):
        """Return a new search for everybody whose values are known, or an empty recordset.

        If only open findings have to be looked at again, it reads the rows that have changed.
        Values that somebody else has, too, are then known from the last search of everything.
        """
        if not self._is_needed():
            since = self._get_unchanged()
            return self._begin({'changed_since': since}) if since else self.browse()
        search = self._begin({})
        self.env.execute_query(SQL(
            "UPDATE dsgvo_erasure_value SET is_shared = FALSE WHERE is_shared RETURNING id"))
        # A person erased while it runs is not among these, and waits for the next search.
        self.env.execute_query(SQL(
            """
            UPDATE dsgvo_erasure erasure SET pending_search_id = %s
             WHERE EXISTS (SELECT FROM dsgvo_erasure_value WHERE erasure_id = erasure.id)
            RETURNING id
            """, search.id))
        return search

    @api.model
    def _begin(self, values):
        search, places = self.create(values), Places(self.env, without=UNREAD_TABLES)
        search._plan(places, places.get_tables())
        return search

    @api.model
    def _is_needed(self):
        """Whether somebody was not searched for yet, or all has to be read again.

        Before a person whose documents were kept goes for good, the search is repeated.
        """
        today = self.env.company._dsgvo_today()
        Value = self.env['dsgvo.erasure.value']
        Failure = self.env['dsgvo.job.failure']
        return bool(
            Value.search_count([('erasure_id.search_id', '=', False)], limit=1)
            or (self._has_open() and not self._get_unchanged())
            or Failure.search_count(
                [('job', '=', 'search'), ('next_try', '<=', fields.Datetime.now())], limit=1)
            or self.env['dsgvo.erasure'].search(
                Domain('state', '=', 'restricted') & Domain('restricted_until', '<=', today)
                & Domain('id', 'in', Value._search([]).subselect('erasure_id'))
            ).filtered(lambda erasure: not erasure._was_searched_at_the_end()))

    @api.model
    def _has_open(self):
        """Whether something found has to be looked at again."""
        return bool(self.env['dsgvo.erasure.residual'].search_count(
            Domain('state', '=', 'open') & (
                Domain('reason', '!=', 'law')
                | Domain('until', '<', self.env.company._dsgvo_today())), limit=1))

    @api.model
    def _get_unchanged(self):
        """Return since when changed rows have to be read to look at open findings again, or False.

        Rows written in a transaction that the last search did not see yet bear an earlier time.
        Everything is read if the last search of everything is too long ago.
        """
        over = Domain('finished_on', '!=', False)
        whole = self.search(over & Domain('changed_since', '=', False), limit=1)
        is_recent = whole and whole.started_on > fields.Datetime.now() - WHOLE_AFTER
        return is_recent and self._has_open() and (
            self.search(over, limit=1).started_on - LONGEST_TRANSACTION)

    # === PROGRESS === #

    def _plan(self, places, tables):
        """Note the tables to read, as chunks that any number of runs take.

        :param Places places: the tables of the database
        :param tables: `[(stage, table)]`
        """
        self.env['dsgvo.erasure.search.chunk'].create(
            [{'search_id': self.id, **values} for values in make_chunks(places, tables)])

    def _add_up(self):
        """Count what the chunks read, which are not needed any more."""
        chunks = self.chunk_ids
        counts = {name: sum(chunks.mapped(name)) for name in ('rows_read', 'files_read')}
        for name in 'unread', 'cleaned_places':
            counts[name] = sum((Counter(chunk[name] or {}) for chunk in chunks), Counter())
        self.write(counts)
        chunks.unlink()

    def _finish(self):
        """Note the erasures for which the search was made."""
        self.ensure_one()
        self._add_up()
        self.env['dsgvo.erasure.residual'].search(
            [('search_id', '!=', self.id), ('state', '=', 'open')]).unlink()
        self.finished_on = fields.Datetime.now()
        self.env.flush_all()
        self.env.execute_query(SQL(
            """
            UPDATE dsgvo_erasure SET search_id = %(search)s, pending_search_id = NULL
             WHERE pending_search_id = %(search)s RETURNING id
            """, search=self.id))
        self.env.invalidate_all(flush=False)
        self.passed_by = self._count_passed_by()
        # Rows that could be neither treated nor noted: nobody knows whose values stand there.
        Failure, failed = self.env['dsgvo.job.failure'], Domain('job', '=', 'search')
        Failure.search(failed & Domain('tried_on', '<', self.started_on)).unlink()
        if not Failure.search_count(failed, limit=1):
            self.env['dsgvo.erasure.value']._forget()
        self.env['dsgvo.erasure']._trigger_cron()  # who waited for it can go
        self.env['dsgvo.erasure.residual']._remind_of_residuals()

    def _count_passed_by(self):
        """Return `{reason: {kind: number}}` of the values that this search did not look for."""
        return {
            'shared': dict(self.env.execute_query(SQL(
                """
                SELECT value.kind, count(*) FROM dsgvo_erasure_value value
                  JOIN dsgvo_erasure erasure ON erasure.id = value.erasure_id
                 WHERE value.is_shared AND erasure.search_id = %s GROUP BY value.kind
                """, self.id))),
            'weak': dict(self.env.execute_query(SQL(
                """
                SELECT kind, count(*) FROM dsgvo_erasure erasure,
                       jsonb_array_elements_text(erasure.certificate->'sought') kind
                 WHERE erasure.search_id = %s
                   AND NOT (erasure.certificate->'sought_everywhere') ? kind GROUP BY kind
                """, self.id))),
        }


class DsgvoErasure(models.Model):
    """Which search of the whole database looked for the erased person, and what it left."""
    _inherit = 'dsgvo.erasure'

    pending_search_id = fields.Many2one(
        'dsgvo.erasure.search', readonly=True, ondelete='set null', index='btree_not_null',
        groups='dsgvo.group_officer', help="The search that is under way for this person.")
    search_id = fields.Many2one(
        'dsgvo.erasure.search', "Whole Database", readonly=True, ondelete='set null',
        index='btree_not_null', groups='dsgvo.group_officer',
        help="The last search of the whole database for this person.")
    searched_on = fields.Datetime("Whole Database Searched", related='search_id.finished_on',
                                    groups='dsgvo.group_officer')
    residual_ids = fields.One2many(
        'dsgvo.erasure.residual', 'erasure_id', "Remains Found", readonly=True,
        groups='dsgvo.group_officer')

    @api.model
    def _after_erasure(self, persons):
        """The next night searches for persons who were erased or go for good now."""
        result = super()._after_erasure(persons)
        self.union(*persons).write({'search_id': False, 'pending_search_id': False})
        return result

    @api.model
    def _search_again(self, since):
        """Search anew for persons erased since a sale that a till has sent only now.

        It waits for nobody: rows with which another transaction works are left to the next
        occasion.

        :param datetime since: when the sale took place
        """
        result = super()._search_again(since)
        self.flush_model(['search_id', 'pending_search_id', 'write_date'])
        if self.env.execute_query(SQL(
            """
            UPDATE dsgvo_erasure SET search_id = NULL, pending_search_id = NULL WHERE id IN (
                SELECT id FROM dsgvo_erasure erasure
                 WHERE write_date >= %s AND coalesce(search_id, pending_search_id) IS NOT NULL
                   AND EXISTS (SELECT FROM dsgvo_erasure_value WHERE erasure_id = erasure.id)
                   FOR NO KEY UPDATE SKIP LOCKED)
            RETURNING id
            """, since)):
            self.invalidate_model(['search_id', 'pending_search_id'])
        return result

    @api.model
    def _get_release_condition(self):
        """The database must have been searched once more, if there is anything to search for."""
        self.flush_model(['search_id'])
        return SQL(
            """
            %s AND (NOT EXISTS (
                SELECT FROM dsgvo_erasure_value value WHERE value.erasure_id = over.id
             ) OR EXISTS (
                SELECT FROM dsgvo_erasure_search search
                 WHERE search.finished_on IS NOT NULL AND search.id = over.search_id
                   AND search.started_on >= over.restricted_until))
            """, super()._get_release_condition())

    @api.model
    def _remind_of_stuck(self, days):
        """Remind also of those who should have been searched for."""
        result = super()._remind_of_stuck(days)
        before = fields.Datetime.now() - timedelta(days=days)
        # sudo: dsgvo.erasure.value - only whose values wait for a search
        values = self.env['dsgvo.erasure.value'].sudo()._search([])
        unsearched = Domain('state', '=', 'done') & Domain('done_on', '<', before) & Domain(
            'search_id', '=', False) & Domain('id', 'in', values.subselect('erasure_id'))
        self._remind_of_each_company(
            unsearched, _lt("DSGVO: the search of the database is stuck"), lambda count: _lt(
                "Erased customers that no search has looked for in more than %(days)s days: "
                "%(count)s. The scheduled action that searches the whole database does not run "
                "or never finishes: tell your Odoo administrator.",
                count=count, days=days))
        return result

    def _was_searched_at_the_end(self):
        """Whether a search was made since the last day of the documents of this person."""
        self.ensure_one()
        return self.searched_on and self.search_id.started_on.date() >= self.restricted_until

from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_datetime
from odoo.tools.translate import LazyTranslate

from .database_search import CHUNK, DatabaseSearch
from .files import KINDS, NO_FILES

_lt = LazyTranslate(__name__)


class DsgvoErasureSearch(models.Model):
    """One search of the whole database for who was erased, and how far it came."""
    _name = 'dsgvo.erasure.search'
    _description = "Search of the Whole Database"
    _order = 'id desc'

    started = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    finished = fields.Datetime(readonly=True, help="Empty: it goes on with the next run.")
    rows = fields.Integer("Rows Read", readonly=True)
    files = fields.Integer("Files Read", readonly=True)
    files_unread = fields.Integer(
        "Files Not Read", readonly=True, help="Or not completely.")
    unread = fields.Json(readonly=True, help="How many of which kind: see `files.KINDS`.")
    unread_list = fields.Text("Not Read", compute='_compute_unread_list')
    cleaned = fields.Integer(
        "Passages Taken Out", readonly=True,
        help="Values of erased customers that stood in a place of the map and were removed.")
    cleaned_places = fields.Json(readonly=True, help="How often in which place: {place: number}.")
    cleaned_list = fields.Text("Taken Out Of", compute='_compute_cleaned_list')
    erasure_ids = fields.One2many('dsgvo.erasure', 'search_id', "Erasures", readonly=True)
    residual_ids = fields.One2many('dsgvo.erasure.residual', 'search_id', "Found", readonly=True)
    order = fields.Integer(readonly=True)
    table = fields.Char(readonly=True)
    next_id = fields.Integer(readonly=True)
    is_at_work = fields.Boolean(
        readonly=True, help="A run has begun. If another one begins, this one was interrupted.")
    rows_to_try = fields.Integer(
        readonly=True,
        help="How many rows are read one by one because an earlier run stopped there.")

    @api.depends_context('lang', 'tz')
    @api.depends('started')
    def _compute_display_name(self):
        for search in self:
            search.display_name = format_datetime(self.env, search.started)

    @api.depends_context('lang')
    @api.depends('cleaned_places')
    def _compute_cleaned_list(self):
        for search in self:
            lines = [(*self._get_labels(place), count)
                     for place, count in (search.cleaned_places or {}).items()]
            search.cleaned_list = "\n".join(
                f"{model}, {field}: {count}" for model, field, count in sorted(lines))

    def _get_labels(self, place):
        """Return the names of the model and the field of a place."""
        model_name, _dot, name = place.rpartition('.')
        # sudo: ir.model, ir.model.fields - only the labels
        model = self.env['ir.model'].sudo()._get(model_name)
        field = self.env['ir.model.fields'].sudo()._get(model_name, name)  # sudo: as above
        return model.name or model_name, field.field_description or name

    @api.depends_context('lang')
    @api.depends('unread')
    def _compute_unread_list(self):
        for search in self:
            search.unread_list = "\n".join(
                f"{self.env._(label)}: {search.unread[kind]}"
                for kind, label in KINDS.items() if kind in (search.unread or {}))

    @api.model
    def _cron_search(self):
        """Go on with the search of last night, or start one if somebody was erased since."""
        commit_progress = self.env['ir.cron']._commit_progress
        search = self.search([('finished', '=', False)], limit=1) or self._start()
        # Odoo starts a job that is not done several times. Each start reads all values anew, so
        # none is made for a single chunk when the time is over.
        if search and commit_progress(0, remaining=1) and DatabaseSearch(search).run(
                lambda left: commit_progress(1, remaining=left)):
            search._finish()
            commit_progress(1, remaining=0)

    # === WHEN === #

    @api.model
    def _start(self):
        """Return a new search for everybody whose values are known, or an empty recordset."""
        if not self._is_needed():
            return self.browse()
        search = self.create({})
        self.env.execute_query(SQL(
            "UPDATE dsgvo_erasure_value SET shared = FALSE WHERE shared RETURNING id"))
        # Who is erased while it runs is not among these, and waits for the next one.
        self.env.execute_query(SQL(
            """
            UPDATE dsgvo_erasure erasure SET pending_search_id = %s
             WHERE EXISTS (SELECT FROM dsgvo_erasure_value WHERE erasure_id = erasure.id)
            RETURNING id
            """, search.id))
        return search

    @api.model
    def _is_needed(self):
        """Whether somebody was not searched for yet, or something found has to be looked at again.

        Before somebody whose documents were kept goes for good, the search is repeated.
        """
        today = self.env.company._dsgvo_today()
        Value, Residual = self.env['dsgvo.erasure.value'], self.env['dsgvo.erasure.residual']
        Failure = self.env['dsgvo.job.failure']
        left = Domain('state', '=', 'open') & (
            Domain('reason', '!=', 'law') | Domain('until', '<', today))
        return bool(
            Value.search_count([('erasure_id.search_id', '=', False)], limit=1)
            or Residual.search_count(left, limit=1)
            or Failure.search_count(
                [('job', '=', 'search'), ('next_try', '<=', fields.Datetime.now())], limit=1)
            or self.env['dsgvo.erasure'].search(
                Domain('state', '=', 'restricted') & Domain('restricted_until', '<=', today)
                & Domain('id', 'in', Value._search([]).subselect('erasure_id'))
            ).filtered(lambda erasure: not erasure._was_searched_at_the_end()))

    # === PROGRESS === #

    def _begin(self):
        """Note that a run begins. Return whether it has to leave out the next row.

        If the last run was broken off, whatever the reason, rows are read one by one: the second
        time, it is clear which row it was.
        """
        skips = self.is_at_work and self.rows_to_try > 0
        self.rows_to_try = CHUNK if self.is_at_work and not skips else self.rows_to_try
        self.is_at_work = True
        return skips

    def _pause(self):
        self.is_at_work = False

    def _note_progress(self, order, table, chunk):
        """Note how far the search came; with the next commit, that is done.

        :param Chunk chunk: what was read
        """
        unread = Counter(self.unread or {}) + chunk.unread
        self.write({
            'order': order, 'table': table, 'next_id': chunk.next_id,
            'rows': self.rows + chunk.rows, 'files': self.files + chunk.files, 'unread': unread,
            'files_unread': sum(unread.values()) - sum(unread[kind] for kind in NO_FILES),
            'rows_to_try': max(self.rows_to_try - 1, 0)})

    def _count_cleaned(self, model, field):
        place = f'{model}.{field}'
        places = self.cleaned_places or {}
        self.write({
            'cleaned': self.cleaned + 1,
            'cleaned_places': places | {place: places.get(place, 0) + 1}})

    def _finish(self):
        """Note for whom the search was made."""
        self.ensure_one()
        self.env['dsgvo.erasure.residual'].search(
            [('search_id', '!=', self.id), ('state', '=', 'open')]).unlink()
        self.finished = fields.Datetime.now()
        self.env.flush_all()
        self.env.execute_query(SQL(
            """
            UPDATE dsgvo_erasure SET search_id = %(search)s, pending_search_id = NULL
             WHERE pending_search_id = %(search)s RETURNING id
            """, search=self.id))
        self.env.invalidate_all(flush=False)
        # Rows that could be neither treated nor noted: whose values stand there is not known.
        Failure, failed = self.env['dsgvo.job.failure'], Domain('job', '=', 'search')
        Failure.search(failed & Domain('last_try', '<', self.started)).unlink()
        if not Failure.search_count(failed, limit=1):
            self.env['dsgvo.erasure.value']._forget()
        self.env['dsgvo.erasure']._trigger_cron()  # who waited for it can go
        self.env['dsgvo.erasure.residual']._announce()


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
    searched_date = fields.Datetime("Whole Database Searched", related='search_id.finished',
                                    groups='dsgvo.group_officer')
    residual_ids = fields.One2many(
        'dsgvo.erasure.residual', 'erasure_id', "Still Found", readonly=True,
        groups='dsgvo.group_officer')

    @api.model
    def _after_erasure(self, persons):
        """Whoever is erased, or goes for good now, is to be searched for in the next night."""
        result = super()._after_erasure(persons)
        self.union(*persons).write({'search_id': False, 'pending_search_id': False})
        return result

    @api.model
    def _search_again(self, since):
        """Search anew for who was erased since a sale that a till has sent only now.

        Waits for nobody: what another transaction works with is left to the next occasion.

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
        """Not before the database was searched once more, if there is anything to search for."""
        self.flush_model(['search_id'])
        return SQL(
            """
            %s AND (NOT EXISTS (
                SELECT FROM dsgvo_erasure_value value WHERE value.erasure_id = over.id
             ) OR EXISTS (
                SELECT FROM dsgvo_erasure_search search
                 WHERE search.finished IS NOT NULL AND search.id = over.search_id
                   AND search.started >= over.restricted_until))
            """, super()._get_release_condition())

    @api.model
    def _remind_of_stuck(self, days):
        """Remind also of those who should have been searched for."""
        result = super()._remind_of_stuck(days)
        before = fields.Datetime.now() - timedelta(days=days)
        # sudo: dsgvo.erasure.value - only whose values wait for a search
        values = self.env['dsgvo.erasure.value'].sudo()._search([])
        unsearched = Domain('state', '=', 'done') & Domain('done_date', '<', before) & Domain(
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
        return self.searched_date and self.search_id.started.date() >= self.restricted_until

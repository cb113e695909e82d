from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..jobs.isolation import BUSY

# How long a chunk that nobody locks may be between two transactions of a run. A run that was killed
# leaves it so, and another one takes it then.
GRACE = timedelta(seconds=20)
MOST_ROWS = 5000  # of a piece that is read in one transaction
TRIES = 5  # of taking a chunk, while other runs take some


class DsgvoErasureSearchCounts(models.AbstractModel):
    """What a search, or a chunk of it, has read and taken out."""
    _name = 'dsgvo.erasure.search.counts'
    _description = "Counts of a Search"

    rows_read = fields.Integer(readonly=True)
    files_read = fields.Integer(readonly=True)
    unread = fields.Json(readonly=True, help="How many of which kind: see `files.KINDS`.")
    cleaned_places = fields.Json(readonly=True, help="How often in which place: {place: number}.")

    def _count_cleaned(self, model, field):
        self.cleaned_places = Counter(self.cleaned_places or {}) + Counter([f'{model}.{field}'])


class DsgvoErasureSearchChunk(models.Model):
    """A part of the database that one run of a search reads; several runs share a search.

    The run that reads it locks the row. Each commit of the run drops the lock for a moment, so
    `taken_on` keeps other runs away, too.
    """
    _name = 'dsgvo.erasure.search.chunk'
    _inherit = ['dsgvo.erasure.search.counts']
    _description = "Part of a Search of the Whole Database"
    _order = 'id'
    _log_access = False

    search_id = fields.Many2one(
        'dsgvo.erasure.search', required=True, readonly=True, ondelete='cascade', index=True)
    stage = fields.Integer(readonly=True, help="All chunks of a stage are read before the next.")
    tables = fields.Json(
        readonly=True, help="[[table, id behind which it begins, last id or null], …]")
    table_number = fields.Integer(readonly=True, help="Which of the tables is being read.")
    last_id = fields.Integer(readonly=True, help="The last one in this table that was read.")
    is_done = fields.Boolean(required=True, readonly=True, default=False)
    taken_on = fields.Datetime(
        readonly=True, help="When a run took it or read a piece of it last. If another run takes"
                            " it, this one was broken off.")
    rows_to_try = fields.Integer(
        readonly=True,
        help="How many rows are read one by one because an earlier run stopped there.")
    skips_row = fields.Boolean(
        readonly=True, help="The next row is left out: a run stopped there when it read it alone.")

    @api.model
    def _take(self, search):
        """Return a chunk of a search that no other run reads, or an empty recordset."""
        for _try in range(TRIES):
            try:
                return self._take_next(search)
            except BUSY:  # another run took it in this moment
                self.env.cr.rollback()
        return self.browse()

    def _take_next(self, search):
        now = fields.Datetime.now()
        self.flush_model()
        chunk = self.browse(row_id for row_id, in self.env.execute_query(SQL(
            """
            SELECT id FROM dsgvo_erasure_search_chunk chunk
             WHERE search_id = %(search)s AND NOT is_done
               AND (taken_on IS NULL OR taken_on < %(before)s) AND stage = (
                SELECT min(stage) FROM dsgvo_erasure_search_chunk
                 WHERE search_id = %(search)s AND NOT is_done)
             ORDER BY taken_on NULLS FIRST, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
            """, search=search.id, before=now - GRACE)))
        chunk.invalidate_recordset()
        if chunk.taken_on:
            chunk._note_break()
        chunk.taken_on = now
        return chunk

    def _go_on(self):
        """Return the chunk locked again after a commit, empty if another run has taken it."""
        self.flush_model()
        try:
            return self.browse(row_id for row_id, in self.env.execute_query(SQL(
                "SELECT id FROM dsgvo_erasure_search_chunk WHERE id = %s AND taken_on = %s"
                " FOR NO KEY UPDATE SKIP LOCKED", self.id, self.taken_on)))
        except BUSY:
            self.env.cr.rollback()
            return self.browse()

    def _note_break(self):
        """Note that reading was broken off, whatever the reason: rows are read one by one now.

        The second time, it is clear which row it was, and that row is left out.
        """
        self.write({
            'skips_row': self.rows_to_try > 0, 'rows_to_try': self.rows_to_try or MOST_ROWS})

    def _note_piece(self, table_number, piece, is_done):
        """Note how far the chunk was read; with the next commit, that is done.

        :param Piece piece: what was read
        """
        self.write({
            'table_number': table_number, 'last_id': piece.last_id, 'is_done': is_done,
            'rows_read': self.rows_read + piece.rows, 'files_read': self.files_read + piece.files,
            'unread': Counter(self.unread or {}) + piece.unread, 'skips_row': False,
            'rows_to_try': max(self.rows_to_try - 1, 0), 'taken_on': fields.Datetime.now()})

    @api.model
    def _count_left(self, search):
        return self.search_count([('search_id', '=', search.id), ('is_done', '=', False)])

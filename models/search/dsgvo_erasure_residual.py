from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..jobs.isolation import REFUSAL_LABELS
from .database_search import DatabaseSearch
from .findings import FILE

_lt = LazyTranslate(__name__)
# What an officer is to decide; the law decides on the others.
TO_DECIDE = [('state', '=', 'open'), ('reason', '!=', 'law')]
STILL_FOUND = _lt("DSGVO: erased customers are still found")


class DsgvoErasureResidual(models.Model):
    """A place where a search of the whole database still found somebody who was erased.

    It says where, never what stands there. Each search finds it anew; it goes when the value is
    gone.
    """
    _name = 'dsgvo.erasure.residual'
    _description = "Still Found After an Erasure"
    _order = 'state desc, reason, model, field, id'
    _rec_name = 'place'

    erasure_id = fields.Many2one(
        'dsgvo.erasure', required=True, readonly=True, ondelete='cascade')
    erasure_number = fields.Integer("No. of Erasure", related='erasure_id.id', store=True)
    company_id = fields.Many2one(related='erasure_id.company_id', store=True, index=True)
    search_id = fields.Many2one(
        'dsgvo.erasure.search', readonly=True, ondelete='set null', index='btree_not_null')
    place = fields.Char(compute='_compute_names')
    model = fields.Char(required=True, readonly=True)
    model_name = fields.Char("Kind of Record", compute='_compute_names')
    field = fields.Char(readonly=True, help="Empty: across several fields of the record.")
    field_name = fields.Char("Label", compute='_compute_names')
    res_id = fields.Integer("No. of Record", readonly=True)
    reason = fields.Selection(
        [
            ('uncovered', "The map does not know this place"),
            ('encoded', "Is written in a way that cannot be taken out by itself"),
            ('file', "Is in the content of a file"),
            ('possible', "May be somebody else with the same name or address"),
            ('law', "Is kept by law"),
            ('busy', "Somebody was working on the record: the next search takes the value out"),
            ('refused', "The database does not allow the change"),
        ], required=True, readonly=True)
    refusal = fields.Selection(
        REFUSAL_LABELS, "Why It Is Refused", readonly=True)
    basis = fields.Char("Legal Basis", readonly=True)
    until = fields.Date("Kept Until", readonly=True)
    state = fields.Selection(
        [('open', "Open"), ('dismissed', "Somebody else")], required=True, readonly=True,
        default='open')
    dismissed_by_id = fields.Many2one('res.users', readonly=True)

    _once = models.UniqueIndex('(erasure_id, model, field, res_id)')

    @api.depends_context('lang')
    @api.depends('model', 'field')
    def _compute_names(self):
        for residual in self:
            residual.place = f"{residual.model}.{residual.field or '…'}"
            residual.model_name, residual.field_name = self.env['dsgvo.data.rule']._name_place(
                residual.model, residual.field)
            if residual.field == FILE:
                residual.field_name = self.env._("Content of the file")

    @api.depends('model_name', 'field_name')
    def _compute_display_name(self):
        for residual in self:
            residual.display_name = ": ".join(
                filter(None, (residual.model_name, residual.field_name)))

    # === ACTION METHODS === #

    def action_open(self):
        """Open the record, with the rights of whoever looks."""
        self.ensure_one()
        self.check_access('read')
        if self.model not in self.env or not self.res_id:
            raise UserError(self.env._(
                "%(place)s has no screen of its own. Tell your Odoo administrator the place.",
                place=self.place))
        return {
            'type': 'ir.actions.act_window', 'res_model': self.model, 'res_id': self.res_id,
            'views': [(False, 'form')], 'target': 'new'}

    def action_take_out(self):
        """Take the person's values out of these fields: the officer says that it is the person."""
        self._look_again(force=True)

    def action_look_again(self):
        """See whether somebody has put it right by hand."""
        self._look_again()

    def action_dismiss(self):
        """Note that somebody else is meant; it is not reported again."""
        self.check_access('read')
        # sudo: dsgvo.erasure.residual - only this note, by whoever may see it
        self.sudo().write({'state': 'dismissed', 'dismissed_by_id': self.env.uid})
        # sudo: dsgvo.erasure.value - hashes that nobody needs any more
        self.env['dsgvo.erasure.value'].sudo()._forget()
        self._settle(self._count_undecided())

    def action_cover(self):
        """Open a new rule of the map for the place; the next search then takes it out."""
        self.ensure_one()
        self.check_access('read')
        if self.model not in self.env or self.field not in self.env[self.model]._fields:
            raise UserError(self.env._(
                "%(place)s belongs to no installed app. Tell your Odoo administrator the place.",
                place=self.place))
        return self.env['dsgvo.data.gap'].new(
            {'model': self.model, 'field': self.field}).action_cover()

    def _look_again(self, force=False):
        self.check_access('read')
        # sudo: dsgvo.erasure.residual - rows of any model, which the search found before
        residuals = self.sudo().filtered(lambda residual: residual.state == 'open')
        if lost := residuals.filtered(lambda r: r.model not in self.env or not r.search_id):
            raise UserError(self.env._(
                "%(place)s belongs to no installed app. Tell your Odoo administrator the place.",
                place=lost[0].place))
        rows = {(r.model, r.res_id): r.search_id for r in residuals}
        residuals.search(Domain('state', '=', 'open') & Domain.OR(
            Domain('model', '=', model) & Domain('res_id', '=', row_id)
            for model, row_id in rows)).unlink()
        for (model, row_id), search in rows.items():
            DatabaseSearch(search).look_at(self.env[model]._table, row_id, force)
        # sudo: dsgvo.erasure.value - hashes that nobody needs any more
        self.env['dsgvo.erasure.value'].sudo()._forget()
        self.env.invalidate_all()
        self._settle(self._count_undecided())

    # === BUSINESS METHODS === #

    @api.model
    def _upsert(self, search, residuals):
        """Note the findings of a search; dismissed ones stay dismissed.

        :param residuals: tuples `(erasure id, model, field, row id, reason, basis, until,
            refusal)`
        """
        if residuals:
            self.env.execute_query(SQL(
                """
                INSERT INTO dsgvo_erasure_residual (
                       erasure_id, model, field, res_id, reason, basis, until, refusal, search_id,
                       company_id, erasure_number, state, create_date)
                SELECT found.*, %s, e.company_id, e.id, 'open', now() AT TIME ZONE 'UTC'
                  FROM unnest(%s::int[], %s::varchar[], %s::varchar[], %s::int[], %s::varchar[],
                              %s::varchar[], %s::date[], %s::varchar[]) AS found(
                       erasure_id, model, field, res_id, reason, basis, until, refusal)
                  JOIN dsgvo_erasure e ON e.id = found.erasure_id
                    ON CONFLICT (erasure_id, model, field, res_id) DO UPDATE
                   SET search_id = excluded.search_id, reason = excluded.reason,
                       basis = excluded.basis, until = excluded.until, refusal = excluded.refusal
                RETURNING id
                """, search.id, *map(list, zip(*residuals, strict=True))))

    @api.model
    def _remind_of_residuals(self):
        """Remind the officers of each company of findings that are left to decide."""
        counts = self._count_undecided()
        for company, count in counts.items():
            company._dsgvo_remind_officers(STILL_FOUND, _lt(
                "Places in which the search of the whole database found erased customers:"
                " %(count)s. The list Remains of Erased Customers says where, why, and what you can"
                " do.", count=count), 'dsgvo.dsgvo_erasure_residual_action')
        self._settle(counts)

    @api.model
    def _count_undecided(self):
        """Return `{company: number}` of the findings that are left to decide."""
        # sudo: dsgvo.erasure.residual - only how many there are at each company
        return dict(self.sudo()._read_group(
            [('state', '=', 'open'), ('reason', '!=', 'law')], ['company_id'], ['__count']))

    @api.model
    def _settle(self, undecided):
        """Take the reminders away where nothing is left to decide."""
        # sudo: res.company - all of them
        companies = self.env['res.company'].sudo().search([('id', '!=', False)])
        (companies - companies.union(*undecided))._dsgvo_settle(STILL_FOUND)

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .guard import PARTNER, Guard

_lt = LazyTranslate(__name__)
NOT_COVERED = _lt("DSGVO: places are not covered")
# Bytes of a table that is read while somebody waits for the list.
READ_AT_ONCE = 8 * 1024 ** 2


class DsgvoDataGap(models.Model):
    """A column that looks personal and stands in no row of the map: the erasure passes it by.

    The rows are found anew by the guard, nobody enters them. They go when the place is covered or
    exempted by a rule, or when its column goes.
    """
    _name = 'dsgvo.data.gap'
    _description = "Place Not Covered"
    _order = 'filled_count desc, model, field'
    _rec_name = 'place'

    place = fields.Char(compute='_compute_place', store=True)
    model = fields.Char(required=True, readonly=True)
    model_name = fields.Char("Kind of Record", compute='_compute_names')
    field = fields.Char(required=True, readonly=True)
    field_name = fields.Char("Label", compute='_compute_names')
    reason = fields.Selection(
        [
            ('link', "Refers to a contact"),
            ('child', "Attached to a record of a customer"),
            ('name', "Named like personal data"),
            ('contact', "Field of the contact itself"),
            ('custom', "Own field on a record of a customer"),
            ('text', "Free text on a record of a customer"),
        ], "Why It Looks Personal", required=True, readonly=True)
    filled_count = fields.Integer(
        "Filled", readonly=True, help="In how many rows there is a value.")
    is_told = fields.Boolean(
        "Told", readonly=True, help="The officers were told about it.")

    _one_per_place = models.UniqueIndex("(model, field)")

    @api.depends('model', 'field')
    def _compute_place(self):
        for gap in self:
            gap.place = f'{gap.model}.{gap.field}'

    @api.depends_context('lang')
    @api.depends('model', 'field')
    def _compute_names(self):
        for gap in self:
            gap.model_name, gap.field_name = self.env['dsgvo.data.rule']._name_place(
                gap.model, gap.field)

    @api.depends('model_name', 'field_name')
    def _compute_display_name(self):
        for gap in self:
            gap.display_name = f"{gap.model_name}: {gap.field_name}"

    # === ACTION METHODS === #

    @api.model
    def action_open(self):
        """Look anew and open the list. Large tables are counted by the job, a moment later."""
        self.check_access('read')
        self._refresh(READ_AT_ONCE)
        return self.env['ir.actions.act_window']._for_xml_id('dsgvo.dsgvo_data_gap_action')

    def action_cover(self):
        """Open a new rule that erases the place, with a sensible treatment to start from."""
        values = self._prepare_rule_values() | {
            'kept_while_held': self.model in self.env['dsgvo.data.rule']._get_kept_models()}
        return self._open_rule(values, self.env._("Cover"))

    def action_exempt(self):
        """Open a new rule that leaves the place alone; it asks for the reason."""
        return self._open_rule({
            'reached_by': 'id', 'erase': 'keep', 'is_about_person': False, 'export': False,
            'category': 'technical'}, self.env._("Not Personal"))

    def _open_rule(self, values, title):
        self.ensure_one()
        values = {'model': self.model, 'field': self.field, 'sequence': 95} | values
        return {
            'type': 'ir.actions.act_window',
            'name': title,
            'res_model': 'dsgvo.data.rule',
            'views': [(self.env.ref('dsgvo.dsgvo_data_rule_view_form').id, 'form')],
            'target': 'new',
            'context': {f'default_{name}': value for name, value in values.items()},
        }

    def _prepare_rule_values(self):
        self.ensure_one()
        field = self.env[self.model]._fields[self.field]
        if field.comodel_name == PARTNER:
            return {
                'reached_by': self.field, 'is_about_person': False, 'category': 'contact',
                'erase': 'replace' if field.required else 'detach'}
        if field.type == 'many2one' and self.reason == 'child':
            return self._prepare_rule_values_of_link()
        if self.reason in ('link', 'child') and field.type in ('reference', 'many2one_reference'):
            return self._prepare_rule_values_of_reference(field)
        if way := 'id' if self.model == PARTNER else self._get_way():
            is_text = field.type in ('char', 'text', 'html')
            return {'reached_by': way, 'category': 'contact',
                    'erase': 'replace' if field.required and is_text else 'clear'}
        return {
            'reached_by': f'search:{self.field}', 'erase': 'redact', 'is_about_person': False,
            'category': 'contact'}

    def _prepare_rule_values_of_link(self):
        """Cover a text in rows that the map reaches by other ways: the person is taken out of it.

        Nobody knows whose rows they are by this link, so nothing else of them goes.
        """
        rules = self.env['dsgvo.data.rule'].search([('model', '=', self.model)])
        treated = rules._awake().filtered(
            lambda rule: rule._finds_rows_of_a_person() and not rule._is_exemption())
        fields = self.env[self.model]._fields.values()
        texts = treated and sorted(
            (field.name not in treated.mapped('field'), field.type == 'char', field.name)
            for field in fields if field.store and field.type in ('char', 'text', 'html'))
        if not texts:
            return {'reached_by': self.field, 'erase': 'clear', 'category': 'contact'}
        return {
            'field': texts[0][-1], 'reached_by': self.field, 'erase': 'redact',
            'is_about_person': False,
            'category': treated[0].category}

    def _prepare_rule_values_of_reference(self, field):
        """Empty a link to records of several models; a row that needs its record goes with it."""
        way = self.field if field.type == 'reference' else f'{field.model_field},{self.field}'
        return {'reached_by': way, 'erase': 'delete' if field.required else 'clear',
                'is_about_person': field.required, 'category': 'contact'}

    def _get_way(self):
        """Return how rows of the model are reached from a person, '' if nothing leads there.

        That is how other fields are reached, a link to something of a customer, or an address.
        """
        rules = self.env['dsgvo.data.rule'].search([('model', '=', self.model)])
        ways = [rule.reached_by for rule in rules._awake() if rule._finds_rows_of_a_person()]
        fields = [field for field in self.env[self.model]._fields.values() if field.store]
        guard = self._get_guard()
        ways += [field.name for field in fields if guard.is_link(field)]
        ways += [f'email:{field.name}' for field in fields if field.name == 'email_normalized']
        return next(iter(ways), '')

    # === BUSINESS METHODS === #

    @api.model
    def _refresh(self, most=None):
        """Compare the database with the map; return the places that are new since the last time.

        :param int most: the bytes of the largest table to be read; the others are left to the job
        """
        # sudo: dsgvo.data.gap - found by the guard, not entered by the caller
        Gap = self.sudo()
        found = {
            (gap.model, gap.field): gap
            for gap in self._get_guard().find()}
        known = {(gap.model, gap.field): gap for gap in Gap.search([])}
        Failure = self.env['dsgvo.job.failure']
        outdated = Gap.browse(gap.id for place, gap in known.items() if place not in found)
        Failure._run('gap', outdated, lambda some: some.unlink())
        # sudo: ir.model.fields - what is not in the list yet is called by its field
        Field = self.env['ir.model.fields'].sudo()
        new = {Field._get(*place).id: found[place] for place in found.keys() - known.keys()}
        Failure._run('gap', Field.browse(sorted(new)), lambda some: Gap.create(
            [new[field_id]._asdict() for field_id in some.ids]))
        gaps = Gap.search([('model', '!=', False)])
        counted = gaps if most is None else gaps._of_small_tables(most)
        Failure._run('gap', counted, lambda some: some._count())
        if counted != gaps:
            # sudo: ir.cron - the officer only looks
            self.env.ref('dsgvo.ir_cron_find_gaps').sudo()._trigger()
        if not gaps:
            # sudo: res.company - the reminders of all of them
            self.env['res.company'].sudo().search([('id', '!=', False)])._dsgvo_settle(NOT_COVERED)
        return gaps.filtered(lambda gap: (gap.model, gap.field) in found
                             and (gap.model, gap.field) not in known)

    def _get_guard(self):
        # sudo: dsgvo.data.rule - read by every run of the guard
        return Guard(self.env, self.env['dsgvo.data.rule'].sudo()._get_all())

    def _of_small_tables(self, most):
        sizes = dict(self.env.execute_query(SQL(
            "SELECT relname, pg_table_size(oid) FROM pg_class WHERE oid = ANY(%s::regclass[])",
            list({f'"{gap._get_table()}"' for gap in self}))))
        return self.filtered(lambda gap: sizes[gap._get_table()] <= most)

    def _get_table(self):
        """Return the table that has the values: a many2many has one of its own."""
        Model = self.env[self.model]
        field = Model._fields[self.field]
        return field.relation if field.type == 'many2many' else Model._table

    def _count(self):
        """Count the rows with a value; each table is read once for all its columns."""
        for table, gaps in self.grouped(lambda gap: gap._get_table()).items():
            counts = self.env.execute_query(SQL("SELECT %s FROM %s", SQL(", ").join(
                gap._count_sql() for gap in gaps), SQL.identifier(table)))[0]
            for gap, rows in zip(gaps, counts, strict=True):
                if gap.filled_count != rows:
                    gap.filled_count = rows

    def _count_sql(self):
        field = self.env[self.model]._fields[self.field]
        if field.type == 'many2many':
            return SQL("count(DISTINCT %s)", SQL.identifier(field.column1))
        return SQL(r"count(*) FILTER (WHERE %s::varchar !~ '^(|false|0(\.0*)?)$')",
                   SQL.identifier(field.name))

    def _register_hook(self):
        """After an installation or an upgrade of any addon, look for columns that it brought."""
        super()._register_hook()
        # In a job of its own: nothing here may keep the database from starting.
        cron = self.env.ref('dsgvo.ir_cron_find_gaps', raise_if_not_found=False)
        if cron and self.env.registry.updated_modules and not self.env.registry.ready:
            cron._trigger()

    @api.model
    def _cron_refresh(self):
        """Look for new columns of any addon and tell the officers, once for each place.

        An officer who opened the list before has seen them, the others have not.
        """
        self._refresh()
        if new := self.search([('is_told', '=', False)]):
            left_out = self.env['res.company']._dsgvo_remind_officers(
                NOT_COVERED, _lt(
                    "Fields that look personal and that no erasure covers: %(count)s. Cover each "
                    "of them, or say why it is not personal.", count=self.search_count([])),
                'dsgvo.dsgvo_data_gap_action_open')
            new.is_told = not left_out

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..consent.limits import check_longest

# Fields that the law dictates, and that no user changes.
GIVEN_BY_LAW = {'legal_minimum', 'start', 'valid_from', 'valid_until', 'is_optional'}

# Fields that say which rows of a place the law keeps, and from when on the years count.
KEPT_BY_LAW = {'model', 'field', 'reached_by', 'erase', 'domain', 'retention_start'}


class DsgvoRetention(models.Model):
    """How long a class of data is kept. The places of the map that belong to it follow it.

    Most classes are documents that the law keeps with the customer; others say what stays after
    an erasure, and how long.
    """
    _name = 'dsgvo.retention'
    _description = "Retention Period"
    _order = 'sequence, id'

    sequence = fields.Integer(default=100)
    name = fields.Char("Class", required=True, translate=True)
    basis = fields.Char("Legal Basis", required=True, translate=True)
    start = fields.Selection(
        [
            ('year_end', "End of the calendar year of the document"),
            ('day', "The day itself"),
            ('withdrawal', "No fixed end: until it is withdrawn"),
        ], "Counted From", required=True, default='year_end', readonly=True)
    years = fields.Integer(required=True)
    days = fields.Integer(help="Instead of years. 0: not entered yet, so nothing of it goes.")
    legal_minimum = fields.Integer(
        readonly=True, help="In years, as the law says. It changes with the law.")
    valid_from = fields.Date("In Force Since", readonly=True, help="Since when the law says so.")
    valid_until = fields.Date(
        "In Force Until", readonly=True, help="Empty: as long as the law is not changed.")
    is_optional = fields.Boolean(
        readonly=True, help="Not every shop has to keep these documents.")
    is_on = fields.Boolean("In Use", default=True)
    note = fields.Text("What to Know", translate=True)
    period = fields.Char(compute='_compute_period')
    confirmed_below = fields.Boolean(
        "Keep for Less Than the Legal Minimum",
        help="A second confirmation: the customer would be missing on documents that a tax audit "
             "asks for.")
    confirmed_by_id = fields.Many2one('res.users', readonly=True)
    rule_ids = fields.One2many(
        'dsgvo.data.rule', 'retention_id', "Places", readonly=True,
        context={'active_test': False})

    _positive = models.Constraint(
        'CHECK (years >= 0 AND days >= 0)', "A period cannot be negative.")

    @api.depends_context('lang')
    @api.depends('start', 'years', 'days', 'is_on')
    def _compute_period(self):
        for retention in self:
            retention.period = retention._describe_period()

    @api.constrains('years', 'days')
    def _check_longest(self):
        check_longest(self, ['years'], 'years')
        check_longest(self, ['days'], 'days')

    @api.onchange('years')
    def _onchange_years(self):
        self.confirmed_below = False

    def write(self, vals):
        """Accept years below the legal minimum only with the confirmation in the same call.

        :raise UserError: without the confirmation, or if somebody changes fields that the law
            dictates
        """
        self._check_law(vals)
        if not self.env.su:
            vals = {name: value for name, value in vals.items() if name != 'confirmed_by_id'}
        if not vals.keys() & {'years', 'confirmed_below', 'is_on'}:
            return super().write(vals)
        for retention in self:
            years = vals.get('years', retention.years)
            below = vals.get('is_on', retention.is_on) and years < retention.legal_minimum
            confirmed = below and vals.get(
                'confirmed_below', years == retention.years and retention.confirmed_below)
            if below and not confirmed:
                raise UserError(self.env._(
                    "%(documents)s must be kept for %(years)s years (%(basis)s). To keep them"
                    " shorter, confirm it expressly in the same form.", documents=retention.name,
                    years=retention.legal_minimum, basis=retention.basis))
            super(DsgvoRetention, retention).write(vals | {
                'confirmed_below': confirmed,
                'confirmed_by_id': self.env.uid if confirmed else False})
        self.rule_ids._follow_retention()
        self.env['dsgvo.data.rule']._after_change_of_periods()
        return True

    def _check_law(self, vals):
        if self.env.su:
            return
        if vals.keys() & GIVEN_BY_LAW:
            raise UserError(self.env._(
                "The legal minimum and what it is counted from are given by law. Change the"
                " years that you keep instead."))
        if 'is_on' in vals and (always := self.filtered(lambda one: not one.is_optional)):
            raise UserError(self.env._(
                "%(documents)s cannot be switched off: every shop keeps them (%(basis)s).",
                documents=always[0].name, basis=always[0].basis))

    def _describe_period(self):
        """Return the period in words, as documents for customers quote it."""
        self.ensure_one()
        if not self.is_on:
            return self.env._("not kept")
        if self.start == 'withdrawal':
            return self.env._("until it is withdrawn")
        if self.years and self.start == 'year_end':
            return self.env._("%(years)s years from the end of the calendar year", years=self.years)
        if self.years:
            return self.env._("%(years)s years", years=self.years)
        if self.days:
            return self.env._("%(days)s days", days=self.days)
        return self.env._("not entered yet")

    def _get_rows(self):
        """Return the classes as plain values for documents: a dict for each class."""
        return [{
            'name': retention.name, 'basis': retention.basis, 'period': retention.period,
            'start': retention.start, 'note': retention.note or '', 'is_on': retention.is_on,
            'valid_from': retention.valid_from, 'valid_until': retention.valid_until,
        } for retention in self]


class DsgvoDataRule(models.Model):
    _inherit = 'dsgvo.data.rule'

    retention_id = fields.Many2one(
        'dsgvo.retention', "Retention Class", ondelete='restrict', index='btree_not_null',
        help="Sets the years to keep. Empty: the place has years of its own.")

    @api.constrains('retention_years')
    def _check_retention_years(self):
        check_longest(self, ['retention_years'], 'years')

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._follow_retention()
        return rules

    def write(self, vals):
        """A place follows its retention class, whoever writes other values.

        :raise UserError: if somebody takes a place out of its class, or rows out of the place
        """
        if not self.env.su and (bound := self.filtered(lambda rule: rule._loses_rows(vals))):
            raise UserError(self.env._(
                "%(place)s follows its retention period. Change the years there.",
                place=bound[0].place))
        result = super().write(vals)
        if vals.keys() & {'retention_years', 'retention_id', 'active', 'kept_while_held'}:
            self._follow_retention()
        if vals.keys() & {'retention_years', 'retention_id'} and not self.env.su:
            self._after_change_of_periods()
        return result

    def _loses_rows(self, vals):
        """Whether these values would let rows go that belong to the class of this place."""
        self.ensure_one()
        if not self.retention_id or 'retention_id' in vals:
            return bool(self.retention_id)
        return self.erase == 'hold' and (not vals.get('active', True) or any(
            vals[name] != self[name] for name in KEPT_BY_LAW & vals.keys()))

    def _follow_retention(self):
        """Take over years and switch of the class: what need not be kept holds nobody."""
        # sudo: dsgvo.data.rule - what follows from the class, which no officer changes in the map
        bound = self.sudo().filtered('retention_id')
        for retention, rules in bound.grouped('retention_id').items():
            values = {'retention_years': retention.years}
            holding = rules.filtered(lambda rule: rule.erase == 'hold')
            rules._write_if_other(values)
            if retention.is_optional:
                holding._write_if_other({'active': retention.is_on})
                (rules - holding)._write_if_other({'kept_while_held': retention.is_on})

    def _write_if_other(self, values):
        self.filtered(lambda rule: any(
            rule[name] != value for name, value in values.items())).write(values)

    def _get_last_day(self, years=0):
        """Return SQL: the last day on which the law keeps a row, of the table or alias `t`.

        :param int years: for a place that has none of its own
        """
        self.ensure_one()
        own_fields = self.env[self.model]._fields
        days = [self._get_day(own_fields[name])
                for name in dict.fromkeys((self.retention_start or 'create_date', 'create_date'))
                if name in own_fields and own_fields[name].store]
        day = SQL("coalesce(%s)", SQL(", ").join(
            [*days, SQL("%s::date", self.env.company._dsgvo_today())]))
        years = self.retention_years or years
        if self.retention_id.start == 'day':
            last_day = SQL("(%s + make_interval(years => %s))::date", day, years)
        else:
            last_day = SQL("make_date(extract(year FROM %s)::int + %s, 12, 31)", day, years)
        return self.env['dsgvo.tax.audit']._extend(self.model, day, last_day)

    def _get_day(self, field):
        """Return SQL: the day in a column of `t`, of a moment the one in the shop of the row."""
        column = SQL("t.%s", SQL.identifier(field.name))
        if field.type != 'datetime':
            return SQL("%s::date", column)
        company = self.env[self.model]._fields.get('company_id')
        has_company = company and company.store and company.comodel_name == 'res.company'
        return self.env.company._dsgvo_day_sql(
            column, SQL("t.company_id"), lambda own: has_company and own.id)

    @api.model
    def _after_change_of_periods(self):
        """Called after somebody changed how long documents are kept. Extend with `super()`."""

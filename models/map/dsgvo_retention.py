from odoo import api, fields, models
from odoo.exceptions import UserError


class DsgvoRetention(models.Model):
    """How long a class of documents is kept by law. The places that hold a person follow it."""
    _name = 'dsgvo.retention'
    _description = "Retention Period"
    _order = 'id'

    name = fields.Char("Documents", required=True, translate=True)
    basis = fields.Char("Legal Basis", required=True)
    start = fields.Selection(
        [('year_end', "End of the calendar year of the document")], "Counted From",
        required=True, default='year_end', readonly=True)
    years = fields.Integer(required=True)
    legal_minimum = fields.Integer(
        readonly=True, help="In years, as the law says. It changes with the law.")
    confirmed_below = fields.Boolean(
        "Keep for Less Than the Legal Minimum",
        help="A second confirmation: the customer would be missing on documents that a tax audit "
             "asks for.")
    confirmed_by_id = fields.Many2one('res.users', readonly=True)
    rule_ids = fields.One2many('dsgvo.data.rule', 'retention_id', "Places", readonly=True)

    _positive = models.Constraint('CHECK (years >= 0)', "A period cannot be negative.")

    @api.onchange('years')
    def _onchange_years(self):
        self.confirmed_below = False

    def write(self, vals):
        """Below the legal minimum only with the confirmation in the same call, whoever calls.

        :raise UserError: without it, or if somebody changes what the law says
        """
        if not self.env.su and 'legal_minimum' in vals:
            raise UserError(self.env._(
                "The legal minimum is given by law. Change the years that you keep instead."))
        if 'years' not in vals and 'confirmed_below' not in vals:
            return super().write(vals)
        for retention in self:
            years = vals.get('years', retention.years)
            below = years < retention.legal_minimum
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
        # sudo: dsgvo.data.rule - its years are a copy of these
        self.sudo().rule_ids._follow_retention()
        self.env['dsgvo.data.rule']._after_change_of_periods()
        return True


class DsgvoDataRule(models.Model):
    _inherit = 'dsgvo.data.rule'

    retention_id = fields.Many2one(
        'dsgvo.retention', "Retention Period", ondelete='restrict', index='btree_not_null',
        help="Sets the years to keep. Empty: the place has years of its own.")

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._follow_retention()
        return rules

    def write(self, vals):
        """The years of a place follow its retention period, whoever writes others.

        :raise UserError: if somebody takes a place out of its period
        """
        if not self.env.su and 'retention_id' in vals and (held := self.filtered('retention_id')):
            raise UserError(self.env._(
                "%(place)s follows its retention period. Change the years there.",
                place=held[0].place))
        result = super().write(vals)
        if vals.keys() & {'retention_years', 'retention_id'}:
            self._follow_retention()
            if not self.env.su:
                self._after_change_of_periods()
        return result

    def _follow_retention(self):
        for retention, rules in self.filtered('retention_id').grouped('retention_id').items():
            stale = rules.filtered(lambda rule, r=retention: rule.retention_years != r.years)
            if stale:
                stale.retention_years = retention.years

    @api.model
    def _after_change_of_periods(self):
        """Called after somebody changed how long documents are kept. Extend with `super()`."""

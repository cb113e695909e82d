from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..consent.limits import check_longest


class DsgvoDeadline(models.Model):
    """How much time the law gives, and since when. A change of the law is one more row."""
    _name = 'dsgvo.deadline'
    _description = "Deadline of the Law"
    _order = 'kind, valid_from desc'
    _rec_name = 'kind'

    kind = fields.Selection(
        [('breach', "Notification of a breach to the authority")], required=True, default='breach')
    basis = fields.Char("Legal Basis", required=True)
    hours = fields.Integer(required=True)
    valid_from = fields.Date("In Force Since", required=True)

    _positive = models.Constraint('CHECK (hours > 0)', "A deadline has at least one hour.")
    _one_per_day = models.Constraint(
        'UNIQUE (kind, valid_from)', "From one day on there is one deadline of a kind.")

    @api.constrains('hours')
    def _check_hours(self):
        check_longest(self, ['hours'], 'hours')

    @api.model_create_multi
    def create(self, vals_list):
        deadlines = super().create(vals_list)
        self._follow()
        return deadlines

    def write(self, vals):
        result = super().write(vals)
        self._follow()
        return result

    def unlink(self):
        result = super().unlink()
        self._follow()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last(self):
        for kind, deadlines in self.grouped('kind').items():
            if not self.search_count(
                    [('kind', '=', kind), ('id', 'not in', deadlines.ids)], limit=1):
                raise ValidationError(self.env._(
                    "The last deadline of a kind cannot be deleted: without it nobody is reminded."
                    " Change its hours instead."))

    @api.model
    def _follow(self):
        """Give open breaches the deadline of the changed law; a closed one is evidence."""
        # sudo: dsgvo.breach - also those of other companies
        Breach = self.env['dsgvo.breach'].sudo()
        self.env.add_to_compute(Breach._fields['deadline'], Breach.search([('state', '=', 'open')]))

    @api.model
    def _get_in_force(self, kind, day):
        """Return the deadline that the law gave on a day; the first one for an earlier day."""
        deadlines = self.search([('kind', '=', kind)])
        return deadlines.filtered(lambda one: one.valid_from <= day)[:1] or deadlines[-1:]

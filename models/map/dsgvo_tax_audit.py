from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class DsgvoTaxAudit(models.Model):
    """The privacy officer's word that the documents of some years are needed for a tax audit.

    While it is in force, their period does not end (§ 147 (3) AO): it is counted to the end of the
    current year, and each year anew.
    """
    _name = 'dsgvo.tax.audit'
    _description = "Tax Audit"
    _order = 'id desc'
    _rec_name = 'reason'

    company_id = fields.Many2one(
        'res.company', required=True, default=lambda self: self.env.company, ondelete='cascade')
    first_year = fields.Integer(required=True)
    last_year = fields.Integer(required=True)
    reason = fields.Char(required=True, help="For example the reference of the tax office.")
    active = fields.Boolean("In Force", default=True)

    _reason_is_said = models.Constraint(
        r"CHECK (reason ~ '\S')", "Enter the reason: it is the evidence of this decision.")

    @api.constrains('first_year', 'last_year')
    def _check_years(self):
        for audit in self:
            if not 1900 < audit.first_year <= audit.last_year < 3000:
                raise ValidationError(self.env._(
                    "A tax audit of the years %(first)s to %(last)s covers no document. Enter the"
                    " first and the last year with four digits.",
                    first=audit.first_year, last=audit.last_year))

    @api.model_create_multi
    def create(self, vals_list):
        audits = super().create(vals_list)
        self.env['dsgvo.data.rule']._after_change_of_periods()
        return audits

    def write(self, vals):
        result = super().write(vals)
        self.env['dsgvo.data.rule']._after_change_of_periods()
        return result

    def action_lift(self):
        """Lift the lock: customers whose documents are not needed any more go soon."""
        self.active = False

    @api.model
    def _get_all(self):
        # sudo: dsgvo.tax.audit - what is kept does not depend on who looks
        return self.sudo().search([('id', '!=', False)])

    @api.model
    def _extend(self, model, day, last_day):
        """Return SQL for the last day on which a row `t` is kept, with tax audits.

        :param SQL day: of the document
        :param SQL last_day: without tax audits
        """
        if not (audits := self._get_all()):
            return last_day
        this_year = date(self.env.company._dsgvo_today().year, 12, 31)
        needed = SQL(" OR ").join(audit._get_condition(model, day) for audit in audits)
        return SQL("CASE WHEN %s THEN greatest(%s, %s) ELSE %s END",
                   needed, last_day, this_year, last_day)

    def _get_condition(self, model, day):
        """Return SQL: whether a document `t` is one of the company, or a branch, and the years."""
        years = SQL("extract(year FROM %s) BETWEEN %s AND %s", day, self.first_year, self.last_year)
        company = self.env[model]._fields.get('company_id')
        if company is None or not company.store:
            return years
        branches = self.env['res.company'].with_context(active_test=False).search(
            [('id', 'child_of', self.company_id.id)])
        return SQL("(t.company_id = ANY(%s) AND %s)", branches.ids, years)

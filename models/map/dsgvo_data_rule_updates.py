from odoo import fields, models
from odoo.fields import Domain


class DsgvoDataRule(models.Model):
    """Which rows of the map an update renews: those that were shipped and that nobody changed.

    The mark is Odoo's own, `noupdate` of the external id; rows that somebody entered have none.
    """
    _inherit = 'dsgvo.data.rule'

    is_changed = fields.Boolean(
        "Changed Here", compute='_compute_is_changed', search='_search_is_changed',
        help="An addon brought this row, and somebody changed it. Updates leave it as it is.")

    def _compute_is_changed(self):
        changed = set(self._get_external_ids(True).mapped('res_id'))
        for rule in self:
            rule.is_changed = rule.id in changed

    def _search_is_changed(self, operator, value):
        if operator != 'in':
            return NotImplemented
        # All of them, archived or not: the caller's domain says which are asked for.
        rules = self.with_context(active_test=False).search([])  # pylint: disable=no-search-all
        changed = rules._get_external_ids(True).mapped('res_id')
        return Domain('id', 'in' if True in value else 'not in', changed)

    def _get_external_ids(self, is_changed):
        # sudo: ir.model.data - which rows of the map are shipped, nothing of their content
        return self.env['ir.model.data'].sudo().search(
            Domain('model', '=', self._name) & Domain('res_id', 'in', self.ids)
            & Domain('noupdate', '=', is_changed)
            & Domain('module', 'not in', ('__export__', '__import__')))

    def write(self, vals):
        """A change by a user stays. An update writes as superuser, and so does a period."""
        result = super().write(vals)
        if not self.env.su:
            self._mark_changed(True)
        return result

    def action_follow_updates(self):
        """Let the next update renew the rows, whatever was changed in them."""
        self.check_access('write')
        self._mark_changed(False)

    def _mark_changed(self, is_changed):
        self._get_external_ids(not is_changed).noupdate = is_changed
        self.invalidate_recordset(['is_changed'])

from markupsafe import Markup

from odoo import fields, models

from ...models.search.dsgvo_erasure_residual import TO_DECIDE


class DsgvoErasureOverview(models.TransientModel):
    """The first page of the privacy officer: numbers of customers by state, and open decisions."""
    _name = 'dsgvo.erasure.overview'
    _description = "Overview of Erasures"

    due_count = fields.Integer("Due", compute='_compute_counts')
    blocked_count = fields.Integer("Blocked", compute='_compute_counts')
    restricted_count = fields.Integer("Restricted", compute='_compute_counts')
    done_count = fields.Integer("Done", compute='_compute_counts')
    residual_count = fields.Integer("Remains Found", compute='_compute_open')
    gap_count = fields.Integer("Fields Without a Rule", compute='_compute_open')
    recipient_count = fields.Integer("Recipients to Be Told", compute='_compute_open')
    search_state = fields.Selection(
        [('never', "Never searched yet"), ('running', "Search is running"), ('done', "Searched")],
        compute='_compute_open')
    searched_on = fields.Datetime("Whole Database Searched", compute='_compute_open')
    blocked_by_reason = fields.Html(compute='_compute_blocked_by_reason')
    restricted_by_year = fields.Html(compute='_compute_restricted_by_year')

    def _compute_display_name(self):
        self.display_name = self.env._("Overview of Erasures")

    def _compute_counts(self):
        counts = dict(self.env['dsgvo.erasure']._read_group([], ['state'], ['__count']))
        for overview in self:
            for state in 'due', 'blocked', 'restricted', 'done':
                overview[f'{state}_count'] = counts.get(state, 0)

    def _compute_open(self):
        for overview in self:
            overview.residual_count = self.env['dsgvo.erasure.residual'].search_count(TO_DECIDE)
            overview.gap_count = self.env['dsgvo.data.gap'].search_count([])
            overview.recipient_count = self.env['dsgvo.erasure.recipient'].search_count(
                [('state', '=', 'todo')])
            last = self.env['dsgvo.erasure.search'].search([], limit=1)
            overview.searched_on = self.env['dsgvo.erasure.search'].search(
                [('finished_on', '!=', False)], limit=1).finished_on
            overview.search_state = (
                'never' if not last else 'done' if last.finished_on else 'running')

    def _compute_blocked_by_reason(self):
        self.blocked_by_reason = self._make_table(self.env['dsgvo.erasure']._count_reasons())

    def _compute_restricted_by_year(self):
        self.restricted_by_year = self._make_table(self.env['dsgvo.erasure']._count_years())

    def _make_table(self, rows):
        lines = Markup().join(
            Markup("<tr><td>%s</td><td class='text-end'>%s</td></tr>") % row for row in rows)
        return Markup("<table class='table table-sm'>%s</table>") % lines

    # === ACTION METHODS === #

    def action_open(self):
        """Open the list that the pressed button counts, with its filter."""
        action, search_filter = {
            'residual': ('dsgvo_erasure_residual_action', 'todo'),
            'gap': ('dsgvo_data_gap_action', None),
            'recipient': ('dsgvo_erasure_recipient_action', 'todo'),
            'search': ('dsgvo_erasure_search_action', None),
            'time': ('dsgvo_erasure_action_over_time', None),
        }.get(self.env.context['open'], ('dsgvo_erasure_action', self.env.context['open']))
        action = self.env['ir.actions.act_window']._for_xml_id(f'dsgvo.{action}')
        return action | {
            'context': {f'search_default_{search_filter}': 1} if search_filter else {}}

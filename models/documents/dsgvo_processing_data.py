from odoo import api, fields, models


class DsgvoProcessingData(models.Model):
    """A kind of data of an activity. The map says which fields belong to it, and for how long."""
    _name = 'dsgvo.processing.data'
    _description = "Data of a Processing Activity"
    _order = 'activity_id, category'
    _rec_name = 'category'

    activity_id = fields.Many2one(
        'dsgvo.processing.activity', required=True, ondelete='cascade', index=True)
    category = fields.Selection('_get_categories', required=True)
    places = fields.Text("Where It Lies", compute='_compute_from_map')
    period = fields.Text("Kept", compute='_compute_from_map')

    _once = models.Constraint(
        'UNIQUE (activity_id, category)', "This kind of data is listed already.")

    @api.model
    def _get_categories(self):
        return self.env['dsgvo.data.rule']._fields['category']._description_selection(self.env)

    @api.depends_context('lang')
    @api.depends('category')
    def _compute_from_map(self):
        # sudo: dsgvo.data.rule - what the register says does not depend on who reads it
        kinds = self.env['dsgvo.data.rule'].sudo()._get_kinds_of_data()
        for data in self:
            kind = kinds.get(data.category)
            data.places = ", ".join(kind.models) if kind else ""
            data.period = "\n".join(kind.periods) if kind else ""

    def write(self, vals):
        """An activity that is complete needs its data, also if they move to another one."""
        activities = self.activity_id
        result = super().write(vals)
        activities._check_complete()
        return result

    def unlink(self):
        """An activity that is complete needs its data."""
        activities = self.activity_id
        result = super().unlink()
        activities.exists()._check_complete()
        return result

    def _get_label(self):
        return dict(self._get_categories()).get(self.category, '')

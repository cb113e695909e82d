from odoo import api, models, tools

from .covers import Covers


class DsgvoDataRule(models.Model):
    _inherit = 'dsgvo.data.rule'

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @tools.ormcache()
    def _get_covers(self):
        """Return what the privacy screen covers, as `{model: Cover}`."""
        # sudo: dsgvo.data.rule - only names of fields, for users who may not read the map
        rules = self.sudo()
        return Covers(rules.env, rules._get_all()).find()

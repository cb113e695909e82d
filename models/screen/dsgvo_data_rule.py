from odoo import api, models, tools

from .covers import Covers


class DsgvoDataRule(models.Model):
    _inherit = 'dsgvo.data.rule'

    @api.model
    @tools.ormcache()
    def _get_covers(self):
        """Return what the privacy screen covers, as `{model: Cover}`."""
        # sudo: dsgvo.data.rule - only names of fields, for users who may not read the map
        rules = self.sudo()
        return Covers(rules.env, rules._get_all()).find()

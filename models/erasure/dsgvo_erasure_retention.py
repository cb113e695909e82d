from odoo import api, models

from ..map.rows import PersonRows


class DsgvoErasure(models.Model):
    """Until when restricted customers are kept."""
    _inherit = 'dsgvo.erasure'

    @api.model
    def _follow_retention(self):
        """Count anew until when restricted customers are kept, after a period was changed."""
        # sudo: dsgvo.erasure - a date that follows from the map
        Erasure = self.sudo()
        restricted = Erasure.search([('state', '=', 'restricted'), ('partner_id', '!=', False)])
        if not restricted:
            return
        contacts = [(erasure.partner_id.id, None) for erasure in restricted]
        last_days = PersonRows(Erasure.env, contacts).find_last_days()
        for last_day, erasures in restricted.grouped(
                lambda e: last_days.get(e.partner_id.id, e.restricted_until)).items():
            erasures.filtered(lambda e, day=last_day: e.restricted_until != day).write(
                {'restricted_until': last_day})
        self._trigger_cron()


class DsgvoDataRule(models.Model):
    _inherit = 'dsgvo.data.rule'

    @api.model
    def _after_change_of_periods(self):
        result = super()._after_change_of_periods()
        self.env['dsgvo.erasure']._follow_retention()
        return result

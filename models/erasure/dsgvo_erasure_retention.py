from odoo import api, models
from odoo.fields import Domain

from ..map.rows import PersonRows


class DsgvoErasure(models.Model):
    """Until when restricted customers are kept."""
    _inherit = 'dsgvo.erasure'

    @api.model
    def _follow_retention(self):
        """Count anew until when restricted customers are kept, after a period was changed."""
        if self._count_anew():
            self._trigger_cron()

    @api.model
    def _count_anew(self, before=None):
        """Set until when restricted customers are kept, and return their erasures.

        :param date before: only of those who are kept until an earlier day
        """
        domain = Domain('state', '=', 'restricted') & Domain('partner_id', '!=', False)
        if before:
            domain &= Domain('restricted_until', '<', before)
        # sudo: dsgvo.erasure - a date that follows from the map
        restricted = self.sudo().search(domain)
        if restricted:
            contacts = [(erasure.partner_id.id, None) for erasure in restricted]
            last_days = PersonRows(restricted.env, contacts).find_last_days()
            for last_day, erasures in restricted.grouped(
                    lambda e: last_days.get(e.partner_id.id, e.restricted_until)).items():
                erasures.filtered(lambda e, day=last_day: e.restricted_until != day).write(
                    {'restricted_until': last_day})
        return restricted

    @api.model
    def _release_restricted(self):
        """During a tax audit, persons whose documents are needed stay for another year."""
        if self.env['dsgvo.tax.audit']._get_all():
            last = self.env['res.company']._dsgvo_where_day_ends_last()
            self._count_anew(before=last._dsgvo_today())
        return super()._release_restricted()


class DsgvoDataRule(models.Model):
    _inherit = 'dsgvo.data.rule'

    @api.model
    def _after_change_of_periods(self):
        result = super()._after_change_of_periods()
        self.env['dsgvo.erasure']._follow_retention()
        return result

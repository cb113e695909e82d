from odoo import api, models

from .covering import MASK


class MailActivity(models.Model):
    _inherit = 'mail.activity'

    @api.model
    @api.readonly
    def get_activity_data(self, *args, **kwargs):
        """Leave out what activities are about where a list of them has it on a covered screen."""
        data = super().get_activity_data(*args, **kwargs)
        if self.env['res.users']._dsgvo_is_screened():
            for by_type in data['grouped_activities'].values():
                for group in by_type.values():
                    group['summaries'] = [text and MASK for text in group['summaries']]
        return data

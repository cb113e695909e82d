from odoo import api, fields, models

from .origin import Origin, origin_of


class DsgvoOriginMixin(models.AbstractModel):
    """A message for later, which remembers how it came about."""
    _name = 'dsgvo.origin.mixin'
    _description = "Message For Later"

    dsgvo_origin = fields.Json("Origin", copy=False, groups=fields.NO_ACCESS)

    @api.model_create_multi
    def create(self, vals_list):
        """The origin given by a caller does not count."""
        messages = super().create(vals_list)
        # sudo: mail.scheduled.message, mail.message.schedule - users may not see their origin
        messages.sudo().dsgvo_origin = list(origin_of(self.env))
        return messages

    def _dsgvo_by_origin(self):
        """Return the messages of each `Origin`."""
        # sudo: mail.scheduled.message, mail.message.schedule - users may not see their origin
        grouped = self.sudo().grouped(lambda message: Origin(*message.dsgvo_origin or ()))
        return [(origin, messages.with_env(self.env)) for origin, messages in grouped.items()]

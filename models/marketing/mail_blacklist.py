from odoo import models


class MailBlacklist(models.Model):
    _name = 'mail.blacklist'
    _inherit = ['dsgvo.block.list.mixin', 'mail.blacklist']
    _dsgvo_blocked = 'email'

    def _add(self, email, message=None):
        """Unsubscribing again after a new consent counts again, though the entry is there."""
        entry = super()._add(email, message=message)
        entry._dsgvo_refuse_marketing()
        return entry

from odoo import api, models


class MailBlacklist(models.Model):
    _inherit = 'mail.blacklist'

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries._dsgvo_refuse_marketing()
        return entries

    def write(self, vals):
        res = super().write(vals)
        if vals.get('active') or vals.get('email'):
            self._dsgvo_refuse_marketing()
        return res

    def _add(self, email, message=None):
        """Unsubscribing again after a new consent counts again, though the entry is there."""
        entry = super()._add(email, message=message)
        entry._dsgvo_refuse_marketing()
        return entry

    def _dsgvo_refuse_marketing(self):
        """Take the blocking of an address for the refusal of advertising that it is.

        The other way round there is nothing: a consent never unblocks an address.
        """
        self.env['res.partner']._dsgvo_refuse_marketing(
            emails=self.filtered('active').mapped('email'))

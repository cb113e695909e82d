from odoo import api, models


class DsgvoBlockListMixin(models.AbstractModel):
    """A block list whose entries count as refusals of advertising.

    A consent never unblocks an address. Inherit it in front of the list, so that it also counts if
    a blocked value is blocked again.
    """
    _name = 'dsgvo.block.list.mixin'
    _description = "Block List That Refuses Advertising"
    # The field of the normalised address or number.
    _dsgvo_blocked = None

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries._dsgvo_refuse_marketing()
        return entries

    def write(self, vals):
        res = super().write(vals)
        if vals.get('active') or vals.get(self._dsgvo_blocked):
            self._dsgvo_refuse_marketing()
        return res

    def _dsgvo_refuse_marketing(self):
        """Record the refusals of those who have these values, where the entries are active."""
        values = self.filtered('active').mapped(self._dsgvo_blocked)
        self.env['res.partner']._dsgvo_refuse_marketing(**{f'{self._dsgvo_blocked}s': values})

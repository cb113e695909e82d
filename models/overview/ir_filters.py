from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)
# The shipped favourites (data/ir_filters_data.xml): Odoo does not translate the names of filters.
NAMES = {
    'dsgvo.ir_filters_decisions_by_till': _lt("At the Tills"),
    'dsgvo.ir_filters_withdrawn': _lt("Withdrawals"),
    'dsgvo.ir_filters_speed': _lt("Waiting Times"),
    'dsgvo.ir_filters_uncollected': _lt("Not Collected"),
    'dsgvo.ir_filters_erased': _lt("Reasons"),
    'dsgvo.ir_filters_restricted': _lt("Restricted"),
    'dsgvo.ir_filters_left_out': _lt("By Month"),
}


class IrFilters(models.Model):
    _inherit = 'ir.filters'

    @api.model
    def get_filters(self, model, action_id=None, embedded_action_id=None,
                    embedded_parent_res_id=None):
        """Name the shipped favourites in the user's language, unless the shop renamed them."""
        found = super().get_filters(
            model, action_id, embedded_action_id, embedded_parent_res_id)
        ids = {self.env['ir.model.data']._xmlid_to_res_id(xml_id): name
               for xml_id, name in NAMES.items()}
        for favourite in found:
            name = ids.get(favourite['id'])
            if name and favourite['name'] == self.with_context(lang='en_US').env._(name):
                favourite['name'] = self.env._(name)
        return found

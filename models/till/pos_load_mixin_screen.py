from odoo import api, models

SALE, LINE = 'pos.order', 'pos.order.line'
# A card terminal pays back by the other texts.
ONLY = {'pos.payment': {'cardholder_name'}}


class PosLoadMixin(models.AbstractModel):
    """Sales in the list of a screened till, without what the privacy screen covers.

    So is what hangs on them, such as tickets. The till sends sales that are open again, so these
    stay whole.
    """
    _inherit = 'pos.load.mixin'

    @api.model
    def _load_pos_data_read(self, records, config):
        rows = super()._load_pos_data_read(records, config)
        if not rows or not config._dsgvo_is_screened():
            return rows
        names = ONLY.get(self._name) or self._dsgvo_get_cover().fields.keys()
        if path := names and self._dsgvo_get_way_to_sale():
            # sudo: only whether the sale is over
            over = set(records.sudo().filtered_domain([(path, 'not in', ('draft', False))]).ids)
            for row in rows:
                if row['id'] in over:
                    row.update(dict.fromkeys(row.keys() & names, False))
        return rows

    @api.model
    def _dsgvo_get_way_to_sale(self):
        """Return the path from a record to the state of its sale, or None."""
        if self._name == SALE:
            return 'state'
        links = [field for field in self._fields.values() if field.type == 'many2one']
        for model, state in ((SALE, 'state'), (LINE, 'order_id.state')):
            for field in links:
                if field.comodel_name == model:
                    return f'{field.name}.{state}'
        return None

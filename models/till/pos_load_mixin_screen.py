from odoo import api, models

SALE, LINE, PAYMENT = 'pos.order', 'pos.order.line', 'pos.payment'
# A card terminal pays back by the other texts.
ONLY = {PAYMENT: {'cardholder_name'}}


class PosLoadMixin(models.AbstractModel):
    """Sales in the list of a screened till, without what the privacy screen covers.

    So is what hangs on them, such as tickets. The till sends sales that are open again, so these
    stay whole.
    """
    _inherit = 'pos.load.mixin'

    @api.model
    def _load_pos_data_read(self, records, config):
        if isinstance(config, int):  # `get_order_to_print` of orders that were paid online
            config = self.env['pos.config'].browse(config)
        rows = super()._load_pos_data_read(records, config)
        if rows and config._dsgvo_is_screened():
            records._dsgvo_empty_over(rows)
        return rows

    def _dsgvo_empty_over(self, rows):
        """Empty what is covered in rows of these records whose sale is over."""
        names = ONLY.get(self._name) or self._dsgvo_get_cover().fields.keys()
        if path := names and self._dsgvo_get_way_to_sale():
            # sudo: only whether the sale is over
            over = set(self.sudo().filtered_domain([(path, 'not in', ('draft', False))]).ids)
            for row in rows:
                if row['id'] in over:
                    row.update(dict.fromkeys(row.keys() & names, False))

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

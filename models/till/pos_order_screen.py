from odoo import api, models


def _empty(records, rows, names, path):
    """Empty fields in the rows of sales that are over.

    The till sends those that are open again, so they stay whole.

    :param str path: leads from a record to the state of its sale
    """
    is_open = set(records.filtered_domain([(path, '=', 'draft')]).ids)
    for row in rows:
        if row['id'] not in is_open:
            row.update(dict.fromkeys(row.keys() & names, False))


class PosOrder(models.Model):
    """Sales in the list of a screened till, without what the privacy screen covers."""
    _inherit = 'pos.order'

    @api.model
    def _load_pos_data_read(self, records, config):
        rows = super()._load_pos_data_read(records, config)
        if config._dsgvo_is_screened():
            _empty(records, rows, self._dsgvo_get_cover().fields.keys(), 'state')
        return rows


class PosOrderLine(models.Model):
    _inherit = 'pos.order.line'

    @api.model
    def _load_pos_data_read(self, records, config):
        rows = super()._load_pos_data_read(records, config)
        if config._dsgvo_is_screened():
            _empty(records, rows, self._dsgvo_get_cover().fields.keys(), 'order_id.state')
        return rows


class PosPayment(models.Model):
    _inherit = 'pos.payment'

    @api.model
    def _load_pos_data_read(self, records, config):
        """Leave out the name only: a card terminal pays back by the other texts."""
        rows = super()._load_pos_data_read(records, config)
        if config._dsgvo_is_screened():
            _empty(records, rows, {'cardholder_name'}, 'pos_order_id.state')
        return rows

from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = 'sale.order'

    dsgvo_is_closed = fields.Boolean(
        "Closed", readonly=True, copy=False,
        help="Somebody said that nothing of this order is to be done, paid or given back any more.")

    def write(self, vals):
        """Take back that an order is closed when it is offered or confirmed anew."""
        if vals.get('state', 'cancel') != 'cancel':
            vals = {**vals, 'dsgvo_is_closed': False}
        return super().write(vals)

    def action_dsgvo_close(self):
        """Cancel what was not delivered, and say that nothing else is left to do.

        An order that was only offered is cancelled.
        """
        self.check_access('write')
        # sudo: stock.picking - whoever may change the order may end it
        orders = self.sudo()
        orders.filtered(lambda order: order.state in ('draft', 'sent'))._action_cancel()
        orders.picking_ids.filtered(
            lambda picking: picking.state not in ('done', 'cancel')).action_cancel()
        orders.dsgvo_is_closed = True
        self.env['dsgvo.erasure']._trigger_cron()

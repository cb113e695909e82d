from odoo import api, fields, models

AMOUNT = {'product_uom_qty', 'product_uom_id'}


class SaleOrder(models.Model):
    _inherit = 'sale.order'

    dsgvo_is_closed = fields.Boolean(
        "Closed", readonly=True, copy=False,
        help="Somebody declared that nothing of this order remains to be done, paid or returned.")

    def write(self, vals):
        """Take back that an order is closed when it is offered or confirmed anew."""
        if vals.get('state', 'cancel') != 'cancel':
            vals = {**vals, 'dsgvo_is_closed': False}
        return super().write(vals)

    def action_dsgvo_close(self):
        """Cancel the undelivered rest, and note that nothing else is left to do.

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


class SaleOrderLine(models.Model):
    """More of an order than there was when somebody closed it: it is open again.

    More work may be entered by hand, or with a timesheet or an expense (`account.analytic.line`).
    """
    _inherit = 'sale.order.line'

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._dsgvo_reopen()
        return lines

    def write(self, vals):
        before = self._dsgvo_get_amounts() if vals.keys() & AMOUNT else {}
        done = {line: line.qty_delivered for line in self} if 'qty_delivered' in vals else {}
        result = super().write(vals)
        if 'order_id' in vals:
            self._dsgvo_reopen()
        elif before:
            after = self._dsgvo_get_amounts()
            self.filtered(lambda line: after[line] > before[line])._dsgvo_reopen()
        if done:
            self.filtered(lambda line: line.qty_delivered > done[line])._dsgvo_reopen_unsettled()
        return result

    def _dsgvo_get_amounts(self):
        """Return `{line: quantity}` in units that can be compared, of whatever unit the line is."""
        return {line: line.product_uom_qty * (line.product_uom_id.factor or 1) for line in self}

    def _dsgvo_reopen_unsettled(self):
        """Open orders again if more was done than is settled."""
        self.filtered(lambda line: line.qty_delivered > line.qty_invoiced)._dsgvo_reopen()

    def _dsgvo_reopen(self):
        # sudo: sale.order - what follows from the line, whoever may write it
        orders = self.filtered(lambda line: not line.display_type).sudo().order_id
        orders.filtered('dsgvo_is_closed').dsgvo_is_closed = False

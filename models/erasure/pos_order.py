from odoo import models


class PosOrder(models.Model):
    _inherit = 'pos.order'

    def write(self, vals):
        result = super().write(vals)
        # Every way to a paid order ends here: till, online payment, self order, invoice. A new
        # order is created as paid and written once more, so old and new state say nothing.
        if vals.get('state') in ('paid', 'done'):
            self.env['dsgvo.erasure']._enqueue_checkout(self)
        return result

from odoo import api, models


class AccountMoveSend(models.AbstractModel):
    _inherit = 'account.move.send'

    @api.model
    def _get_default_sending_methods(self, move):
        """Do not mail the invoice of a till order by itself to a customer who wants no message.

        The invoice is printed at the till all the same, and can be sent on purpose.
        """
        methods = super()._get_default_sending_methods(move)
        # sudo: pos.order - who sends an invoice may be unable to read the till order behind it
        orders = move.sudo().pos_order_ids
        if any(order._dsgvo_is_silent() for order in orders):
            return methods - {'email'}
        return methods

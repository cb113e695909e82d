from odoo import api, models
from odoo.fields import Domain

from ..notification.res_partner import NO_MESSAGE


class PosOrder(models.Model):
    """The message type of sales whose customer has just agreed at the till."""
    _inherit = 'pos.order'

    @api.model
    def _dsgvo_follow_answer(self, subject, config, moment):
        """Give those sales of a till the message type of the customer which still have none.

        A sale that is being taken, or that was paid after the answer, can reach the server before
        the answer does. Sales that were parked in an earlier session stay as they are.

        :param Moment moment: when the customer answered, who could not be told anything before
        """
        if not subject._dsgvo_allows('notification'):
            return
        orders = self.search(
            Domain('partner_id', 'in', subject._dsgvo_family().ids)
            & Domain('config_id', '=', config.id) & Domain('notification_type', '=', NO_MESSAGE)
            & (Domain('date_order', '>=', moment.decided_at)
               | Domain('state', '=', 'draft') & Domain('date_order', '>=', moment.opened_at)))
        for customer, sales in orders.grouped('partner_id').items():
            sales.notification_type = customer._dsgvo_message_type()

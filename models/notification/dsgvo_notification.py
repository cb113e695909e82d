from odoo import api, fields, models
from odoo.fields import Domain

from .res_partner import NO_MESSAGE, NOTIFICATION_TYPES


class DsgvoNotification(models.Model):
    """One message to one customer about one order, made by a goods receipt.

    E-mail and SMS leave by themselves; telephone and letter stay as the work list of the clerk.
    Consent and order are looked at again when the message leaves, and it leaves once.
    """
    _name = 'dsgvo.notification'
    _description = "Customer Notification"
    _order = 'id desc'
    _rec_name = 'sale_order_id'

    sale_order_id = fields.Many2one(
        'sale.order', "Order", required=True, readonly=True, ondelete='cascade')
    partner_id = fields.Many2one(
        'res.partner', "Customer", required=True, readonly=True, index=True, ondelete='cascade')
    picking_id = fields.Many2one(
        'stock.picking', "Goods Receipt", readonly=True, index='btree_not_null',
        help="The transfer with which the goods became available for the order.")
    company_id = fields.Many2one('res.company', required=True, readonly=True)
    notification_type = fields.Selection(NOTIFICATION_TYPES, "Message Type", required=True)
    kind = fields.Selection(
        [('available', "Available"), ('unavailable', "Not Available")],
        default='available', required=True, readonly=True)
    state = fields.Selection(
        [
            ('todo', "To Do"),
            ('sent', "Sent"),
            ('done', "Done"),
            ('cancelled', "Cancelled"),
            ('failed', "Failed"),
        ],
        default='todo', required=True, index=True, readonly=True)
    body = fields.Html("Titles", readonly=True)
    date = fields.Datetime("Told On", readonly=True)
    failure = fields.Selection(
        [
            ('no_email', "The customer has no valid e-mail address."),
            ('no_phone', "The customer has no valid telephone number."),
            ('mail_server', "The mail server did not take the e-mail."),
            ('sms_service', "The SMS service did not take the message (number or credit)."),
            ('error', "Unexpected error, see the log of the server."),
        ],
        readonly=True)
    email = fields.Char("E-Mail", compute='_compute_contact')
    phone = fields.Char("Telephone", compute='_compute_contact')
    address = fields.Char(compute='_compute_contact')

    _once_per_receipt = models.UniqueIndex(
        '(sale_order_id, picking_id, kind)',
        "The customer is already told about this goods receipt.")

    @api.depends('partner_id')
    def _compute_contact(self):
        for notification in self:
            partner = notification.partner_id
            notification.email = partner._dsgvo_reached_by('email').email
            notification.phone = partner._dsgvo_reached_by('phone').phone
            notification.address = partner.contact_address_inline

    # === ACTION METHODS === #

    def action_done(self):
        """The clerk has told the customer."""
        self.filtered(lambda n: n.state in ('todo', 'failed')).write({
            'state': 'done', 'date': fields.Datetime.now(), 'failure': False})

    def action_retry(self):
        """Send again what failed, for instance after the address was corrected."""
        failed = self.filtered(lambda notification: notification.state == 'failed')
        failed.write({'state': 'todo', 'failure': False})
        failed._trigger_sending()

    # === FOLLOWING THE ORDER === #

    @api.model
    def _follow(self, orders):
        """Let what waits follow a change of its order: other type, other customer, cancelled.

        An order whose messages cannot follow is listed; they are looked at again before they leave.
        """
        if waiting := self.search(
                Domain('sale_order_id', 'in', orders.ids) & Domain('state', '=', 'todo')):
            self.env['dsgvo.job.failure']._run(
                'follow', waiting.with_company(waiting[0].company_id),
                lambda some: some._follow_order())

    def _follow_order(self):
        waiting = self - self._cancel_obsolete()
        for notification in waiting:
            if notification.notification_type != notification.sale_order_id.notification_type:
                notification.notification_type = notification.sale_order_id.notification_type
        waiting._trigger_sending()

    def _cancel_obsolete(self):
        """Cancel and return those that must not leave any more."""
        permitted = self.sale_order_id._dsgvo_notifiable()
        obsolete = self.filtered(lambda notification: (
            notification.sale_order_id not in permitted
            or notification.partner_id != notification.sale_order_id.partner_id
            or notification.sale_order_id.state != 'sale'
            or notification.sale_order_id.notification_type == NO_MESSAGE))
        obsolete.state = 'cancelled'
        return obsolete

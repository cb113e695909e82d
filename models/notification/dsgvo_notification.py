from lxml import html

from odoo import api, fields, models
from odoo.fields import Domain

from .res_partner import NO_MESSAGE, NOTIFICATION_TYPES, UNTOLD


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
    titles = fields.Text(
        "Arrived Titles", compute='_compute_titles',
        help="What arrived, a line for each title, as a list shows it.")
    told_on = fields.Datetime(readonly=True)
    message_ref = fields.Char(
        "Message No.", readonly=True, help="By which a mail server finds the e-mail.")
    failure = fields.Selection(
        [
            ('no_email', "The customer has no valid e-mail address."),
            ('no_phone', "The customer has no valid telephone number."),
            ('mail_server', "The mail server did not take the e-mail."),
            ('sms_service', "The SMS service did not take the message (number or credit)."),
            ('error', "Unexpected error, see the log of the server."),
        ],
        readonly=True, help="Why the last attempt to send it failed.")
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

    @api.depends('body')
    def _compute_titles(self):
        for notification in self:
            items = html.fromstring(notification.body).xpath('//li') if notification.body else ()
            notification.titles = "\n".join(item.text_content() for item in items)

    @api.depends('sale_order_id.name')
    def _compute_display_name(self):
        """The number of the order, also for an officer who may not see orders."""
        for notification in self:
            # sudo: sale.order - only the number
            notification.display_name = notification.sale_order_id.sudo().name

    # === ACTION METHODS === #

    # Nobody has the right to write messages; these buttons are all that a clerk can do with them.

    def action_done(self):
        """The clerk has told the customer; return a notice on which that can be undone."""
        told = self._sudo_in_states(UNTOLD)
        told.write({'state': 'done', 'told_on': fields.Datetime.now()})
        return {'type': 'ir.actions.client', 'tag': 'dsgvo_told', 'params': {'ids': told.ids}}

    def action_undo(self):
        """Let messages wait again whose customers were not told after all; sent ones stay sent."""
        done = self._sudo_in_states(('done',))
        failed = done.filtered('failure')
        failed.write({'state': 'failed', 'told_on': False})
        (done - failed).write({'state': 'todo', 'told_on': False})
        done._follow(done.sale_order_id)

    def action_retry(self):
        """Send failed messages again, for instance after the address was corrected."""
        failed = self._sudo_in_states(('failed',))
        failed.write({'state': 'todo', 'failure': False})
        failed._trigger_sending()

    def _sudo_in_states(self, states):
        """Return those in one of the states, to be written by an action of whoever may see them."""
        self.check_access('read')
        # sudo: dsgvo.notification - an action sets its state and nothing else
        return self.sudo().filtered(lambda notification: notification.state in states)

    # === FOLLOWING THE ORDER === #

    @api.model
    def _follow(self, orders):
        """Let waiting messages follow a change of their order: other type, other customer, over.

        An order whose messages cannot follow is listed; they are looked at again before they leave.
        A message that leaves at this moment is left alone: a till does not wait for a mail server.
        """
        if untold := self.search(
                Domain('sale_order_id', 'in', orders.ids) & Domain('state', 'in', UNTOLD)):
            self.env['dsgvo.job.failure']._run(
                'follow', untold.with_company(untold[0].company_id),
                lambda some: some.try_lock_for_update()._follow_order())

    def _follow_order(self):
        untold = self - self._cancel_obsolete()
        for notification in untold:
            if notification.notification_type != notification.sale_order_id.notification_type:
                notification.write({
                    'notification_type': notification.sale_order_id.notification_type,
                    'state': 'todo', 'failure': False})
        untold.filtered(lambda notification: notification.state == 'todo')._trigger_sending()

    def _cancel_obsolete(self):
        """Cancel and return those that must not leave any more."""
        orders = self.sale_order_id
        permitted, fetched = orders._dsgvo_notifiable(), orders._dsgvo_fetched()
        obsolete = self.filtered(lambda notification: (
            notification.sale_order_id not in permitted
            or notification.partner_id != notification.sale_order_id.partner_id
            or notification.sale_order_id.state != 'sale'
            or notification.sale_order_id.notification_type == NO_MESSAGE
            or (notification.kind == 'available' and notification.sale_order_id in fetched)))
        obsolete.state = 'cancelled'
        return obsolete

import logging

from markupsafe import Markup

from odoo import api, fields, models, tools
from odoo.fields import Command, Domain

from ..jobs.isolation import BUSY, attempt, describe, refuse_early
from .res_partner import NO_MESSAGE, NOTIFICATION_TYPES

_logger = logging.getLogger(__name__)

SENT_BY_ODOO = ('M', 'S')
REFUSED = 'refused'  # nobody whom it would reach agrees any more


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

    # === GOODS RECEIPT === #

    @api.model
    def _register_arrivals(self, receipts, quantities):
        """Make one message per order for goods just received.

        An order of which no message can be made is listed, the goods come in and the others get
        theirs. Where two transactions collide, Odoo repeats the whole receipt.

        :param receipts: the transfers with which the goods came
        :param dict quantities: what was newly reserved, by the id of the delivery move
        """
        # sudo: stock.move, sale.order - who receives goods need not see orders
        moves, receipts = self.env['stock.move'].sudo().browse(quantities), receipts.sudo()
        # sudo: dsgvo.notification - only a receipt makes messages, nobody has the right to
        Notification = self.sudo()

        def make(orders):
            own = moves.filtered(lambda move: move.sale_line_id.order_id in orders)
            values = Notification._prepare_available_values(receipts, own, quantities)
            Notification.create(values)._trigger_sending()

        self.env['dsgvo.job.failure']._run(
            'arrival', moves.sale_line_id.order_id.with_company(receipts[:1].company_id), make)

    def _prepare_available_values(self, receipts, moves, quantities):
        # What was already handed over at the till does not wait for these goods.
        moves = moves._dsgvo_first_of_delivery().filtered(
            lambda move: move.sale_line_id.qty_delivered < move.sale_line_id.product_uom_qty)
        orders = moves.sale_line_id.order_id.filtered(
            lambda order: order.state == 'sale' and order.notification_type != NO_MESSAGE)
        known = {
            (notification.sale_order_id, notification.picking_id)
            for notification in self.search(
                Domain('sale_order_id', 'in', orders.ids) & Domain('picking_id', 'in', receipts.ids)
                & Domain('kind', '=', 'available'))}
        moves_by_order = moves.grouped(lambda move: move.sale_line_id.order_id)
        values = []
        for order in orders._dsgvo_notifiable():
            arrived = moves_by_order[order]
            products = arrived.product_id
            receipt = receipts.filtered_domain(
                Domain('move_ids.product_id', 'in', products.ids))[:1] or receipts[:1]
            if (order, receipt) not in known:
                values.append({
                    'sale_order_id': order.id,
                    'partner_id': order.partner_id.id,
                    'picking_id': receipt.id,
                    'company_id': order.company_id.id,
                    'notification_type': order.notification_type,
                    'body': self._render_titles(order.partner_id.lang, arrived, quantities),
                })
        return values

    @api.model
    def _render_titles(self, lang, moves, quantities):
        """Return the list of what arrived, in the language of the customer."""
        products = moves.product_id.with_context(lang=lang, display_default_code=False)
        names = {product.id: product.display_name for product in products}
        arrived = {}
        for move in moves:
            name = names[move.product_id.id]
            arrived[name] = arrived.get(name, 0) + quantities[move.id]
        items = Markup().join(
            Markup("<li>%s × %s</li>") % (f'{quantity:g}', name)
            for name, quantity in arrived.items())
        return Markup("<ul>%s</ul>") % items

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

    # === SENDING === #

    def _trigger_sending(self):
        cron = self.env.ref('dsgvo.ir_cron_notify', raise_if_not_found=False)
        if cron and any(notification.notification_type in SENT_BY_ODOO for notification in self):
            # sudo: ir.cron - whoever changes an order makes its message leave, nothing else runs
            cron.sudo()._trigger()

    @api.model
    def _cron_send(self, batch_size=50):
        """Send what waits as e-mail or SMS, one transaction each, until the cron's time is up."""
        Failure = self.env['dsgvo.job.failure']
        domain = (
            Domain('state', '=', 'todo') & Domain('notification_type', 'in', SENT_BY_ODOO)
            & Failure._get_paused_domain('notify', self._name))
        commit_progress = self.env['ir.cron']._commit_progress
        ids = self.search(domain, limit=batch_size, order='id').ids
        commit_progress(remaining=self.search_count(domain))
        for notification_id in ids:
            # A commit drops the cache and the lock: lock, then look at the state again.
            notification = self.browse(notification_id).try_lock_for_update()
            Failure._run(
                'notify', notification.filtered_domain(domain).with_company(
                    notification.company_id), lambda waiting: waiting._send())
            if not commit_progress(1):
                break

    def _send(self):
        """Send one message, unless the customer or the order does not want it any more."""
        if self._cancel_obsolete():
            return
        # What the database refuses, it must refuse before the message has left.
        self.write({'state': 'sent', 'date': fields.Datetime.now()})
        self.flush_recordset()
        refuse_early(self.env.cr)
        send = self._send_email if self.notification_type == 'M' else self._send_sms
        failures = []
        if error := attempt(self.env, lambda: failures.append(send())):
            if isinstance(error, BUSY):
                raise error  # Nothing of this one is committed: it is sent by the next run.
            _logger.error("Customer message %s failed: %s", self.id, describe(error))
        failure = 'error' if error else failures[0]
        if failure == REFUSED:
            self.write({'state': 'cancelled', 'date': False})
        elif failure:
            self.write({'state': 'failed', 'date': False, 'failure': failure})

    def _send_email(self):
        """Send and return None, or the reason why not. No copy of the e-mail is kept."""
        recipient = self.partner_id._dsgvo_reached_by('email')
        if not tools.email_normalize(recipient.email):
            return 'no_email'
        template = self.env.ref(f'dsgvo.mail_template_{self.kind}')
        mail_id = template.send_mail(self.id, force_send=True, email_values={
            'recipient_ids': [Command.link(recipient.id)], 'email_to': False, 'auto_delete': True})
        if not mail_id:
            return REFUSED
        mail = self.env['mail.mail'].browse(mail_id).exists()
        if mail.state == 'exception':
            mail.unlink()
            return 'mail_server'
        return None

    def _send_sms(self):
        recipient = self.partner_id._dsgvo_reached_by('phone')
        number = recipient and recipient._phone_format(fname='phone')
        if not number:
            return 'no_phone'
        template = self.env.ref(f'dsgvo.sms_template_{self.kind}')
        sms = self.env['sms.sms'].create({
            'number': number,
            'partner_id': recipient.id,
            'body': template._render_field('body', self.ids, compute_lang=True)[self.id],
        })
        if not sms:
            return REFUSED
        sms.send()
        if sms.exists().state == 'error':
            sms.unlink()
            return 'sms_service'
        return None

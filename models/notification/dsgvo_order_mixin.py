import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ..jobs.isolation import BUSY, attempt, describe
from .res_partner import NO_MESSAGE, NOTIFICATION_TYPES

_logger = logging.getLogger(__name__)


class DsgvoOrderMixin(models.AbstractModel):
    """An order with a message type, which is K unless its customer agreed to notification.

    A compute alone would keep whatever value was passed, so `create` and `write` enforce it,
    for every way in: form, RPC, import, copy, website, till. A consent given later does not change
    an order: the clerk decides. Inherit it in front of the order, as it must see the last word. The
    order is a `mail.thread` and has a `partner_id` and a `company_id`.
    """
    _name = 'dsgvo.order.mixin'
    _inherit = ['dsgvo.status.mixin']
    _description = "Order with a Message Type"

    notification_type = fields.Selection(
        NOTIFICATION_TYPES, "Message Type", compute='_compute_notification_type', store=True,
        readonly=False, precompute=True, copy=False,
        help="How the customer is told about this order. Without the customer's consent to"
             " notification it is K: no message.")

    @api.depends('partner_id')
    def _compute_notification_type(self):
        permitted = self._dsgvo_notifiable()
        for order in self:
            order.notification_type = (
                order.partner_id._dsgvo_message_type() if order in permitted else NO_MESSAGE)

    @api.onchange('notification_type')
    def _onchange_notification_type(self):
        if not self.partner_id or self.notification_type == NO_MESSAGE or self._dsgvo_notifiable():
            return None
        self.notification_type = NO_MESSAGE
        return {'warning': {
            'title': self.env._("No message without consent"),
            'message': self.env._(
                "%(name)s has not agreed to be notified, so this order keeps the message type K."
                " Record the consent with the badge DSGVO first.",
                name=self.partner_id.display_name),
        }}

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create([self._dsgvo_without_empty_type(vals) for vals in vals_list])
        orders._dsgvo_enforce_type()
        return orders

    def write(self, vals):
        vals = self._dsgvo_without_empty_type(vals)
        if not {'partner_id', 'notification_type'} & vals.keys():
            return super().write(vals)
        # The ORM computes anew although the same customer is written, as tills and imports do.
        same = self.filtered(lambda order: order.partner_id.id == vals.get('partner_id'))
        with self.env.protecting([self._fields['notification_type']], same):
            result = super().write(vals)
        self._dsgvo_enforce_type()
        return result

    @api.model
    def _dsgvo_without_empty_type(self, vals):
        """Return `vals` without an empty message type (import, till): only K says no message."""
        if vals.get('notification_type', NO_MESSAGE):
            return vals
        return {field: value for field, value in vals.items() if field != 'notification_type'}

    def _dsgvo_enforce_type(self):
        """Store K where the customer has not agreed. Writes once, and K ends the recursion.

        Where even the database refuses it, the type stays: the consent is asked for again whenever
        a message is made and when it leaves.

        :raise: BUSY, for Odoo repeats the request then
        """
        wanted = self.filtered(lambda order: order.notification_type != NO_MESSAGE)
        if silent := wanted - wanted._dsgvo_notifiable():
            # sudo: sale.order, pos.order - who may create an order may be unable to change it
            orders = silent.sudo()
            error = attempt(self.env, orders.write, {'notification_type': NO_MESSAGE})
            if error and not isinstance(error, BUSY):
                # Another addon lets nobody change it: no reason to refuse a sale.
                _logger.warning("%s %s: %s", self._name, silent.ids, describe(error))
                error = attempt(self.env, orders._dsgvo_store_no_message)
                orders.invalidate_recordset(['notification_type'])
            if isinstance(error, BUSY):
                raise error

    def _dsgvo_store_no_message(self):
        self.env.execute_query(SQL(
            "UPDATE %s SET notification_type = %s WHERE id = ANY(%s) RETURNING id",
            SQL.identifier(self._table), NO_MESSAGE, self.ids))

    def _dsgvo_notifiable(self):
        """Return the orders whose customer permits messages, whatever type they have."""
        permitted = self.browse()
        for company, orders in self.grouped('company_id').items():
            customers = orders.partner_id.with_company(company)._dsgvo_allows('notification')
            permitted |= orders.filtered(lambda order, among=customers: order.partner_id in among)
        return self & permitted

    def _dsgvo_is_silent(self):
        return bool(self._dsgvo_silent())

    def _dsgvo_silent(self):
        told = self.filtered(lambda order: order.notification_type != NO_MESSAGE)
        return self - told._dsgvo_notifiable()

    @api.model
    def _dsgvo_open_domain(self):
        """Return the `Domain` of orders about which there is still something to tell."""
        raise NotImplementedError

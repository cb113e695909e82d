import re

from odoo import fields, models
from odoo.tools.misc import format_date

from .special_order_request import RequestTakenError

SHORT = 4  # digits of the number in big print, by which goods are found on the shelf


class SaleOrder(models.Model):
    """Special orders that were taken at a till."""
    _inherit = 'sale.order'

    dsgvo_till_uuid = fields.Char(
        "Request of the Till", readonly=True, copy=False,
        help="By which a till that got no answer finds the special order, instead of taking it"
             " twice.", prefetch='dsgvo')
    dsgvo_till_digest = fields.Char(
        "Content of the Request", readonly=True, copy=False,
        help="Hash of what the till asked for. It shows whether the till changed the special order"
             " before it sent it again.", prefetch='dsgvo')

    _dsgvo_taken_once = models.UniqueIndex(
        '(dsgvo_till_uuid) WHERE dsgvo_till_uuid IS NOT NULL',
        "This special order is being taken already. Look at Quotation/Order.")

    def _compute_currency_id(self):
        """Let an order have the currency of its till, which takes the numbers as they are."""
        result = super()._compute_currency_id()
        # Odoo keeps no value of `create` in this field.
        if currency_id := self.env.context.get('dsgvo_currency_id'):
            self.currency_id = currency_id
        return result

    def _dsgvo_check_same(self, request):
        """Refuse a `SpecialOrderRequest` that is not answered by the slip of this order."""
        self.ensure_one()
        if self.state == 'cancel':
            raise RequestTakenError(self.env._(
                "%(number)s was taken, and the office has cancelled it since then. Ask the office"
                " before you order again.", number=self.name))
        # Orders from before an update have none.
        if self.dsgvo_till_digest and self.dsgvo_till_digest != request.digest:
            raise RequestTakenError(self.env._(
                "%(number)s was taken already, with: %(titles)s. What you changed since then is not"
                " in it. Remove these articles, then order the others anew.",
                number=self.name, titles=", ".join(
                    f"{title['quantity']:g} × {title['name']}"
                    for title in self._dsgvo_get_slip()['titles'])))

    def _dsgvo_get_slip(self):
        """Return what the slips of a special order say: no name and no address."""
        self.ensure_one()
        digits = re.sub(r'\D', '', self.name)
        return {
            'id': self.id,
            'name': self.name,
            'short': digits[-SHORT:] or self.name,
            'date': format_date(self.env, self.date_order),
            'wish_date': self.commitment_date and format_date(self.env, self.commitment_date),
            'notification_type': self.notification_type,
            'titles': [
                {'quantity': line.product_uom_qty, 'name': line.product_id.display_name}
                for line in self.order_line if line.product_id and not line.is_downpayment],
            'amount_total': self.amount_total,
        }

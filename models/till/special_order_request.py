"""What a till says that is to be ordered, checked and bounded by the server."""
import hashlib
import json
import math
import unicodedata

from odoo.exceptions import UserError

from ..notification.res_partner import NOTIFICATION_TYPES
from .customer_answer import UUID
from .request_reader import RequestReader

HIGHEST_PRICE = 100_000  # more is a code that was typed into the field of the price
LONGEST_TITLE = 250
MOST_ARTICLES = 100


class RequestTakenError(UserError):
    """The order of a request was taken already, and is not what the till asks for now."""


class SpecialOrderRequest(RequestReader):
    """One special order as a till sent it. All that it has is of its type and within bounds.

    What no cashier can type is refused as a whole. An article without title, price or quantity
    has none here: whoever takes the order asks for them.

    :param env: for the words
    :param dict values: of `pos.config.take_special_order`
    :raise UserError: if a till cannot have sent it, or something is too large
    """

    def __init__(self, env, values):
        super().__init__(env)
        values = self.read_dict(values)
        self.uuid = self.read_kind(str, values.get('uuid'))
        if not UUID.fullmatch(self.uuid):
            self.refuse()
        articles = self.read_list(values.get('articles') or [])
        if len(articles) > MOST_ARTICLES:
            raise UserError(env._(
                "A special order has %(most)s articles at most. Take the others as a second order.",
                most=MOST_ARTICLES))
        self.values = {
            'partner_id': self.read_id(values.get('partner_id')),
            'notification_type': self._read_type(values.get('notification_type')),
            'wish_date': self.read_text(values.get('wish_date')),
            'articles': [self._read_article(self.read_dict(article)) for article in articles],
        }

    @property
    def digest(self):
        """A hash of the order, which tells a changed request from a repeated one."""
        return hashlib.sha256(json.dumps(self.values, sort_keys=True).encode()).hexdigest()

    def refuse(self):
        raise UserError(self.env._(
            "The server cannot read this special order, nothing was ordered. Reload the till, then"
            " enter it again."))

    def _read_article(self, article):
        return {
            'product_id': self.read_id(article.get('product_id')),
            'quantity': _read_number(article.get('quantity')),
            'title': self._read_title(article.get('title')),
            'price': self._read_price(article.get('price')),
            'tax_id': self.read_id(article.get('tax_id')),
            'code': self.read_text(article.get('code')),
            'supplier_id': self.read_id(article.get('supplier_id')),
        }

    def _read_type(self, value):
        return value if not value or value in [key for key, _label in NOTIFICATION_TYPES] else (
            self.refuse())

    def _read_title(self, value):
        """Return the title without control characters; nothing, if nobody could see it."""
        title = self.read_storable(value or '').strip()
        if len(title) > LONGEST_TITLE:
            raise UserError(self.env._(
                "The title is longer than %(most)s characters. Shorten it.", most=LONGEST_TITLE))
        is_seen = any(unicodedata.category(character)[0] not in 'CZ' for character in title)
        return title if is_seen else ''

    def _read_price(self, value):
        price = _read_number(value)
        if price is not None and price > HIGHEST_PRICE:
            raise UserError(self.env._(
                "The price must be %(most)s at most. Type it again.", most=HIGHEST_PRICE))
        return price


def _read_number(value):
    """Return a number with which the server can count, or None."""
    try:
        return value if type(value) in (int, float) and math.isfinite(value) else None
    except OverflowError:
        return None

import hmac

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from ..map.arrays import as_array
from ..map.placeholders import is_placeholder
from ..map.texts import spell_address


class DsgvoSuppression(models.Model):
    """A customer who was erased or objected gets no advertising when imported again.

    Holds no person: a hash of the normalised e-mail address or telephone number, made with a key
    that only administrators can read. It cannot be turned back, only compared.
    """
    _name = 'dsgvo.suppression'
    _description = "Suppressed Address"
    _order = 'id desc'
    _rec_name = 'kind'

    kind = fields.Selection(
        [('email', "E-mail"), ('phone', "Telephone")], required=True, readonly=True)
    hash = fields.Char(required=True, readonly=True)
    since = fields.Date(required=True, readonly=True)
    reason = fields.Selection(
        [('erased', "Erased"), ('objected', "Objected to advertising")], required=True,
        readonly=True)

    address = fields.Char(
        "E-mail or Telephone", compute='_compute_address', search='_search_address',
        help="To look for an address that you type; it is compared and not stored.")

    _once = models.UniqueIndex('(hash, kind, reason)', "This address is suppressed already.")

    def _compute_address(self):
        self.address = False  # nobody knows it any more

    def _search_address(self, operator, value):
        if operator not in ('in', 'ilike', '=ilike'):
            return NotImplemented
        # sudo: res.partner - only to write the number as contacts have it
        company = self.env.company.partner_id.sudo()
        hashes = [
            self._hash(kind, way)
            for text in ([value] if isinstance(value, str) else value)
            for kind, normalized in (
                ('email', email_normalize(text)), ('phone', company._phone_format(number=text)))
            if normalized for way in spell_address(kind, normalized)]
        return Domain('hash', 'in', hashes)

    @api.model
    def _get_key(self):
        return self.env['ir.config_parameter']._dsgvo_get_key()

    @api.model
    def _hash(self, kind, value, key=None):
        """Return the keyed hash (HMAC-SHA256) of a normalised value.

        :param bytes key: of `_get_key`, for whoever hashes many values
        """
        return hmac.digest(key or self._get_key(), f'{kind}:{value}'.encode(), 'sha256').hex()

    @api.model
    def _suppress(self, addresses, reason):
        """Note addresses; the day of one that is known moves on to today, as decisions have it.

        :param addresses: pairs `(kind, normalised value)`
        """
        self._suppress_since(dict.fromkeys(addresses, self.env.company._dsgvo_today()), reason)

    @api.model
    def _suppress_since(self, days, reason):
        """Note addresses, each with its day; the later one counts for one that is known.

        Placeholders such as keine@… are not noted: they would mark the next customer with one.

        :param dict days: day by `(kind, normalised value)`
        """
        key = self._get_key()
        rows = sorted({
            (kind, self._hash(kind, value, key), day) for (kind, value), day in days.items()
            if value and not is_placeholder(kind, value)})
        if rows:
            self.env.execute_query(SQL(
                """
                INSERT INTO dsgvo_suppression (kind, hash, since, reason, create_date)
                SELECT kind, hash, since, %s, now() AT TIME ZONE 'UTC'
                  FROM unnest(%s::varchar[], %s::varchar[], %s::date[])
                    AS address(kind, hash, since)
                    ON CONFLICT (hash, kind, reason) DO UPDATE
                   SET since = GREATEST(dsgvo_suppression.since, excluded.since),
                       is_listed = FALSE
                RETURNING id
                """, reason, *map(as_array, zip(*rows, strict=True))))

    @api.model
    def _find(self, addresses_by_partner):
        """Return `{partner: {reason: day}}` of those with a suppressed address; one query.

        :param dict addresses_by_partner: pairs `(kind, normalised value)` by contact
        """
        addresses, key = {}, self._get_key()
        for partner, pairs in addresses_by_partner.items():
            for kind, value in pairs:
                for way in spell_address(kind, value):
                    addresses.setdefault(self._hash(kind, way, key), []).append(partner)
        found = {}
        if addresses:
            for value, since, reason in self.env.execute_query(SQL(
                    "SELECT hash, since, reason FROM dsgvo_suppression WHERE hash = ANY(%s)"
                    " ORDER BY since", list(addresses))):
                for partner in addresses[value]:
                    found.setdefault(partner, {})[reason] = since
        return found

from odoo import api, fields, models
from odoo.tools import SQL

from ..map.arrays import as_array
from ..map.searching import SPELLING, Recogniser
from .fingerprints import HashedValues, Hasher
from .legacy_values import LEGACY_SPELLING
from .sieve import Sieve

VALUES = 10_000  # read at once


class DsgvoErasureValue(models.Model):
    """A value of an erased person as a keyed hash, to search the whole database for it at night.

    Goes as soon as a search found nothing that is left to do for the person.
    """
    _name = 'dsgvo.erasure.value'
    _description = "Hashed Value of an Erased Person"
    _log_access = False

    erasure_id = fields.Many2one(
        'dsgvo.erasure', required=True, readonly=True, ondelete='cascade')
    kind = fields.Selection(
        [('email', "E-mail"), ('phone', "Telephone"), ('name', "Name"), ('street', "Street"),
         ('doubtful', "Doubtful")],
        required=True, readonly=True)
    hash = fields.Char(required=True, readonly=True, index=True)
    head = fields.Integer(readonly=True, help="Hash of the first word, shared by many words.")
    words = fields.Integer(readonly=True, help="0 for an e-mail address or a telephone number.")
    is_shared = fields.Boolean(
        readonly=True, help="Somebody else has the same value, so it proves nothing.")
    is_legacy = fields.Boolean(
        readonly=True, help="Hashed by 19.0.1.1.0, which spelled words and numbers in another way.")

    _once = models.UniqueIndex('(erasure_id, hash)')

    def _get_hasher(self):
        # sudo: dsgvo.suppression - the key is used here and never shown
        return Hasher(self.env['dsgvo.suppression'].sudo()._get_key()[:64])

    @api.model
    def _make_recogniser(self):
        """Return what finds all values in texts, also those of older versions if there are any."""
        hasher, known, last_id = self._get_hasher(), {}, 0
        while rows := self.env.execute_query(SQL(
                "SELECT id, coalesce(is_legacy, FALSE), hash, head, words FROM dsgvo_erasure_value"
                " WHERE id > %s ORDER BY id LIMIT %s", last_id, VALUES)):
            for _id, is_legacy, *fingerprint in rows:
                if is_legacy not in known:
                    known[is_legacy] = HashedValues(
                        hasher, LEGACY_SPELLING if is_legacy else SPELLING)
                known[is_legacy].add(*fingerprint)
            last_id = rows[-1][0]
        sieve = Sieve(known[False]) if list(known) == [False] else None
        return Recogniser(*known.values(), sieve=sieve)

    @api.model
    def _forget(self):
        """Delete the hashes of persons who were searched for and have nothing left to do."""
        self.env.flush_all()
        self.env.execute_query(SQL("""
            DELETE FROM dsgvo_erasure_value v USING dsgvo_erasure e
             WHERE e.id = v.erasure_id AND e.search_id IS NOT NULL AND e.state = 'done'
               AND NOT EXISTS (
                SELECT FROM dsgvo_erasure_residual r WHERE r.erasure_id = e.id AND r.state = 'open')
            RETURNING v.id
        """))


class DsgvoErasure(models.Model):
    """The values of an erased person are kept as hashes until the search is over."""
    _inherit = 'dsgvo.erasure'

    @api.model
    def _after_erasure(self, persons):
        result = super()._after_erasure(persons)
        hasher = self.env['dsgvo.erasure.value']._get_hasher()
        rows = {
            (erasure.id, mark.kind, *hasher.get_fingerprint(mark))
            for erasure, person in persons.items() for mark in person.marks}
        if rows:
            self.env.execute_query(SQL(
                """
                INSERT INTO dsgvo_erasure_value (erasure_id, kind, hash, head, words)
                SELECT * FROM unnest(
                    %s::int[], %s::varchar[], %s::varchar[], %s::int[], %s::int[])
                    ON CONFLICT (erasure_id, hash) DO NOTHING RETURNING id
                """, *map(as_array, zip(*sorted(rows), strict=True))))
        return result

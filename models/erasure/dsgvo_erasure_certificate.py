import hashlib
import json

from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)
# What a person is looked for by.
SOUGHT = {
    'email': _lt("E-mail"), 'phone': _lt("Telephone"), 'name': _lt("Name"),
    'street': _lt("Street")}


class DsgvoErasure(models.Model):
    """The certificate: what was removed, what stays and why, without the person.

    `certificate` holds `removed` {model: rows}, `kept` [{model, rows, basis}], `until`, `searched`
    (rows left of the person and found clean), `sought` and `sought_everywhere` (the kinds of values
    that were certain enough to be looked for in these rows and in the whole database), `verified`
    (UTC) and `hash` over all of that.
    """
    _inherit = 'dsgvo.erasure'

    certificate_hash = fields.Char(
        compute='_compute_certificate_hash',
        help="Calculated from the certificate as it is stored now.")
    certificate_intact = fields.Boolean(
        "Certificate Unchanged", compute='_compute_certificate_hash',
        help="The certificate is the one that was written at the erasure.")

    is_unsearchable = fields.Boolean(
        compute='_compute_is_unsearchable',
        help="Nothing of the person is distinctive enough, so the database is not searched.")

    @api.depends('certificate')
    def _compute_is_unsearchable(self):
        for erasure in self:
            erasure.is_unsearchable = (
                (erasure.certificate or {}).get('sought_everywhere') == [])

    def _compute_certificate_hash(self):
        for erasure in self:
            certificate = erasure.certificate or {}
            erasure.certificate_hash = bool(certificate) and self._hash_certificate(certificate)
            erasure.certificate_intact = erasure.certificate_hash == certificate.get('hash', False)

    def _prepare_certificate(self, person):
        certificate = super()._prepare_certificate(person) | {
            'kept': person.kept,
            'searched': person.searched,
            'sought': sorted(person.sought),
            'sought_everywhere': sorted({mark.kind for mark in person.marks}),
            'verified': fields.Datetime.to_string(person.verified),
            'until': person.until and fields.Date.to_string(person.until),
        }
        return certificate | {'hash': self._hash_certificate(certificate)}

    def _hash_certificate(self, certificate):
        """Return the hash over the certificate, which holds nothing of the person."""
        content = {key: value for key, value in certificate.items() if key != 'hash'}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def _get_sought(self):
        """Return in words what rows of the person were searched for, None if that is not known."""
        kinds = (self.certificate or {}).get('sought')
        return None if kinds is None else ", ".join(self.env._(SOUGHT[kind]) for kind in kinds)

    def _get_certificate_lines(self, part):
        """Return `(kind of rows in words, number, legal basis)` of `removed` or `kept`."""
        # sudo: ir.model - only the names of the models
        name_of = self.env['ir.model'].sudo()._get
        if part == 'removed':
            rows = [(model, count, '') for model, count in (
                (self.certificate or {}).get('removed', {})).items()]
        else:
            rows = [(row['model'], row['rows'], row['basis']) for row in (
                (self.certificate or {}).get('kept', []))]
        return sorted((name_of(model).name or model, count, basis) for model, count, basis in rows)

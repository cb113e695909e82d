import hashlib
import json
from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.tools.misc import format_datetime
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)
# The kinds of values by which a person is looked for.
SOUGHT = {
    'email': _lt("E-mail"), 'phone': _lt("Telephone"), 'name': _lt("Name"),
    'street': _lt("Street")}


class DsgvoErasure(models.Model):
    """The certificate: what was removed, what stays and why, without the person.

    `certificate` holds:

    * `removed`: {model: rows}, the same whoever else is erased in the batch;
    * `deleted`: the rows of `removed` that went as a whole. The customer was only taken out of the
      others. Certificates from before 19.0.1.2.0 do not have it;
    * `kept`: [{model, rows, basis}], and `until`;
    * `searched`: rows left of the person, and found clean; not those that went with somebody else;
    * `sought` and `sought_everywhere`: the kinds of values that were certain enough to be looked
      for, in these rows and in the whole database;
    * `verified` (UTC), and `hash` over all of that.

    Of a customer whom the law kept for some years, it tells what went in both stages.
    """
    _inherit = 'dsgvo.erasure'

    certificate_html = fields.Html("Removed", compute='_compute_certificate_html')
    certificate_hash = fields.Char(
        compute='_compute_certificate_hash',
        help="Calculated from the certificate as it is stored now.")
    certificate_intact = fields.Boolean(
        "Certificate Unchanged", compute='_compute_certificate_hash',
        help="The certificate is the one that was written at the erasure.")

    is_unsearchable = fields.Boolean(
        compute='_compute_is_unsearchable',
        help="Nothing of the person is distinctive enough, so the database is not searched.")

    @api.depends_context('lang')
    @api.depends('certificate')
    def _compute_certificate_html(self):
        for erasure in self:
            erasure.certificate_html = bool(erasure.certificate) and self.env['ir.qweb']._render(
                'dsgvo.erasure_certificate_table', {'doc': erasure})

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
        return super()._prepare_certificate(person) | {
            'deleted': person.deleted,
            'kept': person.kept,
            'searched': person.searched,
            'sought': sorted(person.sought),
            'sought_everywhere': sorted({mark.kind for mark in person.marks}),
            'verified': fields.Datetime.to_string(person.verified),
            'until': person.until and fields.Date.to_string(person.until),
        }

    def _complete_certificate(self, certificate):
        """Return what all extensions made of it, with the stages before and the hash over all."""
        certificate = self._add_earlier_stage(certificate)
        return certificate | {'hash': self._hash_certificate(certificate)}

    def _add_earlier_stage(self, certificate):
        """Add what the first stage removed, while the law kept documents; what stays is as now.

        A row goes once, so deleted rows are added. The customer can be taken out of the same row in
        both stages, so the larger number counts. Contacts of the first stage are all in the second.
        """
        earlier = self.certificate or {}
        if 'removed' not in earlier:
            return certificate
        before = Counter(earlier['removed'])
        before.subtract(earlier.get('deleted', {}))
        before.pop('res.partner', None)
        now = Counter(certificate['removed'])
        now.subtract(certificate['deleted'])
        deleted = Counter(earlier.get('deleted', {})) + Counter(certificate['deleted'])
        merged = earlier | certificate | {
            part: sorted({*earlier.get(part, ()), *certificate[part]})
            for part in ('sought', 'sought_everywhere')}
        merged |= {'removed': dict(deleted + (before | now)), 'deleted': dict(deleted)}
        if 'deleted' not in earlier:
            del merged['deleted']
        return merged

    def _hash_certificate(self, certificate):
        """Return the hash over the certificate, which holds nothing of the person."""
        content = {key: value for key, value in certificate.items() if key != 'hash'}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def _get_sought(self):
        """Return in words what rows of the person were searched for, None if that is not known."""
        kinds = (self.certificate or {}).get('sought')
        return None if kinds is None else ", ".join(self.env._(SOUGHT[kind]) for kind in kinds)

    def _get_verified(self):
        """Return in the language and the timezone of the shop when the person was searched for."""
        return format_datetime(
            self.env, (self.certificate or {}).get('verified'),
            tz=self.company_id._dsgvo_timezone())

    def _get_certificate_lang(self):
        return self.company_id.partner_id.lang or self.env.lang

    def _get_certificate_lines(self, part):
        """Return `[(kind of record in words, number, legal basis)]`.

        :param str part: `deleted`, `changed` (the customer was taken out) or `kept` by law
        """
        certificate = self.certificate or {}
        deleted = certificate.get('deleted', {})
        rows = {
            'deleted': [(model, count, '') for model, count in deleted.items()],
            'changed': [
                (model, count - deleted.get(model, 0), '')
                for model, count in certificate.get('removed', {}).items()],
            'kept': self._get_kept(),
        }[part]
        names = self.env['dsgvo.data.rule']._name_kinds([model for model, *_rest in rows])
        counts = Counter()
        for model, count, basis in rows:
            counts[names[model], basis] += count
        return sorted((name, count, basis) for (name, basis), count in counts.items() if count)

    def _get_kept(self):
        """Return `[(model, rows, legal basis)]`: the documents, and the contact that they name."""
        certificate = self.certificate or {}
        kept = [(row['model'], row['rows'], row['basis']) for row in certificate.get('kept', [])]
        contacts, deleted = (
            certificate.get(part, {}).get('res.partner', 0) for part in ('removed', 'deleted'))
        if kept and not any(model == 'res.partner' for model, *_rest in kept):
            laws = ", ".join(sorted({basis for _model, _rows, basis in kept if basis}))
            kept.append(('res.partner', contacts - deleted, laws))
        return kept

    def _get_certificate_table(self):
        """Return `[(kind of record in words, deleted, customer taken out, kept, laws)]`.

        Each kind once. The customer was taken out of records that stay by law, too: of these only
        what the law does not demand went.
        """
        parts = {part: self._get_certificate_lines(part) for part in ('deleted', 'changed', 'kept')}
        counts = {part: Counter() for part in parts}
        laws = defaultdict(set)
        for part, lines in parts.items():
            for name, count, basis in lines:
                counts[part][name] += count
                laws[name].add(basis)
        return [
            (name, *(counts[part][name] for part in parts), ", ".join(sorted(laws[name] - {''})))
            for name in sorted(laws)]

    def _tells_deleted(self):
        """Return whether the certificate does, as those since 19.0.1.2.0 do."""
        return 'deleted' in (self.certificate or {})

    def _explain_certificate(self):
        """Return what the columns of the table mean."""
        if not self._tells_deleted():
            return ""
        if self.certificate.get('kept'):
            return self.env._(
                "Taken out: the record stays without the customer and holds no personal data any"
                " more (recital 26 GDPR). If it stays by law, only what the law does not demand"
                " was taken out.")
        return self.env._(
            "Taken out: the record stays without the customer and holds no personal data any more"
            " (recital 26 GDPR).")

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .contact_columns import OWN, get_further_columns


class ConsentBeforeErasure(ValidationError):
    """A consent from before the erasure of a person who is back."""


class ResPartner(models.Model):
    _inherit = 'res.partner'

    dsgvo_suppressed_since = fields.Date(
        "Known as Erased Since", readonly=True, copy=False,
        help="Somebody with this e-mail address or telephone number was erased, or objected to"
             " advertising, on this day. Only consents given afterwards count.")
    dsgvo_suppressed_reason = fields.Selection(
        [('erased', "Erased"), ('objected', "Objected to advertising")], readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners._dsgvo_note_suppressed()
        return partners

    def write(self, vals):
        result = super().write(vals)
        if any(map(vals.get, self._dsgvo_address_columns())):
            self._dsgvo_note_suppressed()
        return result

    @api.model
    def _dsgvo_own_fields(self):
        return super()._dsgvo_own_fields() | {'dsgvo_suppressed_since', 'dsgvo_suppressed_reason'}

    def _dsgvo_addresses(self):
        """Return the normalised addresses of these contacts as `(kind, value)`."""
        return {
            (kind, value) for partner in self
            for kind, value in (('email', partner.email_normalized),
                                ('phone', partner.phone_sanitized)) if value
        } | {(kind, value) for _partner, kind, value, _typed in self._dsgvo_further_addresses()}

    @api.model
    @tools.ormcache()
    def _dsgvo_address_columns(self):
        return tuple(name for columns in (OWN, get_further_columns(self.env))
                     for names in columns.values() for name in names)

    def _dsgvo_further_addresses(self):
        """Return `[(partner, kind, normalised value, as it was typed)]` of columns of other addons."""
        further = get_further_columns(self.env)
        # sudo: res.partner - such a column may be for some users only; it is compared, not shown
        return [
            (partner, kind, value, partner[name])
            for partner in self.sudo() for kind, names in further.items() for name in names
            if partner[name]
            for value in (tools.email_normalize_all(partner[name]) if kind == 'email'
                          else [partner._phone_format(fname=name)]) if value]

    def _dsgvo_objector_is_there(self):
        """Return whether who objected is still a contact: then the ledger decides, as always."""
        # sudo: res.partner - only to compare
        Partner = self.sudo().with_context(active_test=False)
        values = [value for _kind, value in Partner._dsgvo_addresses()]
        return bool(Partner.search_count(
            (Domain('email_normalized', 'in', values) | Domain('phone_sanitized', 'in', values))
            & self._dsgvo_refused_domain('marketing'), limit=1))

    def _dsgvo_note_suppressed(self):
        """Mark those who were erased or objected before and have agreed to nothing since."""
        # sudo: dsgvo.suppression - whoever enters a contact must learn it, without seeing the list
        for partner, (since, reason) in self.env['dsgvo.suppression'].sudo()._find(self).items():
            if partner.consent_state == 'none' and partner.consent_marketing != 'refused':
                # sudo: res.partner - a note of ours on the contact just written
                partner.sudo().write(
                    {'dsgvo_suppressed_since': since, 'dsgvo_suppressed_reason': reason})

    def _dsgvo_after_decision(self, purpose, decision):
        """Keep the address of who objects; lift the note of who agrees anew."""
        result = super()._dsgvo_after_decision(purpose, decision)
        if decision == 'granted':
            self.filtered('dsgvo_suppressed_since').write(
                {'dsgvo_suppressed_since': False, 'dsgvo_suppressed_reason': False})
        elif purpose == 'marketing' and decision != 'expired':
            refusing = self - self._dsgvo_allows('marketing')
            # sudo: dsgvo.suppression - follows from the decision, whoever recorded it
            self.env['dsgvo.suppression'].sudo()._suppress(refusing._dsgvo_addresses(), 'objected')
        return result


class DsgvoConsentEvent(models.Model):
    _inherit = 'dsgvo.consent.event'

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse consents from before the erasure of the same person.

        :raise ConsentBeforeErasure: naming the contact
        """
        granted = [vals for vals in vals_list if vals.get('decision') == 'granted'
                   and vals.get('date') and vals.get('means') != 'merge']
        partners = self.env['res.partner'].browse(
            {vals['partner_id'] for vals in granted if vals.get('partner_id')})
        # sudo: dsgvo.suppression, res.partner - only to compare
        found = self.env['dsgvo.suppression'].sudo()._find(partners.sudo())
        for vals in granted:
            partner = partners.browse(vals.get('partner_id'))
            since, reason = found.get(partner, (None, None))
            if (since and fields.Date.to_date(vals['date']) < since
                    and (reason == 'erased' or vals.get('purpose') == 'marketing')
                    and not (reason == 'objected' and partner._dsgvo_objector_is_there())):
                raise ConsentBeforeErasure(self.env._(
                    "%(name)s was erased or objected on %(since)s. The consent of %(date)s is from"
                    " before and does not count any more. Leave the consents of this line empty,"
                    " and ask the customer again.",
                    name=partner.display_name, since=since, date=vals['date']))
        return super().create(vals_list)

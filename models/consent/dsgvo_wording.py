import hashlib
import hmac
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from .dsgvo_consent_event import PURPOSES
from .ledger import derive_key, install_wording_guard, recording

# The fields that say what customers agree to, and on which days they are shown it.
AGREED_TO = ('purpose', 'lang', 'company_id', 'version', 'text', 'valid_from', 'valid_until')


class DsgvoWording(models.Model):
    """What exactly a customer is asked and agrees to, in one language, in one version.

    Once somebody has decided on a version it is immutable, by SQL too (see ledger.py): the text is
    part of the proof of a consent. Which version a customer saw follows from the day of the
    decision, so a form that was signed last month names the text of last month.
    """
    _name = 'dsgvo.wording'
    _description = "Wording of a Consent"
    _order = 'purpose, lang, company_id, version desc'

    purpose = fields.Selection(PURPOSES, required=True)
    lang = fields.Selection(
        selection='_get_languages', string="Language", required=True,
        default=lambda self: self.env.lang)
    company_id = fields.Many2one('res.company', help="Empty: for every company.")
    version = fields.Integer(required=True, default=1, readonly=True, copy=False)
    text = fields.Html(
        required=True, sanitize_style=True,
        help="What the customer reads, with the right to withdraw (Art. 7(3) DSGVO).")
    valid_from = fields.Date(
        required=True, copy=False, default=lambda self: self.env.company._dsgvo_today(),
        help="Customers who decide on or after this day are shown this version.")
    valid_until = fields.Date(
        readonly=True, copy=False, help="The last day of a wording that was archived without a"
                                        " newer version.")
    active = fields.Boolean(
        default=True, help="The newest version. Older ones stay as proof.")
    is_used = fields.Boolean(compute='_compute_is_used')
    seal = fields.Char(
        readonly=True, copy=False, groups='base.group_system',
        help="Keyed hash over what customers agree to; Verify Ledger compares it.")

    _version_once = models.UniqueIndex(
        '(purpose, lang, coalesce(company_id, 0), version)', "This version exists already.")
    _one_current = models.UniqueIndex(
        '(purpose, lang, coalesce(company_id, 0)) WHERE active',
        "There is a current wording for this purpose and language. Make a new version of it.")

    @api.model
    def _get_languages(self):
        """Return all languages: the texts wait for the day a language is installed."""
        languages = self.env['res.lang'].with_context(active_test=False)
        return languages.search_fetch([('code', '!=', False)], ['code', 'name']).mapped(
            lambda lang: (lang.code, lang.name))

    def _compute_is_used(self):
        # sudo: dsgvo.consent.event - a decision of another company locks the wording as well
        counts = self.env['dsgvo.consent.event'].sudo()._read_group(
            [('wording_id', 'in', self.ids)], ['wording_id'])
        used = self.browse(wording.id for wording, in counts)
        for wording in self:
            wording.is_used = wording in used

    @api.depends_context('lang')
    @api.depends('purpose', 'version', 'lang')
    def _compute_display_name(self):
        purposes = dict(self._fields['purpose']._description_selection(self.env))
        languages = dict(self._get_languages())
        for wording in self:
            wording.display_name = self.env._(
                "%(purpose)s (%(language)s, version %(version)s)",
                purpose=purposes.get(wording.purpose, ""), version=wording.version,
                language=languages.get(wording.lang, ""))

    def init(self):
        install_wording_guard(self.env.cr)
        return super().init()

    @api.constrains('valid_from', 'version', 'purpose', 'lang', 'company_id')
    def _check_order_of_versions(self):
        for wording in self:
            earlier = Domain('version', '<', wording.version)
            later = Domain('version', '>', wording.version)
            other = self.with_context(active_test=False).search(
                wording._get_versions_domain() & (
                    earlier & Domain('valid_from', '>', wording.valid_from)
                    | later & Domain('valid_from', '<', wording.valid_from)), limit=1)
            if other:
                raise ValidationError(self.env._(
                    "%(wording)s cannot be valid from %(date)s: %(other)s is valid from"
                    " %(other_date)s, and a newer version replaces an older one. Enter another"
                    " day.", wording=wording.display_name, other=other.display_name,
                    date=format_date(self.env, wording.valid_from),
                    other_date=format_date(self.env, other.valid_from)))

    @api.model_create_multi
    def create(self, vals_list):
        wordings = super().create(vals_list)
        wordings._seal()
        return wordings

    # pylint: disable-next=method-required-super
    def write(self, vals):  # _write_sealed calls it
        if vals.keys() & set(AGREED_TO):
            self._refuse_used()
        if vals.get('active'):
            vals = vals | {'valid_until': False}
        elif 'active' in vals:
            self.filtered('active')._write_sealed({
                'valid_until': self.env.company._dsgvo_today() - timedelta(days=1)})
        return self._write_sealed(vals)

    def _write_sealed(self, vals):
        """Write and seal; the last day may be that of a wording that customers decided on."""
        with recording(self.env):
            # Past `write` above.
            result = super().write(vals)  # pylint: disable=super-method-mismatch
            self.flush_recordset()
        if vals.keys() & set(AGREED_TO):
            self._seal()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._refuse_used()

    def _refuse_used(self):
        if used := self.filtered('is_used'):
            raise UserError(self.env._(
                "Customers have decided on the wording %(wording)s, so it is evidence and cannot"
                " be changed or deleted. Make a new version instead.",
                wording=used[0].display_name))

    def _seal(self):
        for wording in self.sudo():  # sudo: dsgvo.wording - nobody else may see or set the seal
            wording.seal = wording._get_seal()

    def _get_seal(self):
        """Return the keyed hash over what customers agree to."""
        self.ensure_one()
        agreed = '|'.join(
            str(value) for value in (
                self.id, self.purpose, self.lang, self.company_id.id, self.version,
                self.valid_from, self.valid_until, self.text))
        key = derive_key(self.env['ir.config_parameter']._dsgvo_get_key())
        return hmac.digest(key, f'wording|{agreed}'.encode(), hashlib.sha256).hex()

    @api.model
    def _find_forged(self):
        """Return the wordings that were changed behind Odoo's back."""
        # sudo: dsgvo.wording - those of all companies are verified
        wordings = self.sudo().with_context(active_test=False).search([('id', '!=', False)])
        return wordings.filtered(lambda wording: wording.seal != wording._get_seal())

    def _get_versions_domain(self):
        """Return the `Domain` of all versions of this wording."""
        return (Domain('purpose', '=', self.purpose) & Domain('lang', '=', self.lang)
                & Domain('company_id', '=', self.company_id.id))

    def action_new_version(self):
        """Make the next version, valid from today and to be edited.

        The consents given so far stay on this one, and so do those of earlier days that are
        recorded later.
        """
        self.ensure_one()
        newest = self.with_context(active_test=False).search(self._get_versions_domain(), limit=1)
        if self.active:
            self._write_sealed({'active': False})  # shown until the next one is valid
        self.env.flush_all()
        version = self.copy({
            'version': newest.version + 1, 'active': True,
            'valid_from': max(newest.valid_from, self.env.company._dsgvo_today())})
        return {
            'type': 'ir.actions.act_window',
            'res_model': self._name,
            'res_id': version.id,
            'view_mode': 'form',
        }

    @api.model
    def _choose(self, wordings, purpose, lang, company):
        """Return the wording that a person of this language reads, empty if there is none.

        If there is none in this language, it is one of another country (German in Austria). Then
        comes one in the language of the company, then the English one.

        :param dict wordings: what `_get_current` returned
        """
        same_language = [
            code for (other, code) in wordings
            if other == purpose and code.split('_')[0] == (lang or '').split('_')[0]]
        # sudo: res.company - only its language
        for code in lang, *same_language, company.sudo().partner_id.lang, 'en_US':
            if wording := wordings.get((purpose, code)):
                return wording
        return self.browse()

    @api.model
    def _get_current(self, company):
        """Return `{(purpose, lang): wording}` of today for a company; its own come first."""
        today = company._dsgvo_today()
        return self._get_of_days(company, [today])[today]

    @api.model
    def _get_of_days(self, company, days):
        """Return `{day: {(purpose, lang): wording}}` for a company.

        Its own come first. Then a branch has those of the company above it, which is the controller
        of its consents.

        If there are several versions of one day, the newest counts. For a day before the first
        version, the first one counts: nobody was asked without a text.
        """
        # sudo: res.company - only which ones are above it
        order = [False, *company.sudo().parent_ids.ids]
        # sudo: dsgvo.wording - recording a decision must not depend on the right to read wordings
        wordings = self.sudo().with_context(active_test=False).search_fetch(
            Domain('company_id', 'in', order),
            ['purpose', 'lang', 'text', 'company_id', 'version', 'valid_from', 'valid_until'])
        oldest_first = wordings.sorted(lambda wording: (wording.valid_from, wording.version))
        own_last = oldest_first.sorted(lambda wording: order.index(wording.company_id.id))
        first = {(wording.purpose, wording.lang): wording for wording in reversed(oldest_first)}
        return {
            day: first | {
                (wording.purpose, wording.lang): wording
                for wording in own_last._filter_valid_on(day)}
            for day in days}

    def _filter_valid_on(self, day):
        return self.filtered(lambda wording: wording.valid_from <= day and (
            not wording.valid_until or day <= wording.valid_until))

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .dsgvo_consent_event import PURPOSES

AGREED_TO = ('purpose', 'lang', 'company_id', 'version', 'text')


class DsgvoWording(models.Model):
    """What exactly a customer is asked and agrees to, in one language, in one version.

    A version that somebody decided on is immutable: the proof of a consent is what was agreed to.
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
    active = fields.Boolean(
        default=True, help="The version that is asked now. Older ones stay as proof.")
    is_used = fields.Boolean(compute='_compute_is_used')

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

    @api.depends('purpose', 'version', 'lang')
    def _compute_display_name(self):
        purposes = dict(self._fields['purpose']._description_selection(self.env))
        for wording in self:
            wording.display_name = (
                f"{purposes.get(wording.purpose)} ({wording.lang}, {wording.version})")

    def write(self, vals):
        if vals.keys() & set(AGREED_TO):
            self._refuse_used()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._refuse_used()

    def _refuse_used(self):
        if used := self.filtered('is_used'):
            raise UserError(self.env._(
                "Customers have decided on the wording %(wording)s, so it is evidence and cannot"
                " be changed or deleted. Make a new version instead.",
                wording=used[0].display_name))

    def action_new_version(self):
        """Make the next version, to be edited; the consents given so far stay on this one."""
        self.ensure_one()
        newest = self.with_context(active_test=False).search(
            Domain('purpose', '=', self.purpose) & Domain('lang', '=', self.lang)
            & Domain('company_id', '=', self.company_id.id), limit=1)
        self.active = False
        self.env.flush_all()
        version = self.copy({'version': newest.version + 1, 'active': True})
        return {
            'type': 'ir.actions.act_window',
            'res_model': self._name,
            'res_id': version.id,
            'view_mode': 'form',
        }

    @api.model
    def _choose(self, wordings, purpose, lang, company):
        """Return what a person of this language reads, an empty recordset if nothing is worded.

        Without a wording of the language it is one of another country (German in Austria), then
        one in the language of the company, then the English one.

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
        """Return `{(purpose, lang): wording}` in force for a company; its own come first."""
        # sudo: dsgvo.wording - recording a decision must not depend on the right to read wordings
        wordings = self.sudo().search(
            Domain('company_id', 'in', (False, company.id)))
        return {
            (wording.purpose, wording.lang): wording
            for wording in wordings.sorted(lambda wording: bool(wording.company_id))}

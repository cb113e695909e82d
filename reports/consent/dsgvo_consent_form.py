from odoo import api, models

from ...models.consent.dsgvo_consent_event import PURPOSES
from ...models.consent.paragraphs import arrange
from ...models.notification.res_partner import NO_MESSAGE


class DsgvoConsentForm(models.AbstractModel):
    """The sheet on which a customer decides: three purposes, nothing ticked, to be signed."""
    _name = 'report.dsgvo.consent_form'
    _description = "Consent Form"

    @api.model
    def _get_report_values(self, docids, data=None):
        subjects = self.env['res.partner'].browse(docids)._dsgvo_subject()
        subjects._dsgvo_check_deciding()
        company = self.env.company
        wordings = self.env['dsgvo.wording']._get_current(company)
        questions, shared = {}, {}
        for subject in subjects:
            texts, shared[subject.id] = arrange({
                purpose: self.env['dsgvo.wording']._choose(
                    wordings, purpose, subject.lang or self.env.lang, company).text
                for purpose, _label in PURPOSES})
            questions[subject.id] = [
                (purpose, text) for purpose, text in texts.items()
                if purpose == 'marketing' or not subject.is_company]
        return {
            'doc_ids': docids,
            'doc_model': 'res.partner',
            'docs': subjects,
            'company': company,
            'questions': questions,
            'shared': shared,
            'ways': self._get_ways,
        }

    @api.model
    def _get_ways(self, lang):
        """Return how a customer can be notified, as the clerk will choose it."""
        Partner = self.env['res.partner'].with_context(lang=lang)
        field = Partner._fields['notification_type']
        return [
            label for value, label in field._description_selection(Partner.env)
            if value != NO_MESSAGE]

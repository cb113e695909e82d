from odoo import api, models

from ...models.consent.dsgvo_consent_event import PURPOSES


class DsgvoConsentForm(models.AbstractModel):
    """The sheet on which a customer decides: three purposes, nothing ticked, to be signed."""
    _name = 'report.dsgvo.consent_form'
    _description = "Consent Form"

    @api.model
    def _get_report_values(self, docids, data=None):
        subjects = self.env['res.partner'].browse(docids)._dsgvo_subject()
        company = self.env.company
        wordings = self.env['dsgvo.wording']._get_current(company)
        return {
            'doc_ids': docids,
            'doc_model': 'res.partner',
            'docs': subjects,
            'company': company,
            'questions': {
                subject.id: [
                    (purpose, self.env['dsgvo.wording']._choose(
                        wordings, purpose, subject.lang or self.env.lang, company))
                    for purpose, _label in PURPOSES
                    if purpose == 'marketing' or not subject.is_company]
                for subject in subjects},
        }

from odoo import api, fields, models


class DsgvoBadgeMixin(models.AbstractModel):
    """A document that shows the badge of its customer. It has a `partner_id` and a `company_id`."""
    _name = 'dsgvo.badge.mixin'
    _description = "Document with the Badge of Its Customer"

    consent_state = fields.Selection(
        selection='_get_consent_states', string="DSGVO", compute='_compute_consent_state',
        compute_sudo=True)
    dsgvo_refused = fields.Boolean(
        "Consents Refused", compute='_compute_consent_state', compute_sudo=True)
    dsgvo_summary = fields.Char(
        "Consents in Words", compute='_compute_consent_state', compute_sudo=True)

    @api.model
    def _get_consent_states(self):
        return self.env['res.partner']._fields['consent_state']._description_selection(self.env)

    @api.depends('partner_id.consent_state', 'partner_id.consent_marketing', 'company_id')
    @api.depends_context('lang')
    def _compute_consent_state(self):
        """Show the consents given to the company of the document, not to that of the user."""
        names = self.env['res.partner']._dsgvo_get_names()
        customers = self._dsgvo_customers_with_badge()
        for document in self:
            customer = document.partner_id.with_company(document.company_id)
            document.consent_state = customer.consent_state
            document.dsgvo_refused = customer.dsgvo_refused
            document.dsgvo_summary = (
                document.partner_id in customers and customer._dsgvo_summarise(names))

    def _dsgvo_customers_with_badge(self):
        """Return those of the contacts who are asked: an erased one has nothing to decide."""
        return self.partner_id._dsgvo_deciding()

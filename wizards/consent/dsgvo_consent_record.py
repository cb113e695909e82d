from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.consent.res_partner import CONSENT_FIELDS, CONSENT_STATES

# How a clerk can have got a decision; the ledger knows more, which only Odoo itself may claim.
MEANS_OF_CLERK = ('counter', 'paper', 'phone', 'till')


class DsgvoConsentRecord(models.TransientModel):
    """What one customer, or everybody of a stack of paper forms, answered on the consents."""
    _name = 'dsgvo.consent.record'
    _description = "Recording of Consents"

    partner_ids = fields.Many2many(
        'res.partner', string="Customers", required=True, context={'active_test': False},
        default=lambda self: self._default_partner_ids())
    has_person = fields.Boolean(compute='_compute_subjects')
    has_company = fields.Boolean(compute='_compute_subjects')
    is_one = fields.Boolean(compute='_compute_subjects')
    consent_storage = fields.Selection(CONSENT_STATES, "Unlimited Storage")
    consent_notification = fields.Selection(CONSENT_STATES, "Customer Notification")
    consent_marketing = fields.Selection(CONSENT_STATES, "Invitation, Advertising, Profile")
    means = fields.Selection(
        selection='_get_means', string="How", required=True,
        default=lambda self: self._default_means())
    date = fields.Date(
        "Decided On", required=True,
        default=lambda self: self.env.company._dsgvo_today(),
        help="The day the customer decided. It may lie in the past, for a form on paper.")
    note = fields.Char()
    signature = fields.Binary(attachment=False)
    scan = fields.Binary("Scan of the Form", attachment=False)
    scan_name = fields.Char()

    @api.model
    def _default_partner_ids(self):
        if self.env.context.get('active_model') != 'res.partner':
            return []
        return self.env['res.partner'].browse(self.env.context.get('active_ids', []))

    @api.model
    def _default_means(self):
        if len(self._default_partner_ids()) > 1:
            return 'paper'
        return 'till' if self.env.context.get('dsgvo_till_id') else 'counter'

    @api.model
    def _get_means(self):
        means = self.env['dsgvo.consent.event']._fields['means']
        labels = dict(means._description_selection(self.env))
        return [(value, labels[value]) for value in MEANS_OF_CLERK]

    @api.depends('partner_ids')
    def _compute_subjects(self):
        for record in self:
            subjects = record.partner_ids._origin._dsgvo_subject()
            record.has_person = not subjects or not all(subjects.mapped('is_company'))
            record.has_company = any(subjects.mapped('is_company'))
            record.is_one = len(subjects) < 2

    def action_record(self):
        """Record the marked answers of all customers and leave what is not marked as it is.

        :raise UserError: if nothing is marked, an archived customer would consent, or one
            signature would stand for several persons
        """
        self = self.with_context(bin_size=False)
        self.ensure_one()
        answers = {purpose: self[field] for field, purpose in CONSENT_FIELDS.items() if self[field]}
        subjects = self.partner_ids._dsgvo_subject()
        self._check_answers(answers, subjects)
        events = subjects._dsgvo_record(
            answers, self.date, means=self.means, note=self.note,
            signature=self.scan or self.signature)
        if not events:
            raise UserError(self.env._(
                "Nothing was recorded: a company can only consent to invitation, advertising,"
                " profile. Mark that, or record the others on the contact person."))
        # The proof is in the ledger now, a copy of it need not wait for the next cleaning.
        self.write({'signature': False, 'scan': False, 'note': False})
        return {'type': 'ir.actions.act_window_close'}

    def _check_answers(self, answers, subjects):
        if not answers:
            raise UserError(self.env._(
                "Nothing is marked. Mark at least one purpose as granted or refused; what is not"
                " marked stays as it is."))
        archived = subjects.filtered(lambda subject: not subject.active)
        if archived and 'granted' in answers.values():
            raise UserError(self.env._(
                "Archived customers cannot give a consent: %(names)s. Restore these contacts, or"
                " take them out of the selection.",
                names=", ".join(archived.mapped('display_name'))))
        if self.signature and self.scan:
            raise UserError(self.env._(
                "A decision has one proof, but a signature and a scan were given. Nothing was"
                " recorded. Remove one of them."))
        if len(subjects) > 1 and (self.signature or self.scan):
            raise UserError(self.env._(
                "A signature or scan proves the decision of one person, but %(count)s customers "
                "are selected. Record the signed forms one by one, or without the scan.",
                count=len(subjects)))

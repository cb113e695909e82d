from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.consent.paragraphs import arrange
from ...models.consent.res_partner import CONSENT_FIELDS, CONSENT_STATES
from ...models.jobs.refusals import unlogged

# How a clerk can have got a decision; the ledger knows more, which only Odoo itself may claim.
MEANS_OF_CLERK = ('counter', 'paper', 'phone', 'till')


class DsgvoConsentRecord(models.TransientModel):
    """The answers of one customer, or of all in a stack of paper forms, on the consents."""
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
    wording = fields.Html(
        "What the Customer Decides On", compute='_compute_wording', compute_sudo=True)
    company_name = fields.Char(compute='_compute_wording', compute_sudo=True)
    erasure_notice = fields.Text(compute='_compute_erasure_notice', compute_sudo=True)
    # It is not stored, because it names a customer.
    recorded = fields.Char("Recorded Before", compute='_compute_recorded')
    means = fields.Selection(
        selection='_get_means', string="How", required=True, compute='_compute_means', store=True,
        readonly=False, precompute=True)
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
        partners = self.env['res.partner'].browse(self.env.context.get('active_ids', []))
        partners._dsgvo_check_deciding()
        return partners

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

    @api.depends('scan', 'partner_ids')
    def _compute_means(self):
        """Propose the means of the decision: a scan, or a stack, is paper."""
        asked_at = 'till' if self.env.context.get('dsgvo_till_id') else 'counter'
        for record in self:
            is_paper = record.scan or len(record.partner_ids) > 1
            record.means = 'paper' if is_paper else record.means or asked_at

    @api.depends('partner_ids', 'date', *CONSENT_FIELDS)
    @api.depends_context('company', 'lang')
    def _compute_wording(self):
        """Show the marked purposes as the customer reads them: in the wording for the ledger.

        A paragraph of all wordings stands once below. If there is none, the right to withdraw does.
        """
        for record in self:
            record.company_name = self.env.company.name
            subject = record.partner_ids._origin._dsgvo_subject()[:1]
            told = record.with_context(lang=subject.lang or self.env.lang)
            wordings, shared = told._find_wordings()
            record.wording = Markup().join(
                Markup("<h5>%s</h5>%s") % wording for wording in wordings) + (shared or Markup(
                    "<p>%s</p>") % told.env._(
                        "I can withdraw each consent at any time for the future, without giving"
                        " reasons (Art. 7(3) GDPR).") if wordings else "")

    def _find_wordings(self):
        """Return `([(purpose and answer, text)] of marked purposes, text of all wordings)`."""
        company, day = self.env.company, self.date or self.env.company._dsgvo_today()
        Wording, lang = self.env['dsgvo.wording'], self.env.lang
        answers = dict(self._fields['consent_storage']._description_selection(self.env))
        versions = Wording._get_of_days(company, [day])[day]
        texts, shared = arrange({
            purpose: Wording._choose(versions, purpose, lang, company).text
            for purpose in CONSENT_FIELDS.values()})
        return [
            (f"{self._fields[field]._description_string(self.env)}: {answers[self[field]]}",
             texts[purpose])
            for field, purpose in CONSENT_FIELDS.items()
            if self[field] and (purpose == 'marketing' or self.has_person)], shared

    @api.depends('partner_ids')
    def _compute_erasure_notice(self):
        """Say before anything is recorded who of them is to be erased, and what a consent does."""
        for record in self:
            subjects = record.partner_ids._origin._dsgvo_subject()
            record.erasure_notice = "\n".join(
                f"{subject.display_name}: {subject.dsgvo_erasure_notice}"
                for subject in subjects if subject.dsgvo_erasure_notice)

    @api.depends_context('dsgvo_recorded')
    def _compute_recorded(self):
        self.recorded = self.env.context.get('dsgvo_recorded')

    def action_record_next(self):
        """Record, and go on with the next form of the stack: same way, same day.

        :return: the action of an empty window that confirms what was recorded
        """
        self.ensure_one()
        selection = self._fields['consent_storage']._description_selection(self.env)
        names, labels = self.env['res.partner']._dsgvo_get_names(), dict(selection)
        line = self.env._(
            "Recorded for %(names)s: %(answers)s.",
            names=", ".join(self.partner_ids.mapped('display_name')), answers=", ".join(
                f"{names[purpose]}: {labels[self[field]]}"
                for field, purpose in CONSENT_FIELDS.items() if self[field]))
        self.action_record()
        action = self.env['ir.actions.act_window']._for_xml_id('dsgvo.dsgvo_consent_record_action')
        return action | {'context': {
            'dsgvo_recorded': line, 'default_means': self.means, 'default_date': str(self.date),
            'dsgvo_till_id': self.env.context.get('dsgvo_till_id'), 'active_model': False,
            'active_ids': []}}

    def action_record(self):
        """Record the marked answers of all customers and leave all other consents as they are.

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
        subjects._dsgvo_check_deciding()
        archived = subjects.filtered(lambda subject: not subject.active)
        if archived and 'granted' in answers.values():
            raise unlogged(UserError(self.env._(
                "Archived customers cannot give a consent: %(names)s. Restore these contacts, or"
                " take them out of the selection.",
                names=", ".join(archived.mapped('display_name')))))
        if self.signature and self.scan:
            raise UserError(self.env._(
                "A decision has one proof, but a signature and a scan were given. Nothing was"
                " recorded. Remove one of them."))
        if len(subjects) > 1 and (self.signature or self.scan):
            raise UserError(self.env._(
                "A signature or scan proves the decision of one person, but %(count)s customers "
                "are selected. Record the signed forms one by one, or without the scan.",
                count=len(subjects)))

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

PURPOSES = [
    ('storage', "Unlimited storage"),
    ('notification', "Customer notification"),
    ('marketing', "Invitation, advertising, profile"),
]
DECISIONS = [('granted', "Granted"), ('refused', "Refused"), ('withdrawn', "Withdrawn")]


class DsgvoConsentEvent(models.Model):
    """One decision of one person on one purpose: the proof that Art. 7(1) DSGVO asks of the shop.

    The ledger is the only source of the consents shown on a contact (see `res.partner`), so whoever
    creates an event changes the consent. Events are never changed or deleted, not by superusers
    either; when the person is erased, the event stays without the person.
    """
    _name = 'dsgvo.consent.event'
    _description = "Consent Decision"
    _order = 'date desc, id desc'

    partner_id = fields.Many2one('res.partner', "Customer", ondelete='set null', index=True)
    purpose = fields.Selection(PURPOSES, required=True)
    decision = fields.Selection(DECISIONS, required=True)
    date = fields.Date(
        "Decided On", required=True, default=fields.Date.context_today,
        help="The day the customer decided. It may lie in the past, for a form on paper.")
    create_date = fields.Datetime("Recorded On", readonly=True)
    means = fields.Selection(
        [
            ('counter', "At the counter"),
            ('paper', "On paper"),
            ('phone', "By telephone"),
            ('till', "At the till"),
            ('portal', "Customer portal"),
            ('email', "E-mail link"),
            ('import', "Import"),
            ('merge', "Merging of contacts"),
            ('system', "Odoo itself"),
        ],
        required=True, default=lambda self: self._default_means())
    user_id = fields.Many2one(
        'res.users', "Recorded By", required=True, readonly=True, default=lambda self: self.env.uid)
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, default=lambda self: self.env.company)
    note = fields.Char()

    _last_decision = models.Index('(partner_id, purpose, date DESC, id DESC)')

    @api.model
    def _default_means(self):
        if self.env.context.get('import_file'):
            return 'import'
        return 'counter' if self.env.user._is_internal() else 'system'

    @api.constrains('partner_id', 'purpose')
    def _check_data_subject(self):
        for event in self:
            partner = event.partner_id
            # Withdrawing is possible at any time (Art. 7(3) DSGVO), also for an archived contact.
            if not partner.active and event.decision == 'granted':
                raise ValidationError(self.env._(
                    "%(name)s is archived and cannot give a consent. Restore the contact first.",
                    name=partner.display_name))
            if partner.is_company and event.purpose != 'marketing':
                raise ValidationError(self.env._(
                    "%(name)s is a company. Storage and notification need the consent of a person;"
                    " record it on the contact person.", name=partner.display_name))

    @api.constrains('date')
    def _check_date(self):
        today = fields.Date.context_today(self)
        if future := self.filtered(lambda event: event.date > today):
            raise ValidationError(self.env._(
                "A decision cannot be dated %(date)s, which is in the future. Enter the day on"
                " which the customer decided.", date=future[0].date))

    @api.model_create_multi
    def create(self, vals_list):
        """Record decisions on the data subject, whichever of its addresses was given."""
        partners = self.env['res.partner'].browse(
            [vals.get('partner_id') or self._refuse_nobody() for vals in vals_list])
        vals_list = [
            vals | {
                'partner_id': partner._dsgvo_subject().id,
                'user_id': self.env.uid,
                'company_id': self.env.company.id,
            }
            for vals, partner in zip(vals_list, partners, strict=True)
        ]
        events = super().create(vals_list)
        for (purpose, decision), group in events.grouped(lambda e: (e.purpose, e.decision)).items():
            # sudo: res.partner - what follows from a decision does not depend on the clerk's rights
            group.partner_id.sudo()._dsgvo_after_decision(purpose, decision)
        return events

    def _refuse_nobody(self):
        raise UserError(self.env._("A consent decision needs the customer who decided."))

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._(
            "A recorded consent decision cannot be changed: it is evidence. Record a new decision"
            " of the customer instead."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._(
            "A recorded consent decision cannot be deleted: it is evidence. Record a new decision"
            " of the customer instead."))

    @api.model
    def _last_decisions(self, subjects):
        """Return `{(partner id, purpose): decision}`, the decision in force of each person.

        The newest day wins; on the same day the one that was recorded last.
        """
        self.flush_model(['partner_id', 'purpose', 'decision', 'date'])
        rows = self.env.execute_query(SQL(
            """
            SELECT DISTINCT ON (partner_id, purpose) partner_id, purpose, decision
              FROM dsgvo_consent_event
             WHERE partner_id = ANY(%s)
             ORDER BY partner_id, purpose, date DESC, id DESC
            """, subjects.ids))
        return {(partner_id, purpose): decision for partner_id, purpose, decision in rows}

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.consent.dsgvo_consent_event import PURPOSES
from ...models.jobs.refusals import unlogged


class DsgvoConsentWithdrawal(models.TransientModel):
    """A customer withdraws: as easy as consenting, so it asks for nothing but the purpose."""
    _name = 'dsgvo.consent.withdrawal'
    _description = "Withdrawal of Consents"

    partner_id = fields.Many2one(
        'res.partner', "Customer", required=True, readonly=True,
        default=lambda self: self._default_partner_id())
    consent_storage = fields.Selection(string="Storage Now", related='partner_id.consent_storage')
    consent_notification = fields.Selection(
        string="Notification Now", related='partner_id.consent_notification')
    consent_marketing = fields.Selection(
        string="Marketing Now", related='partner_id.consent_marketing')
    storage = fields.Boolean("Unlimited Storage")
    storage_follows = fields.Char(compute='_compute_storage_follows')
    notification = fields.Boolean("Customer Notification")
    marketing = fields.Boolean("Invitation, Advertising, Profile")

    @api.model
    def _default_partner_id(self):
        if self.env.context.get('active_model') != 'res.partner':
            return False
        subject = self.env['res.partner'].browse(
            self.env.context.get('active_id'))._dsgvo_subject()
        subject._dsgvo_check_deciding()
        return subject

    @api.model
    def default_get(self, fields):
        """Tick the purpose if there is only one to withdraw."""
        values = super().default_get(fields)
        granted = self.env['res.partner'].browse(values.get('partner_id'))._dsgvo_granted()
        return values | (dict.fromkeys(granted, True) if len(granted) == 1 else {})

    @api.depends_context('company')
    def _compute_storage_follows(self):
        """Say when the customer goes; the grace time is a setting of the company."""
        # sudo: res.company - its grace time, for the clerk
        days = self.env.company.sudo().dsgvo_grace_withdrawal
        for withdrawal in self:
            withdrawal.storage_follows = self.env._(
                "The customer is erased after the grace time (days: %(days)s), and as soon as no"
                " open order, pick-up or unpaid invoice needs the data any more. Until then the"
                " consent can be given again; afterwards it cannot be undone.", days=days,
            ) if days else self.env._(
                "The customer is erased at once, or as soon as no open order, pick-up or unpaid"
                " invoice needs the data any more. This cannot be undone.")

    def action_withdraw(self):
        """Record that the customer withdraws the ticked consents, with all that follows from it.

        :raise UserError: if nothing is ticked that the customer has consented to
        """
        self.ensure_one()
        granted = self.partner_id._dsgvo_granted()
        answers = {purpose: 'refused' for purpose, _label in PURPOSES
                   if self[purpose] and purpose in granted}
        if not answers:
            raise unlogged(UserError(self.env._(
                "Nothing was withdrawn. Tick at least one consent that %(name)s has given.",
                name=self.partner_id.display_name)))
        self.partner_id._dsgvo_record(answers, self.env.company._dsgvo_today())
        return {'type': 'ir.actions.act_window_close'}

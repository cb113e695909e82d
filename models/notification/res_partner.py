from odoo import fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ..consent.consent_fields import READ_WITH_CONSENTS

NO_MESSAGE = 'K'
TOLD = ('sent', 'done')  # states of messages whose customer knows
UNTOLD = ('todo', 'failed')  # states of messages about which the work list asks a clerk
NOTIFICATION_TYPES = [
    ('M', "M – E-Mail"),
    ('T', "T – Telephone"),
    ('S', "S – SMS"),
    ('B', "B – Letter"),
    (NO_MESSAGE, "K – No Message"),
]


class ResPartner(models.Model):
    """How a customer is told about orders, and the silence after a withdrawal."""
    _inherit = 'res.partner'

    notification_type = fields.Selection(
        NOTIFICATION_TYPES, "Preferred Message", prefetch=READ_WITH_CONSENTS,
        help="How the customer wants to be told that an order has arrived. It is proposed in new"
             " orders as soon as the customer agrees to notification.")

    def _dsgvo_message_type(self):
        """Return the message type to propose to this customer, if notification is permitted.

        No letter is proposed to somebody without an address: it would reach nobody.
        """
        self.ensure_one()
        letter = 'B' if self._dsgvo_reached_by_letter() else NO_MESSAGE
        preferred = self._dsgvo_subject().notification_type
        return (
            (preferred if preferred != 'B' or letter == 'B' else False)
            or (self._dsgvo_reached_by('email') and 'M')
            or (self._dsgvo_reached_by('phone') and 'T')
            or letter)

    def _dsgvo_get_silence_reason(self):
        """Return in words why this customer is told nothing about an order of the type K."""
        if not self._dsgvo_deciding():
            return self.env._("Nobody to tell: the customer was erased.")
        if self._dsgvo_allows('notification'):
            return self._dsgvo_get_choice_reason()
        last = next((last for last in self.env['dsgvo.consent.event']._query_last(
            self._dsgvo_subject()) if last.purpose == 'notification'), None)
        if not last:
            return self.env._("Never asked about notification: press the badge to ask.")
        day = format_date(self.env, last.date)
        if last.decision == 'refused':
            return self.env._("Notification refused on %(date)s.", date=day)
        if last.decision == 'withdrawn':
            return self.env._("Consent to notification withdrawn on %(date)s.", date=day)
        if self.consent_notification == 'granted':
            return self.env._("The customer asked to be forgotten.")
        end = self.env['dsgvo.consent.event']._get_expiry(last)
        return self.env._(
            "Consent to notification expired on %(date)s: press the badge to ask.",
            date=format_date(self.env, end or last.date))

    def _dsgvo_get_choice_reason(self):
        """Return in words why an order has the type K although this customer may be told."""
        if self._dsgvo_message_type() != NO_MESSAGE:
            return self.env._(
                "Chosen for this order: the customer may be told. Choose another type if you want.")
        if self._dsgvo_subject().notification_type == NO_MESSAGE:
            return self.env._(
                "The customer may be told, but prefers no message. Choose another type if you"
                " want.")
        return self.env._(
            "The customer may be told, but cannot be reached: enter an e-mail address, a telephone"
            " number, or street and city with the customer, then choose another type.")

    def _dsgvo_reached_by(self, field):
        """Return the contact whose `field` (email, phone) reaches this customer, or nobody."""
        return (self | self._dsgvo_subject()).filtered(field)[:1]

    def _dsgvo_reached_by_letter(self):
        """Return the contact with an address on which a letter can be sent, or nobody."""
        return (self | self._dsgvo_subject()).filtered(
            lambda contact: contact.street and (contact.zip or contact.city))[:1]

    def _dsgvo_after_decision(self, purpose, decision, allowed):
        """Silence open orders when a customer does not want to be notified any more."""
        super()._dsgvo_after_decision(purpose, decision, allowed)
        if purpose != 'notification':
            return
        (self - allowed)._dsgvo_silence(self.env.company)
        for company in self.env.company._dsgvo_same_controller() - self.env.company:
            # A validity is that of one company.
            (self - self.with_company(company)._dsgvo_allows(purpose))._dsgvo_silence(company)

    def _dsgvo_silence(self, company):
        """Tell these persons nothing more about their orders at one company."""
        if not self:
            return
        domain = Domain('partner_id.dsgvo_subject_id', 'in', self.ids) & Domain(
            'company_id', '=', company.id)
        for model in sorted(self.env.registry.descendants(['dsgvo.order.mixin'], '_inherit')):
            Order = self.env[model].with_context(active_test=False)
            if Order._abstract:
                continue
            Order.search(
                domain & Domain('notification_type', '!=', NO_MESSAGE) & Order._dsgvo_open_domain()
            ).notification_type = NO_MESSAGE
        # sudo: dsgvo.notification - what nobody wants to hear any more, whoever records it
        untold = self.env['dsgvo.notification'].sudo().with_context(active_test=False).search(
            domain & Domain('state', 'in', UNTOLD))
        untold.state = 'cancelled'

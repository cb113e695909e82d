from odoo import fields, models
from odoo.fields import Domain

NO_MESSAGE = 'K'
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
        NOTIFICATION_TYPES, "Preferred Message",
        help="How the customer wants to be told that an order has arrived. It is proposed in new"
             " orders as soon as the customer agrees to notification.")

    def _dsgvo_message_type(self):
        """Return the message type to propose to this customer, if notification is permitted."""
        self.ensure_one()
        return (
            self._dsgvo_subject().notification_type
            or (self._dsgvo_reached_by('email') and 'M')
            or (self._dsgvo_reached_by('phone') and 'T')
            or 'B')

    def _dsgvo_reached_by(self, field):
        """Return the contact whose `field` (email, phone) reaches this customer, or nobody."""
        return (self | self._dsgvo_subject()).filtered(field)[:1]

    def _dsgvo_after_decision(self, purpose, decision, allowed):
        """Silence what is still open when a customer does not want to be notified any more."""
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
        waiting = self.env['dsgvo.notification'].with_context(active_test=False).search(
            domain & Domain('state', '=', 'todo'))
        waiting.state = 'cancelled'

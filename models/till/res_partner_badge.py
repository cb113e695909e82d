from odoo import api, fields, models
from odoo.tools import SQL

from ..consent.res_partner import CONSENT_FIELDS
from ..notification.res_partner import NOTIFICATION_TYPES


class ResPartner(models.Model):
    """The badge with the consents of a customer at the till."""
    _inherit = 'res.partner'

    dsgvo_storage_allowed = fields.Boolean(
        "May Be Stored", compute='_compute_dsgvo_storage_allowed', compute_sudo=True,
        help="Whether the customer stays after a special order was sold, by consent or as a"
             " company.")

    dsgvo_answers = fields.Json(
        "Answers to Date", compute='_compute_dsgvo_answers', compute_sudo=True,
        help="What stands on each purpose that this customer can be asked for.")
    dsgvo_message_type = fields.Selection(
        NOTIFICATION_TYPES, "Proposed Message Type", compute='_compute_dsgvo_message_type',
        compute_sudo=True,
        help="The message type that an order to this customer has, unless another one is chosen."
             " Empty without the consent to notification: then it is K.")

    @api.depends('dsgvo_subject_id.is_company', *CONSENT_FIELDS)
    @api.depends_context('company')
    def _compute_dsgvo_answers(self):
        def answers(partner):
            is_company = partner.dsgvo_subject_id.is_company
            return tuple(
                (purpose, partner[field]) for field, purpose in CONSENT_FIELDS.items()
                if purpose == 'marketing' or not is_company)

        for given, partners in self.grouped(answers).items():
            partners.dsgvo_answers = dict(given)

    @api.depends('dsgvo_subject_id.consent_storage', 'dsgvo_subject_id.is_company')
    @api.depends_context('company')
    def _compute_dsgvo_storage_allowed(self):
        allowed = self._dsgvo_allows('storage')
        allowed.dsgvo_storage_allowed = True
        (self - allowed).dsgvo_storage_allowed = False

    @api.depends(
        'dsgvo_subject_id.consent_notification', 'dsgvo_subject_id.notification_type',
        'email', 'phone', 'street', 'zip', 'city')
    @api.depends_context('company')
    def _compute_dsgvo_message_type(self):
        allowed = self._dsgvo_allows('notification')
        (self - allowed).dsgvo_message_type = False
        for kind, partners in allowed.grouped(
                lambda partner: partner._dsgvo_message_type()).items():
            partners.dsgvo_message_type = kind

    @api.model
    def _load_pos_data_fields(self, config):
        """Give the till the fields that its badge and its orders show.

        They have no groups: a field that the cashier may not read would leave the till without any
        customer.
        """
        return [
            *super()._load_pos_data_fields(config), 'consent_state', 'dsgvo_refused',
            'dsgvo_storage_allowed', 'dsgvo_answers', 'dsgvo_message_type']

    @api.model
    def _load_pos_data_read(self, records, config):
        rows = super()._load_pos_data_read(records, config)
        without = records._dsgvo_find_business_partners()._ids
        for row in rows:
            if row['id'] in without:
                row['consent_state'] = False
        return rows

    def _dsgvo_read_badges(self):
        """Return the badges of these contacts at the till, a dict each; no state means no badge."""
        without = self._dsgvo_find_business_partners()
        return [
            {
                'id': partner.id,
                'consent_state': partner not in without and partner.consent_state,
                'dsgvo_refused': partner.dsgvo_refused,
                'dsgvo_storage_allowed': partner.dsgvo_storage_allowed,
                'dsgvo_answers': partner.dsgvo_answers,
                'dsgvo_message_type': partner.dsgvo_message_type,
            }
            for partner in self]

    def _dsgvo_find_business_partners(self):
        """Return suppliers, the shop itself and its staff, as the register leaves them out."""
        return self._dsgvo_find_by_subject('_dsgvo_of_shop_sql')

    @api.model
    def _dsgvo_idle_sql(self, alias):
        """Leave out also who bought at a till, without an order."""
        self.env['pos.order'].flush_model(['partner_id'])
        return SQL(
            "%s AND NOT EXISTS (SELECT FROM pos_order WHERE partner_id = %s)",
            super()._dsgvo_idle_sql(alias), SQL.identifier(alias, 'id'))

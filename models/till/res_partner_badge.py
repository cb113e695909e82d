from odoo import api, fields, models
from odoo.tools import SQL

from ..consent.res_partner import CONSENT_FIELDS
from ..consent.res_partner_customer import has_refused
from ..notification.res_partner import NOTIFICATION_TYPES

BADGE = (
    'consent_state', 'dsgvo_refused', 'dsgvo_storage_allowed', 'dsgvo_answers',
    'dsgvo_message_type')
# In the context: core reads a customer without the badge, which is put together here. An object,
# because a remote caller can pass any value but this one.
APART = object()


class ResPartner(models.Model):
    """The badge with the consents of a customer at the till."""
    _inherit = 'res.partner'

    dsgvo_storage_allowed = fields.Boolean(
        "May Be Stored", compute='_compute_dsgvo_badge', compute_sudo=True,
        help="Whether the customer stays after a special order was sold, by consent or as a"
             " company.")

    dsgvo_answers = fields.Json(
        "Answers to Date", compute='_compute_dsgvo_badge', compute_sudo=True,
        help="What stands on each purpose that this customer can be asked for.")
    dsgvo_message_type = fields.Selection(
        NOTIFICATION_TYPES, "Proposed Message Type", compute='_compute_dsgvo_badge',
        compute_sudo=True,
        help="The message type that an order to this customer has, unless another one is chosen."
             " Empty without the consent to notification: then it is K.")

    @api.depends(
        'dsgvo_subject_id.is_company', 'dsgvo_subject_id.notification_type', 'email', 'phone',
        'street', 'zip', 'city', *CONSENT_FIELDS,
        *(f'dsgvo_subject_id.{field}' for field in CONSENT_FIELDS))
    @api.depends_context('company')
    def _compute_dsgvo_badge(self):
        """The fields of a badge; empty for contacts to whom no till may sell."""
        badges = self._dsgvo_read_badges()
        for partner in self:
            badge = badges.get(partner.id, {})
            partner.dsgvo_storage_allowed = badge.get('dsgvo_storage_allowed')
            partner.dsgvo_answers = badge.get('dsgvo_answers')
            partner.dsgvo_message_type = badge.get('dsgvo_message_type')

    @api.model
    def _load_pos_data_fields(self, config):
        """Give the till the fields that its badge and its orders show.

        They have no groups: a field that the cashier may not read would leave the till without any
        customer.
        """
        fnames = super()._load_pos_data_fields(config)
        return fnames if self.env.context.get('dsgvo_badges') is APART else [*fnames, *BADGE]

    @api.model
    def _load_pos_data_read(self, records, config):
        """Let a till know only customers to whom it may sell, with their badges.

        The ORM would compute the fields of a badge one by one, for each customer.
        """
        known = records._dsgvo_group_by_badge()
        allowed = {partner_id for _badge, _has_parent, ids in known for partner_id in ids}
        customers = records.filtered(lambda partner: partner.id in allowed)
        rows = super(
            ResPartner, self.with_context(dsgvo_badges=APART)
        )._load_pos_data_read(customers, config)
        badges = customers._dsgvo_fill_badges(known)
        return [row | badges[row['id']] for row in rows]

    def _dsgvo_read_badges(self):
        """Return `{id: badge}` of those of these contacts to whom a till may sell, in their order.

        A badge is a dict with `id` and the fields of `BADGE`. Without a state there is none to
        show.
        """
        return self._dsgvo_fill_badges(self._dsgvo_group_by_badge())

    def _dsgvo_fill_badges(self, groups):
        alike = {partner_id: badge for badge, _has_parent, ids in groups for partner_id in ids}
        badges = {
            partner_id: alike[partner_id] | {'id': partner_id}
            for partner_id in self._ids if partner_id in alike}
        for partner in self._dsgvo_find_allowed('storage', groups):
            badges[partner.id]['dsgvo_storage_allowed'] = True
        for partner in self._dsgvo_find_allowed('notification', groups):
            badges[partner.id]['dsgvo_message_type'] = partner._dsgvo_message_type()
        return badges

    def _dsgvo_find_allowed(self, purpose, groups):
        """Return those for whom a purpose is permitted; the ORM is asked only of who may be."""
        # sudo: res.partner - the badge binds whoever acts
        return self.sudo().browse(
            partner_id for badge, has_parent, ids in groups for partner_id in ids
            # Companies are not asked; somebody below a company may be one of its addresses.
            if has_parent or badge['dsgvo_answers'].get(purpose, 'granted') == 'granted'
        )._dsgvo_allows(purpose)

    def _dsgvo_group_by_badge(self):
        """Return `[(badge, has_parent, ids)]` of those to whom a till may sell; one query.

        Those who are alike are together. No badge have suppliers, the shop itself and its staff, as
        the register leaves them out.
        """
        if not self._dsgvo_saved():
            return []
        # sudo: res.partner - the fields of the badge are computed like that
        Partner = self.env['res.partner'].sudo()
        columns = [
            SQL("%s IS NOT NULL", self._dsgvo_column_sql('partner', 'parent_id')),
            self._dsgvo_subject_sql('_dsgvo_of_shop_sql'),
            self._dsgvo_subject_sql('_dsgvo_is_company_sql'), *(
                Partner._field_to_sql('partner', fname)
                for fname in ('is_company', 'consent_state', *CONSENT_FIELDS))]
        rows = self.env.execute_query(SQL(
            "SELECT %s, array_agg(id) FROM res_partner partner WHERE id = ANY(%s) AND %s"
            " GROUP BY %s",
            SQL(", ").join(columns), list(self._dsgvo_saved()._ids),
            self._dsgvo_known_sql('partner'),
            SQL(", ").join(SQL(str(place)) for place in range(1, len(columns) + 1))))
        return [
            (self._dsgvo_make_badge(*values), has_parent, ids) for has_parent, *values, ids in rows]

    @api.model
    def _dsgvo_make_badge(self, is_of_shop, is_subject_company, is_company, state, *decisions):
        consents = dict(zip(CONSENT_FIELDS.values(), decisions, strict=True))
        return {
            'consent_state': not is_of_shop and state,
            'dsgvo_refused': has_refused(is_company, state, consents),
            'dsgvo_storage_allowed': False,
            'dsgvo_answers': {
                purpose: decision or False for purpose, decision in consents.items()
                if purpose == 'marketing' or not is_subject_company},
            'dsgvo_message_type': False,
        }

    @api.model
    def _dsgvo_is_company_sql(self, alias):
        return self._dsgvo_column_sql(alias, 'is_company')

    @api.model
    def _dsgvo_idle_sql(self, alias):
        """Leave out also who bought at a till, without an order."""
        self.env['pos.order'].flush_model(['partner_id'])
        return SQL(
            "%s AND NOT EXISTS (SELECT FROM pos_order WHERE partner_id = %s)",
            super()._dsgvo_idle_sql(alias), SQL.identifier(alias, 'id'))

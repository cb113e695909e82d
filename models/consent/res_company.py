from pytz import country_timezones

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from .limits import check_longest

VALIDITY_FIELDS = {
    purpose: f'dsgvo_validity_{purpose}' for purpose in ('storage', 'notification', 'marketing')}
TEXT_FIELDS = ('dsgvo_text', 'dsgvo_text_refused', 'dsgvo_text_withdrawn')
TIMEZONE = 'Europe/Berlin'  # of a company whose country is not known
CONTROLLER_FIELDS = {'parent_id', 'dsgvo_joint_controller', *VALIDITY_FIELDS.values()}


def is_blank(text):
    """Return whether nobody can read anything in a text, as in blanks without width."""
    return not any(map(str.isalnum, text or ''))


class ResCompany(models.Model):
    _inherit = 'res.company'

    dsgvo_text = fields.Char(
        "Consent Text", default="Kunde hat gem. DSGVO zugestimmt.",
        help="What the button DSGVO writes beside the date of the consent.", prefetch='dsgvo')
    dsgvo_text_refused = fields.Char(
        "Text of a Refusal", default="Kunde hat abgelehnt.",
        help="What stands beside the date if the customer refused everything that was asked.",
        prefetch='dsgvo')
    dsgvo_text_withdrawn = fields.Char(
        "Text of a Withdrawal", default="Kunde hat widerrufen.",
        help="What stands beside the date after the customer has withdrawn the last consent.",
        prefetch='dsgvo')
    dsgvo_joint_controller = fields.Boolean(
        "Shares Consents",
        help="All companies that share consents are one controller (Art. 26 DSGVO): what a customer"
             " decides at one of them counts at all of them. Branches always belong to their"
             " company.", prefetch='dsgvo')
    dsgvo_validity_storage = fields.Integer(
        "Storage Is Valid For",
        help="Months after which this consent is to be renewed, 0: always.")
    dsgvo_validity_notification = fields.Integer(
        "Notification Is Valid For",
        help="Months after which this consent is to be renewed, 0: always.")
    dsgvo_validity_marketing = fields.Integer(
        "Marketing Is Valid For",
        help="Months after which this consent is to be renewed, 0: always.")

    _validity_is_positive = models.Constraint(
        'CHECK (LEAST(dsgvo_validity_storage, dsgvo_validity_notification,'
        ' dsgvo_validity_marketing) >= 0)',
        "A consent is valid for a number of months. Enter 0 if it shall not end by itself.")

    @api.constrains(*VALIDITY_FIELDS.values())
    def _check_dsgvo_validity(self):
        check_longest(self, VALIDITY_FIELDS.values(), 'months')

    @api.constrains(*TEXT_FIELDS)
    def _check_dsgvo_texts(self):
        if any(is_blank(company[field]) for company in self for field in TEXT_FIELDS):
            raise ValidationError(self.env._(
                "The texts beside the consents cannot be empty: they document what customers"
                " decided. Enter a text for consents, for refusals and for withdrawals."))

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env.registry.clear_cache()  # a new company is a controller of its own
        companies._dsgvo_after_change_of_controllers({key for vals in vals_list for key in vals})
        return companies

    def write(self, vals):
        result = super().write(vals)
        self._dsgvo_after_change_of_controllers(vals.keys())
        return result

    def _dsgvo_after_change_of_controllers(self, changed):
        if CONTROLLER_FIELDS & set(changed):
            self.env.registry.clear_cache()
            self.env['res.partner'].invalidate_model(['dsgvo_noted', 'dsgvo_expired_notice'])
            self.env['res.partner']._dsgvo_refresh_consents()
            self.env['res.partner']._dsgvo_share_all_documentation()

    def _dsgvo_get_validity(self):
        """Return `{purpose: months}` of the consents to this company that end by themselves.

        At most companies none does. Not cached for all requests: while the months are changed,
        another one could keep the old ones, and consents that are over would count.
        """
        company = self.sudo()  # sudo: res.company - how many months consents are valid
        return {purpose: company[field] for purpose, field in VALIDITY_FIELDS.items()
                if company[field]}

    def _dsgvo_today(self):
        """Return the day it is in the shop, whoever asks.

        Decisions of one day count in the order in which they were recorded. In the hours after
        midnight, the time zone of a user, or the UTC of a job, would date one of them back.
        """
        return fields.Date.context_today(self.with_context(tz=self._dsgvo_timezone()))

    @api.model
    def _dsgvo_where_day_ends_last(self):
        """Return the company where the day ends last.

        What lasts to the end of a day ends early at none of them, whoever asks.
        """
        # sudo: res.company - only where they are
        return min(self.sudo().browse(self._dsgvo_controllers()),
                   key=lambda company: company._dsgvo_today())

    def _dsgvo_day_of(self, moment):
        """Return the day that it was in the shop at a moment in UTC."""
        return fields.Datetime.context_timestamp(
            self.with_context(tz=self._dsgvo_timezone()), moment).date()

    def _dsgvo_day_sql(self, moment, key, get_key):
        """Return the day that it was in the shop at a moment in UTC, as `SQL`.

        :param SQL moment: a column
        :param SQL key: a column that says whose shop it was; if it does not, it was this one
        :param get_key: returns the value of that column for a company
        """
        # sudo: res.company - only in which country each is
        companies, own = self.sudo().browse(self._dsgvo_controllers()), self._dsgvo_timezone()
        zones = {company: zone for company in companies
                 if (zone := company._dsgvo_timezone()) != own and get_key(company)}
        zone = SQL("CASE %s %s ELSE %s END", key, SQL(" ").join(
            SQL("WHEN %s THEN %s", get_key(company), zone) for company, zone in zones.items()), own)
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, zone if zones else own)

    def _dsgvo_timezone(self):
        """Return the timezone of the country of the shop, whoever entered the company.

        Odoo gives every new company the timezone of its creator. It counts only if it is one of the
        country; otherwise the first of the country does.
        """
        # sudo: res.partner, res.country - where the shop is
        partner = self.sudo().partner_id
        zones = country_timezones.get(partner.country_id.code or '') or [TIMEZONE]
        return partner.tz if partner.tz in zones else zones[0]

    @api.model
    @tools.ormcache()
    def _dsgvo_controllers(self):
        """Return `{company id: controller id}`: companies with the same controller share consents.

        A branch belongs to its company; companies that declare so are one controller.
        """
        # sudo: res.company - whose consents count does not depend on the companies of the user
        companies = self.sudo().with_context(active_test=False).search(
            [('id', '!=', False)], order='id')
        joint = companies.root_id.filtered('dsgvo_joint_controller').sorted('id')[:1]
        return {
            company.id: (joint if company.root_id.dsgvo_joint_controller else company.root_id).id
            for company in companies}

    def _dsgvo_same_controller(self):
        """Return the companies whose consents count at these companies, themselves included."""
        controllers = self._dsgvo_controllers()
        own = {controllers.get(company_id) for company_id in self.ids}
        return self.browse(
            company_id for company_id, controller_id in controllers.items()
            if controller_id in own)

    @api.model
    def _dsgvo_one_of_each_controller(self):
        """Return one company of each controller, to do something towards all of them."""
        return self.browse(set(self._dsgvo_controllers().values()))

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..consent.limits import check_longest

_lt = LazyTranslate(__name__)
NOBODY_IS_ERASED = _lt("DSGVO: nobody is erased yet")
SOLD_AT_TILL = ('paid', 'done', 'invoiced')
# Says nothing. Some fiscal exports of tills stop at a customer without street or ZIP, and call
# a customer with the company of the till an employee.
ANONYMOUS_ADDRESS = {'street': '-', 'zip': '00000', 'company_id': False, 'parent_id': False}
GRACE_FIELDS = {
    f'dsgvo_grace_{reason}'
    for reason in ('checkout', 'withdrawal', 'request', 'retention', 'expiry')}


class ResCompany(models.Model):
    _inherit = 'res.company'

    dsgvo_anonymous_partner_id = fields.Many2one(
        'res.partner', "Anonymous Customer", ondelete='restrict', readonly=True,
        help="Is on the orders of customers who were erased.", prefetch='dsgvo_erasure')
    dsgvo_erase_after_sale = fields.Boolean(
        "Erase Customers After the Sale",
        help="A customer who did not agree to unlimited storage is erased after the special order"
             " was sold at the till. In a database with earlier sales the privacy officer switches"
             " it on after the preview, for each company and branch.", prefetch='dsgvo_erasure')

    dsgvo_erase_since = fields.Datetime(
        "Erasing Since", default=fields.Datetime.now, readonly=True,
        help="Only deliveries after it was switched on count.", prefetch='dsgvo_erasure')
    # A wrong click on a consent must not cost a customer of twenty years; the sale needs no grace.
    dsgvo_grace_checkout = fields.Integer(
        "Days After the Sale", prefetch='dsgvo_erasure',
        help="Grace time before a customer is erased after the sale.")
    dsgvo_grace_withdrawal = fields.Integer(
        "Days After a Withdrawal", default=1, prefetch='dsgvo_erasure',
        help="Grace time in which a withdrawn consent to storage can be given again.")
    dsgvo_grace_request = fields.Integer(
        "Days After a Request", prefetch='dsgvo_erasure',
        help="Grace time before an erasure on request or by hand.")
    dsgvo_grace_retention = fields.Integer(
        "Days After a Period", prefetch='dsgvo_erasure',
        help="Grace time before a customer found by a period is erased.")
    dsgvo_grace_expiry = fields.Integer(
        "Days After an Expiry", default=90, prefetch='dsgvo_erasure',
        help="Grace time in which a customer can be asked again whose consent to storage has ended"
             " by its validity. No sale and no period erases such a customer before.")

    _dsgvo_grace_positive = models.Constraint(
        'CHECK (least(dsgvo_grace_checkout, dsgvo_grace_withdrawal, dsgvo_grace_request,'
        ' dsgvo_grace_retention, dsgvo_grace_expiry) >= 0)',
        "A grace time cannot be negative. Enter 0 or a number of days.")

    @api.constrains(*GRACE_FIELDS)
    def _check_dsgvo_grace(self):
        check_longest(self, GRACE_FIELDS, 'days')

    @api.model_create_multi
    def create(self, vals_list):
        """Start with erasing off if there may be customers who were never asked.

        The caller or a default cannot change that: the preview comes first.
        """
        starts_on = self._dsgvo_may_start_on()
        companies = super().create([
            vals | {'dsgvo_erase_after_sale':
                    starts_on and vals.get('dsgvo_erase_after_sale', True)}
            for vals in vals_list])
        companies._dsgvo_create_anonymous_partners()
        self.env['dsgvo.erasure.period']._create_missing(companies)
        return companies

    def write(self, vals):
        """Customers noted by a sale stay once the switch is off; see `dsgvo.erasure`."""
        if 'dsgvo_erase_after_sale' not in vals:
            return super().write(vals)
        # sudo: dsgvo.erasure - what follows from the switch, whoever may set it
        Erasure = self.env['dsgvo.erasure'].sudo()
        if not vals['dsgvo_erase_after_sale']:
            Erasure._forget_sales(self)
            return super().write(vals)
        if 'dsgvo_erase_since' not in vals:
            off = self.filtered(lambda company: not company.dsgvo_erase_after_sale)
            super(ResCompany, off).write({'dsgvo_erase_since': fields.Datetime.now()})
        result = super().write(vals)
        self._dsgvo_settle(NOBODY_IS_ERASED)
        Erasure._trigger_cron()  # for those who waited for this company
        return result

    @api.model
    def _dsgvo_get_settings(self):
        return super()._dsgvo_get_settings() | GRACE_FIELDS

    @api.model
    def _dsgvo_may_start_on(self):
        """Return whether a new company may erase from its first sale on.

        Only where nobody can have a customer yet: nothing was sold in any company of the database,
        and none of them is off.
        """
        self.env['sale.order'].flush_model(['state'])
        self.env['pos.order'].flush_model(['state'])
        self.env['account.move'].flush_model(['state', 'move_type'])
        self.flush_model(['dsgvo_erase_after_sale'])
        return self.env.execute_query(SQL("""
            SELECT NOT EXISTS (SELECT FROM sale_order WHERE state NOT IN ('draft', 'cancel'))
               AND NOT EXISTS (SELECT FROM pos_order WHERE state NOT IN ('draft', 'cancel'))
               AND NOT EXISTS (
                   SELECT FROM account_move WHERE move_type = 'out_invoice' AND state = 'posted')
               AND NOT EXISTS (SELECT FROM res_company WHERE dsgvo_erase_after_sale IS NOT TRUE)
        """))[0][0]

    def _dsgvo_get_grace(self, reason):
        """Return the `timedelta` between a reason (of `dsgvo.erasure`) and the erasure."""
        days = self['dsgvo_grace_request' if reason == 'manual' else f'dsgvo_grace_{reason}']
        return timedelta(days=days)

    def _dsgvo_count_never_asked(self):
        """Return how many persons with a sale of this company were never asked about storage."""
        Period = self.env['dsgvo.erasure.period']
        here = Domain('company_id', 'in', self.ids)
        with_sale = (
            Period._had('sale.order', 'partner_id', here & Domain('state', '=', 'sale'))
            | Period._had('pos.order', 'partner_id', here & Domain('state', 'in', SOLD_AT_TILL)))
        # sudo: res.partner - only a number, for the officer who may see no orders
        Partner = self.env['res.partner'].sudo().with_company(self[:1])
        persons = ~Partner._dsgvo_allowed_domain('storage') & Domain('consent_storage', '=', False)
        return Partner.search_count(with_sale & persons & ~Domain('id', 'in', (
            self.dsgvo_anonymous_partner_id | self.partner_id).ids))

    def _dsgvo_remind_of_first_steps(self):
        """Tell the officers of a living shop that nobody is erased before they saw the preview."""
        for company in self:
            company._dsgvo_remind_officers(NOBODY_IS_ERASED, _lt(
                "Customers with a sale who were never asked whether their data may be stored:"
                " %(count)s. Erasing after the sale is off until you have seen the preview.",
                count=company._dsgvo_count_never_asked()), 'dsgvo.dsgvo_first_steps_action')

    def _dsgvo_create_anonymous_partners(self):
        """Give each company its anonymous customer, the one that an uninstallation left if any."""
        companies = self.filtered(lambda company: not company.dsgvo_anonymous_partner_id)
        Partner = self.env['res.partner'].with_context(tracking_disable=True)
        left = Partner.with_context(active_test=False).search(
            [('active', '=', False),
             ('ref', 'in', companies.mapped(ResCompany._dsgvo_get_anonymous_ref))]).grouped('ref')
        for company in companies:
            lang = company.partner_id.lang
            anonymous = left.get(company._dsgvo_get_anonymous_ref(), Partner)[:1]
            anonymous = anonymous or Partner.with_context(lang=lang).create({
                'name': self.env(context={'lang': lang})._("Anonymous Customer"), 'active': False})
            anonymous.write(ANONYMOUS_ADDRESS)
            company.dsgvo_anonymous_partner_id = anonymous

    def _dsgvo_get_anonymous_ref(self):
        """Return the reference by which an installation knows the customer of an earlier one."""
        return f'dsgvo-anonymous-{self.id}'

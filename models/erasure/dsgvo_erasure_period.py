from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..consent.limits import check_longest
from ..jobs.isolation import without_jit
from .extensions import Event

PERIODS = {
    'inactive': (3, 'years'),
    'quotation': (6, 'months'),
    'cart': (30, 'days'),
    'sold': (30, 'days'),
}
# Cancelled ones were never ordered either.
NEVER_ORDERED = Domain('state', 'in', ('draft', 'sent', 'cancel'))
STUCK_DAYS = 30


class DsgvoErasurePeriod(models.Model):
    """Erases customers whose period is over. Off until the officer saw whom it would erase.

    It finds no customer who agreed to storage, no company, no contact person of one, and nobody who
    does business with another company of this database.
    """
    _name = 'dsgvo.erasure.period'
    _description = "Period for Customers"
    _order = 'company_id, id'

    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, ondelete='cascade',
        default=lambda self: self.env.company)
    kind = fields.Selection(
        [
            ('inactive', "Inactive customers"),
            ('quotation', "Quotations never ordered"),
            ('cart', "Unfinished carts"),
            ('sold', "Special orders sold in the past"),
        ], required=True, readonly=True)
    duration = fields.Integer(required=True)
    unit = fields.Selection(
        [('days', "Days"), ('months', "Months"), ('years', "Years")], required=True)
    cancels_quotations = fields.Boolean(compute='_compute_cancels_quotations')
    is_on = fields.Boolean("Every Day", readonly=True)
    previewed_on = fields.Datetime("Preview Seen On", readonly=True)
    previewed_by_id = fields.Many2one('res.users', "Preview Seen By", readonly=True)

    _one_of_a_kind = models.Constraint(
        'UNIQUE (company_id, kind)', "There is one period of each kind per company.")
    _positive = models.Constraint(
        'CHECK (duration > 0)',
        "A period must be at least 1, or everybody would be erased at once.")

    @api.depends('kind')
    def _compute_display_name(self):
        labels = dict(self._fields['kind']._description_selection(self.env))
        for period in self:
            period.display_name = labels.get(period.kind, "")

    def _describe_duration(self):
        """Return the period in words, as documents quote it."""
        self.ensure_one()
        env, number = self.env, self.duration
        one, many = {
            'days': (env._("one day"), env._("%(number)s days", number=number)),
            'months': (env._("one month"), env._("%(number)s months", number=number)),
            'years': (env._("one year"), env._("%(number)s years", number=number)),
        }[self.unit]
        return one if number == 1 else many

    @api.depends('kind')
    def _compute_cancels_quotations(self):
        for period in self:
            period.cancels_quotations = period.kind in ('quotation', 'cart')

    @api.constrains('duration', 'unit')
    def _check_duration(self):
        for unit, periods in self.grouped('unit').items():
            check_longest(periods, ['duration'], unit)

    # === CRUD METHODS === #

    def write(self, vals):
        """A changed period is switched off: nobody has seen its customers yet.

        Customers found before and not erased yet are dropped.
        """
        if not self.env.su and vals.keys() & {'is_on', 'previewed_on', 'previewed_by_id'}:
            raise UserError(self.env._(
                "A period is switched on in its preview, after you have seen which customers it "
                "would erase."))
        if vals.keys() & {'duration', 'unit', 'kind', 'company_id'}:
            vals = vals | {'is_on': False, 'previewed_on': False, 'previewed_by_id': False}
        if not vals.get('is_on', True):
            # sudo: dsgvo.erasure - what follows from the switch, whoever may set it
            self.env['dsgvo.erasure'].sudo()._drop(Domain('period_id', 'in', self.ids))
        return super().write(vals)

    @api.model
    def _create_missing(self, companies=None):
        """Give companies their periods, all of them off."""
        # sudo: res.company - all of them, when the addon is installed
        companies = companies or self.env['res.company'].sudo().search([('id', '!=', False)])
        # sudo: dsgvo.erasure.period - whoever creates a company gets its periods
        Period = self.sudo()
        existing = set(Period._read_group([], ['company_id', 'kind']))
        Period.create([
            {'company_id': company.id, 'kind': kind, 'duration': duration, 'unit': unit}
            for company in companies for kind, (duration, unit) in PERIODS.items()
            if (company, kind) not in existing])

    # === ACTION METHODS === #

    def action_preview(self):
        """Show the customers whom the period would erase today."""
        self.ensure_one()
        return self.env['dsgvo.erasure.preview']._open({
            'reason': 'retention', 'period_id': self.id, 'company_id': self.company_id.id})

    def action_switch_off(self):
        self.check_access('write')
        # sudo: dsgvo.erasure.period - switching off needs no preview
        self.sudo().is_on = False

    # === BUSINESS METHODS === #

    def _find(self):
        """Return the persons whose period is over and who are not noted yet."""
        return self._match().filtered_domain(Domain('dsgvo_erasure_ids', 'not any', Domain(
            'state', 'in', ('due', 'blocked'))))

    def _match(self, subjects=None):
        """Return the persons whose period is over, those of `subjects` if given; one query."""
        self.ensure_one()
        without_jit(self.env.cr)
        cutoff = fields.Datetime.now() - relativedelta(**{self.unit: self.duration})
        domain = self._get_customer_domain() & Domain('create_date', '<', cutoff) & getattr(
            self, f'_get_{self.kind}_domain')(cutoff)
        if subjects is not None:
            domain &= Domain('id', 'in', subjects.ids)
        # sudo: res.partner - whose period is over does not depend on who looks
        Partner = self.env['res.partner'].sudo().with_company(self.company_id)
        return Partner.with_context(active_test=False).search(domain, order='id')

    def _get_customer_domain(self):
        Partner = self.env['res.partner']
        elsewhere = Domain.OR(
            self._had(event.model, event.partner_field,
                      Domain('company_id', '!=', self.company_id.id))
            for event in self._read_events() if 'company_id' in self.env[event.model]._fields)
        return (
            Domain('parent_id', '=', False) & Domain('is_company', '=', False)
            & Domain('company_id', 'in', (False, self.company_id.id))
            & Domain('supplier_rank', '=', 0)
            & Domain('dsgvo_restricted', '=', False) & Domain('dsgvo_erased', '=', False)
            & ~Partner._dsgvo_allowed_domain('storage')
            & Domain('id', 'not in', self.env['dsgvo.erasure']._get_refused_ids())
            & ~elsewhere)

    def _get_inactive_domain(self, cutoff):
        is_customer = Domain('customer_rank', '>', 0) | self._had_any(self._read_events())
        return is_customer & ~self._had_any(self._read_events(), cutoff)

    def _get_quotation_domain(self, cutoff):
        quotations = NEVER_ORDERED
        if 'website_id' in self.env['sale.order']._fields:
            quotations &= Domain('website_id', '=', False)
        return self._had('sale.order', 'partner_id', quotations) & self._never_bought(cutoff)

    def _get_cart_domain(self, cutoff):
        if 'website_id' not in self.env['sale.order']._fields:
            return Domain.FALSE
        carts = NEVER_ORDERED & Domain('website_id', '!=', False)
        return self._had('sale.order', 'partner_id', carts) & self._never_bought(cutoff)

    def _get_sold_domain(self, cutoff):
        sold = Domain('state', '=', 'sale') & Domain('date_order', '<', cutoff)
        sales = [event for event in self._read_events() if event.model != 'dsgvo.consent.event']
        return self._had('sale.order', 'partner_id', sold) & ~self._had_any(sales, cutoff)

    def _never_bought(self, cutoff):
        bought = [
            event._replace(domain=~NEVER_ORDERED) if event.model == 'sale.order' else event
            for event in self._read_events() if event.model != 'dsgvo.consent.event']
        return ~self._had_any(bought) & ~self._had_any(self._read_events(), cutoff)

    def _get_events(self):
        """Return what counts as business with a customer, an `Event` each.

        Extend with `super() + […]`.
        """
        not_cancelled = Domain('state', '!=', 'cancel')
        return [
            *[Event('sale.order', name, 'date_order', not_cancelled)
              for name in ('partner_id', 'partner_invoice_id', 'partner_shipping_id')],
            Event('stock.picking', 'partner_id', 'scheduled_date', not_cancelled),
            Event('stock.picking', 'partner_id', 'date_done', not_cancelled),
            Event('pos.order', 'partner_id', 'date_order', not_cancelled),
            Event('account.move', 'partner_id', 'date', not_cancelled),
            Event('dsgvo.consent.event', 'partner_id', 'date', Domain.TRUE),
            Event('crm.lead', 'partner_id', 'create_date', Domain.TRUE),
            Event('event.registration', 'partner_id', 'create_date', not_cancelled),
        ]

    def _read_events(self):
        return [event for event in (Event(*event) for event in self._get_events())
                if event.model in self.env]

    def _had_any(self, events, since=None):
        return Domain.OR(
            self._had(event.model, event.partner_field, event.domain & (
                Domain(event.date_field, '>=', since) if since else Domain.TRUE))
            for event in events)

    def _had(self, model, partner_field, domain):
        """Return the domain of the persons who, or whose addresses, have such a row."""
        # sudo: any model - only who, and only to leave them out or to count them
        rows = self.env[model].sudo().with_context(active_test=False)._search(
            domain & Domain(partner_field, '!=', False))
        # sudo: res.partner - as above
        contacts = self.env['res.partner'].sudo().with_context(active_test=False)._search(
            Domain('id', 'in', rows.subselect(partner_field))
            & Domain('dsgvo_subject_id', '!=', False))
        return Domain('id', 'in', contacts.subselect('dsgvo_subject_id'))

    def _erase(self, subjects, balance_accepted=False):
        """Note these persons. Their quotations are cancelled when they go, see `dsgvo.erasure`."""
        self.env['dsgvo.erasure']._enqueue(
            subjects, 'retention', self.company_id, self, balance_accepted)

    def _note(self, subjects):
        """Note persons whom the daily job found, unless the period was switched off since.

        To change its duration switches it off, too.
        """
        self.invalidate_recordset(['is_on'])
        if self.try_lock_for_update(allow_referencing=True).is_on:
            self._erase(subjects)

    def _switch_on(self):
        # sudo: dsgvo.erasure.period - called by the preview, which only the officer may use
        self.sudo().write({
            'is_on': True, 'previewed_on': fields.Datetime.now(), 'previewed_by_id': self.env.uid})

    # === CRON === #

    @api.model
    def _cron_find(self):
        """Note once a day the customers whose period is over; remind of erasures that are stuck.

        Each period, and some hundred persons of it, is a transaction of its own: a sale to one of
        them waits no longer than that.
        """
        Failure, found = self.env['dsgvo.job.failure'], {}
        for period in self.search([('is_on', '=', True)]):
            Failure._run('period', period.with_company(period.company_id),
                         lambda period: found.update({period: period._find()}))
            if subjects := found.pop(period, None):
                Failure._run_in_chunks('note', subjects, period._note)
        self.env['dsgvo.erasure']._enqueue_delivered()
        self.env['dsgvo.erasure']._remind_of_stuck(STUCK_DAYS)

from ast import literal_eval

from odoo import api, fields, models
from odoo.fields import Domain

from ...models.consent.res_partner import CONSENT_FIELDS
from ...models.consent.res_partner_subject import ADDRESS_TYPES
from ...models.erasure.open_orders import get_open_domain

# A business has an address for goods, one for invoices and some branches; from this number of names
# on it is rather a list of customers.
NAMES_OF_A_COLLECTIVE_ACCOUNT = 5


class DsgvoFirstSteps(models.TransientModel):
    """The first steps of a shop: customers to ask, the outcome of erasing, and its switch.

    Nobody is erased before the privacy officer saw this and switched it on.
    """
    _name = 'dsgvo.first.steps'
    _description = "Preview of Erasing After the Sale"

    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, default=lambda self: self.env.company)
    is_on = fields.Boolean(related='company_id.dsgvo_erase_after_sale')
    completion = fields.Selection(
        [('missing', "Not installed"), ('off', "Off"), ('on', "On")],
        "Completion of Addresses", compute='_compute_completion')
    moment = fields.Char(compute='_compute_moment')
    never_asked_count = fields.Integer(
        "Customers Never Asked", compute='_compute_counts',
        help="Persons with a sale who neither agreed to unlimited storage nor refused it.")
    undecided_count = fields.Integer(
        "Customers Without a Decision", compute='_compute_undecided_count',
        help="Persons and companies who have neither agreed to anything nor refused anything.")
    decided_count = fields.Integer(
        "Customers With a Decision", compute='_compute_undecided_count')
    affected_ids = fields.Many2many(
        'res.partner', string="Would Go Next", compute='_compute_counts',
        help="Customers without consent to storage who have an open special order. They are erased"
             " when it is sold at the till.")
    affected_count = fields.Integer("Customers With Open Orders", compute='_compute_counts')
    collective_ids = fields.Many2many(
        'res.partner', string="Collective Accounts", compute='_compute_collective',
        help="Contacts below which five or more addresses carry names of their own.")
    collective_count = fields.Integer(
        "Number of Collective Accounts", compute='_compute_collective')

    @api.depends('company_id')
    def _compute_display_name(self):
        self.display_name = self.env._("First Steps")

    def _compute_completion(self):
        is_on = self.env['res.partner']._dsgvo_completes_addresses()
        for steps in self:
            steps.completion = 'missing' if 'iap.autocomplete.api' not in self.env else (
                'on' if is_on else 'off')

    @api.depends('company_id')
    def _compute_undecided_count(self):
        Partner = self.env['res.partner']
        register = self.env['ir.actions.act_window']._for_xml_id(
            'dsgvo.res_partner_action_register')
        for steps in self:
            Partner = Partner.with_company(steps.company_id)
            subjects = Domain(literal_eval(register['domain'])) & Domain(
                'company_id', 'in', (False, steps.company_id.id))
            undecided = subjects & Domain.AND(Domain(field, '=', False) for field in CONSENT_FIELDS)
            steps.undecided_count = Partner.search_count(undecided)
            steps.decided_count = Partner.search_count(subjects) - steps.undecided_count

    @api.depends('company_id')
    def _compute_counts(self):
        Period = self.env['dsgvo.erasure.period']
        open_orders = get_open_domain(self.env)
        for steps in self:
            company = steps.company_id
            # sudo: res.partner - whose orders are open, for the officer who may see no orders
            Partner = self.env['res.partner'].sudo().with_company(company)
            affected = (
                ~Partner._dsgvo_allowed_domain('storage') & Domain('is_company', '=', False)
                & Domain('company_id', 'in', (False, company.id))
                & Period._had('sale.order', 'partner_id',
                            open_orders & Domain('company_id', '=', company.id)))
            steps.never_asked_count = company._dsgvo_count_never_asked()
            steps.affected_ids = Partner.search(affected, limit=200).with_env(self.env)
            steps.affected_count = Partner.search_count(affected)

    @api.depends('company_id')
    def _compute_collective(self):
        for steps in self:
            accounts = self.env['res.partner']._read_group(
                Domain('is_company', '=', False) & Domain('name', '!=', False)
                & Domain('parent_id', '!=', False) & Domain('type', 'in', ADDRESS_TYPES)
                & (Domain('dsgvo_is_subject', '=', True) | Domain(
                    'parent_id.is_company', '=', False))
                & Domain('company_id', 'in', (False, steps.company_id.id)),
                ['parent_id'], ['name:array_agg_distinct'],
                having=[('__count', '>=', NAMES_OF_A_COLLECTIVE_ACCOUNT)])
            steps.collective_ids = self.env['res.partner'].union(*(
                account for account, names in accounts
                if len({*names} - {account.name}) >= NAMES_OF_A_COLLECTIVE_ACCOUNT))
            steps.collective_count = len(steps.collective_ids)

    def action_open_collective(self):
        """Open the contacts whose addresses are customers of their own."""
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Collective Accounts"),
            'res_model': 'res.partner',
            'view_mode': 'list,form',
            'domain': [('id', 'in', self.collective_ids.ids)],
        }

    @api.depends('company_id.dsgvo_grace_checkout', 'company_id.dsgvo_grace_until_closing')
    def _compute_moment(self):
        for steps in self:
            days = steps.company_id.dsgvo_grace_checkout
            steps.moment = self.env._(
                "A customer who did not agree to unlimited storage is erased after the special"
                " order was sold at the till and the grace time is over (days: %(days)s).",
                days=days) if days else self.env._(
                "A customer who did not agree to unlimited storage is erased within a minute after"
                " the special order was sold at the till.")
            if steps.company_id.dsgvo_grace_until_closing:
                steps.moment += " " + self.env._("Nobody goes before the register is closed.")

    def action_open_undecided(self):
        """Open the customers without a decision, to print forms for a selection of them."""
        action = self.env['ir.actions.act_window']._for_xml_id('dsgvo.res_partner_action_register')
        return action | {'context': {'search_default_undecided': True}}

    def action_import(self):
        return {
            'type': 'ir.actions.client',
            'tag': 'import',
            'params': {'active_model': 'res.partner'},
        }

    def action_switch_on(self):
        return self._switch(True)

    def action_switch_off(self):
        return self._switch(False)

    def action_completion_on(self):
        return self._switch_completion(True)

    def action_completion_off(self):
        return self._switch_completion(False)

    def _switch_completion(self, is_on):
        self.check_access('write')
        self.env['res.partner']._dsgvo_complete_addresses(is_on)
        return {'type': 'ir.actions.client', 'tag': 'reload'}

    def _switch(self, is_on):
        self.check_access('write')
        # sudo: res.company - the officer decides on this one field of the company
        self.company_id.sudo().dsgvo_erase_after_sale = is_on
        return {'type': 'ir.actions.client', 'tag': 'reload'}

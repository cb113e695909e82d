from ast import literal_eval

from odoo import api, fields, models
from odoo.fields import Domain

from ...models.consent.res_partner import CONSENT_FIELDS
from ...models.consent.res_partner_subject import ADDRESS_TYPES
from ...models.erasure.open_orders import get_open_domain

# A business has an address for goods, one for invoices and some branches; from this number of names
# on it is rather a list of customers.
NAMES_OF_A_COLLECTIVE_ACCOUNT = 5


class DsgvoErasurePreview(models.TransientModel):
    """The first steps of a shop: who is to be asked, what erasing would do, and its switch.

    Nobody is erased before the privacy officer saw this and switched it on.
    """
    _name = 'dsgvo.erasure.preview'
    _description = "Preview of Erasing After the Sale"

    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, default=lambda self: self.env.company)
    is_on = fields.Boolean(related='company_id.dsgvo_erase_after_sale')
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

    @api.depends('company_id')
    def _compute_undecided_count(self):
        Partner = self.env['res.partner']
        register = self.env['ir.actions.act_window']._for_xml_id(
            'dsgvo.res_partner_action_register')
        for preview in self:
            Partner = Partner.with_company(preview.company_id)
            subjects = Domain(literal_eval(register['domain'])) & Domain(
                'company_id', 'in', (False, preview.company_id.id))
            undecided = subjects & Domain.AND(Domain(field, '=', False) for field in CONSENT_FIELDS)
            preview.undecided_count = Partner.search_count(undecided)
            preview.decided_count = Partner.search_count(subjects) - preview.undecided_count

    @api.depends('company_id')
    def _compute_counts(self):
        Rule = self.env['dsgvo.erasure.rule']
        open_orders = get_open_domain(self.env)
        for preview in self:
            company = preview.company_id
            # sudo: res.partner - whose orders are open, for the officer who may see no orders
            Partner = self.env['res.partner'].sudo().with_company(company)
            affected = (
                ~Partner._dsgvo_allowed_domain('storage') & Domain('is_company', '=', False)
                & Domain('company_id', 'in', (False, company.id))
                & Rule._had('sale.order', 'partner_id',
                            open_orders & Domain('company_id', '=', company.id)))
            preview.never_asked_count = company._dsgvo_count_never_asked()
            preview.affected_ids = Partner.search(affected, limit=200).with_env(self.env)
            preview.affected_count = Partner.search_count(affected)

    @api.depends('company_id')
    def _compute_collective(self):
        for preview in self:
            accounts = self.env['res.partner']._read_group(
                Domain('is_company', '=', False) & Domain('name', '!=', False)
                & Domain('parent_id', '!=', False) & Domain('type', 'in', ADDRESS_TYPES)
                & (Domain('dsgvo_is_subject', '=', True) | Domain(
                    'parent_id.is_company', '=', False))
                & Domain('company_id', 'in', (False, preview.company_id.id)),
                ['parent_id'], ['name:array_agg_distinct'],
                having=[('__count', '>=', NAMES_OF_A_COLLECTIVE_ACCOUNT)])
            preview.collective_ids = self.env['res.partner'].union(*(
                account for account, names in accounts
                if len({*names} - {account.name}) >= NAMES_OF_A_COLLECTIVE_ACCOUNT))
            preview.collective_count = len(preview.collective_ids)

    def action_open_collective(self):
        """Open the contacts whose addresses are customers of their own."""
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Collective Accounts"),
            'res_model': 'res.partner',
            'view_mode': 'list,form',
            'domain': [('id', 'in', self.collective_ids.ids)],
        }

    @api.depends('company_id.dsgvo_grace_checkout')
    def _compute_moment(self):
        for preview in self:
            days = preview.company_id.dsgvo_grace_checkout
            preview.moment = self.env._(
                "A customer who did not agree to unlimited storage is erased %(days)s days after"
                " the special order was sold at the till.", days=days) if days else self.env._(
                "A customer who did not agree to unlimited storage is erased within a minute after"
                " the special order was sold at the till.")

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

    def _switch(self, is_on):
        self.check_access('write')
        # sudo: res.company - the officer decides on this one field of the company
        self.company_id.sudo().dsgvo_erase_after_sale = is_on
        return {'type': 'ir.actions.client', 'tag': 'reload'}

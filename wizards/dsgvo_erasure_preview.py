from odoo import api, fields, models
from odoo.fields import Domain


class DsgvoErasurePreview(models.TransientModel):
    """What erasing after the sale would do, and the switch: nobody is erased before it was seen."""
    _name = 'dsgvo.erasure.preview'
    _description = "Preview of Erasing After the Sale"

    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, default=lambda self: self.env.company)
    is_on = fields.Boolean(related='company_id.dsgvo_erase_after_sale')
    never_asked_count = fields.Integer(
        "Customers Never Asked", compute='_compute_counts',
        help="Persons with a sale who neither agreed to unlimited storage nor refused it.")
    affected_ids = fields.Many2many(
        'res.partner', string="Would Go Next", compute='_compute_counts',
        help="Customers without consent to storage who have an open special order. They are erased"
             " when it is sold at the till.")
    affected_count = fields.Integer("Customers With Open Orders", compute='_compute_counts')

    @api.depends('company_id')
    def _compute_display_name(self):
        self.display_name = self.env._("Erasing After the Sale")

    @api.depends('company_id')
    def _compute_counts(self):
        Partner = self.env['res.partner']
        persons = ~Partner._dsgvo_allowed_domain('storage') & Domain(
            'dsgvo_subject_id.is_company', '=', False)
        for preview in self:
            company = Domain('company_id', 'in', (False, preview.company_id.id))
            preview.never_asked_count = preview.company_id._dsgvo_count_never_asked()
            open_orders = Domain('state', '=', 'sale') & Domain(
                'order_line', 'any', self.env['dsgvo.erasure.blocker']._get_undelivered_domain())
            affected = persons & company & Domain('sale_order_ids', 'any', open_orders)
            preview.affected_ids = Partner.search(affected, limit=200)
            preview.affected_count = Partner.search_count(affected)

    def action_switch_on(self):
        return self._switch(True)

    def action_switch_off(self):
        return self._switch(False)

    def _switch(self, is_on):
        self.check_access('write')
        # sudo: res.company - the officer decides on this one field of the company
        self.company_id.sudo().dsgvo_erase_after_sale = is_on
        return {'type': 'ir.actions.client', 'tag': 'reload'}

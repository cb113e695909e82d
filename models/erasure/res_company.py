from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    dsgvo_anonymous_partner_id = fields.Many2one(
        'res.partner', "Anonymous Customer", ondelete='restrict', readonly=True,
        help="Stands on the orders of customers who were erased.")
    dsgvo_erase_after_sale = fields.Boolean(
        "Erase Customers After the Sale", default=True,
        help="A customer who did not agree to unlimited storage is erased after the special order"
             " was sold at the till. In a shop with earlier sales the privacy officer switches it"
             " on after the preview.")

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._dsgvo_create_anonymous_partners()
        return companies

    def _dsgvo_create_anonymous_partners(self):
        for company in self.filtered(lambda company: not company.dsgvo_anonymous_partner_id):
            lang = company.partner_id.lang
            partner = self.env['res.partner'].with_context(lang=lang, tracking_disable=True).create(
                {'name': self.env(context={'lang': lang})._("Anonymous Customer"), 'active': False})
            company.dsgvo_anonymous_partner_id = partner

from odoo import api, models
from odoo.fields import Domain


class PosOrder(models.Model):
    _name = 'pos.order'
    _inherit = ['dsgvo.order.mixin', 'pos.order']

    @api.model
    def _dsgvo_open_domain(self):
        return Domain('state', '=', 'draft')

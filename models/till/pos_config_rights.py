from odoo import models
from odoo.exceptions import AccessError

SETTING = 'dsgvo_'
ADMINISTRATORS = ('point_of_sale.group_pos_manager', 'base.group_system')


class PosConfig(models.Model):
    """Who may change what this addon sets at a till: Odoo lets each cashier write to the till."""
    _inherit = 'pos.config'

    def write(self, vals):
        if any(name.startswith(SETTING) for name in vals) and not (
                self.env.su or any(map(self.env.user.has_group, ADMINISTRATORS))):
            raise AccessError(self.env._(
                "Only an administrator of the Point of Sale can change the settings of a till on"
                " data protection. Ask one to do it in the settings of the Point of Sale."))
        return super().write(vals)

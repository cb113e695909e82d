from odoo import models


class PhoneBlacklist(models.Model):
    _name = 'phone.blacklist'
    _inherit = ['dsgvo.block.list.mixin', 'phone.blacklist']
    _dsgvo_blocked = 'number'

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    dsgvo_text = fields.Char(related='company_id.dsgvo_text', readonly=False)
    dsgvo_joint_controller = fields.Boolean(
        related='company_id.dsgvo_joint_controller', readonly=False)
    dsgvo_validity_storage = fields.Integer(
        related='company_id.dsgvo_validity_storage', readonly=False)
    dsgvo_validity_notification = fields.Integer(
        related='company_id.dsgvo_validity_notification', readonly=False)
    dsgvo_validity_marketing = fields.Integer(
        related='company_id.dsgvo_validity_marketing', readonly=False)

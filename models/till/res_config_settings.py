from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    # Odoo saves what begins with pos_ on the till that is chosen.
    pos_dsgvo_customer_on_receipt = fields.Boolean(
        related='pos_config_id.dsgvo_customer_on_receipt', readonly=False)
    pos_dsgvo_privacy_screen = fields.Boolean(
        related='pos_config_id.dsgvo_privacy_screen', readonly=False)
    pos_dsgvo_answer_on_phone = fields.Boolean(
        related='pos_config_id.dsgvo_answer_on_phone', readonly=False)
    pos_dsgvo_name_on_shelf_slip = fields.Boolean(
        related='pos_config_id.dsgvo_name_on_shelf_slip', readonly=False)
    pos_dsgvo_new_article_tax_id = fields.Many2one(
        related='pos_config_id.dsgvo_new_article_tax_id', readonly=False)

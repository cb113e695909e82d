from odoo import fields, models


class DsgvoErasureTakeBack(models.TransientModel):
    """The reason for which the officer takes an erasure back."""
    _name = 'dsgvo.erasure.take.back'
    _description = "Taking an Erasure Back"

    erasure_ids = fields.Many2many('dsgvo.erasure', string="Erasures", required=True, readonly=True)
    reason = fields.Char(required=True, help="For example: the customer called and wants to stay.")

    _reason_is_said = models.Constraint(
        r"CHECK (reason ~ '\S')", "Enter the reason: it is the evidence of this decision.")

    def action_take_back(self):
        self.check_access('write')
        self.erasure_ids.check_access('read')
        # sudo: dsgvo.erasure - evidence that nobody writes; this is the officer's decision
        self.erasure_ids.sudo()._take_back(self.reason)
        return {'type': 'ir.actions.client', 'tag': 'soft_reload'}

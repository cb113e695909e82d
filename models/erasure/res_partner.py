from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = 'res.partner'

    dsgvo_erasure_ids = fields.One2many('dsgvo.erasure', 'partner_id', "Erasures", readonly=True)
    dsgvo_erasure_notice = fields.Text(
        "State of the Erasure", compute='_compute_dsgvo_erasure_notice', compute_sudo=True)

    @api.depends('dsgvo_subject_id.dsgvo_erasure_ids.blocker')
    def _compute_dsgvo_erasure_notice(self):
        for partner in self:
            open_erasures = partner.dsgvo_subject_id.dsgvo_erasure_ids.filtered(
                lambda erasure: erasure.state != 'done')
            partner.dsgvo_erasure_notice = open_erasures[:1]._get_notice()

    def _dsgvo_family(self):
        """Return these persons with all their addresses, archived ones included."""
        return self.with_context(active_test=False).search([('dsgvo_subject_id', 'in', self.ids)])

from odoo import api, fields, models


class DsgvoErasureLock(models.Model):
    """The privacy officer's word that somebody must not be erased yet (Art. 17 (3) (e) DSGVO)."""
    _name = 'dsgvo.erasure.lock'
    _description = "Legal Lock"
    _order = 'id desc'
    _rec_name = 'partner_id'

    partner_id = fields.Many2one(
        'res.partner', "Customer", required=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, default=lambda self: self.env.company)
    active = fields.Boolean("In Force", default=True)
    reason = fields.Char(required=True, help="For example the dispute or its reference.")
    until = fields.Date(help="The last day of the lock. Empty: until it is lifted by hand.")

    @api.model_create_multi
    def create(self, vals_list):
        """A lock of an address is one of its person."""
        locks = super().create(vals_list)
        for lock in locks:
            if lock.partner_id != (subject := lock.partner_id._dsgvo_subject()):
                lock.partner_id = subject
        return locks

    def action_lift(self):
        """Lift the lock; who is to be erased is looked at again at once."""
        self.active = False
        self.env['dsgvo.erasure']._trigger_cron()

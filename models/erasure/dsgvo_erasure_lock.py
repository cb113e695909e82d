from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date


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

    @api.constrains('until')
    def _check_until(self):
        if past := self.filtered(
                lambda lock: lock.active and lock.until
                and lock.until < lock.company_id._dsgvo_today()):
            raise ValidationError(self.env._(
                "A lock until %(date)s protects nobody: this day is over. Enter a later day, "
                "leave it empty, or lift the lock.", date=format_date(self.env, past[0].until)))

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

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..jobs.refusals import unlogged


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

    _reason_is_said = models.Constraint(
        r"CHECK (reason ~ '\S')", "Enter the reason: it is the evidence of this decision.")

    @api.constrains('until')
    def _check_until(self):
        if past := self.filtered(
                lambda lock: lock.active and lock.until
                and lock.until < lock.company_id._dsgvo_today()):
            raise ValidationError(self.env._(
                "A lock until %(date)s protects nobody: this day is over. Enter a later day, "
                "leave it empty, or lift the lock.", date=format_date(self.env, past[0].until)))

    @api.constrains('partner_id')
    def _check_partner_id(self):
        """A lock needs a customer who can still be erased; restricted ones go after the period."""
        frozen = self.partner_id._dsgvo_frozen()
        # sudo: res.partner - refused whoever locks
        restricted = frozen.sudo().filtered('dsgvo_restricted')
        if nobody := frozen - restricted | (
                self.partner_id & self.env['dsgvo.erasure']._get_placeholders()):
            raise unlogged(ValidationError(self.env._(
                "%(name)s cannot be locked: nothing of this contact will be erased. Choose the"
                " customer with whom the shop is in dispute.", name=nobody[0].display_name)))

    @api.model_create_multi
    def create(self, vals_list):
        """A lock of an address is one of its person."""
        locks = super().create(vals_list)
        for lock in locks:
            if lock.partner_id != (subject := lock.partner_id._dsgvo_subject()):
                lock.partner_id = subject
        return locks

    def _get_notice(self, is_elsewhere):
        """Return the text about these locks for the page of the customer.

        :param bool is_elsewhere: whether they are those of companies that the user does not see
        """
        if is_elsewhere:
            return self.env._(
                "Dispute: locked by the privacy officer of %(companies)s, and not erased until that"
                " lock ends.", companies=", ".join(self.company_id.mapped('name')))
        if all(self.mapped('until')):
            return self.env._(
                "Dispute: locked by the privacy officer until %(date)s, and not erased before.",
                date=format_date(self.env, max(self.mapped('until'))))
        return self.env._(
            "Dispute: locked by the privacy officer, and not erased until it is lifted.")

    def action_lift(self):
        """Lift the lock; the erasure of the customer is looked at again at once."""
        self.write({'active': False})
        self.env['dsgvo.erasure']._trigger_cron()


class ResPartner(models.Model):
    """The lock of a customer, and the buttons that set and lift it."""
    _inherit = 'res.partner'

    dsgvo_lock_ids = fields.One2many(
        'dsgvo.erasure.lock', 'partner_id', "Disputes", groups='dsgvo.group_officer')
    dsgvo_lock_notice = fields.Char(
        "Lock", compute='_compute_dsgvo_notices', compute_sudo=True)
    dsgvo_is_locked_here = fields.Boolean(
        "Locked by the Own Company", compute='_compute_dsgvo_notices', compute_sudo=True)

    @api.depends('dsgvo_subject_id.dsgvo_lock_ids.until')
    def _compute_dsgvo_notices(self):
        """Say that the customer stays, and how long; the reason is for the officer alone."""
        noted = self.filtered(lambda partner: partner._dsgvo_get_noted('locks'))
        locks = self.env['dsgvo.erasure.lock']
        if noted:
            locks = locks.search(noted._dsgvo_get_lock_domain()).filtered(
                lambda lock: not lock.until or lock.until >= lock.company_id._dsgvo_today())
        by_subject = locks.grouped(lambda lock: lock.partner_id.dsgvo_subject_id)
        for partner in self:
            found = by_subject.get(partner.dsgvo_subject_id, locks.browse())
            own = found.filtered(lambda lock: lock.company_id in self.env.companies)
            partner.dsgvo_is_locked_here = bool(own)
            partner.dsgvo_lock_notice = bool(found) and (own or found)._get_notice(not own)
        return super()._compute_dsgvo_notices()

    def _dsgvo_get_lock_domain(self):
        """Return the `Domain` of the locks of these persons and of their addresses."""
        return Domain('partner_id.dsgvo_subject_id', 'in', self._dsgvo_subject().ids)

    def action_dsgvo_lock(self):
        """Ask for reason and day, then lock this customer."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Lock (Dispute)"),
            'res_model': 'dsgvo.erasure.lock',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_partner_id': self._dsgvo_subject().id},
        }

    def action_dsgvo_lift_lock(self):
        """Lift the locks of this customer at the companies that the officer works for.

        :raise UserError: if there is none
        """
        locks = self.env['dsgvo.erasure.lock'].search(self._dsgvo_get_lock_domain())
        if not locks:
            raise UserError(self.env._(
                "None of your companies has locked this customer. Only the privacy officer of the"
                " company that set a lock can lift it."))
        locks.action_lift()

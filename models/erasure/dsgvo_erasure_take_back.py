from odoo import fields, models
from odoo.exceptions import UserError

from ..jobs.refusals import unlogged
from .dsgvo_erasure import NOT_FAILING
from .dsgvo_erasure_blocker import CHOSEN_BY_OFFICER


class DsgvoErasure(models.Model):
    """A request or an erasure by hand that the officer takes back, with the reason."""
    _inherit = 'dsgvo.erasure'

    can_take_back = fields.Boolean(compute='_compute_can_take_back')
    take_back_reason = fields.Char(
        "Why Taken Back", readonly=True, copy=False, groups='dsgvo.group_officer')
    taken_back_on = fields.Datetime(readonly=True, copy=False)
    taken_back_by_id = fields.Many2one('res.users', readonly=True, copy=False)

    def _compute_can_take_back(self):
        for erasure in self:
            erasure.can_take_back = bool(
                erasure.state in ('due', 'blocked') and erasure.reason in CHOSEN_BY_OFFICER
                and not erasure.certificate and not erasure.is_replayed)

    def action_take_back(self):
        """Ask for the reason, then take these erasures back."""
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Take Back"),
            'res_model': 'dsgvo.erasure.take.back',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_erasure_ids': self.ids},
        }

    def _take_back(self, why):
        """Let these customers stay. A withdrawn consent to storage erases them all the same.

        It may have been withdrawn at any company: the request may have taken the place of the
        withdrawal.

        The daily job notes anew what a sale or a period asks for.

        :raise UserError: if one of them has nothing to take back, or is being erased
        """
        if (erased_now := self - self.try_lock_for_update()) or (
                refused := self.filtered(lambda erasure: not erasure.can_take_back)):
            raise unlogged(UserError(self.env._(
                "The erasure of %(name)s cannot be taken back. Only a request or an erasure by hand"
                " can, and only before anything is erased.",
                name=(erased_now or refused)[0].display_name)))
        self.write({
            'state': 'cancelled', 'blocker': False, 'take_back_reason': why,
            'taken_back_on': fields.Datetime.now(), 'taken_back_by_id': self.env.uid} | NOT_FAILING)
        for company in self.company_id | self.company_id._dsgvo_one_of_each_controller():
            last = self.env['dsgvo.consent.event'].with_company(company)._last_decisions(
                self.partner_id)
            self._enqueue(self.partner_id.filtered(
                lambda person, last=last: last.get((person.id, 'storage')) == 'withdrawn'),
                'withdrawal', company)

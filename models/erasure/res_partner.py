from odoo import api, fields, models
from odoo.fields import Domain

from .dsgvo_erasure import REASONS_OVERRULED_BY_CONSENT


class ResPartner(models.Model):
    """The erasures of a customer: their state, the buttons, and what a withdrawal starts."""
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

    # === ACTION METHODS === #

    def action_dsgvo_request(self):
        """Show what erasing this customer on request (Art. 17 DSGVO) would do."""
        self.ensure_one()
        return self.env['dsgvo.erasure.selection']._open(
            {'reason': 'request', 'partner_ids': self._dsgvo_subject().ids})

    def action_dsgvo_erase(self):
        """Show what erasing these customers by hand would do."""
        return self.env['dsgvo.erasure.selection']._open(
            {'reason': 'manual', 'partner_ids': self._dsgvo_subject().ids})

    def action_dsgvo_lock(self):
        """Open the legal locks of this customer."""
        self.ensure_one()
        subject = self._dsgvo_subject()
        action = self.env['ir.actions.act_window']._for_xml_id('dsgvo.dsgvo_erasure_lock_action')
        return action | {
            'domain': [('partner_id', '=', subject.id)],
            'context': {'default_partner_id': subject.id, 'active_test': False}}

    # === BUSINESS METHODS === #

    def _dsgvo_after_decision(self, purpose, decision, allowed):
        """Erase who withdraws the consent to storage, and nobody who gives it again in time.

        It is the customer's own wish, so the switch of the company for sales does not matter.
        """
        super()._dsgvo_after_decision(purpose, decision, allowed)
        if purpose != 'storage':
            return
        Erasure = self.env['dsgvo.erasure']
        if decision == 'withdrawn':
            Erasure._enqueue(self - allowed, 'withdrawal', self.env.company)
            self.invalidate_recordset(['dsgvo_erasure_ids', 'dsgvo_erasure_notice'])
        elif allowed:
            Erasure._drop(Domain([
                ('partner_id', 'in', allowed.ids),
                ('company_id', 'in', self.env.company._dsgvo_same_controller().ids),
                ('reason', 'in', REASONS_OVERRULED_BY_CONSENT)]))

    def _dsgvo_find_quotations(self):
        """Return what these persons were offered and did not order."""
        # sudo: sale.order - the officer switched the period on, the job cancels
        return self.env['sale.order'].sudo().search(
            [('state', 'in', ('draft', 'sent')), ('partner_id.dsgvo_subject_id', 'in', self.ids)])

    def _dsgvo_cancel_quotations(self):
        """Cancel them without a message and without a trace of it on the order."""
        self._dsgvo_find_quotations().with_context(tracking_disable=True)._action_cancel()

    def _dsgvo_family(self):
        """Return these persons with all their addresses, archived ones included."""
        return self.with_context(active_test=False).search([('dsgvo_subject_id', 'in', self.ids)])

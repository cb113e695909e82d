from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .dsgvo_erasure import REASONS_OVERRULED_BY_CONSENT


class ResPartner(models.Model):
    """The erasures of a customer: their state, the buttons, and what a withdrawal starts."""
    _inherit = 'res.partner'

    dsgvo_erasure_ids = fields.One2many('dsgvo.erasure', 'partner_id', "Erasures", readonly=True)
    dsgvo_erasure_notice = fields.Text(
        "State of the Erasure", compute='_compute_dsgvo_notices', compute_sudo=True)
    dsgvo_can_take_back = fields.Boolean(
        compute='_compute_dsgvo_notices', compute_sudo=True,
        help="The customer is noted on request or by hand, and nothing is erased yet.")

    # === COMPUTE METHODS === #

    @api.depends('dsgvo_subject_id.dsgvo_erasure_ids.state',
                 'dsgvo_subject_id.dsgvo_lock_ids.active')
    def _compute_dsgvo_noted(self):
        return super()._compute_dsgvo_noted()

    @api.model
    def _dsgvo_noted_sql(self):
        self.env['dsgvo.erasure'].flush_model(['partner_id', 'state'])
        self.env['dsgvo.erasure.lock'].flush_model(['active'])
        return super()._dsgvo_noted_sql() | {
            'erasures': SQL("""
                EXISTS (SELECT FROM dsgvo_erasure erasure
                         WHERE erasure.partner_id = noted.subject_id
                           AND erasure.state NOT IN ('done', 'cancelled'))"""),
            # Of anybody: most shops have none.
            'locks': SQL("EXISTS (SELECT FROM dsgvo_erasure_lock lock WHERE lock.active)"),
        }

    @api.depends('dsgvo_subject_id.dsgvo_erasure_ids.blocker')
    def _compute_dsgvo_notices(self):
        noted = self.filtered(lambda partner: partner._dsgvo_get_noted('erasures'))
        (self - noted).dsgvo_erasure_notice = ""
        (self - noted).dsgvo_can_take_back = False
        for partner in noted:
            open_erasures = partner.dsgvo_subject_id.dsgvo_erasure_ids.filtered(
                lambda erasure: erasure.state not in ('done', 'cancelled'))
            partner.dsgvo_erasure_notice = open_erasures[:1]._get_notice()
            partner.dsgvo_can_take_back = any(open_erasures.mapped('can_take_back'))
        return super()._compute_dsgvo_notices()

    # === ACTION METHODS === #

    def action_dsgvo_request(self):
        """Show what erasing this customer on request (Art. 17 DSGVO) would do."""
        self.ensure_one()
        return self.env['dsgvo.erasure.preview']._open(
            {'reason': 'request', 'partner_ids': self._dsgvo_subject().ids})

    def action_dsgvo_erase(self):
        """Show what erasing these customers by hand would do."""
        return self.env['dsgvo.erasure.preview']._open(
            {'reason': 'manual', 'partner_ids': self._dsgvo_subject().ids})

    def action_dsgvo_take_back(self):
        """Ask for the reason, then take back that this customer is to be erased."""
        return self._dsgvo_subject().dsgvo_erasure_ids.filtered('can_take_back').action_take_back()

    # === BUSINESS METHODS === #

    def _dsgvo_after_decision(self, purpose, decision, allowed):
        """Erase customers who withdraw the consent to storage and do not give it again in time.

        It is the customer's own wish, so the switch of the company for sales does not matter.
        """
        super()._dsgvo_after_decision(purpose, decision, allowed)
        if purpose != 'storage':
            return
        Erasure = self.env['dsgvo.erasure']
        if decision == 'withdrawn':
            Erasure._enqueue(self - allowed, 'withdrawal', self.env.company)
        elif allowed:
            Erasure._drop(Domain([
                ('partner_id', 'in', allowed.ids),
                ('company_id', 'in', self.env.company._dsgvo_same_controller().ids),
                ('reason', 'in', REASONS_OVERRULED_BY_CONSENT)]))
        if decision == 'refused':
            Erasure._stop_asking(self - allowed, self.env.company)

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
        return self.with_context(active_test=False).search_fetch(
            [('dsgvo_subject_id', 'in', self.ids)], ['dsgvo_subject_id'])

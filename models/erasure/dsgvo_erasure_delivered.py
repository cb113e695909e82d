from odoo import api, models
from odoo.fields import Domain

PAID = ('paid', 'in_payment', 'reversed')


class DsgvoErasure(models.Model):
    _inherit = 'dsgvo.erasure'

    @api.model
    def _enqueue_delivered(self):
        """Note whose order the back office delivered and got paid, without the till.

        They have an invoice as a rule, so they become restricted. Looked for once a day: a delivery
        or a payment must not depend on this addon.
        """
        # sudo: res.company - its switch, for the job
        for company in self.env['res.company'].sudo().search(
                [('dsgvo_erase_after_sale', '=', True)]):
            # sudo: sale.order - only whose they are
            orders = self.env['sale.order'].sudo().with_company(company).search(
                self._get_delivered_domain(company))
            subjects = orders.partner_id._dsgvo_subject()
            self._enqueue(
                subjects - subjects.browse(self._get_refused_ids()), 'checkout', company)

    def _get_delivered_domain(self, company):
        """Return the orders that are over for good: delivered, invoiced and paid since the switch.

        Nothing of them is left to do, and their customer did not agree to storage.
        """
        posted_unpaid = Domain('parent_state', '=', 'posted') & Domain(
            'move_id.payment_state', 'not in', PAID)
        unpaid = Domain(
            'order_line.invoice_lines', 'any', Domain('parent_state', '=', 'draft') | posted_unpaid)
        undelivered = Domain(
            'order_line', 'any', self.env['dsgvo.erasure.blocker']._get_undelivered_domain())
        since = Domain('date_order', '>=', company.dsgvo_erase_since) | Domain(
            'picking_ids', 'any', Domain('date_done', '>=', company.dsgvo_erase_since))
        subject = (
            ~self.env['res.partner']._dsgvo_allowed_domain('storage')
            & Domain('dsgvo_restricted', '!=', True) & Domain('dsgvo_erased', '!=', True)
            & Domain('dsgvo_erasure_ids', 'not any', Domain('state', 'in', ('due', 'blocked'))))
        return (
            Domain('company_id', '=', company.id) & Domain('state', '=', 'sale')
            & Domain('partner_id', '!=', company.dsgvo_anonymous_partner_id.id)
            & (Domain('invoice_status', '=', 'invoiced') | Domain('amount_total', '=', 0))
            & since & ~unpaid & ~undelivered
            & Domain('partner_id.dsgvo_subject_id', 'any', subject))

from odoo import api, models
from odoo.fields import Domain

from .open_orders import get_open_domain

PAID = ('paid', 'in_payment', 'reversed')


class DsgvoErasure(models.Model):
    """Orders that the back office delivered and got paid: after them, customers are erased, too."""
    _inherit = 'dsgvo.erasure'

    @api.model
    def _enqueue_delivered(self):
        """Note customers whose order was delivered and paid in the back office, not at the till.

        They have an invoice as a rule, so they become restricted. The search runs once a day,
        because a delivery or a payment must not depend on this addon.
        """
        # sudo: res.company - its switch, for the job
        for company in self.env['res.company'].sudo().search(
                [('dsgvo_erase_after_sale', '=', True)]):
            Failure, found = self.env['dsgvo.job.failure'].with_company(company), []
            Failure._run('period', company.with_company(company),
                         lambda company, found=found: found.extend(
                             self._find_delivered(company)))
            for subjects, is_recipient in zip(found, (False, True), strict=False):
                Failure._run_in_chunks(
                    'note', subjects.with_company(company),
                    lambda some, company=company, is_recipient=is_recipient: self._enqueue(
                        some, 'checkout', company, is_recipient=is_recipient))
            if found:
                Failure._forget_before('checkout')

    @api.model
    def _find_delivered(self, company):
        """Return customers whose orders are over, and others who got the goods or the invoice."""
        # sudo: sale.order - only whose they are
        Order = self.env['sale.order'].sudo().with_company(company)
        delivered = self._get_delivered_domain(company)
        customers = self._find_forgettable(Order, delivered, 'partner_id', company)
        others = self._find_forgettable(Order, delivered, 'partner_shipping_id', company)
        others |= self._find_forgettable(Order, delivered, 'partner_invoice_id', company)
        others = self._without_business_partners(others - customers)
        return customers, others - self._find_own_business(others)

    def _find_forgettable(self, Order, delivered, partner_field, company):
        """Return the persons of these orders without consent to storage who are not noted yet."""
        subject = (
            ~self.env['res.partner']._dsgvo_allowed_domain('storage')
            & Domain('dsgvo_restricted', '!=', True) & Domain('dsgvo_erased', '!=', True)
            & Domain('dsgvo_erasure_ids', 'not any', Domain('state', 'in', ('due', 'blocked'))))
        orders = Order.search(
            delivered & Domain(partner_field, '!=', company.dsgvo_anonymous_partner_id.id)
            & Domain(f'{partner_field}.dsgvo_subject_id', 'any', subject))
        subjects = orders[partner_field]._dsgvo_subject()
        return subjects - subjects.browse(self._get_refused_ids())

    def _get_delivered_domain(self, company):
        """Return the orders that are over for good: sold since the switch, delivered and paid.

        Nothing of them is left to do. An order that was cancelled altogether sold nothing.
        """
        posted_unpaid = Domain('parent_state', '=', 'posted') & Domain(
            'move_id.payment_state', 'not in', PAID)
        unpaid = Domain(
            'order_line.invoice_lines', 'any', Domain('parent_state', '=', 'draft') | posted_unpaid)
        sold = Domain('order_line', 'any', Domain('qty_delivered', '>', 0) | Domain(
            'qty_invoiced', '>', 0))
        since = Domain('date_order', '>=', company.dsgvo_erase_since) | Domain(
            'picking_ids', 'any', Domain('date_done', '>=', company.dsgvo_erase_since))
        return (
            Domain('company_id', '=', company.id) & Domain('state', '=', 'sale')
            & since & sold & ~unpaid & ~get_open_domain(self.env))

from odoo.tests import tagged

from ..erasure.common import ShopCommon

# What a fiscal export (DSFinV-K, Bonkopf) tells of the customer of a sale.
CUSTOMER = {'KUNDE_NAME', 'KUNDE_ID', 'KUNDE_TYP', 'KUNDE_STRASSE', 'KUNDE_PLZ', 'KUNDE_ORT'}


@tagged('post_install', '-at_install')
class TestFiscalExport(ShopCommon):
    """An erasure changes no number of a closed session."""

    def _export(self, session):
        """Return a row for each sale, line and payment, with every value that has a place there."""
        rows = []
        for order in session.order_ids.sorted('id'):
            customer = order.partner_id
            rows.append({
                'BON_ID': order.pos_reference, 'BON_NR': order.name, 'BON_ENDE': order.date_order,
                'BEDIENER': order.user_id.id, 'UMS_BRUTTO': order.amount_total,
                'UST': order.amount_tax, 'BEZAHLT': order.amount_paid, 'STATUS': order.state,
                'KUNDE_NAME': customer.name, 'KUNDE_ID': customer.id,
                'KUNDE_TYP': "Mitarbeiter" if customer.company_id == order.company_id else "Kunde",
                'KUNDE_STRASSE': customer.street[:60], 'KUNDE_PLZ': customer.zip[:10],
                'KUNDE_ORT': customer.city})
            rows += [{'ARTIKEL': line.product_id.id, 'TEXT': line.full_product_name,
                      'MENGE': line.qty, 'PREIS': line.price_subtotal_incl}
                     for line in order.lines]
            rows += [{'ZAHLART': payment.payment_method_id.id, 'BETRAG': payment.amount}
                     for payment in order.payment_ids]
        move = session.move_id
        rows += [{'KONTO': line.account_id.code, 'SALDO': line.balance} for line in move.line_ids]
        return rows

    def test_closed_session_differs_in_its_customers_only(self):
        self.env.company.dsgvo_erase_after_sale = False
        order = self._sell(self._order())
        session = self.config.current_session_id
        session.action_pos_session_closing_control()
        self.assertEqual(session.state, 'closed')
        before = self._export(session)
        self.env['dsgvo.erasure']._enqueue(self.customer, 'request', self.env.company)
        self._run_cron()
        self.assertEqual(order.partner_id, self.env.company.dsgvo_anonymous_partner_id)
        after = self._export(session)
        self.assertEqual(len(before), len(after))
        changed = {name for old, new in zip(before, after, strict=True)
                   for name in old if old[name] != new[name]}
        self.assertEqual(
            changed, {'KUNDE_NAME', 'KUNDE_ID', 'KUNDE_STRASSE', 'KUNDE_PLZ', 'KUNDE_ORT'})
        self.assertLess(changed, CUSTOMER)

    def test_anonymous_customers_say_nothing_and_have_no_company(self):
        companies = self.env.company + self.env['res.company'].create({'name': "Zweite"})
        for company in companies:
            self.assertRecordValues(company.dsgvo_anonymous_partner_id, [{
                'company_id': False, 'parent_id': False, 'street': "-", 'zip': "00000",
                'city': False, 'email': False, 'phone': False}])

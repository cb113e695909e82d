from odoo.tests import tagged

from odoo.addons.point_of_sale.tests.test_frontend import TestPointOfSaleHttpCommon


@tagged('post_install', '-at_install')
class TestSpecialOrderTour(TestPointOfSaleHttpCommon):
    def test_special_order_goes_its_circle_without_leaving_the_till(self):
        """Order with deposit, goods receipt, message, sale; then nobody knows the customer."""
        # The last group is that of the job that erases, which the tour starts.
        for group in (
                'sales_team.group_sale_salesman', 'stock.group_stock_user', 'base.group_system'):
            self.pos_user.group_ids += self.env.ref(group)
        self.env.company.dsgvo_erase_after_sale = True
        deposit = self.env.ref('pos_sale.default_downpayment_product')
        deposit.active = True
        self.main_pos_config.down_payment_product_id = deposit
        self.env['account.tax'].create({
            'name': "7 % in the price", 'amount': 7, 'type_tax_use': 'sale', 'sequence': -1,
            'price_include_override': 'tax_included'})
        customer = self.env['res.partner'].create({
            'name': "Adelheid Quittenbaum", 'email': 'adelheid@quittenbaum.example',
            'phone': '+49 30 901820', 'street': "Holunderweg 17", 'city': "Berlin"})
        customer.consent_notification = 'granted'
        self.env['res.partner'].create({
            'name': "Barsortiment Lindenau", 'is_company': True, 'supplier_rank': 1})
        self.main_pos_config.with_user(self.pos_user).open_ui()
        self.start_pos_tour('dsgvo_special_order_circle')
        self.env.invalidate_all()
        order = self.env['sale.order'].sudo().search([('dsgvo_till_uuid', '!=', False)])
        self.assertRecordValues(order, [{
            'state': 'sale', 'amount_unpaid': 0,
            'partner_id': self.env.company.dsgvo_anonymous_partner_id.id}])
        self.assertFalse(customer.exists())
        self.assertRecordValues(
            self.main_pos_config.current_session_id.order_ids.sorted('id'),
            [{'state': 'paid', 'amount_total': 5}, {'state': 'paid', 'amount_total': 7}])

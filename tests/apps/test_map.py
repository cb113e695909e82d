from odoo import Command
from odoo.tests import tagged
from odoo.tests.common import TransactionCase

from ..map.test_map import find_late_ways


@tagged('post_install', '-at_install', '-standard')
class TestAppsMap(TransactionCase):
    def test_map_covers_every_app(self):
        self.env['dsgvo.data.gap']._refresh()
        self.assertEqual(self.env['dsgvo.data.gap'].search([]).mapped('place'), [])

    def test_every_rule_has_its_place(self):
        rules = self.env['dsgvo.data.rule'].search([('erase', '!=', 'method')])
        exemptions = rules.filtered(lambda rule: rule._is_exemption())
        self.assertEqual((rules - exemptions - rules._awake()).mapped('place'), [])

    def test_every_way_starts_from_rows_that_were_found_before(self):
        self.assertEqual(find_late_ways(self.env), [])

    def test_customer_of_an_open_repair_stays(self):
        customer = self.env['res.partner'].create({'name': "Adelheid Quittenbaum"})
        repair = self.env['repair.order'].create({'partner_id': customer.id})
        Blocker = self.env['dsgvo.erasure.blocker']
        self.assertEqual(Blocker._find(customer), {
            customer: [f"Repair that is not confirmed: {repair.name}"]})
        repair.action_validate()
        self.assertEqual(Blocker._find(customer), {
            customer: [f"Repair under way: {repair.name}"]})

    def test_order_that_the_supplier_delivers_is_open_until_it_is_delivered_or_cancelled(self):
        """Also before anybody confirms the purchase, while there is no transfer."""
        Blocker, supplier = self.env['dsgvo.erasure.blocker'], self.env['res.partner'].create(
            {'name': "Grossist"})
        product = self.env['product.product'].create({
            'name': "Besorgung", 'is_storable': True, 'invoice_policy': 'delivery',
            'route_ids': self.env.ref('stock_dropshipping.route_drop_shipping').ids,
            'seller_ids': [Command.create({'partner_id': supplier.id})]})
        for ending in 'deliver', 'cancel', 'cancel confirmed', 'close', 'close confirmed':
            with self.subTest(ending=ending):
                customer = self.env['res.partner'].create({'name': "Adelheid Quittenbaum"})
                order = self.env['sale.order'].create({
                    'partner_id': customer.id,
                    'order_line': [Command.create({'product_id': product.id, 'price_unit': 20.0})]})
                order.action_confirm()
                purchase = order.order_line.purchase_line_ids.order_id
                self.assertEqual((purchase.state, len(order.picking_ids)), ('draft', 0))
                self.assertEqual(Blocker._find(customer), {
                    customer: [f"Open order: {order.name}"]})
                if 'confirmed' in ending or ending == 'deliver':
                    purchase.button_confirm()
                    self.assertIn("Open order", Blocker._find(customer)[customer][0])
                if ending == 'deliver':
                    picking = purchase.picking_ids
                    picking.move_ids.quantity = 1
                    picking.move_ids.picked = True
                    picking.button_validate()
                    self.assertIn("Open order", Blocker._find(customer)[customer][0])
                    order.order_line.qty_invoiced = 1
                elif ending.startswith('cancel'):
                    purchase.button_cancel()
                else:
                    order.action_dsgvo_close()
                self.assertEqual(Blocker._find(customer), {})

    def test_coupon_without_an_active_reward_keeps_nobody_but_a_gift_card_does(self):
        Blocker = self.env['dsgvo.erasure.blocker']
        for kind, is_kept in ('coupons', False), ('loyalty', False), ('gift_card', True):
            with self.subTest(kind=kind):
                customer = self.env['res.partner'].create({'name': "Adelheid Quittenbaum"})
                program = self.env['loyalty.program'].create({
                    'name': kind, 'program_type': kind, 'reward_ids': [Command.create({})]})
                self.env['loyalty.card'].create(
                    {'program_id': program.id, 'partner_id': customer.id, 'points': 1})
                self.assertIn(customer, Blocker._find(customer))
                program.reward_ids.active = False
                self.assertEqual(customer in Blocker._find(customer), is_kept)

    def test_employee_without_login_stays_as_long_as_employed(self):
        employee = self.env['hr.employee'].create({'name': "Balthasar Ohlendorf"})
        contact = employee.work_contact_id
        Blocker, Erasure = self.env['dsgvo.erasure.blocker'], self.env['dsgvo.erasure']
        self.assertEqual(Blocker._find(contact), {contact: ["Is an employee"]})
        self.assertIn(contact.id, Erasure._get_refused_ids())
        employee.active = False
        self.assertEqual(Blocker._find(contact), {})
        self.assertNotIn(contact.id, Erasure._get_refused_ids())
        Erasure._enqueue(contact, 'request', self.env.company)
        Erasure.search([('partner_id', '=', contact.id)])._process()
        self.env.invalidate_all()
        self.assertFalse(contact.exists())
        self.assertTrue(employee.exists())

    def test_card_with_which_nothing_can_be_bought_keeps_nobody(self):
        customer = self.env['res.partner'].create({'name': "Adelheid Quittenbaum"})
        program = self.env['loyalty.program'].create(
            {'name': "Gutschein", 'program_type': 'gift_card'})
        card = self.env['loyalty.card'].create(
            {'program_id': program.id, 'partner_id': customer.id, 'points': 25})
        Blocker, yesterday = self.env['dsgvo.erasure.blocker'], '2020-01-01'
        self.assertIn("Voucher", Blocker._find(customer)[customer][0])
        for record, values, before in (
                (card, {'expiration_date': yesterday}, {'expiration_date': False}),
                (card, {'active': False}, {'active': True}),
                (card, {'points': 0}, {'points': 25}),
                (card, {'points': 0.004}, {'points': 25}),
                (program, {'active': False}, {'active': True}),
                (program, {'date_to': yesterday}, {'date_to': False})):
            with self.subTest(values=values):
                record.write(values)
                self.assertEqual(Blocker._find(customer), {})
                record.write(before)

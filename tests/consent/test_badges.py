from lxml import etree

from odoo import Command
from odoo.tests import tagged

from ..common import DsgvoCommon

BADGE = {'consent_state': {}, 'dsgvo_refused': {}, 'dsgvo_summary': {}}


@tagged('post_install', '-at_install')
class TestBadges(DsgvoCommon):
    """The badge wherever the office chooses or sees a customer; rows cost no statements."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.refusing = cls._create_customer(
            name="Adelheid Zweitname", consent_marketing='refused')
        cls.supplier = cls._create_customer(name="Adelheid Verlag", supplier_rank=1)

    def _search(self, limit=8):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env['res.partner'].with_user(self.clerk).web_name_search(
            "Adelheid", {'display_name': {}} | BADGE, limit=limit)

    def test_drop_down_knows_the_badge_of_each_customer_and_of_no_supplier(self):
        self.customer.consent_storage = 'granted'
        found = {row['id']: row for row in self._search()}
        self.assertEqual(
            [found[partner.id]['dsgvo_summary'] for partner in (
                self.customer, self.refusing, self.supplier)],
            ["Some: Storage", "None: refused", False])
        self.assertEqual(found[self.customer.id]['consent_state'], 'partial')
        self.assertTrue(found[self.refusing.id]['dsgvo_refused'])
        self.assertIn('__formatted_display_name', found[self.customer.id])

    def test_drop_down_that_asks_for_no_badge_gets_none(self):
        [row] = self.env['res.partner'].web_name_search("Zweitname", {'display_name': {}})
        self.assertEqual(row.keys() & BADGE.keys(), set())

    def test_orders_have_the_badge_in_each_view_of_several(self):
        Order = self.env['sale.order'].with_user(self.clerk)
        for view_type in ('list', 'kanban'):
            with self.subTest(view=view_type):
                arch = etree.fromstring(Order.get_view(view_type=view_type)['arch'])
                [badge] = arch.xpath("//field[@name='consent_state'][@widget='dsgvo_badge']")
                shown = {field.get('name') for field in arch.iter('field')}
                self.assertLessEqual(BADGE.keys(), shown)
                self.assertIn('dsgvo_summary', badge.get('options'))

    def _count(self, read):
        read()  # what is cached for all
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        read()
        return self.env.cr.sql_log_count - before

    def test_badges_cost_no_statement_for_each_row_nor_for_each_answer(self):
        customers = self.env['res.partner'].union(
            *(self._create_customer(name=f"Adelheid {number}", **consents)
              for number, consents in enumerate([
                  {}, {'consent_storage': 'granted'}, {}, {'consent_marketing': 'refused'},
                  {'consent_notification': 'granted'}, {}, {'consent_storage': 'refused'}, {}])))
        product = self.env['product.product'].create({'name': "Book"})
        orders = self.env['sale.order'].create([{
            'partner_id': customer.id,
            'order_line': [Command.create({'product_id': product.id})]} for customer in customers])
        orders.action_confirm()
        specification = BADGE | {'partner_id': {'fields': {}}}
        lists = {
            'drop-down': lambda number: self._search(number),
            'orders': lambda number: orders[:number].with_user(self.clerk).web_read(specification),
            'customers': lambda number: customers[:number].with_user(self.clerk).web_read(BADGE),
            'deliveries': lambda number: orders.picking_ids[:number].sudo().web_read(specification),
        }
        for kind, read in lists.items():
            with self.subTest(kind=kind):
                few, many = (
                    self._count(lambda number=number, read=read: read(number))
                    for number in (2, 8))
                self.assertEqual(few, many)

    def test_transfer_has_the_badge_of_a_customer_and_not_of_a_supplier(self):
        picking_type = self.env['stock.picking.type'].search([('code', '=', 'outgoing')], limit=1)
        for partner, summary in (
                (self.customer, "None: never asked"), (self.refusing, "None: refused"),
                (self.supplier, False), (self.env['res.partner'], False)):
            with self.subTest(partner=partner.id):
                transfer = self.env['stock.picking'].create({
                    'picking_type_id': picking_type.id, 'partner_id': partner.id})
                self.assertEqual(transfer.dsgvo_summary, summary)

from odoo.tests import tagged

from odoo.addons.dsgvo.models.map.guard import Guard

from ..common import ErasureMixin
from .common import GuardCommon

PEOPLE = {'ttype': 'reference', 'selection': "[('res.country', 'A'), ('res.partner', 'B')]"}


@tagged('post_install', '-at_install')
class TestReferences(ErasureMixin, GuardCommon):
    """Columns that name the model of their record, so that it may be a customer or an order."""

    def test_reference_that_may_name_a_customer_is_named(self):
        self._add_field('stock.warehouse', 'x_neighbour', **PEOPLE)
        self._add_field('product.template', 'x_made_for', **PEOPLE)
        self._add_field('stock.picking', 'x_gift_of', ttype='reference',
                        selection="[('sale.order', 'Order')]")
        self._add_field('stock.warehouse', 'x_place', ttype='reference',
                        selection="[('res.country', 'Country')]")
        self.assertEqual(self._find(), {
            ('stock.warehouse.x_neighbour', 'link'), ('product.template.x_made_for', 'link'),
            ('stock.picking.x_gift_of', 'child')})

    def test_reference_to_the_person_is_emptied_once_it_is_covered(self):
        self._add_field('stock.warehouse', 'x_neighbour', **PEOPLE)
        self._find()
        rule = self._press(self.Gap.search([]), 'action_cover').save()
        self.assertRecordValues(rule, [{
            'reached_by': 'x_neighbour', 'erase': 'clear', 'is_about_person': False}])
        self.assertEqual(self._find(), set())
        other = self.env['res.partner'].create({'name': "Balduin Wacholder"})
        hers, his = self.env['stock.warehouse'].create([
            {'name': person.name, 'code': person.name[:3],
             'x_neighbour': f'res.partner,{person.id}'} for person in (self.customer, other)])
        self.env['dsgvo.erasure']._enqueue(self.customer, 'request', self.env.company)
        self.env['dsgvo.erasure'].sudo().search([])._process()
        self.assertFalse(self.customer.exists())
        self.assertFalse(hers.x_neighbour)
        self.assertEqual(his.x_neighbour, other)

    def test_number_of_a_record_of_any_model_is_named(self):
        """As if the map knew nothing of who follows a record."""
        self.env.ref('dsgvo.rule_mail_followers_res_id').active = False
        self.assertEqual(self._find(), {('mail.followers.res_id', 'child')})
        rule = self._press(self.Gap.search([]), 'action_cover').save()
        self.assertRecordValues(rule, [{
            'reached_by': 'res_model,res_id', 'erase': 'clear', 'is_about_person': False}])
        self.assertEqual(self._find(), set())

    def test_pair_of_a_rule_covers_both_of_its_columns(self):
        rules = self.env['dsgvo.data.rule'].search([('model', '=', 'mail.activity')])
        self.assertLessEqual(
            {('mail.activity', 'res_model'), ('mail.activity', 'res_id')},
            Guard(self.env, rules).claimed)

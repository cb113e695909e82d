from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import GuardCommon


@tagged('post_install', '-at_install')
class TestGuard(GuardCommon):
    def test_map_covers_all_that_is_installed(self):
        self.assertEqual(self._find(), set())

    def test_own_fields_of_customer_and_order_are_named_with_their_rows(self):
        self._add_field('res.partner', 'x_shoe_size', ttype='char')
        self._add_field('sale.order', 'x_dedication', ttype='text')
        self._add_field('sale.order', 'x_collected_by', ttype='many2one', relation='res.partner')
        self.env['res.partner'].create([{'name': "Ada", 'x_shoe_size': "40"}, {'name': "Bo"}])
        self.assertEqual(self._find(), {
            ('res.partner.x_shoe_size', 'custom'), ('sale.order.x_dedication', 'custom'),
            ('sale.order.x_collected_by', 'link')})
        self.assertEqual(self.Gap.search([('field', '=', 'x_shoe_size')]).filled_count, 1)

    def test_own_fields_of_all_types_are_named_with_how_many_are_filled(self):
        types = {
            'selection': {'selection': "[('a', 'A'), ('b', 'B')]"}, 'integer': {}, 'float': {},
            'boolean': {}, 'html': {}, 'date': {}, 'datetime': {}, 'reference': {
                'selection': "[('res.partner', 'Contact')]"},
            'many2one': {'relation': 'res.country'}, 'many2many': {'relation': 'res.country'}}
        for model in 'res.partner', 'sale.order':
            for ttype, values in types.items():
                self._add_field(model, f'x_{ttype}', ttype=ttype, **values)
        germany, order = self.env.ref('base.de'), self.env['sale.order']
        self.env['res.partner'].create([{'name': "Nobody"}, {
            'name': "Ada", 'x_selection': 'a', 'x_integer': 3, 'x_float': 1.5, 'x_boolean': True,
            'x_html': "<p>x</p>", 'x_date': '2026-01-01', 'x_datetime': '2026-01-01 00:00:00',
            'x_reference': f'res.partner,{self.customer.id}', 'x_many2one': germany.id,
            'x_many2many': [Command.set(germany.ids)]}])
        self.assertEqual(self._find(), {
            (f'{model}.x_{ttype}', 'link' if ttype == 'reference' else 'custom')
            for model in ('res.partner', order._name) for ttype in types})
        self.assertEqual(
            set(self.Gap.search([('model', '=', 'res.partner')]).mapped('filled_count')), {1})
        self.assertEqual(
            set(self.Gap.search([('model', '=', 'sale.order')]).mapped('filled_count')), {0})

    def test_own_field_of_any_type_is_emptied_once_it_is_covered(self):
        self._add_field(
            'res.partner', 'x_faith', ttype='selection', selection="[('a', 'A'), ('b', 'B')]")
        self._add_field('res.partner', 'x_home', ttype='many2one', relation='res.country')
        self._find()
        for gap in self.Gap.search([]):
            rule = self._press(gap, 'action_cover').save()
            self.assertRecordValues(rule, [{'reached_by': 'id', 'erase': 'clear'}])
        self.assertEqual(self._find(), set())

    def test_field_of_another_addon_on_the_contact_is_named_whatever_its_type(self):
        """As if the map knew nothing of a column of Odoo, such as how good a debtor somebody is."""
        for rule in 'rule_res_partner_trust', 'rule_res_partner_color', 'rule_partner_category':
            self.env.ref(f'dsgvo.{rule}').active = False
        self.assertEqual(self._find(), {
            ('res.partner.trust', 'contact'), ('res.partner.color', 'contact'),
            ('res.partner.category_id', 'contact')})

    def test_model_that_is_exempted_as_a_whole_is_looked_at(self):
        self._add_field('product.template', 'x_telefon', ttype='char')
        self._add_field(
            'product.template', 'x_fuer_wen', ttype='many2one', relation='res.partner')
        self._add_field('product.template', 'x_order', ttype='many2one', relation='sale.order')
        self._add_field('product.template', 'x_isbn', ttype='char')
        self.assertEqual(self._find(), {
            ('product.template.x_telefon', 'name'), ('product.template.x_fuer_wen', 'link'),
            ('product.template.x_order', 'child')})
        for gap in self.Gap.search([]):
            self._press(gap, 'action_cover').save()
        self.assertEqual(self._find(), set())

    def test_further_link_to_something_of_a_customer_is_named(self):
        """One order in the parcel of another is the customer's as well."""
        self._add_field('stock.picking', 'x_gift_of', ttype='many2one', relation='sale.order')
        self.assertEqual(self._find(), {('stock.picking.x_gift_of', 'child')})
        rule = self._press(self.Gap.search([]), 'action_cover').save()
        self.assertRecordValues(rule, [{
            'field': 'note', 'reached_by': 'x_gift_of', 'erase': 'redact',
            'is_about_person': False}])
        self.assertEqual(self._find(), set())

    def test_covering_a_further_link_deletes_nobody_elses_row(self):
        self._add_field('dsgvo.notification', 'x_gift_of', ttype='many2one', relation='sale.order')
        self._find()
        rule = self._press(self.Gap.search([]), 'action_cover').save()
        self.assertRecordValues(rule, [
            {'field': 'body', 'erase': 'redact', 'is_about_person': False}])

    def test_link_that_takes_its_row_along_needs_no_rule(self):
        self._add_field(
            'mail.notification', 'x_mail', ttype='many2one', relation='mail.mail',
            on_delete='cascade')
        self.assertEqual(self._find(), set())

    def test_own_model_is_named(self):
        self.env['ir.model'].create({
            'name': "Subscription Card", 'model': 'x_card', 'field_id': [
                Command.create({'name': 'x_customer', 'ttype': 'many2one', 'state': 'manual',
                                'relation': 'res.partner', 'field_description': "Customer"}),
                Command.create({'name': 'x_birthday', 'ttype': 'date', 'state': 'manual',
                                'field_description': "Birthday"})]})
        self.env['ir.model'].create({
            'name': "Guest Book", 'model': 'x_guest_book', 'field_id': [
                Command.create({'name': 'x_email', 'ttype': 'char', 'state': 'manual',
                                'field_description': "E-Mail"})]})
        self.assertEqual(self._find(), {
            ('x_card.x_customer', 'link'),
            ('x_card.x_birthday', 'name'), ('x_guest_book.x_email', 'name')})

    def test_covered_field_is_erased(self):
        self._add_field('res.partner', 'x_shoe_size', ttype='char')
        self._find()
        rule = self._press(self.Gap.search([]), 'action_cover').save()
        self.assertRecordValues(rule, [{
            'model': 'res.partner', 'field': 'x_shoe_size', 'reached_by': 'id', 'erase': 'clear'}])
        self.assertTrue(rule._awake())
        self.assertEqual(self._find(), set())

    def test_covering_a_place_without_link_leaves_it_to_the_search(self):
        self.env['ir.model'].create({
            'name': "Guest Book", 'model': 'x_guest_book', 'field_id': [
                Command.create({'name': 'x_email', 'ttype': 'char', 'state': 'manual',
                                'field_description': "E-Mail"})]})
        self._find()
        rule = self._press(self.Gap.search([]), 'action_cover').save()
        self.assertRecordValues(rule, [{'reached_by': 'search:x_email', 'erase': 'redact'}])
        self.assertEqual(self._find(), set())

    def test_covering_a_link_detaches_it(self):
        self._add_field('sale.order', 'x_collected_by', ttype='many2one', relation='res.partner')
        self._find()
        rule = self._press(self.Gap.search([]), 'action_cover').save()
        self.assertRecordValues(rule, [{
            'reached_by': 'x_collected_by', 'erase': 'detach', 'is_about_person': False}])

    def test_place_that_is_not_personal_needs_a_reason(self):
        self._add_field('sale.order', 'x_shelf_note', ttype='text')
        self._find()
        form = self._press(self.Gap.search([]), 'action_exempt')
        with self.assertRaisesRegex(AssertionError, "note is a required field"):
            form.save()
        form.note = "The number of the shelf"
        self.assertTrue(form.save()._is_exemption())
        self.assertEqual(self._find(), set())

    def test_place_goes_with_its_field(self):
        field = self._add_field('sale.order', 'x_dedication', ttype='text')
        self._find()
        field.unlink()
        self.assertEqual(self._find(), set())

    def test_officer_is_told_once(self):
        self._add_field('sale.order', 'x_dedication', ttype='text')
        activities = self.env['mail.activity'].search([])
        for _run in range(2):
            with self.enter_registry_test_mode():
                self.env.ref('dsgvo.ir_cron_find_gaps').method_direct_trigger()
        told = (self.env['mail.activity'].search([]) - activities).filtered(
            lambda activity: activity.user_id == self.officer)
        self.assertEqual(told.mapped('summary'), ["DSGVO: places are not covered"])
        self.assertIn("no erasure covers: 1", told.note)
        self.assertEqual(self.env[told.res_model].browse(told.res_id).company_id,
                         self.officer.company_id)

    def test_every_officer_is_told_whoever_opened_the_list_first(self):
        second = new_test_user(self.env, 'second_officer', groups='dsgvo.group_officer')
        self._add_field('sale.order', 'x_dedication', ttype='text')
        self.Gap.with_user(self.officer).action_open()
        activities = self.env['mail.activity'].search([])
        for _run in range(2):
            self.Gap._cron_refresh()
        told = self.env['mail.activity'].search([]) - activities
        self.assertEqual(
            [told.user_id & user for user in (self.officer, second)], [self.officer, second])
        self.assertEqual(
            len(told.filtered(lambda activity: activity.user_id in self.officer | second)), 2)

    def test_menu_looks_anew(self):
        self._add_field('sale.order', 'x_dedication', ttype='text')
        action = self.env.ref('dsgvo.dsgvo_data_gap_action_open').with_user(self.officer).run()
        self.assertEqual(action['res_model'], 'dsgvo.data.gap')
        self.assertEqual(self.Gap.search([]).place, 'sale.order.x_dedication')

    def test_large_tables_are_counted_by_the_job(self):
        self._add_field('sale.order', 'x_dedication', ttype='text')
        self.env['sale.order'].create(
            {'partner_id': self.customer.id, 'x_dedication': "For Ada"})
        job = self.env.ref('dsgvo.ir_cron_find_gaps')
        with patch('odoo.addons.dsgvo.models.map.dsgvo_data_gap.READ_AT_ONCE', 0), \
                patch.object(type(job), '_trigger', autospec=True) as trigger:
            self.Gap.with_user(self.officer).action_open()
        self.assertEqual(self.Gap.search([]).filled_count, 0)
        self.assertEqual(trigger.call_args.args[0], job)
        self.Gap._cron_refresh()
        self.assertEqual(self.Gap.search([]).filled_count, 1)

    def test_clerk_sees_no_places(self):
        clerk = new_test_user(self.env, 'curious_clerk', groups='dsgvo.group_user')
        with self.assertRaises(AccessError):
            self.Gap.with_user(clerk).action_open()

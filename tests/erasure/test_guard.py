from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ..common import DsgvoCommon


@tagged('post_install', '-at_install')
class TestGuard(DsgvoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Gap = cls.env['dsgvo.data.gap']

    def setUp(self):
        self.addCleanup(self._forget_own_fields)  # last, after the rollback
        super().setUp()

    def _forget_own_fields(self):
        self.registry._setup_models__(self.cr)

    def _add_field(self, model, name, **values):
        return self.env['ir.model.fields'].create({
            'model_id': self.env['ir.model']._get_id(model), 'name': name, 'state': 'manual',
            'field_description': name} | values)

    def _find(self):
        self.Gap._refresh()
        return {(gap.place, gap.reason) for gap in self.Gap.search([])}

    def test_map_covers_all_that_is_installed(self):
        self.assertEqual(self._find(), set())

    def test_own_fields_of_customer_and_order_are_named_with_their_rows(self):
        self._add_field('res.partner', 'x_shoe_size', ttype='char')
        self._add_field('sale.order', 'x_dedication', ttype='text')
        self._add_field('sale.order', 'x_collected_by', ttype='many2one', relation='res.partner')
        self._add_field('sale.order', 'x_weight', ttype='float')
        self.env['res.partner'].create([{'name': "Ada", 'x_shoe_size': "40"}, {'name': "Bo"}])
        self.assertEqual(self._find(), {
            ('res.partner.x_shoe_size', 'custom'), ('sale.order.x_dedication', 'custom'),
            ('sale.order.x_collected_by', 'link')})
        self.assertEqual(self.Gap.search([('field', '=', 'x_shoe_size')]).rows, 1)

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

    def _press(self, gap, button):
        """Press a button of the list as the officer and return the form that opens."""
        action = getattr(gap.with_user(self.officer), button)()
        return Form(
            self.env[action['res_model']].with_user(self.officer)
            .with_context(**action['context']), view='dsgvo.dsgvo_data_rule_view_form')

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
            'reached_by': 'x_collected_by', 'erase': 'detach', 'owns': False}])

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
        self.assertEqual(told.mapped('summary'), ["DSGVO: 1 places are not covered"])
        self.assertEqual(told.res_id, self.officer.company_id.partner_id.id)

    def test_menu_looks_anew(self):
        self._add_field('sale.order', 'x_dedication', ttype='text')
        action = self.env.ref('dsgvo.dsgvo_data_gap_action_open').with_user(self.officer).run()
        self.assertEqual(action['res_model'], 'dsgvo.data.gap')
        self.assertEqual(self.Gap.search([]).place, 'sale.order.x_dedication')

    def test_clerk_sees_no_places(self):
        clerk = new_test_user(self.env, 'curious_clerk', groups='dsgvo.group_user')
        with self.assertRaises(AccessError):
            self.Gap.with_user(clerk).action_open()

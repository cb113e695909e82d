import json

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.dsgvo.models.screen.covering import MASK, SCREENED
from odoo.addons.point_of_sale.tests.common import TestPoSCommon

SECRETS = ('adelheid@', '901820', 'Holunderweg', '10115')


@tagged('post_install', '-at_install')
class TestPrivacyScreen(TestPoSCommon):
    """What a till gets that customers can look at, as a cashier without other rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.config = cls.basic_config
        cls.config.dsgvo_privacy_screen = True
        cls.cashier = new_test_user(
            cls.env, 'screened_cashier', groups='point_of_sale.group_pos_user')
        cls.buyer = cls.env['res.partner'].create({
            'name': "Adelheid Quittenbaum", 'email': 'adelheid@quittenbaum.example',
            'ref': 'K-1010', 'phone': '+49 30 901820', 'street': "Holunderweg 17", 'zip': '10115',
            'city': "Berlin", 'country_id': cls.env.ref('base.de').id, 'barcode': '042777'})
        cls.Partner = cls.env['res.partner'].with_user(cls.cashier)

    def setUp(self):
        super().setUp()
        self.env.flush_all()
        self.env.invalidate_all()

    def _find(self, typed):
        return self.Partner.find_for_till(self.config.id, typed)

    def _sell(self):
        self.open_new_session(0)
        self._create_orders([{
            'pos_order_lines_ui_args': [(self.create_product("Book", self.categ_basic, 9), 1)],
            'customer': self.buyer, 'is_invoiced': False,
            'payments': [(self.cash_pm1, 9)], 'uuid': '00001-001-0001'}])
        order = self.env['pos.order'].search([('partner_id', '=', self.buyer.id)])
        order.write({'email': 'adelheid@quittenbaum.example', 'mobile': '+49 30 901820',
                     'floating_order_name': "Adelheid",
                     'general_customer_note': "Holunderweg 17", 'internal_note': "Holunderweg"})
        order.lines.write({'customer_note': "for Adelheid", 'note': "Holunderweg"})
        return order

    def _notify(self, message):
        """Return what the till gets."""
        self.config._notify('NEWS', message)
        self.env.cr.precommit.run()
        sent = self.env['bus.bus'].sudo().search([], order='id desc', limit=1)
        return json.loads(sent.message)['payload']

    def test_settings_on_data_protection_are_changed_by_administrators_only(self):
        settings = [name for name in self.config._fields if name.startswith('dsgvo_')]
        self.assertIn('dsgvo_privacy_screen', settings)
        for setting in settings:
            with self.subTest(setting=setting), self.assertRaisesRegex(
                    AccessError, "Only an administrator of the Point of Sale"):
                self.config.with_user(self.cashier).write({setting: False})
        self.config.with_user(self.cashier).name = "Till at the door"
        self.assertTrue(self.config.dsgvo_privacy_screen)
        for group in 'point_of_sale.group_pos_manager', 'base.group_system':
            with self.subTest(group=group):
                user = new_test_user(self.env, group.split('.')[1], groups=group)
                self.config.dsgvo_privacy_screen = True
                self.config.with_user(user).dsgvo_privacy_screen = False
                self.assertFalse(self.config.dsgvo_privacy_screen)

    def test_till_loads_nobody_in_advance(self):
        config = self.config.with_user(self.cashier)
        self.assertEqual(config.get_limited_partners_loading(), [])
        self.assertEqual(
            self.Partner.get_new_partner(config.id, [('name', 'ilike', "Adel")], 0)['res.partner'],
            [])
        session = self.open_new_session(0).with_user(self.cashier)
        loaded = session.load_data(['res.partner', 'pos.config', 'pos.order'])['res.partner']
        self.assertEqual([row['id'] for row in loaded], self.cashier.partner_id.ids)

    def test_till_without_the_switch_loads_customers(self):
        self.config.dsgvo_privacy_screen = False
        self.assertTrue(self.config.with_user(self.cashier).get_limited_partners_loading())

    def test_user_of_the_group_screens_any_till(self):
        self.config.dsgvo_privacy_screen = False
        self.cashier.group_ids += self.env.ref('dsgvo.group_screened')
        self.assertEqual(self.config.with_user(self.cashier).get_limited_partners_loading(), [])

    def test_till_asks_from_three_characters_on(self):
        for typed in ('', 'Ad', '%%%', None):
            self.assertEqual(self._find(typed), [], typed)
        for typed in ('adelh', 'K-1010', '042777', '901820'):
            with self.subTest(typed=typed):
                self.assertEqual(self._find(typed), [{
                    'id': self.buyer.id, 'name': "Adelheid Quittenbaum", 'parent_name': False,
                    'city': "Berlin", 'consent_state': 'none', 'dsgvo_refused': False,
                    'dsgvo_storage_allowed': False}])

    def test_typed_signs_stand_for_themselves(self):
        other = self.env['res.partner'].create({'name': "Corvin C\\D 100% Efgh"})
        for typed in 'a%e%i', 'a_e_he', 'Quitten_aum':
            with self.subTest(typed=typed):
                self.assertEqual(self._find(typed), [])
        for typed in 'vin C\\d', '100%', other.name:
            with self.subTest(typed=typed):
                self.assertEqual([row['id'] for row in self._find(typed)], other.ids)

    def test_till_finds_at_most_eight(self):
        self.env['res.partner'].create([{'name': f"Adelheid {number}"} for number in range(9)])
        self.assertEqual(len(self._find("Adelheid")), 8)

    def test_till_finds_nobody_whom_it_must_not_know(self):
        foreign = self.env['res.company'].create({'name': "Elsewhere"})
        partners = self.env['res.partner'].create([
            {'name': "Ottokar Gone", 'active': False},
            {'name': "Ottokar Foreign", 'company_id': foreign.id}])
        self.assertEqual(self._find("Ottokar"), [])
        self.assertEqual(self._find(self.env.company.dsgvo_anonymous_partner_id.name), [])
        partners.write({'active': True, 'company_id': False})
        self.assertEqual(len(self._find("Ottokar")), 2)

    def test_chosen_customer_comes_without_address(self):
        for rows in (
                self.Partner.read_for_till(self.config.id, self.buyer.ids),
                self.Partner._load_pos_data_read(self.Partner.browse(self.buyer.id), self.config)):
            [row] = rows
            for secret in SECRETS:
                self.assertNotIn(secret, str(row))
            self.assertEqual(
                (row['name'], row['city'], row['street'], row['email'], row['consent_state']),
                ("Adelheid Quittenbaum", "Berlin", MASK, False, 'none'))

    def test_list_of_sales_has_no_address(self):
        order = self._sell().with_user(self.cashier)
        data = order.read_pos_orders([('id', '=', order.id)])
        for secret in (*SECRETS, "Adelheid"):
            self.assertNotIn(secret, str(data))

    def test_notes_of_sales_that_are_over_stay_on_the_server(self):
        order = self._sell().with_user(self.cashier)
        data = order.read_pos_data([], self.config)
        rows = data['pos.order'] + data['pos.order.line']
        self.assertEqual(len(rows), 2)
        self.assertFalse(any(
            row.get(name) for row in rows
            for name in ('general_customer_note', 'internal_note', 'customer_note', 'note')))
        self.assertEqual(order.lines.customer_note, "for Adelheid")

    def test_sale_that_another_till_has_finished_comes_without_notes(self):
        order = self._sell()
        data = self.config.with_user(self.cashier).read_config_open_orders(
            {'pos.order': [('id', '=', order.id)],
             'pos.order.line': [('id', 'in', order.lines.ids)]}, {})['dynamic_records']
        [row] = data['pos.order']
        self.assertEqual((row['id'], row['partner_id']), (order.id, self.buyer.id))
        for secret in (*SECRETS, "Adelheid"):
            self.assertNotIn(secret, str(data))

    def test_sale_is_read_by_the_number_of_the_till(self):
        order = self._sell().with_user(self.cashier)
        [row] = order.read_pos_data([], self.config.id)['pos.order']
        self.assertEqual((row['id'], row['email']), (order.id, False))

    def test_till_is_not_told_whom_another_till_has_loaded(self):
        self.open_new_session(0)
        other = self.config.copy({'name': "Till at the back", 'dsgvo_privacy_screen': False})
        other.trusted_config_ids = self.config
        product = self.create_product("Book", self.categ_basic, 9)
        bus = self.env['bus.bus'].sudo()
        bus.search([]).unlink()
        other.with_user(self.cashier).notify_synchronisation(
            0, '1', {'res.partner': self.buyer.ids, 'product.product': product.ids})
        self.env.cr.precommit.run()
        sent = str(bus.search([]).mapped('message'))
        self.assertIn(self.config.access_token, sent)
        self.assertIn(f'"id":{product.id}', sent.replace(' ', ''))
        for secret in (*SECRETS, "Adelheid"):
            self.assertNotIn(secret, sent)

    def test_till_is_sent_no_notes_of_a_sale_that_a_phone_has_paid(self):
        order = self._sell()
        for is_screened in True, False:
            self.config.dsgvo_privacy_screen = is_screened
            rows = order.read(['email', 'mobile', 'state'], load=False)
            [row] = self._notify({'status': 'success', 'data': {'pos.order': rows}})[
                'data']['pos.order']
            self.assertEqual(
                (row['state'], bool(row['email']), bool(row['mobile'])),
                ('paid', not is_screened, not is_screened))

    def test_till_is_told_of_sales_that_are_gone_or_named_by_their_number(self):
        order_ids = self._sell().ids
        for sent in ({'pos.order': order_ids}, {'pos.order': [{'id': 2 ** 31 - 1}]},
                     {'pos.order': False}, [], "closed"):
            with self.subTest(sent=sent):
                self.assertEqual(self._notify(sent), sent)

    def test_sale_that_is_sent_again_keeps_what_the_till_does_not_have(self):
        order = self._sell()
        names = ['partner_id', 'email', 'mobile', 'floating_order_name', 'general_customer_note',
                 'internal_note']
        before, of_line = order.read(names), order.lines.read(['customer_note', 'note'])
        as_cashier = order.with_user(self.cashier)
        data = as_cashier.read_pos_data([], self.config)
        [row] = data['pos.order']
        lines = [Command.update(line['id'], line) for line in data['pos.order.line']]
        # Nor has it loaded the customer.
        again = row | {'lines': lines, 'payment_ids': [], 'partner_id': False}
        refund = self.create_ui_order_data(
            [{'product': order.lines.product_id, 'quantity': -1,
              'refunded_orderline_id': order.lines.id}], payments=[(self.cash_pm1, -9)])
        for sent in again, refund:
            as_cashier.sync_from_ui([sent])
            self.env.invalidate_all()
            self.assertEqual(order.read(names), before)
            self.assertEqual(order.lines.read(['customer_note', 'note']), of_line)
        self.assertEqual(order.lines.refunded_qty, 1)

    def test_open_order_keeps_what_the_till_sends_back(self):
        self.open_new_session(0)
        order = self.env['pos.order'].create({
            'session_id': self.pos_session.id, 'partner_id': self.buyer.id, 'amount_tax': 0,
            'amount_total': 0, 'amount_paid': 0, 'amount_return': 0,
            'email': 'adelheid@quittenbaum.example', 'general_customer_note': "Ring twice"})
        data = order.with_user(self.cashier).read_pos_orders([('id', '=', order.id)])
        self.assertEqual(data['pos.order'][0]['email'], 'adelheid@quittenbaum.example')
        self.assertEqual(data['pos.order'][0]['general_customer_note'], "Ring twice")

    def test_special_order_brings_no_address(self):
        self.open_new_session(0)
        self.cashier.group_ids += self.env.ref('sales_team.group_sale_salesman_all_leads')
        order = self.env['sale.order'].sudo().create({'partner_id': self.buyer.id}).sudo(False)
        data = order.with_user(self.cashier).load_sale_order_from_pos(self.config.id)
        for secret in SECRETS:
            self.assertNotIn(secret, str(data))
        self.assertEqual(data['res.partner'][0]['name'], "Adelheid Quittenbaum")

    def test_windows_that_a_screened_till_opens_are_covered(self):
        partner = self.buyer.with_user(self.cashier).with_context(**{SCREENED: True})
        self.assertEqual(partner.web_read({'email': {}})[0]['email'], MASK)

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.dsgvo.models.screen.covering import MASK, SHOWN

from .common import ScreenCommon

SECRETS = ('adelheid@', '901820', 'Holunderweg', '10115', "Allergic", 'Wermut', 'irene@')


@tagged('post_install', '-at_install')
class TestOffice(ScreenCommon):

    def _assert_covered(self, answer):
        for secret in SECRETS:
            self.assertNotIn(secret, str(answer))

    # === DROP-DOWNS === #

    def test_drop_down_needs_three_characters(self):
        Partner = self._as_screened(self.env['res.partner'])
        for typed in ('', 'Ad', ' A d', '%%%', '__ _'):
            with self.subTest(typed=typed):
                self.assertEqual(Partner.name_search(typed), [])
                self.assertEqual(Partner.web_name_search(typed, {'display_name': {}}), [])
        self.assertEqual(Partner.name_search('zzz', operator='not ilike'), [])

    def test_drop_down_looks_for_letters_in_no_telephone_numbers(self):
        """Odoo would read the numbers of all contacts for that."""
        self._create_customer(
            name="Irene Wermut", phone='030 55, adelheid', email='irene@wermut.example')
        found = self._as_screened(self.env['res.partner']).name_search('adelheid')
        self.assertEqual([partner_id for partner_id, _name in found], self.customer.ids)

    def test_drop_down_finds_by_name_number_barcode_and_telephone(self):
        Partner = self._as_screened(self.env['res.partner'])
        for typed in ('adelh', 'K-1010', 'CARD-77', '0901820', '901820'):
            with self.subTest(typed=typed):
                self.assertIn(
                    (self.customer.id, "Adelheid Quittenbaum, Berlin"), Partner.name_search(typed))

    def test_drop_down_has_at_most_eight_with_name_and_town(self):
        for number in range(10):
            self._create_customer(name=f"Adelheid Zwilling {number}")
        Partner = self._as_screened(self.env['res.partner']).with_context(
            show_address=True, show_email=True, show_vat=True)
        for answer in (
                Partner.name_search('Adelheid', limit=100),
                Partner.web_name_search('Adelheid', {'display_name': {}}, limit=None)):
            self.assertEqual(len(answer), 8)
            self._assert_covered(answer)

    def test_drop_down_keeps_fields_that_are_asked_for_covered(self):
        Partner = self._as_screened(self.env['res.partner'])
        answer = Partner.web_name_search('Adelheid', {'display_name': {}, 'email': {}})
        self.assertEqual(answer[0]['email'], MASK)

    def test_import_finds_a_short_name(self):
        short = self._create_customer(name="Li")
        Partner = self._as_screened(self.env['res.partner'])
        self.assertIn(short.id, [row[0] for row in Partner.name_search("Li", operator='=')])

    def test_drop_down_without_a_text_lists_nobody(self):
        Partner = self._as_screened(self.env['res.partner'])
        self.assertEqual(Partner.name_search('', operator='='), [])
        self.assertEqual(Partner.web_name_search('', {'display_name': {}}, operator='='), [])

    # === CONTACTS === #

    def test_contact_is_covered_in_forms_and_lists(self):
        partner = self._as_screened(self.customer)
        spec = {name: {} for name in (
            'name', 'city', 'ref', 'email', 'phone', 'street', 'zip', 'comment', 'contact_address',
            'email_formatted', 'contact_address_inline', 'phone_sanitized', 'vat')}
        [form] = partner.web_read(spec)
        rows = partner.web_search_read([('id', '=', partner.id)], spec)['records']
        for row in (form, *rows):
            self._assert_covered(row)
            self.assertEqual(
                [row[name] for name in ('name', 'city', 'ref', 'email', 'street', 'vat')],
                ["Adelheid Quittenbaum", "Berlin", 'K-1010', MASK, MASK, False])

    def test_own_fields_of_the_shop_and_the_place_on_the_map_are_covered(self):
        definition = self.env['properties.base.definition'].sudo()
        definition._get_definition_for_property_field('res.partner', 'properties').write({
            'properties_definition': [{'name': 'taste', 'type': 'char', 'string': "Taste"}]})
        self.customer.write({
            'properties': {'taste': "Wermut"}, 'partner_latitude': 52.5, 'partner_longitude': 13})
        partner = self._as_screened(self.customer)
        spec = {name: {} for name in ('properties', 'partner_latitude', 'partner_longitude')}
        for row in (*partner.web_read(spec), *partner.web_search_read(
                [('id', '=', partner.id)], spec)['records']):
            self.assertEqual([row[name] for name in spec], [False] * 3)
        shown = partner.with_context(**{SHOWN: f'res.partner,{partner.id}'})
        self.assertIn("Wermut", str(shown.web_read(spec)))
        answer = partner.onchange({'name': "Adelheid Q."}, ['name'], spec | {'name': {}})['value']
        self._assert_covered(answer)
        partner.web_save({'function': "Reader"}, {})
        partner.invalidate_recordset()
        self.assertEqual(partner.read(['properties'])[0]['properties'][0]['value'], "Wermut")

    def test_own_fields_of_a_new_address_can_be_filled(self):
        definition = self.env['properties.base.definition'].sudo()
        definition._get_definition_for_property_field('res.partner', 'properties').write({
            'properties_definition': [{'name': 'taste', 'type': 'char', 'string': "Taste"}]})
        Partner = self._as_screened(self.env['res.partner']).with_context(
            default_parent_id=self.customer.id)
        values = Partner.onchange({}, [], {'parent_id': {}, 'properties': {}})['value']
        self.assertEqual([row['string'] for row in values['properties']], ["Taste"])

    def test_further_addresses_are_covered(self):
        self.customer.child_ids = [(0, 0, {'name': "Irene", 'email': 'irene@wermut.example'})]
        spec = {'child_ids': {'fields': {'name': {}, 'email': {}}}}
        [row] = self._as_screened(self.customer).web_read(spec)
        self.assertEqual(
            [(child['name'], child['email']) for child in row['child_ids']], [("Irene", MASK)])

    def test_contact_is_shown_whole_when_asked_for(self):
        partner = self._as_screened(self.customer)
        spec = {'email': {}, 'comment': {}}
        [row] = partner.with_context(**{SHOWN: f'res.partner,{partner.id}'}).web_read(spec)
        self.assertEqual(row['email'], 'adelheid@quittenbaum.example')
        self.assertIn("Allergic", row['comment'])

    def test_showing_one_does_not_show_another(self):
        context = {SHOWN: f'res.partner,{self.customer.id}'}
        [row] = self._as_screened(self.other).with_context(**context).web_read({'email': {}})
        self.assertEqual(row['email'], MASK)
        both = self._as_screened(self.other + self.customer).with_context(**context)
        self.assertEqual([row['email'] for row in both.web_read({'email': {}})], [MASK, MASK])

    def test_colleagues_are_not_covered(self):
        clerk = self._as_screened(self.clerk.partner_id)
        self.assertEqual(clerk.web_read({'email': {}})[0]['email'], self.clerk.email)
        user = self._as_screened(self.screened)
        self.assertEqual(user.web_read({'email': {}})[0]['email'], self.screened.email)

    def test_others_see_everything(self):
        spec = {'email': {}, 'display_name': {}}
        for user in (self.clerk, self.officer):
            partner = self.customer.with_user(user)
            self.assertEqual(
                partner.web_read(spec)[0]['email'], 'adelheid@quittenbaum.example')
            self.assertGreater(len(partner.name_search('')), 1)

    def test_server_works_with_the_real_values(self):
        partner = self._as_screened(self.customer)
        self.assertEqual(partner.email, 'adelheid@quittenbaum.example')
        self.assertEqual(partner.read(['email'])[0]['email'], 'adelheid@quittenbaum.example')
        self.assertIn('Holunderweg', partner.with_context(show_address=True).display_name)

    def test_contacts_are_not_grouped_by_covered_fields(self):
        Partner = self._as_screened(self.env['res.partner'])
        for read in (Partner.web_read_group, Partner.formatted_read_group):
            for groupby, aggregates in ((['email'], []), (['city'], ['phone:array_agg'])):
                with self.assertRaisesRegex(UserError, "covered by the privacy screen"):
                    read([], groupby, aggregates)
        groups = Partner.web_read_group([('id', '=', self.customer.id)], ['city'])['groups']
        self.assertEqual(groups[0]['city'], "Berlin")

    def test_orders_are_not_grouped_by_covered_fields_of_the_customer(self):
        Order = self._as_screened(self.env['sale.order'])
        for path in ('partner_id.email', 'partner_id.parent_id.phone', 'order_line.order_id.note'):
            with self.subTest(path=path), self.assertRaisesRegex(UserError, "privacy screen"):
                Order.web_read_group([], [path], ['__count'])
        domain = [('id', '=', self.order.id)]
        [group] = Order.web_read_group(domain, ['partner_id.city'], ['__count'])['groups']
        self.assertEqual(group['partner_id.city'], "Berlin")

    # === SAVING === #

    def test_saving_a_covered_form_changes_only_what_was_typed(self):
        partner = self._as_screened(self.customer)
        [row] = partner.web_save(
            {'function': "Reader", 'email': MASK, 'child_ids': [
                [0, 0, {'name': "Irene", 'street': MASK, 'phone': '+49 431 1'}]]},
            {'email': {}, 'function': {}})
        self.assertEqual(row['email'], MASK)
        self.assertRecordValues(self.customer, [{
            'email': 'adelheid@quittenbaum.example', 'street': "Holunderweg 17",
            'function': "Reader"}])
        self.assertEqual(self.customer.child_ids.street, "Holunderweg 17")

    def test_text_around_a_mask_is_not_saved(self):
        partner = self._as_screened(self.customer)
        comment = partner.comment
        partner.web_save({'comment': f'<p>{MASK}</p><p>New</p>', 'function': "Reader"}, {})
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.comment, comment)
        self.assertEqual(self.customer.function, "Reader")

    def test_dots_that_somebody_types_are_saved(self):
        self.customer.with_user(self.clerk).web_save({'function': '•••••'}, {})
        self.assertEqual(self.customer.function, '•••••')

    def test_what_is_stored_is_computed_from_the_real_values(self):
        todo = self.env.ref('mail.mail_activity_data_todo').id
        activity = self._as_screened(self.env['mail.activity'].create({
            'res_model_id': self.env['ir.model']._get_id('res.partner'),
            'res_id': self.customer.id, 'activity_type_id': todo, 'user_id': self.screened.id}))

        def web_save():
            activity.web_save({'res_id': self.other.id}, {'res_name': {}})

        def web_save_multi():
            activity.web_save_multi([{'res_id': self.other.id}], {'res_name': {}})

        def write_before_reading():
            activity.res_id = self.other.id
            activity.web_search_read([('id', '=', activity.id)], {'res_name': {}})

        for save in (web_save, web_save_multi, write_before_reading):
            with self.subTest(save=save.__name__):
                activity.res_id = self.customer.id
                activity.env.flush_all()
                save()
                activity.env.flush_all()
                activity.invalidate_recordset()
                self.assertEqual(activity.res_name, "Irene Wermut")

    def test_name_on_an_invoice_is_stored_without_the_town(self):
        invoice = self.env['account.move'].create({
            'move_type': 'out_invoice', 'partner_id': self.customer.id})
        self.screened.group_ids += self.env.ref('account.group_account_invoice')
        invoice = self._as_screened(invoice)
        invoice.web_save({'partner_id': self.other.id}, {
            'partner_id': {'fields': {'display_name': {}}}, 'invoice_partner_display_name': {}})
        invoice.env.flush_all()
        invoice.invalidate_recordset()
        self.assertEqual(invoice.invoice_partner_display_name, "Irene Wermut")

    def test_onchange_of_a_covered_contact_returns_no_covered_value(self):
        company = self._create_customer(name="Wermut KG", is_company=True, street="Holunderweg 9")
        partner = self._as_screened(self.other)
        spec = {'parent_id': {'fields': {'display_name': {}}}, 'street': {}, 'city': {}}
        values = partner.onchange({'parent_id': company.id}, ['parent_id'], spec)['value']
        self.assertEqual((values['street'], values['city']), (MASK, "Berlin"))

    def test_new_contact_does_not_show_the_address_of_another(self):
        company = self._create_customer(name="Wermut KG", is_company=True)
        Partner = self._as_screened(self.env['res.partner'])
        spec = {'parent_id': {'fields': {'display_name': {}}}, 'street': {}, 'zip': {}}
        values = Partner.onchange({'parent_id': company.id}, ['parent_id'], spec)['value']
        self.assertEqual((values['street'], values['zip']), (MASK, MASK))
        [row] = Partner.web_save(
            {'name': "Irene", 'parent_id': company.id, 'street': MASK, 'zip': MASK}, spec)
        self.assertEqual(Partner.browse(row['id']).street, "Holunderweg 17")

    def test_what_is_typed_for_a_new_contact_is_seen(self):
        Partner = self._as_screened(self.env['res.partner'])
        spec = {'name': {}, 'phone': {}, 'email': {}, 'country_id': {}}
        typed = {'name': "Irene", 'phone': '030 901820', 'country_id': self.customer.country_id.id}
        values = Partner.onchange(typed, ['phone'], spec)['value']
        self.assertEqual(values['phone'], '+49 30 901820')

    def test_new_order_does_not_show_what_is_taken_from_the_customer(self):
        Order = self._as_screened(self.env['sale.order'])
        name = {'fields': {'display_name': {}}, 'context': {'show_address': 1, 'show_email': 1}}
        spec = {
            'partner_id': name, 'partner_invoice_id': name, 'partner_shipping_id': name,
            'note': {}, 'client_order_ref': {}}
        customer_id = self.customer.id
        for context, values, changed in (
                ({}, {'partner_id': customer_id}, ['partner_id']),
                ({'default_partner_id': customer_id, 'default_note': "<p>Wermut</p>"}, {}, [])):
            answer = Order.with_context(**context).onchange(values, changed, spec)['value']
            self._assert_covered(answer)
            self.assertEqual(
                answer['partner_invoice_id']['display_name'], "Adelheid Quittenbaum, Berlin")

    def test_new_order_without_a_customer_shows_its_note(self):
        Order = self._as_screened(self.env['sale.order']).with_context(default_note="<p>Hi</p>")
        self.assertEqual(Order.onchange({}, [], {'note': {}})['value']['note'], "<p>Hi</p>")

    def test_shown_record_shows_what_is_taken_from_another_customer(self):
        company = self._create_customer(name="Wermut KG", is_company=True, street="Holunderweg 9")
        partner = self._as_screened(self.other).with_context(
            **{SHOWN: f'res.partner,{self.other.id}'})
        values = partner.onchange({'parent_id': company.id}, ['parent_id'], {'street': {}})['value']
        self.assertEqual(values['street'], "Holunderweg 9")

    # === ORDERS === #

    def test_order_list_has_the_number_in_the_place_of_the_name(self):
        Order = self._as_screened(self.env['sale.order'])
        spec = {'partner_id': {'fields': {'display_name': {}, 'name': {}, 'phone': {}}}}
        domain = [('id', '=', self.order.id)]
        [row] = Order.web_search_read(domain, spec)['records']
        self.assertEqual(row['partner_id'], {
            'id': self.customer.id, 'display_name': 'K-1010', 'name': 'K-1010', 'phone': MASK})
        [group] = Order.web_read_group(domain, ['partner_id'])['groups']
        self.assertEqual(group['partner_id'], (self.customer.id, 'K-1010'))
        self.order.partner_id = self.other
        [row] = self._as_screened(Order).web_search_read(domain, spec)['records']
        self.assertEqual(row['partner_id']['display_name'], f'#{self.other.id}')

    def test_order_form_has_name_and_town_and_covers_notes(self):
        order = self._as_screened(self.order)
        spec = {
            'partner_id': {'fields': {'display_name': {}}, 'context': {'show_address': 1}},
            'client_order_ref': {}, 'note': {}, 'name': {}}
        [row] = order.web_read(spec)
        self.assertEqual(row['partner_id']['display_name'], "Adelheid Quittenbaum, Berlin")
        self.assertEqual((row['client_order_ref'], row['note']), (MASK, MASK))
        [row] = order.with_context(**{SHOWN: f'sale.order,{order.id}'}).web_read(spec)
        self.assertIn("Holunderweg 17", row['partner_id']['display_name'])
        self.assertEqual(row['client_order_ref'], "Wermut's gift")

    def test_panel_beside_a_list_of_orders_has_numbers(self):
        Order = self._as_screened(self.env['sale.order'])
        answer = Order.search_panel_select_range('partner_id')
        self.assertIn(self.customer.id, [value['id'] for value in answer['values']])
        self.assertNotIn("Quittenbaum", str(answer))

    def test_panel_is_not_grouped_by_covered_fields(self):
        Order = self._as_screened(self.env['sale.order'])
        answer = Order.search_panel_select_multi_range(
            'partner_id', group_by='email', comodel_domain=[('id', '=', self.customer.id)])
        [value] = answer['values']
        self.assertEqual(
            (value['id'], value['display_name'], value['group_name']),
            (self.customer.id, 'K-1010', MASK))

    def test_orders_on_the_form_of_something_else_have_numbers(self):
        line = self.env['sale.order.line'].create({
            'order_id': self.order.id, 'display_type': 'line_note', 'name': "Gift"})
        [row] = self._as_screened(self.order).web_read({'order_line': {'fields': {
            'order_partner_id': {'fields': {'display_name': {}}}}}})
        self.assertEqual(
            row['order_line'], [{'id': line.id, 'order_partner_id': {
                'id': self.customer.id, 'display_name': 'K-1010'}}])

    def test_name_of_an_order_does_not_say_whose_it_is(self):
        order = self._as_screened(self.order).with_context(sale_show_partner_name=True)
        self.assertEqual(order.name_search(self.order.name), [(order.id, self.order.name)])

    def test_name_of_goods_does_not_say_to_whom_they_belong(self):
        book = self.env['product.product'].create({'name': "Book", 'is_storable': True})
        stock = self.env.ref('stock.stock_location_stock')
        quant = self.env['stock.quant'].create({
            'product_id': book.id, 'location_id': stock.id, 'owner_id': self.customer.id,
            'quantity': 1})
        self.screened.group_ids += self.env.ref('stock.group_stock_manager')
        quant = self._as_screened(quant)
        domain = [('id', '=', quant.id)]
        name = f"{stock.display_name} - K-1010"
        [row] = quant.web_search_read(domain, {'display_name': {}})['records']
        self.assertEqual(row['display_name'], name)
        self.assertEqual(quant.name_search('', domain), [(quant.id, name)])
        self.assertEqual(quant.display_name, f"{stock.display_name} - Adelheid Quittenbaum")
        self.assertIn("Quittenbaum", quant.web_read({'display_name': {}})[0]['display_name'])

    def test_choosing_a_customer_for_an_order_works(self):
        with Form(self._as_screened(self.env['sale.order'])) as form:
            form.partner_id = self.other.with_user(self.screened)
        self.assertEqual(form.record.partner_invoice_id, self.other)

    def test_forecast_of_an_article_does_not_say_who_ordered_it(self):
        book = self.env['product.product'].create({'name': "Book", 'is_storable': True})
        self.order.order_line = [Command.create({'product_id': book.id, 'product_uom_qty': 1})]
        self.order.action_confirm()
        self.screened.group_ids += self.env.ref('stock.group_stock_user')
        Report = self._as_screened(self.env['stock.forecasted_product_product'])
        lines = Report.get_report_values(book.ids)['docs']['lines']
        self.assertIn(
            'K-1010', [line['move_out']['picking_id']['sale_id']['partner_id']['display_name']
                       for line in lines if line['move_out']])
        self._assert_covered(lines)
        self.assertNotIn("Adelheid", str(lines))

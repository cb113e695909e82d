from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.point_of_sale.tests.test_frontend import TestPointOfSaleHttpCommon

from ..common import DsgvoCommon

CONSENTS = ['consent_storage', 'consent_notification', 'consent_marketing']


@tagged('post_install', '-at_install')
class TestConsentTours(DsgvoCommon, HttpCase):
    def _decisions(self):
        return self.env['dsgvo.consent.event'].search_fetch(
            [('partner_id', '=', self.customer.id)],
            ['purpose', 'decision', 'user_id', 'means'], order='id')

    def test_clerk_marks_consents_and_presses_dsgvo(self):
        self.start_tour(
            f'/odoo/res.partner/{self.customer.id}', 'dsgvo_customer', login='dsgvo_clerk')
        self.assertRecordValues(self._decisions(), [
            {'purpose': purpose, 'decision': decision, 'user_id': self.clerk.id, 'means': 'counter'}
            for purpose, decision in [('storage', 'granted'), ('marketing', 'refused')]])
        self.assertRecordValues(self.customer, [{
            'consent_text': "Kunde hat gem. DSGVO zugestimmt.",
            'consent_date': self.env.company._dsgvo_today()}])

    def test_clerk_records_signs_and_withdraws(self):
        self.start_tour(
            f'/odoo/res.partner/{self.customer.id}', 'dsgvo_record_and_withdraw',
            login='dsgvo_clerk')
        granted, withdrawn = self._decisions()
        self.assertRecordValues(granted | withdrawn, [
            {'purpose': 'marketing', 'decision': 'granted', 'user_id': self.clerk.id},
            {'purpose': 'marketing', 'decision': 'withdrawn', 'user_id': self.clerk.id}])
        self.assertTrue(granted.proof_is_image)
        self.assertFalse(withdrawn.signature)

    def test_badge_of_a_new_sale_order(self):
        self.start_tour(
            '/odoo/action-sale.action_quotations/new', 'dsgvo_new_sale_order',
            login='dsgvo_clerk')
        self.assertRecordValues(self._decisions(), [
            {'purpose': 'notification', 'decision': 'granted', 'user_id': self.clerk.id}])
        order = self.env['sale.order'].search([('partner_id', '=', self.customer.id)])
        self.assertRecordValues(order, [
            {'client_order_ref': "Regal 7", 'consent_state': 'partial'}])

    def test_three_touches_grant_all_in_an_order(self):
        self._create_customer(name="Clara Wolkenstein", **dict.fromkeys(CONSENTS, 'granted'))
        self.start_tour(
            '/odoo/action-sale.action_quotations/new', 'dsgvo_three_touches', login='dsgvo_clerk')
        self.assertRecordValues(self._decisions(), [
            {'purpose': purpose, 'decision': 'granted', 'user_id': self.clerk.id}
            for purpose in ('storage', 'notification', 'marketing')])
        order = self.env['sale.order'].search([('partner_id', '=', self.customer.id)])
        self.assertRecordValues(order, [{'notification_type': 'M', 'consent_state': 'full'}])

    def test_badge_of_a_saved_sale_order(self):
        order = self.env['sale.order'].with_user(self.clerk).create(
            {'partner_id': self.customer.id})
        self.start_tour(
            f'/odoo/sale.order/{order.id}', 'dsgvo_saved_sale_order', login='dsgvo_clerk')
        self.assertEqual(self._decisions().mapped('decision'), ['granted', 'withdrawn'])
        self.assertEqual(order.client_order_ref, "Regal 7")


@tagged('post_install', '-at_install')
class TestTillTours(TestPointOfSaleHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Partner = cls.env['res.partner']
        cls.customer = Partner.create({'name': "Adelheid Quittenbaum"})
        cls.consenting = Partner.create({'name': "Clara Wolkenstein"})
        cls.consenting.write(dict.fromkeys(CONSENTS, 'granted'))

    def _open_till(self):
        self.main_pos_config.with_user(self.pos_user).open_ui()

    def test_button_in_the_customer_window_of_the_till(self):
        self.pos_user.group_ids += self.env.ref('base.group_partner_manager')
        self._open_till()
        self.start_pos_tour('dsgvo_pos_editor')
        self.assertRecordValues(self.customer, [{
            'consent_storage': 'granted', 'consent_text': "Kunde hat gem. DSGVO zugestimmt."}])
        self.assertRecordValues(self.customer.consent_event_ids, [{
            'means': 'till', 'till': self.main_pos_config.name}])

    def test_till_forgets_erased_customers(self):
        self.pos_user.group_ids += self.env.ref('base.group_partner_manager')
        self._open_till()
        self.start_pos_tour('dsgvo_pos_forget')
        self.assertFalse(self.customer.exists())

    def test_open_till_forgets_who_was_erased_after_the_sale(self):
        self.pos_user.group_ids += (
            self.env.ref('sales_team.group_sale_salesman_all_leads')
            + self.env.ref('base.group_system'))
        self.env.company.dsgvo_erase_after_sale = True
        sale = self.env['sale.order'].sudo().create({
            'partner_id': self.customer.id,
            'order_line': [Command.create({
                'product_id': self.desk_pad.product_variant_id.id, 'product_uom_qty': 1})],
        })
        sale.action_confirm()
        self._open_till()
        self.start_pos_tour('dsgvo_pos_forget_sold')
        self.env.invalidate_all()
        self.assertFalse(self.customer.exists())
        orders = self.main_pos_config.current_session_id.order_ids
        self.assertEqual(
            orders.mapped('partner_id'), self.env.company.dsgvo_anonymous_partner_id)
        self.assertEqual(orders.mapped('state'), ['paid', 'paid'])

    def test_special_order_is_settled_in_the_till(self):
        self.pos_user.group_ids += self.env.ref('sales_team.group_sale_salesman_all_leads')
        sale = self.env['sale.order'].sudo().create({
            'partner_id': self.customer.id,
            'order_line': [Command.create({
                'product_id': self.desk_pad.product_variant_id.id, 'product_uom_qty': 1})],
        })
        sale.action_confirm()
        self._open_till()
        self.start_pos_tour('dsgvo_pos_settle')
        order = self.main_pos_config.current_session_id.order_ids
        self.assertRecordValues(order, [{'partner_id': self.customer.id, 'state': 'paid'}])
        self.assertEqual(order.lines.sale_order_origin_id, sale)
        self.assertEqual(sale.amount_unpaid, 0)

        self.assertEqual(self.customer.dsgvo_erasure_ids.mapped('state'), ['due'])
        with self.enter_registry_test_mode():
            self.env.ref('dsgvo.ir_cron_erase').method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(self.customer.exists())
        anonymous = order.company_id.dsgvo_anonymous_partner_id
        self.assertEqual(order.partner_id | sale.partner_id, anonymous)

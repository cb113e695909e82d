from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.dsgvo.hooks import post_init_hook, pre_init_hook

from .common import ShopCommon


@tagged('post_install', '-at_install')
class TestFirstSteps(ShopCommon):
    def _install_again(self):
        self.env.flush_all()
        pre_init_hook(self.env)
        self.env.invalidate_all()
        post_init_hook(self.env)

    def _officer(self):
        self.clerk.group_ids += self.env.ref('dsgvo.group_officer')
        return self.clerk

    def test_page_is_neither_created_nor_saved_and_names_its_columns(self):
        arch = etree.fromstring(self.env['dsgvo.first.steps'].with_user(self._officer()).get_view(
            False, 'form')['arch'])
        self.assertEqual([arch.get(what) for what in ('create', 'edit')], ['0', '0'])
        name, = arch.xpath("//field[@name='affected_ids']//field[@name='display_name']")
        self.assertEqual(name.get('string'), "Customer")

    def test_installation_in_a_living_shop_erases_nobody_and_says_so(self):
        self._order()
        self._install_again()
        self.assertFalse(self.env.company.dsgvo_erase_after_sale)
        activity = self.env.company.sudo().dsgvo_reminder_ids.activity_ids.filtered(
            lambda activity: "nobody is erased yet" in activity.summary)
        self.assertIn("never asked whether their data may be stored: 1.", activity.note)
        self.assertEqual(activity.user_id, self.env.ref('base.user_admin'))

    def test_installation_in_a_new_shop_is_on(self):
        self._install_again()
        self.assertTrue(self.env.company.dsgvo_erase_after_sale)
        self.assertFalse(self.env.company.sudo().dsgvo_reminder_ids.activity_ids)

    def test_officer_sees_who_would_go_and_switches_it_on(self):
        self.env.company.dsgvo_erase_after_sale = False
        asked = self._create_customer(consent_storage='granted')
        refused = self._create_customer(consent_storage='refused')
        for customer in self.customer | asked | refused:
            self._order(customer=customer)
        officer = self._officer()
        preview = Form(self.env['dsgvo.first.steps'].with_user(officer)).save()
        self.assertEqual(preview.never_asked_count, 1)
        self.assertEqual(preview.affected_ids, self.customer | refused)
        preview.action_switch_on()
        self.assertTrue(self.env.company.dsgvo_erase_after_sale)
        preview.action_switch_off()
        self.assertFalse(self.env.company.dsgvo_erase_after_sale)

    def test_officer_who_is_nothing_else_sees_and_switches(self):
        self.env.company.dsgvo_erase_after_sale = False
        officer = new_test_user(
            self.env, 'only_officer', groups='dsgvo.group_officer',
            company_id=self.env.company.id)
        order = self._order()
        address = self._create_customer(parent_id=self.customer.id, type='delivery')
        self._order(customer=address)
        preview = Form(self.env['dsgvo.first.steps'].with_user(officer)).save()
        self.assertRecordValues(preview, [{'affected_count': 1, 'never_asked_count': 1}])
        self.assertEqual(preview.affected_ids, self.customer)
        self.assertEqual(preview.affected_ids.mapped('city'), ["Berlin"])
        preview.action_switch_on()
        self.assertTrue(self.env.company.dsgvo_erase_after_sale)
        self._sell(order)

    def test_orders_of_another_company_are_none_of_this_one(self):
        order = self._order()
        other = self.env['res.company'].create({'name': "Laden am Markt"})
        preview = self.env['dsgvo.first.steps'].with_user(self._officer()).sudo().create(
            {'company_id': other.id})
        self.assertEqual(order.company_id, self.env.company)
        self.assertRecordValues(preview, [{'affected_count': 0, 'never_asked_count': 0}])

    def test_only_who_bought_counts_and_only_once(self):
        address = self._create_customer(parent_id=self.customer.id, type='invoice')
        for customer, state in (
                (self.customer, 'sent'), (address, 'sent'),
                (self._create_customer(name="Abgesagt"), 'cancel')):
            self.env['sale.order'].sudo().create({'partner_id': customer.id, 'state': state})
        self.assertEqual(self.env.company._dsgvo_count_never_asked(), 0)
        self._order()
        self._order(customer=address)
        self.assertEqual(self.env.company._dsgvo_count_never_asked(), 1)

    def test_page_says_the_time_that_is_set(self):
        for days, text in (0, "within a minute after"), (5, "is over (days: 5)"):
            self.env.company.dsgvo_grace_checkout = days
            preview = self.env['dsgvo.first.steps'].with_user(self._officer()).create({})
            self.assertIn(text, preview.moment)

    def test_withdrawal_says_the_time_that_is_set(self):
        for days, text in (1, "(days: 1)"), (5, "(days: 5)"), (0, "at once"):
            with self.subTest(days=days):
                self.env.company.dsgvo_grace_withdrawal = days
                withdrawal = self.env['dsgvo.consent.withdrawal'].with_user(self.clerk).create(
                    {'partner_id': self.customer.id})
                self.assertIn(text, withdrawal.storage_follows)

    def test_clerk_neither_sees_nor_switches(self):
        with self.assertRaises(AccessError):
            self.env['dsgvo.first.steps'].with_user(self.clerk).create({})
        with self.assertRaises(AccessError):
            self.env.company.with_user(self.clerk).dsgvo_erase_after_sale = True

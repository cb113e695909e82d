from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.dsgvo.hooks import post_init_hook, pre_init_hook

from .common import ShopCommon


@tagged('post_install', '-at_install')
class TestPreview(ShopCommon):
    def _install_again(self):
        self.env.flush_all()
        pre_init_hook(self.env)
        self.env.invalidate_all()
        post_init_hook(self.env)

    def _officer(self):
        self.clerk.group_ids += self.env.ref('dsgvo.group_officer')
        return self.clerk

    def test_installation_in_a_living_shop_erases_nobody_and_says_so(self):
        self._order()
        self._install_again()
        self.assertFalse(self.env.company.dsgvo_erase_after_sale)
        activity = self.env.company.partner_id.activity_ids.filtered(
            lambda activity: "nobody is erased yet" in activity.summary)
        self.assertIn("1 customers with a sale were never asked", activity.note)
        self.assertEqual(activity.user_id, self.env.ref('base.user_admin'))

    def test_installation_in_a_new_shop_is_on(self):
        self._install_again()
        self.assertTrue(self.env.company.dsgvo_erase_after_sale)
        self.assertFalse(self.env.company.partner_id.activity_ids)

    def test_officer_sees_who_would_go_and_switches_it_on(self):
        self.env.company.dsgvo_erase_after_sale = False
        asked = self._create_customer(consent_storage='granted')
        refused = self._create_customer(consent_storage='refused')
        for customer in self.customer | asked | refused:
            self._order(customer=customer)
        officer = self._officer()
        preview = Form(self.env['dsgvo.erasure.preview'].with_user(officer)).save()
        self.assertEqual(preview.never_asked_count, 1)
        self.assertEqual(preview.affected_ids, self.customer | refused)
        preview.action_switch_on()
        self.assertTrue(self.env.company.dsgvo_erase_after_sale)
        preview.action_switch_off()
        self.assertFalse(self.env.company.dsgvo_erase_after_sale)

    def test_clerk_neither_sees_nor_switches(self):
        with self.assertRaises(AccessError):
            self.env['dsgvo.erasure.preview'].with_user(self.clerk).create({})
        with self.assertRaises(AccessError):
            self.env.company.with_user(self.clerk).dsgvo_erase_after_sale = True

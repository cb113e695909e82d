from odoo import Command
from odoo.tests import tagged

from ..erasure.common import ShopCommon


@tagged('post_install', '-at_install', '-standard')
class TestAppsReasons(ShopCommon):
    """Repairs and coupons that keep a customer."""

    def _find(self):
        return self.env['dsgvo.erasure.blocker']._find(self.customer).get(self.customer, [])

    def test_repair_keeps_until_it_is_done_or_cancelled(self):
        Repair = self.env['repair.order']
        repair, other = Repair.create([
            {'partner_id': self.customer.id, 'product_id': self.book.id} for _each in range(2)])
        other.action_repair_cancel()
        self.assertEqual(self._find(), [f"Repair that is not confirmed: {repair.name}"])
        repair.state = 'under_repair'
        self.assertEqual(self._find(), [f"Repair under way: {repair.name}"])
        repair.state = 'done'
        self.assertEqual(self._find(), [])

    def _card(self, points, program_type, costs=(5, 9)):
        program = self.env['loyalty.program'].create({
            'name': program_type, 'program_type': program_type, 'reward_ids': [
                Command.clear(), *(Command.create({
                    'reward_type': 'discount', 'discount': 10, 'discount_mode': 'percent',
                    'required_points': cost}) for cost in costs)]})
        return self.env['loyalty.card'].create({
            'program_id': program.id, 'partner_id': self.customer.id, 'points': points})

    def test_coupon_that_is_not_enough_for_any_reward_keeps_nobody(self):
        for program_type, points, keeps in (
                ('coupons', 4, False), ('coupons', 5, True), ('coupons', 8, True),
                ('next_order_coupons', 4, False), ('next_order_coupons', 5, True),
                ('loyalty', 4, True)):
            with self.subTest(program_type=program_type, points=points):
                card = self._card(points, program_type)
                self.assertEqual(bool(self._find()), keeps)
                card.sudo().active = False

    def test_reward_that_was_archived_counts_no_more(self):
        card = self._card(5, 'coupons')
        self.assertTrue(self._find())
        card.program_id.reward_ids[0].active = False
        self.assertEqual(self._find(), [])

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from ..erasure.common import ShopCommon


@tagged('post_install', '-at_install', '-standard')
class TestAppsLateCoupons(ShopCommon):
    """A till sends a sale with a loyalty card or reward that was deleted in the back office."""

    def _program(self):
        return self.env['loyalty.program'].create({
            'name': "Stempelkarte", 'program_type': 'loyalty', 'reward_ids': [Command.create({
                'reward_type': 'discount', 'discount': 10, 'discount_mode': 'percent',
                'required_points': 1})]})

    def _send(self, sold, **values):
        data = self.create_ui_order_data(
            [{'product': self.book, 'quantity': 1, **values}], customer=self.customer,
            payments=[(self.cash_pm1, 20)], pos_order_ui_args={
                'state': 'paid', 'date_order': fields.Datetime.to_string(sold)})
        result = self.env['pos.order'].with_user(self.cashier).sync_from_ui([data])
        return self.env['pos.order'].browse(result['pos.order'][0]['id'])

    def test_sale_with_a_deleted_card_or_reward_is_booked_without_it(self):
        self.open_new_session()
        program = self._program()
        reward = program.reward_ids
        program.reward_ids = [Command.create({
            'reward_type': 'discount', 'discount': 5, 'required_points': 2})]
        for sold in fields.Datetime.now(), fields.Datetime.now() - timedelta(days=1):
            card = self.env['loyalty.card'].create(
                {'program_id': program.id, 'partner_id': self.customer.id, 'points': 5})
            links = {'coupon_id': card.id, 'reward_id': reward.id}
            card.sudo().unlink()
            reward.sudo().exists().unlink()
            for name, deleted_id in links.items():
                with self.subTest(name=name, sold=sold):
                    order = self._send(sold, **{name: deleted_id})
                    self.assertRecordValues(
                        order, [{'state': 'paid', 'partner_id': self.customer.id}])
                    self.assertFalse(order.lines[name])
            points = {links['coupon_id']: {
                'coupon_id': links['coupon_id'], 'points': 1, 'program_id': program.id,
                'partner_id': self.customer.id}}
            order.with_user(self.cashier).confirm_coupon_programs(points)
            order.with_user(self.cashier).add_loyalty_history_lines(
                [{'card_id': links['coupon_id'], 'won': 1, 'spent': 0}], [])

    def test_card_that_is_there_stays(self):
        self.open_new_session()
        card = self.env['loyalty.card'].create(
            {'program_id': self._program().id, 'partner_id': self.customer.id, 'points': 5})
        order = self._send(fields.Datetime.now() - timedelta(days=1), coupon_id=card.id)
        self.assertEqual(order.lines.coupon_id, card)

    def test_card_of_a_sale_is_for_nobody_to_whom_nobody_may_sell(self):
        self.open_new_session()
        order = self._send(fields.Datetime.now())
        restricted, erased, other = (
            self._create_customer(name=name) for name in ("Adelheid", "Balduin", "Clara"))
        merged = self._create_customer(name="Dora", email=False)
        self.env['base.partner.merge.automatic.wizard']._merge((merged | other).ids, other)
        (restricted | erased).write({'active': False})
        restricted.sudo().dsgvo_restricted = erased.sudo().dsgvo_erased = True
        anonymous = self.env.company.dsgvo_anonymous_partner_id
        for partner, given_to in (
                (restricted, False), (erased, False), (anonymous, False), (other, other.id),
                (merged, other.id)):
            for by_order in (False,) if partner == merged else (False, True):
                with self.subTest(partner=partner.id, by_order=by_order):
                    program = self._program()
                    order.partner_id = partner if by_order else self.customer
                    coupon = {'coupon_id': -1, 'points': 5, 'program_id': program.id}
                    order.with_user(self.cashier).confirm_coupon_programs(
                        {'-1': coupon if by_order else coupon | {'partner_id': partner.id}})
                    self.assertRecordValues(
                        program.coupon_ids, [{'partner_id': given_to, 'points': 5}])

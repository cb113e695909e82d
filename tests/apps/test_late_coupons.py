from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..till.common import TillCommon


@tagged('post_install', '-at_install', '-standard')
class TestAppsLateCoupons(TillCommon):
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

    def test_card_of_a_sale_at_a_branch_is_for_the_customer_of_the_company(self):
        """A customer of another company gets none."""
        company, self.config = self.env.company, self._open_branch()
        branch = self.config.company_id
        self.cashier.company_id = branch
        self.pos_session = self.config.current_session_id
        self.cash_pm1 = self.config.payment_method_ids.filtered('is_cash_count')
        self.customer.company_id = company
        order = self._send(fields.Datetime.now())
        self.assertRecordValues(order, [
            {'company_id': branch.id, 'partner_id': self.customer.id}])
        foreign = self.env['res.company'].create({'name': "Fremder Laden"})
        former = {}
        for owner in company, branch, foreign:
            merged, kept = (self._create_customer(name="Dora", email=False) for _each in 'ab')
            former[merged.id] = kept if owner != foreign else self.env['res.partner']
            self.env['base.partner.merge.automatic.wizard']._merge((merged | kept).ids, kept)
            kept.company_id = owner
        gone = self._create_customer(name="Emma", company_id=company.id, active=False)
        gone.sudo().dsgvo_restricted = True
        former |= {self.customer.id: self.customer, gone.id: self.env['res.partner']}
        till = order.with_user(self.cashier).with_context(allowed_company_ids=branch.ids)
        for partner_id, owner in former.items():
            with self.subTest(partner_id=partner_id):
                program = self._program()
                till.confirm_coupon_programs({'-1': {
                    'coupon_id': -1, 'points': 5, 'program_id': program.id,
                    'partner_id': partner_id}})
                self.assertRecordValues(
                    program.coupon_ids, [{'partner_id': owner.id, 'points': 5}])

    def test_card_data_that_no_till_sends_are_refused_in_words(self):
        self.open_new_session()
        order = self._send(fields.Datetime.now()).with_user(self.cashier)
        for data in (
                None, 'abc', 5, [], {'-1': None}, {'-1': 'abc'}, {'-1': {'partner_id': 'abc'}},
                {'-1': {'partner_id': True}}, {'-1': {'partner_id': 2 ** 40}}):
            with self.subTest(data=data), self.assertRaisesRegex(UserError, "cannot read"):
                order.confirm_coupon_programs(data)

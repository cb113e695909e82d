from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.dsgvo.models.notification.dsgvo_notification_arrival import DsgvoNotification

from .common import NotificationCommon


@tagged('post_install', '-at_install')
class TestGoodsReceipt(NotificationCommon):
    def test_goods_from_plain_stock_make_one_message(self):
        order = self._confirm_order()
        self.assertFalse(self._notifications(order))
        receipt = self._receive(self.book)
        notification = self._notifications(order)
        self.assertRecordValues(notification, [{
            'sale_order_id': order.id, 'partner_id': self.agreed.id, 'picking_id': receipt.id,
            'notification_type': 'M', 'kind': 'available', 'state': 'todo', 'told_on': False,
            'company_id': self.env.company.id}])
        self.assertEqual(notification.body, "<ul><li>1 × Die Blechtrommel</li></ul>")

    def test_goods_bought_for_the_order_make_one_message(self):
        order = self._confirm_order()
        move = order.order_line.move_ids
        move.sudo().procure_method = 'make_to_order'
        receipt = self._receive(self.book, moves_for=[move])
        self.assertEqual(move.state, 'assigned')
        self.assertEqual(self._notifications(order).picking_id, receipt)

    def test_order_with_k_gets_nothing(self):
        unasked = self._confirm_order(self.customer)
        chosen = self._confirm_order(notification_type='K')
        self._receive(self.book, quantity=2)
        self.assertEqual((unasked | chosen).order_line.move_ids.mapped('state'), ['assigned'] * 2)
        self.assertFalse(self._notifications(unasked | chosen))

    def test_consent_lost_without_a_decision_makes_no_message(self):
        order = self._confirm_order()
        other = self._create_customer(name="Zusammengeführt")
        self.env.cr.execute(
            "UPDATE sale_order SET partner_id = %s WHERE id = %s", [other.id, order.id])
        self.env.invalidate_all()
        self._receive(self.book)
        self.assertEqual(order.notification_type, 'M')
        self.assertFalse(self._notifications(order))

    def test_order_not_confirmed_or_cancelled_gets_nothing(self):
        draft, cancelled = self._create_order(), self._confirm_order()
        cancelled._action_cancel()
        self._receive(self.book, quantity=5)
        self.assertFalse(self._notifications(draft | cancelled))

    def test_two_titles_of_one_receipt_are_one_message(self):
        other = self.env['product.product'].create({
            'name': "Der Butt & Co", 'type': 'consu', 'is_storable': True})
        order = self._create_order()
        order.order_line = [Command.create({'product_id': other.id, 'product_uom_qty': 2})]
        order.action_confirm()
        self._receive(self.book, other, quantity=2)
        notification = self._notifications(order)
        self.assertEqual(len(notification), 1)
        self.assertIn("<li>1 × Die Blechtrommel</li>", notification.body)
        self.assertIn("<li>2 × Der Butt &amp; Co</li>", notification.body)

    def test_partial_receipt_and_its_backorder_are_two_messages(self):
        order = self._confirm_order(quantity=5)
        receipt = self._receive(self.book, quantity=2, demand=5)
        backorder = receipt.backorder_ids
        self._finish(backorder, 3)
        notifications = self._notifications(order)
        self.assertEqual(notifications.picking_id, receipt | backorder)
        self.assertEqual(
            [n.body for n in notifications],
            ["<ul><li>2 × Die Blechtrommel</li></ul>", "<ul><li>3 × Die Blechtrommel</li></ul>"])

    def test_receipt_says_who_is_told_and_what_is_missing(self):
        self.book.name = "Die Blechtrommel"
        self._confirm_order(notification_type='T')
        self._confirm_order()
        self._confirm_order(self.customer)
        self._confirm_order(quantity=3)
        receipt = self._receive(self.book, quantity=4)
        self.assertEqual(
            receipt.dsgvo_arrival_notice,
            "Customers to be told: M – E-Mail: 2, T – Telephone: 1. K – No Message: 1, the goods"
            " are ready as well. Not enough for all orders, still missing: 2 × Die Blechtrommel.")
        self.env.invalidate_all()
        again = self._receive(self.book, quantity=2)
        self.assertEqual(again.dsgvo_arrival_notice, "Customers to be told: M – E-Mail: 1.")

    def test_receipt_for_nobody_says_nothing(self):
        self.assertFalse(self._receive(self.book).dsgvo_arrival_notice)

    def test_goods_for_others_make_no_message(self):
        first, second = self._confirm_order(), self._confirm_order()
        self._receive(self.book)
        self.assertEqual(len(self._notifications(first)), 1)
        self.assertFalse(self._notifications(second))

    def test_receipt_in_three_steps_tells_when_goods_are_on_the_shelf(self):
        self.warehouse.sudo().reception_steps = 'three_steps'
        order = self._confirm_order()
        picking = self._receive(self.book)
        for step in 1, 2:
            self.assertFalse(self._notifications(order), step)
            picking = self._finish(picking.move_ids.move_dest_ids.picking_id)
        self.assertEqual(self._notifications(order).picking_id, picking)

    def test_delivery_in_three_steps_is_no_second_arrival(self):
        self.warehouse.sudo().delivery_steps = 'pick_pack_ship'
        order = self._confirm_order()
        self._receive(self.book)
        self.assertEqual(len(self._notifications(order)), 1)
        pick = order.picking_ids.filtered(lambda picking: picking.state == 'assigned')
        self._finish(pick)
        self.assertGreater(len(order.picking_ids), 1)
        self.assertEqual(len(self._notifications(order)), 1)

    def test_stock_on_hand_at_confirmation_is_no_arrival(self):
        self._receive(self.book, quantity=3)
        order = self._confirm_order()
        self.assertEqual(order.order_line.move_ids.state, 'assigned')
        self.assertFalse(self._notifications(order))

    def test_titles_already_sold_at_the_till_make_no_message(self):
        order = self._confirm_order()
        line = order.order_line
        self.env['pos.order'].create(self._till_values(
            self._open_till(), self.agreed, state='paid', lines=[Command.create({
                'product_id': self.book.id, 'qty': 1, 'price_unit': 20, 'price_subtotal': 20,
                'price_subtotal_incl': 20, 'sale_order_origin_id': order.id,
                'sale_order_line_id': line.id})]))
        self.assertEqual(line.qty_delivered, 1)
        self._receive(self.book)
        self.assertEqual(line.move_ids.state, 'assigned')
        self.assertFalse(self._notifications(order))

    def test_titles_are_in_the_language_of_the_customer(self):
        self.env['res.lang']._activate_lang('de_DE')
        self.book.with_context(lang='de_DE').name = "Die Blechtrommel (Leinen)"
        self.agreed.lang = 'de_DE'
        order = self._confirm_order()
        self._receive(self.book)
        self.assertIn("Die Blechtrommel (Leinen)", self._notifications(order).body)

    def test_second_message_for_a_receipt_is_refused(self):
        order = self._confirm_order()
        receipt = self._receive(self.book)
        quantities = {order.order_line.move_ids.id: 1}
        self.env['dsgvo.notification']._register_arrivals(receipt, quantities)
        self.assertEqual(len(self._notifications(order)), 1)

    def test_receipt_succeeds_when_messages_cannot_be_made(self):
        order = self._confirm_order()
        with (
            patch.object(
                DsgvoNotification, '_prepare_available_values', side_effect=KeyError("Balduin")),
            self.assertLogs('odoo.addons.dsgvo', 'ERROR') as log,
        ):
            receipt = self._receive(self.book)
        self.assertEqual((receipt.state, order.order_line.move_ids.state), ('done', 'assigned'))
        self.assertFalse(self._notifications(order))
        self.assertNotIn("Balduin", log.output[0])

    def test_context_of_a_remote_caller_is_ignored(self):
        order = self._confirm_order()
        move = order.order_line.move_ids.with_context(dsgvo_arrivals={'quantities': {}})
        move._action_assign()
        self.assertEqual(move.state, 'confirmed')

    def test_number_of_queries_does_not_grow_with_the_orders(self):
        def count(number):
            people = self.env['res.partner'].create([
                {'name': "P", 'email': 'p@example.com'} for _i in range(number)])
            for partner in people:
                partner.consent_notification = 'granted'
            orders = self.env['sale.order'].create(
                [self._order_values(partner) for partner in people])
            orders.action_confirm()
            receipt = self._receive(self.book, quantity=number)
            self._notifications(orders).sudo().unlink()
            quantities = dict.fromkeys(orders.order_line.move_ids.ids, 1)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env['dsgvo.notification']._register_arrivals(receipt, quantities)
            self.env.flush_all()
            used = self.env.cr.sql_log_count - before
            self.assertEqual(len(self._notifications(orders)), number)
            return used

        count(1)
        self.assertLessEqual(count(20), count(1) + 1)


@tagged('post_install', '-at_install')
class TestWorkList(NotificationCommon):
    def test_clerk_works_off_telephone_and_letter(self):
        order = self._confirm_order(notification_type='T')
        self._receive(self.book)
        notification = self._notifications(order).with_user(self.clerk)
        self.assertEqual((notification.state, notification.phone), ('todo', self.agreed.phone))
        notification.action_done()
        self.assertEqual((notification.state, bool(notification.told_on)), ('done', True))
        told = notification.told_on
        action = notification.action_done()
        self.assertEqual(notification.told_on, told)
        self.assertEqual(action['params'], {'ids': []})

    def test_what_was_done_by_mistake_waits_again(self):
        orders = self._confirm_order(notification_type='T') | self._confirm_order()
        self._receive(self.book, quantity=2)
        waiting, failed = self._notifications(orders).with_user(self.clerk)
        failed.sudo().write({'state': 'failed', 'failure': 'no_email'})
        both = waiting | failed
        both.action_done()
        both.action_undo()
        self.assertRecordValues(both, [
            {'state': 'todo', 'told_on': False, 'failure': False},
            {'state': 'failed', 'told_on': False, 'failure': 'no_email'}])
        failed.sudo().state = 'sent'
        failed.action_undo()
        self.assertEqual(failed.state, 'sent')

    def test_undoing_tells_nobody_who_does_not_want_it_any_more(self):
        order = self._confirm_order(notification_type='T')
        self._receive(self.book)
        notification = self._notifications(order).with_user(self.clerk)
        notification.action_done()
        self.agreed.with_user(self.clerk).consent_notification = 'refused'
        notification.action_undo()
        self.assertEqual(notification.state, 'cancelled')

    def test_work_list_shows_what_arrived(self):
        order = self._confirm_order(quantity=2)
        self._receive(self.book, quantity=2)
        self.assertEqual(
            self._notifications(order).with_user(self.clerk).titles, "2 × Die Blechtrommel")

    def test_order_leads_to_its_messages(self):
        order = self._confirm_order(notification_type='T')
        other = self._confirm_order()
        self._receive(self.book, quantity=2)
        notification = self._notifications(order)
        notification.action_done()
        order, other = order.with_user(self.clerk), other.with_user(self.clerk)
        self.assertEqual((order | other).mapped('dsgvo_notification_count'), [1, 1])
        action = order.action_dsgvo_notifications()
        self.assertEqual(self.env[action['res_model']].search(action['domain']), notification)
        self.assertFalse(action['context'])

    def test_nobody_writes_or_deletes_a_message_by_hand(self):
        order = self._confirm_order()
        self._receive(self.book)
        notification = self._notifications(order)
        for user in self.clerk, self.officer:
            with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
                notification.with_user(user).create({
                    'sale_order_id': order.id, 'partner_id': self.agreed.id,
                    'notification_type': 'M', 'company_id': self.env.company.id})
            with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
                notification.with_user(user).unlink()
            for field, value in [
                ('body', "<p>Something else</p>"), ('notification_type', 'T'), ('state', 'sent'),
                ('partner_id', self.customer.id), ('told_on', False),
            ]:
                with (self.subTest(user=user.login, field=field), self.assertRaises(AccessError),
                      mute_logger('odoo.addons.base.models.ir_model')):
                    notification.with_user(user)[field] = value

    def test_actions_are_for_whoever_may_see_the_message(self):
        self._confirm_order(notification_type='T')
        self._receive(self.book)
        notification = self.env['dsgvo.notification'].search([], limit=1)
        for action in 'action_done', 'action_undo', 'action_retry':
            with (self.subTest(action), self.assertRaises(AccessError),
                  mute_logger('odoo.addons.base.models.ir_model')):
                getattr(notification.with_user(self.storekeeper), action)()

    def test_other_company_sees_nothing(self):
        self._confirm_order()
        self._receive(self.book)
        branch = self.env['res.company'].create({'name': "Filiale"})
        self.clerk.write({'company_ids': [Command.set(branch.ids)], 'company_id': branch.id})
        self.assertFalse(self.env['dsgvo.notification'].with_user(self.clerk).search([]))

    def test_what_waits_follows_the_order(self):
        order = self._confirm_order()
        self._receive(self.book)
        notification = self._notifications(order)
        order.notification_type = 'T'
        self.assertRecordValues(notification, [{'notification_type': 'T', 'state': 'todo'}])
        order.notification_type = 'K'
        self.assertEqual(notification.state, 'cancelled')

    def test_withdrawal_cancels_what_waits_and_leaves_what_was_done(self):
        orders = self._confirm_order() | self._confirm_order(notification_type='T')
        self._receive(self.book, quantity=2)
        first, second = self._notifications(orders)
        first.action_done()
        self.agreed.with_user(self.clerk).consent_notification = 'refused'
        self.assertEqual((first.state, second.state), ('done', 'cancelled'))

    def test_what_failed_leaves_the_list_as_what_waits_does(self):
        """Nobody reads the telephone number of a customer there who is not to be called."""
        def withdraw(notification):
            self.agreed.with_user(self.clerk).consent_notification = 'refused'

        def withdraw_after_done(notification):
            notification.with_user(self.clerk).action_done()
            withdraw(notification)
            notification.with_user(self.clerk).action_undo()

        def silence(notification):
            notification.sale_order_id.notification_type = 'K'

        def cancel(notification):
            notification.sale_order_id._action_cancel()

        for end in withdraw, withdraw_after_done, silence, cancel:
            with self.subTest(end.__name__), self.env.cr.savepoint() as savepoint:
                failed = self._fail()
                end(failed)
                self.assertEqual(failed.state, 'cancelled')
                savepoint.rollback()
                self.env.invalidate_all()

    def test_what_failed_waits_in_the_way_chosen_instead(self):
        failed = self._fail()
        failed.sale_order_id.with_user(self.clerk).notification_type = 'T'
        self.assertRecordValues(failed, [
            {'notification_type': 'T', 'state': 'todo', 'failure': False}])

    def _fail(self):
        order = self._confirm_order()
        self._receive(self.book)
        failed = self._notifications(order)
        failed.write({'state': 'failed', 'failure': 'no_email'})
        return failed

    def test_nobody_is_told_of_goods_already_fetched(self):
        """Neither from the shelf nor at the till, nor when the clerk undoes what was done."""
        def deliver(order):
            self._finish(order.picking_ids, 2)

        def sell(order):
            line = order.order_line
            self.env['pos.order'].create(self._till_values(
                self._open_till(), self.agreed, state='paid', lines=[Command.create({
                    'product_id': self.book.id, 'qty': 2, 'price_unit': 20, 'price_subtotal': 40,
                    'price_subtotal_incl': 40, 'sale_order_origin_id': order.id,
                    'sale_order_line_id': line.id})]))
            order.picking_ids.action_cancel()  # as the till does

        for fetch, is_done in [(deliver, False), (sell, False), (deliver, True)]:
            with (self.subTest(fetch.__name__, is_done=is_done),
                  self.env.cr.savepoint() as savepoint):
                order = self._confirm_order(quantity=2, notification_type='T')
                self._receive(self.book, quantity=2)
                notification = self._notifications(order).with_user(self.clerk)
                self.assertEqual(notification.state, 'todo')
                if is_done:
                    notification.action_done()
                fetch(order)
                if is_done:
                    self.assertEqual(notification.state, 'done')
                    notification.action_undo()
                self.assertEqual(notification.state, 'cancelled')
                savepoint.rollback()
                self.env.invalidate_all()

    def test_rest_of_an_order_is_still_waited_for(self):
        order = self._confirm_order(quantity=2, notification_type='T')
        self._receive(self.book)
        self._finish(order.picking_ids, 1)
        self.assertEqual(self._notifications(order).state, 'todo')


@tagged('post_install', '-at_install')
class TestWorkListTour(NotificationCommon, HttpCase):
    def test_phone_call_is_done_with_one_click_and_can_be_undone(self):
        self.agreed.name = "Adelheid Quittenbaum"
        order = self._confirm_order(notification_type='T')
        self._receive(self.book)
        self.start_tour(
            '/odoo/action-dsgvo.dsgvo_notification_action_worklist', 'dsgvo_worklist',
            login=self.clerk.login)
        self.assertEqual(self._notifications(order).state, 'done')

import importlib.util
from datetime import timedelta
from pathlib import Path

from odoo.tests import tagged
from odoo.tools import file_path

from .common import NotificationCommon


@tagged('post_install', '-at_install')
class TestCollection(NotificationCommon):
    """Who was told and has not come, and how long customers wait for the message."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._confirm_order(quantity=2, notification_type='T')
        cls._receive(cls.book, quantity=2)
        cls.message = cls.env['dsgvo.notification'].search(
            [('sale_order_id', '=', cls.order.id)])

    def _is_uncollected(self):
        """Return what the field says, and the list that is filtered by it."""
        self.env.flush_all()
        self.message.invalidate_recordset(['is_uncollected'])
        listed = self.env['dsgvo.notification'].with_user(self.clerk).search(
            [('is_uncollected', '=', True), ('id', '=', self.message.id)])
        self.assertEqual(bool(listed), self.message.is_uncollected)
        return self.message.is_uncollected

    def _hand_over(self, quantity):
        delivery = self.order.picking_ids.filtered(lambda picking: picking.state != 'done')
        delivery.move_ids.write({'quantity': quantity, 'picked': True})
        delivery._action_done()

    def test_customer_who_was_not_told_keeps_nobody_waiting(self):
        self.assertFalse(self._is_uncollected())

    def test_goods_wait_from_the_message_until_all_are_fetched(self):
        self.message.with_user(self.clerk).action_done()
        self.assertTrue(self._is_uncollected())
        self._hand_over(1)
        self.assertTrue(self._is_uncollected())
        self._hand_over(1)
        self.assertFalse(self._is_uncollected())

    def test_cancelled_order_waits_for_nobody(self):
        self.message.with_user(self.clerk).action_done()
        self.order._action_cancel()
        self.assertFalse(self._is_uncollected())

    def test_hours_are_counted_from_the_receipt_and_again_after_an_undo(self):
        self.message.with_user(self.clerk).action_done()
        self.message.told_on = self.message.create_date + timedelta(hours=5)
        self.assertEqual(self.message.hours_until_told, 5)
        self.message.with_user(self.clerk).action_undo()
        self.assertEqual(self.message.hours_until_told, 0)

    def test_update_fills_the_hours_of_older_messages(self):
        self.message.told_on = self.message.create_date + timedelta(hours=5)
        self.env.flush_all()
        self.env.cr.execute("UPDATE dsgvo_notification SET hours_until_told = NULL")
        path = Path(file_path('dsgvo/migrations/19.0.1.2.0/pre-told-hours.py'))
        spec = importlib.util.spec_from_file_location('pre_told_hours', path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        for _run in range(2):
            script.migrate(self.env.cr, '19.0.1.1.0')
        self.env.invalidate_all()
        self.assertEqual(self.message.hours_until_told, 5)

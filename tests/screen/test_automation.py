import json

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.dsgvo.models.screen.covering import MASK

from .common import ScreenCommon


@tagged('post_install', '-at_install')
class TestAutomation(ScreenCommon):
    """What Odoo does by itself when a screened clerk saves; others read what comes of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        service = cls.env['product.product'].create({
            'name': "Binding", 'type': 'service', 'invoice_policy': 'order', 'list_price': 10})
        cls.order.order_line = [Command.create({'product_id': service.id, 'product_uom_qty': 1})]
        cls.order.action_confirm()
        cls.order._create_invoices().action_post()
        cls.clerk.notification_type = 'inbox'

    def _deliver(self, user, quantity):
        self.env.flush_all()
        self.env.invalidate_all()
        self.order.order_line.with_user(user).web_save(
            {'qty_delivered': quantity}, {'order_id': {'fields': {'invoice_status': {}}}})
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()

    def test_activity_that_is_planned_on_saving_names_the_customer(self):
        notes = []
        for user, delivered in ((self.clerk, 5), (self.screened, 6)):
            self.order.order_line.qty_delivered = 1
            self.env.flush_all()
            self.order.activity_ids.unlink()
            self._deliver(user, delivered)
            self.assertEqual(self.order.invoice_status, 'upselling')
            notes.append(self.order.activity_ids.note)
        self.assertIn("Adelheid Quittenbaum", notes[0])
        self.assertEqual(notes[0], notes[1])

    def test_message_that_is_posted_on_saving_has_the_real_values(self):
        Order = type(self.env['sale.order'])
        compute = Order._compute_field_value
        receiver_ids = self.clerk.partner_id.ids

        def compute_and_post(orders, field):
            compute(orders, field)
            for order in orders if field.name == 'invoice_status' else ():
                [row] = order.partner_id.read(['email', 'display_name'])
                body = f"For {row['display_name']}, {row['email']}"
                order.message_post(
                    body=body, message_type='comment',
                    partner_ids=receiver_ids, subtype_xmlid='mail.mt_comment')

        self.patch(Order, '_compute_field_value', compute_and_post)
        self.env['bus.bus'].search([]).unlink()
        self._deliver(self.screened, 5)
        body = "For Adelheid Quittenbaum, adelheid@quittenbaum.example"
        self.assertIn(body, str(self.order.message_ids[0].body))
        inbox = [
            notification for notification in map(
                json.loads, self.env['bus.bus'].search([]).mapped('message'))
            if notification['type'] == 'mail.message/inbox']
        self.assertIn(body, str(inbox))
        self.assertNotIn(MASK, str(inbox))

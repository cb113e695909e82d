from odoo.tests import freeze_time, tagged

from ..common import DsgvoCommon


@tagged('post_install', '-at_install')
class TestSilenceReason(DsgvoCommon):
    def test_order_without_message_says_why(self):
        order = self.env['sale.order'].create({'partner_id': self.customer.id}).with_user(
            self.clerk)
        self.assertIn("Never asked", order.dsgvo_silence_reason)
        self.customer.consent_notification = 'refused'
        self.assertIn("refused on", order.dsgvo_silence_reason)
        self.customer.consent_notification = 'granted'
        self.assertIn("Chosen for this order", order.dsgvo_silence_reason)
        order.notification_type = 'M'
        self.assertFalse(order.dsgvo_silence_reason)
        self.customer.consent_notification = False
        self.assertEqual(order.notification_type, 'K')
        self.assertIn("withdrawn on", order.dsgvo_silence_reason)
        anonymous = self.env['sale.order'].create(
            {'partner_id': self.env.company.dsgvo_anonymous_partner_id.id})
        self.assertIn("Nobody to tell", anonymous.dsgvo_silence_reason)
        self.assertFalse(self.env['sale.order'].new({}).dsgvo_silence_reason)

    def test_order_of_whom_nothing_reaches_says_what_to_enter(self):
        nothing = {'email': False, 'phone': False}
        for values, reason in [
            ({'street': False}, "cannot be reached"),
            ({'zip': False, 'city': False, 'notification_type': 'B'}, "cannot be reached"),
            ({'notification_type': 'K'}, "prefers no message"),
        ]:
            with self.subTest(values):
                customer = self._create_customer(**nothing | values)
                customer.consent_notification = 'granted'
                order = self.env['sale.order'].create({'partner_id': customer.id})
                self.assertEqual(order.notification_type, 'K')
                self.assertIn(reason, order.with_user(self.clerk).dsgvo_silence_reason)

    def test_expired_consent_has_the_same_day_before_and_after_the_job(self):
        self.env.company.dsgvo_validity_notification = 12
        Event = self.env['dsgvo.consent.event']
        with freeze_time('2025-07-14 10:00'):
            self.customer.consent_notification = 'granted'
        self.env.invalidate_all()
        order = self.env['sale.order'].create({'partner_id': self.customer.id})
        before = order.with_user(self.clerk).dsgvo_silence_reason
        self.assertIn("expired on 07/14/2026", before)
        Event._expire(self.customer)
        self.env.invalidate_all()
        self.assertEqual(self.customer.consent_event_ids.sorted('id')[-1].decision, 'expired')
        self.assertEqual(order.with_user(self.clerk).dsgvo_silence_reason, before)

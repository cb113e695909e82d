from odoo.tests import Form, new_test_user, tagged

from odoo.addons.mail.tests.common import MockEmail

from .common import NotificationCommon


@tagged('post_install', '-at_install')
class TestStatusMessages(NotificationCommon, MockEmail):
    """What Odoo sends by itself obeys the message type; what a person sends leaves."""

    def _recipients(self, function, *args, **kwargs):
        with self.mock_mail_gateway(mail_unlink_sent=True):
            function(*args, **kwargs)
        return [address for mail in self._mails for address in mail['email_to']]

    def _orders(self):
        """Orders that must not be told, by the reason."""
        withdrawn = self._create_order()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET partner_id = %s WHERE id = %s", [self.customer.id, withdrawn.id])
        self.env.invalidate_all()
        return {
            'never asked': self._create_order(self.customer),
            'chosen': self._create_order(notification_type='K'),
            'M without consent': withdrawn,
        }

    def test_order_confirmation(self):
        for reason, order in self._orders().items():
            self.assertFalse(self._recipients(order._validate_order), reason)
            self.assertEqual(order.state, 'sale')
        self.assertEqual(
            self._recipients(self._create_order()._validate_order), [self.agreed.email_formatted])

    def test_payment_message(self):
        for reason, order in self._orders().items():
            self.assertFalse(
                self._recipients(order._send_payment_succeeded_for_order_mail), reason)
        order = self._create_order()
        self.assertEqual(
            self._recipients(order._send_payment_succeeded_for_order_mail),
            [self.agreed.email_formatted])

    def test_queued_confirmation_is_looked_at_again(self):
        self.env['ir.config_parameter'].set_param('sale.async_emails', 'True')
        order = self._create_order()
        order._validate_order()
        self.assertTrue(order.pending_email_template_id)
        self.agreed.consent_notification = 'refused'
        with self.enter_registry_test_mode():
            cron = self.env.ref('sale.send_pending_emails_cron')
            self.assertFalse(self._recipients(cron.method_direct_trigger))

    def test_mail_posted_on_the_order_by_automation(self):
        template = self.env.ref('sale.mail_template_sale_confirmation')
        for order, expected in [
            (self._create_order(self.customer), []),
            (self._create_order(), [self.agreed.email_formatted]),
        ]:
            self.assertEqual(self._recipients(
                order.with_context(mail_notify_force_send=True).message_post_with_source,
                template, message_type='auto_comment', subtype_xmlid='mail.mt_comment'), expected)

    def _delivered(self, partner, **values):
        self.env.company.stock_move_email_validation = True
        order = self._confirm_order(partner, **values)
        picking = order.picking_ids
        return picking, self._recipients(self._finish, picking)

    def test_delivery_confirmation(self):
        _picking, plain = self._delivered(self.agreed)
        self.assertEqual(plain, [self.agreed.email_formatted])
        for partner, values in [(self.customer, {}), (self.agreed, {'notification_type': 'K'})]:
            picking, recipients = self._delivered(partner, **values)
            self.assertFalse(recipients)
            self.assertEqual(picking.state, 'done')
            self.assertNotIn("has been shipped", "".join(picking.message_ids.mapped('body')))

    def test_delivery_without_order_asks_the_recipient(self):
        for partner, silent in [(self.customer, True), (self.agreed, False)]:
            picking = self.env['stock.picking'].create({
                'picking_type_id': self.warehouse.out_type_id.id, 'partner_id': partner.id})
            self.assertEqual(picking._dsgvo_is_silent(), silent)

    def test_delivery_to_somebody_else_asks_that_person_too(self):
        order = self._create_order(partner_shipping_id=self.customer.id)
        order.action_confirm()
        self.assertTrue(order.picking_ids._dsgvo_is_silent())

    def test_delivery_sms(self):
        silenced = self._confirm_order(self.customer).picking_ids
        told = self._confirm_order().picking_ids
        for picking in silenced, told:
            picking._message_sms_with_template(
                template_fallback="Unterwegs", partner_ids=picking.partner_id.ids,
                put_in_queue=True)
        self.assertEqual(
            self.env['sms.sms'].search([('body', '=', "Unterwegs")]).partner_id, self.agreed)

    def test_employees_are_told_all_the_same(self):
        order = self._create_order(self.customer)
        colleague = new_test_user(
            self.env, 'dsgvo_colleague', groups='sales_team.group_sale_salesman_all_leads',
            email='colleague@example.com')
        self.assertEqual(
            self._recipients(
                order.message_post, body="Status", message_type='notification',
                subtype_xmlid='mail.mt_comment',
                partner_ids=(colleague.partner_id | self.customer).ids),
            [colleague.email_formatted])

    def test_quotation_sent_by_a_person_leaves(self):
        order = self._create_order(self.customer)
        action = order.action_quotation_send()
        composer = Form(self.env['mail.compose.message'].with_user(self.clerk).with_context(
            **action['context'])).save()
        self.assertIn(
            self.customer.email_formatted, self._recipients(composer.action_send_mail))
        self.assertEqual(order.state, 'sent')

    def test_answer_written_by_a_person_leaves(self):
        order = self._create_order(self.customer)
        self.assertEqual(
            self._recipients(
                order.message_post, body="Ihre Frage", message_type='comment',
                subtype_xmlid='mail.mt_comment', partner_ids=self.customer.ids),
            [self.customer.email_formatted])

    def test_chatter_preselects_nobody_who_wants_no_message(self):
        order = self._create_order(self.customer)
        self.assertNotIn(self.customer.id, [
            r['partner_id'] for r in order._message_get_suggested_recipients()])
        self.assertIn(self.customer.id, [
            r['partner_id'] for r in order._message_get_suggested_recipients(
                additional_partners=self.customer)])
        self.assertIn(self.agreed.id, [
            r['partner_id'] for r in self._create_order()._message_get_suggested_recipients()])

    def test_invoice_of_the_till_is_not_mailed_by_itself(self):
        send, session = self.env['account.move.send'], self._open_till()
        for partner, expected in [(self.customer, set()), (self.agreed, {'email'})]:
            order = self.env['pos.order'].create(self._till_values(session, partner))
            order.account_move = self.env['account.move'].create({
                'move_type': 'out_invoice', 'partner_id': partner.id})
            self.assertEqual(send._get_default_sending_methods(order.account_move), expected)

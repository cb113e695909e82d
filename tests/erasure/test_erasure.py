from pathlib import Path
from unittest.mock import patch

from odoo.modules.registry import Registry
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from .common import PERSON, ShopCommon

# The picture of a receipt, one pixel large.
PIXEL = (
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E'
    'rkJggg==')


@tagged('post_install', '-at_install')
class TestErasureAfterSale(MailCase, ShopCommon):
    def test_customer_is_forgotten_after_the_special_order_is_sold(self):
        delivery = self._create_customer(
            name="Lieferanschrift Quittenbaum", parent_id=self.customer.id, type='delivery')
        order = self._order(
            client_order_ref="Geschenk von Frau Quittenbaum", note="Adelheid Quittenbaum holt ab",
            partner_shipping_id=delivery.id)
        called = "Frau Quittenbaum hat angerufen"
        order.message_post(body=called, message_type='comment')
        order.picking_ids.note = "Für Adelheid Quittenbaum"
        self._receive()
        sale = self._sell(order, general_customer_note="Tüte für Adelheid Quittenbaum")
        self.assertRecordValues(self._erasure(), [{'reason': 'checkout', 'state': 'due'}])
        self.assertTrue(self.customer.exists())
        erasure = self._erasure()
        self._run_cron()

        self.assertFalse((self.customer | delivery).exists())
        anonymous = self.env.company.dsgvo_anonymous_partner_id
        self.assertRecordValues(order, [{
            'partner_id': anonymous.id, 'partner_invoice_id': anonymous.id,
            'partner_shipping_id': anonymous.id, 'state': 'sale', 'amount_total': 20.0,
            'client_order_ref': False, 'note': False}])
        self.assertRecordValues(sale, [{
            'partner_id': anonymous.id, 'email': False, 'mobile': False, 'amount_total': 20.0,
            'state': 'paid', 'general_customer_note': False}])
        self.assertFalse(order.message_ids)
        self.assertRecordValues(erasure, [{'state': 'done', 'partner_id': False, 'blocker': False}])
        self.assertEqual(erasure.certificate['removed']['res.partner'], 2)
        self.assertEqual(erasure.certificate['removed']['sale.order'], 1)
        self.assertEqual(self._find_in_database(
            "Quittenbaum", PERSON['email'], PERSON['phone'], '4930901820', PERSON['street']), {})

    def test_workers_keep_their_caches_unless_something_in_them_went(self):
        imported = self._create_customer(name="Cordula Nierenstein", email='c@example.test')
        self.env['ir.model.data'].create({
            'module': '__import__', 'name': 'cordula', 'model': 'res.partner',
            'res_id': imported.id})
        for customer, clears in (self.customer, False), (imported, True):
            self._sell(self._order(customer=customer))
            with patch.object(Registry, 'clear_cache') as clear:
                self._run_cron()
            self.assertFalse(customer.exists())
            self.assertEqual(clear.called, clears)

    def test_files_of_the_customer_are_deleted_from_the_disk(self):
        Attachment = self.env['ir.attachment']
        files = [
            Attachment.create({'name': "Brief.txt", 'raw': f"{record} Quittenbaum".encode(),
                               'res_model': record._name, 'res_id': record.id})
            for record in (self.customer, self.book)]
        gone, other = [Path(Attachment._full_path(file.store_fname)) for file in files]
        Attachment._gc_file_store_unsafe()  # which forgets the files that it looked at
        self._sell(self._order())
        self._run_cron()
        self.assertFalse(files[0].exists())
        Attachment._gc_file_store_unsafe()
        self.assertEqual((gone.exists(), other.exists()), (False, True))

    def test_search_that_names_two_customers_of_one_run(self):
        other = self._create_customer(name="Balthasar Ohlendorf", email='bo@example.test')
        search = self.env['ir.filters'].create({
            'name': f"{other.email}, {PERSON['email']}, offen", 'model_id': 'sale.order'})
        namesake = self.env['ir.filters'].create({
            'name': f"Bücher von {PERSON['name']}", 'model_id': 'sale.order'})
        for customer in self.customer, other:
            self._sell(self._order(customer=customer))
        self._run_cron()
        self.assertFalse((self.customer | other).exists())
        self.assertEqual(search.name, "…, …, offen")
        self.assertEqual(namesake.name, f"Bücher von {PERSON['name']}")

    def test_session_closes_and_books_after_the_erasure(self):
        self._sell(self._order())
        self._run_cron()
        session = self.config.current_session_id
        total = sum(session.order_ids.mapped('amount_total'))
        session.action_pos_session_closing_control()
        self.assertEqual(session.state, 'closed')
        self.assertEqual(session.move_id.state, 'posted')
        self.assertEqual(sum(session.order_ids.mapped('amount_total')), total)

    def test_customer_who_agreed_to_storage_is_untouched(self):
        self.customer.consent_storage = 'granted'
        order = self._order(note="Nachricht")
        columns = ['name', 'email', 'phone', 'street', 'write_date']
        before = self.customer.read(columns)
        self._sell(order)
        self.assertFalse(self._erasure())
        self._run_cron()
        self.env.invalidate_all()
        self.assertEqual(self.customer.read(columns), before)
        self.assertEqual(order.partner_id, self.customer)

    def test_customer_whom_another_company_may_keep_stays(self):
        other = self.env['res.company'].create(
            {'name': "Fremder Laden", 'dsgvo_grace_withdrawal': 0})
        self.customer.with_company(other).consent_storage = 'granted'
        self._sell(self._order())
        erasure = self._erasure()
        self._run_cron()
        self.assertTrue(self.customer.exists())
        self.assertEqual(erasure.state, 'blocked')
        self.assertIn("Another company of this database may keep", erasure.blocker)
        self.customer.with_company(other).consent_storage = 'refused'
        self._run_cron()
        self.assertFalse(self.customer.exists())

    def test_namesake_at_the_same_address_is_untouched(self):
        namesake = self._create_customer()
        other_order = self._order(customer=namesake)
        self._sell(self._order())
        columns = ['name', 'email', 'phone', 'street', 'write_date', 'active']
        before = namesake.read(columns) + other_order.read(['partner_id', 'write_date'])
        self._run_cron()
        self.assertFalse(self.customer.exists())
        self.assertEqual(
            namesake.read(columns) + other_order.read(['partner_id', 'write_date']), before)

    def test_till_pays_for_a_few_statements_only(self):
        """Ten special orders in one call cost the sale no more than one."""
        sales = self.env['pos.order']
        for _number in range(10):
            sales |= self._sell(self._order(customer=self._create_customer()))
        costs = []
        for orders in (sales[:1], sales):
            self.env['dsgvo.erasure'].sudo().search([]).unlink()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env['dsgvo.erasure']._enqueue_checkout(orders)
            costs.append(self.env.cr.sql_log_count - before)
            self.assertEqual(self.env['dsgvo.erasure'].search_count([]), len(orders))
        self.assertLessEqual(costs[1], costs[0])
        # Two of them to wait for nobody, one for what would be refused at the end, two for settings
        # of the company that no other request reads.
        self.assertLessEqual(costs[0], 28)

    def test_open_till_is_told_that_somebody_is_gone(self):
        order = self._order()
        self._run_cron()
        told = [('message', 'like', 'DSGVO_FORGET')]
        self.assertFalse(self.env['bus.bus'].sudo().search(told))
        self._sell(order)
        self._run_cron()
        notice = self.env['bus.bus'].sudo().search(told)
        self.assertEqual(len(notice), 1)
        self.assertNotIn("Quittenbaum", notice.message)

    def test_receipt_sent_after_the_erasure_leaves_nothing(self):
        sale = self._sell(self._order())
        self._run_cron()
        with self.mock_mail_gateway():
            sale.with_user(self.cashier).action_send_receipt(PERSON['email'], PIXEL, False)
        self.assertEqual(self._mails[0]['email_to'], [PERSON['email']])
        self.assertEqual(self._find_in_database(PERSON['email'], PERSON['name']), {})
        self.assertFalse(self.env['ir.attachment'].sudo().search(
            [('res_model', '=', 'pos.order'), ('res_id', '=', sale.id)]))

    def test_sale_goes_through_without_the_job(self):
        self.env.ref('dsgvo.ir_cron_erase').sudo().unlink()
        self.assertEqual(self._sell(self._order()).state, 'paid')
        self.assertEqual(self._erasure().state, 'due')

    def test_till_that_was_offline_sells_to_an_erased_customer(self):
        customer = self.customer
        self.open_new_session()
        data = self.create_ui_order_data(
            [(self.book, 1)], customer=customer, payments=[(self.cash_pm1, 20.0)],
            is_invoiced=True)
        self._sell(self._order())
        self._run_cron()
        self.assertFalse(customer.exists())
        result = self.env['pos.order'].with_user(self.cashier).sync_from_ui([data])
        sale = self.env['pos.order'].browse(result['pos.order'][0]['id'])
        self.assertRecordValues(sale, [{
            'state': 'paid', 'partner_id': sale.company_id.dsgvo_anonymous_partner_id.id,
            'to_invoice': False, 'amount_total': 20.0}])

    def test_till_that_was_offline_sells_to_a_restricted_customer(self):
        self.open_new_session()
        data = self.create_ui_order_data(
            [(self.book, 1)], customer=self.customer, payments=[(self.cash_pm1, 20.0)])
        self._sell(self._order(), to_invoice=True)
        self._run_cron()
        self.assertTrue(self.customer.dsgvo_restricted)
        result = self.env['pos.order'].with_user(self.cashier).sync_from_ui([data])
        sale = self.env['pos.order'].browse(result['pos.order'][0]['id'])
        self.assertRecordValues(sale, [{'state': 'paid', 'amount_total': 20.0}])

    def test_ordinary_sale_at_the_till_erases_nobody(self):
        self.open_new_session()
        data = self.create_ui_order_data([(self.book, 1)], customer=self.customer)
        self.env['pos.order'].with_user(self.cashier).sync_from_ui([data])
        self.assertFalse(self._erasure())

    def test_consent_given_before_the_erasure_keeps_the_customer(self):
        self._sell(self._order())
        self.customer.consent_storage = 'granted'
        self._run_cron()
        self.assertTrue(self.customer.exists())
        self.assertFalse(self._erasure())

    def test_name_in_an_order_line_is_taken_out_and_the_title_stays(self):
        order = self._order()
        order.order_line.name = "Der Zauberberg, Widmung: für Adelheid Quittenbaum"
        self._sell(order)
        self._run_cron()
        self.assertEqual(order.order_line.name, "Der Zauberberg, Widmung: für …")

    def test_nothing_is_reported_done_while_the_person_can_be_found(self):
        self.env.ref('dsgvo.rule_sale_order_note').sudo().active = False
        order = self._order(note="Adelheid Quittenbaum holt ab")
        self._sell(order)
        with self.assertLogs('odoo.addons.dsgvo', 'WARNING') as log:
            self._run_cron()
        self.assertRecordValues(self._erasure(), [{'state': 'blocked'}])
        self.assertIn("could still be found in: Sales Order", self._erasure().blocker)
        self.assertRecordValues(self.customer, [PERSON | {'active': True}])
        self.assertNotIn("Quittenbaum", str(log.output))

    def test_switch_off_erases_nobody(self):
        self.env.company.dsgvo_erase_after_sale = False
        self._sell(self._order())
        self.assertFalse(self._erasure())

    def test_company_is_no_data_subject(self):
        school = self._create_customer(name="Schule am Park", is_company=True)
        self._sell(self._order(customer=school))
        self.assertFalse(self._erasure(school))

    def test_second_run_changes_nothing(self):
        open_order = self._order()
        self._sell(self._order())
        self._run_cron()
        erasure = self._erasure()
        columns = set(erasure._fields) - {'checked_on'}  # says when the last run was
        before = erasure.read(columns)
        self._run_cron()
        self.assertEqual(erasure.read(columns), before)
        self.assertEqual(
            erasure.blocker, f"Open order: {open_order.name}\n"
            f"Goods on their way or waiting for pick-up: {open_order.picking_ids.name}")

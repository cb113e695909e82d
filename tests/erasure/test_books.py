import base64
import logging
from datetime import date, datetime, time
from importlib.machinery import SourceFileLoader

from odoo import SUPERUSER_ID, Command, fields
from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import file_path, mute_logger

from odoo.addons.dsgvo.models.map.contact_columns import KEPT_WHEN_EMPTIED

from .common import PERSON, ShopCommon

BOOKS = (
    'account_move', 'account_move_line', 'account_payment', 'account_partial_reconcile',
    'account_full_reconcile', 'account_bank_statement_line')


class BooksCommon(ShopCommon):
    def _read_books(self):
        """Return every column of every row of the accounting."""
        self.env.flush_all()
        books = {}
        for table in BOOKS:
            self.env.cr.execute(f'SELECT t::text FROM {table} t ORDER BY id')
            books[table] = [row for row, in self.env.cr.fetchall()]
        return books

    def _close_session(self):
        session = self.config.current_session_id
        session.action_pos_session_closing_control()
        self.assertEqual(session.state, 'closed')
        return session

    def _invoice(self, day, customer=None):
        """Return a paid invoice of the back office."""
        invoice = self.env['account.move'].create({
            'move_type': 'out_invoice', 'partner_id': (customer or self.customer).id,
            'invoice_date': day, 'date': day, 'invoice_line_ids': [Command.create({
                'product_id': self.book.id, 'price_unit': 20.0, 'tax_ids': False})]})
        invoice.action_post()
        self.env['account.payment.register'].with_context(
            active_model='account.move', active_ids=invoice.ids,
        ).create({'payment_date': day}).action_create_payments()
        return invoice

    def _erase(self, customer=None):
        customer = customer or self.customer
        self.env['dsgvo.erasure']._enqueue(customer, 'manual', self.env.company)
        erasure = self._erasure(customer)[:1]
        self._run_cron()
        return erasure

    def _make_old(self):
        """Let time pass, behind the back of the accounting."""
        old = date(self._today().year - 11, 6, 1)
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_move SET date = %s, invoice_date = %s", [old, old])
        for table in 'account_move_line', 'account_payment':
            self.env.cr.execute(f'UPDATE {table} SET date = %s', [old])
        self.env.invalidate_all()


@tagged('post_install', '-at_install')
class TestBooks(BooksCommon):
    def test_posted_documents_stay_byte_for_byte(self):
        self.env.user.group_ids += self.env.ref('account.group_account_user')
        self.config.invoice_journal_id.restrict_mode_hash_table = True
        other = self._create_customer(name="Balthasar Ohlendorf")
        self._sell(self._order(), to_invoice=True)
        self._sell(self._order(customer=other))
        self._close_session()
        books, hashes = self._read_books(), self.env.company._check_hash_integrity()['results']
        self.assertIn('verified', {result['status'] for result in hashes})
        self._run_cron()
        self.assertTrue(self.customer.exists())
        self.assertFalse(other.exists())
        self.assertEqual(self._read_books(), books)
        self.assertEqual(self.env.company._check_hash_integrity()['results'], hashes)

    def test_session_books_the_same_as_without_the_erasure(self):
        entries = []
        for erased in (True, False):
            self._sell(self._order(customer=self._create_customer()))
            if erased:
                self._run_cron()
            lines = self._close_session().move_id.line_ids.sorted(
                lambda line: (line.account_id, line.balance))
            entries.append([(line.account_id, line.balance) for line in lines])
        self.assertTrue(entries[0])
        self.assertEqual(*entries)

    def test_statistics_by_article_and_month_stay(self):
        self.env.user.group_ids += self.env.ref('sales_team.group_sale_manager')
        self._sell(self._order())

        def read_statistics():
            self.env.flush_all()
            return [
                self.env['sale.report']._read_group(
                    [], ['product_id', 'date:month'], ['price_total:sum', 'product_uom_qty:sum']),
                self.env['report.pos.order']._read_group(
                    [], ['product_id', 'date:month'], ['price_total:sum', 'product_qty:sum'])]

        before = read_statistics()
        self.assertTrue(all(before))
        self._run_cron()
        self.assertFalse(self.customer.exists())
        self.assertEqual(read_statistics(), before)


@tagged('post_install', '-at_install')
class TestComplaint(BooksCommon):
    """What a customer who was erased brings back is taken back, with the receipt."""

    def setUp(self):
        super().setUp()
        self.order = self._order()
        self.sale = self._sell(self.order)
        self._run_cron()
        self.assertFalse(self.customer.exists())

    def test_cashier_refunds_at_the_till(self):
        data = self.create_ui_order_data(
            [{'product': self.book, 'quantity': -1, 'refunded_orderline_id': self.sale.lines.id}],
            customer=self.sale.partner_id, payments=[(self.cash_pm1, -20.0)])
        self.env['pos.order'].with_user(self.cashier).sync_from_ui([data])
        refund = self.env['pos.order'].search([('uuid', '=', data['uuid'])])
        self.assertRecordValues(refund, [{
            'state': 'paid', 'amount_paid': -20.0,
            'partner_id': self.env.company.dsgvo_anonymous_partner_id.id}])
        self.assertEqual(self.sale.lines.refunded_qty, 1)
        self._close_session()

    def test_refund_is_started_in_the_back_office(self):
        self.sale.with_user(self.cashier).refund()
        self.assertRecordValues(self.sale.lines.refund_orderline_ids, [{'qty': -1}])

    def test_clerk_takes_the_goods_back(self):
        delivery = self.sale.picking_ids
        wizard = Form(self.env['stock.return.picking'].with_user(self.clerk).with_context(
            active_model='stock.picking', active_id=delivery.id, active_ids=delivery.ids)).save()
        wizard.product_return_moves.quantity = 1
        returned = self.env['stock.picking'].browse(wizard.action_create_returns()['res_id'])
        returned.move_ids.picked = True
        returned.with_user(self.clerk).button_validate()
        self.assertEqual(returned.state, 'done')


@tagged('post_install', '-at_install')
class TestRetention(BooksCommon):
    def setUp(self):
        super().setUp()
        self.today = self._today()

    def test_credit_note_for_a_customer_who_is_kept(self):
        invoice = self._invoice(self.today)
        self.assertEqual(self._erase().state, 'restricted')
        accountant = new_test_user(
            self.env, 'shop_accountant', company_id=self.env.company.id,
            groups='account.group_account_invoice')
        reversal = self.env['account.move.reversal'].with_user(accountant).with_context(
            active_model='account.move', active_ids=invoice.ids,
        ).create({'journal_id': invoice.journal_id.id, 'date': fields.Date.today()})
        credit = self.env['account.move'].browse(reversal.reverse_moves()['res_id'])
        credit.with_user(accountant).action_post()
        self.assertRecordValues(credit, [{
            'state': 'posted', 'partner_id': self.customer.id, 'amount_total': 20.0}])

    def test_invoice_whose_period_is_over_keeps_nobody(self):
        self.customer.write({'partner_latitude': 52.5, 'partner_longitude': 13.4})
        old = self._invoice(date(self.today.year - 11, 12, 31))
        columns = ['account_id', 'balance', 'partner_id', 'reconciled']
        lines = old.line_ids.read(columns, load=None)
        erasure = self._erase()
        self.assertRecordValues(erasure, [{'state': 'done', 'restricted_until': False}])
        self._assert_scrubbed(self.customer)
        self.assertEqual(old.line_ids.read(columns, load=None), lines)
        self.assertRecordValues(old, [{
            'state': 'posted', 'partner_id': self.customer.id, 'amount_total': 20.0,
            'invoice_partner_display_name': False}])

    def test_last_day_of_the_period_still_keeps(self):
        self._invoice(date(self.today.year - 10, 1, 1))
        last_day = date(self.today.year, 12, 31)
        with freeze_time(datetime.combine(last_day, time(12))):
            erasure = self._erase()
        self.assertRecordValues(erasure, [{'state': 'restricted', 'restricted_until': last_day}])

    def test_restricted_customer_goes_when_the_period_is_over(self):
        self._invoice(self.today)
        erasure = self._erase()
        self.assertEqual(self.customer.name, PERSON['name'])
        self._make_old()
        erasure.sudo().state = 'due'
        self._run_cron()
        self.assertEqual(erasure.state, 'done')
        self._assert_scrubbed(self.customer)

    def _assert_scrubbed(self, customer):
        self.assertEqual((customer.partner_latitude, customer.partner_longitude), (0, 0))
        self.assertRegex(customer.name, r'^[0-9a-f-]{36}\.invalid$')
        self.assertRecordValues(customer, [{
            'active': False, 'dsgvo_erased': True, 'email': False, 'phone': False,
            'street': False, 'zip': False, 'city': False, 'complete_name': customer.name}])
        self.assertEqual(self._find_in_database(
            PERSON['name'], PERSON['email'], PERSON['phone'], PERSON['street']), {})


@tagged('post_install', '-at_install')
class TestAuditTrail(BooksCommon):
    """Charts of German companies make Odoo keep every change of a contact with journal items."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.restrictive_audit_trail = True

    def setUp(self):
        super().setUp()
        self._invoice(self._today())
        self.env.cr.flush()
        self.customer.with_context(tracking_disable=False, mail_notrack=False).write(
            {'street': "Neue Gasse 4"})
        self.env.cr.flush()
        self.trail = self.env['mail.message'].sudo().search([
            ('model', '=', 'res.partner'), ('res_id', '=', self.customer.id),
            ('message_type', '=', 'notification')])

    def test_trail_stays_until_the_period_is_over(self):
        self.assertTrue(self.trail)
        with self.assertRaisesRegex(UserError, "audit trail"):
            self.trail.unlink()
        before = self.trail.tracking_value_ids.read()
        erasure = self._erase()
        self.assertRecordValues(erasure, [{
            'state': 'restricted', 'restricted_until': date(self._today().year + 10, 12, 31)}])
        self.assertIn("§ 147 AO", erasure.blocker)
        self.assertEqual(self.trail.exists(), self.trail)
        self.assertEqual(self.trail.tracking_value_ids.read(), before)

    def test_trail_goes_with_the_period(self):
        erasure = self._erase()
        self._make_old()
        erasure.sudo().state = 'due'
        with self.assertLogs('odoo.addons.dsgvo', logging.INFO) as log:
            self._run_cron()
        self.assertRegex(log.output[0], "1 contacts emptied, with their audit trail")
        self.assertEqual(erasure.state, 'done')
        self.assertFalse(self.trail.exists())
        self.assertEqual(self._find_in_database("Neue Gasse 4", PERSON['name']), {})


@tagged('post_install', '-at_install')
class TestEmptiedContact(BooksCommon):
    def setUp(self):
        self.addCleanup(self._forget_own_fields)  # last, after the rollback
        super().setUp()

    def _forget_own_fields(self):
        self.registry._setup_models__(self.cr)

    @mute_logger('odoo.schema')
    def test_emptied_contact_keeps_no_field_of_any_type(self):
        add = self.env['ir.model.fields'].sudo().create
        own = {
            'x_creed': {'ttype': 'selection', 'selection': "[('a', 'A'), ('b', 'B')]"},
            'x_children': {'ttype': 'integer'},
            'x_vip': {'ttype': 'boolean'},
            'x_income': {'ttype': 'float'},
            'x_wedding': {'ttype': 'datetime'},
            'x_spouse': {'ttype': 'many2one', 'relation': 'res.partner'},
            'x_tags': {'ttype': 'many2many', 'relation': 'res.partner.category'},
            'x_must': {'ttype': 'selection', 'selection': "[('none', 'N'), ('b', 'B')]",
                       'required': True},
            'x_number': {'ttype': 'integer', 'required': True}}
        for name, values in own.items():
            add({'model_id': self.env['ir.model']._get_id('res.partner'), 'name': name,
                 'state': 'manual', 'field_description': name} | values)
        other = self._create_customer(name="Balthasar Ohlendorf", x_must='b', x_number=7)
        company = self._create_customer(is_company=True, country_id=self.env.ref('base.de').id)
        tag = self.env['res.partner.category'].sudo().create({'name': "Stammkundin"})
        account = self.customer.property_account_receivable_id
        self.customer.write({
            'x_creed': 'b', 'x_children': 3, 'x_vip': True, 'x_income': 1.5, 'x_must': 'b',
            'x_wedding': '2001-02-03 04:05:06', 'x_spouse': other.id, 'x_number': 7,
            'x_tags': [Command.link(tag.id)], 'lang': 'en_US', 'color': 4,
            'user_id': self.env.uid, 'parent_id': company.id})
        (self.customer | other).x_tags = tag
        self._invoice(date(self._today().year - 11, 12, 31))
        self._erase()
        self.assertTrue(self.customer.dsgvo_erased)
        self.env.cr.execute(
            "SELECT to_jsonb(p) FROM res_partner p WHERE id = %s", self.customer.ids)
        left = {name for name, value in self.env.cr.fetchone()[0].items() if value is not None}
        self.assertLessEqual(left, KEPT_WHEN_EMPTIED | {
            'name', 'complete_name', 'x_must', 'x_number', 'autopost_bills',
            'property_account_receivable_id', 'property_account_payable_id'})
        self.assertRecordValues(self.customer, [{
            'x_must': 'none', 'x_number': 0, 'country_id': self.env.ref('base.de').id,
            'property_account_receivable_id': account.id, 'x_tags': [],
            'commercial_partner_id': self.customer.id}])
        self.assertEqual(other.x_tags, tag)

    def test_restricted_contact_keeps_what_its_documents_need(self):
        """Not a picture, nor an own field that is covered, nor what the shop thinks of somebody."""
        add = self.env['ir.model.fields'].sudo().create
        model = self.env['ir.model']._get_id('res.partner')
        own = {'model_id': model, 'state': 'manual', 'field_description': "Own"}
        add([own | {'name': 'x_photo', 'ttype': 'binary'}, own | {
            'field_description': "Creed",
            'name': 'x_creed', 'ttype': 'selection', 'selection': "[('a', 'A'), ('b', 'B')]"}])
        self.env['dsgvo.data.rule'].sudo().create({
            'model': 'res.partner', 'field': 'x_creed', 'reached_by': 'id', 'erase': 'clear',
            'category': 'contact'})
        self.customer.write({
            'x_photo': base64.b64encode(b'photo'), 'x_creed': 'b', 'trust': 'bad', 'color': 4,
            'credit_limit': 50, 'user_id': self.env.uid, 'lang': 'en_US'})
        self._invoice(self._today())
        self.assertEqual(self._erase().state, 'restricted')
        self.assertRecordValues(self.customer, [{
            'x_photo': False, 'x_creed': False, 'trust': 'normal', 'color': 0, 'credit_limit': 0,
            'user_id': False, 'name': PERSON['name'], 'street': PERSON['street'], 'lang': 'en_US'}])

    def test_update_empties_who_was_restricted_before(self):
        self._invoice(self._today())
        self._erase()
        other = self._create_customer(trust='bad', color=4)
        values = {'trust': 'bad', 'color': 4, 'user_id': self.env.uid}
        self.customer.with_user(SUPERUSER_ID).write(values)  # as before such contacts were frozen
        self.env.flush_all()
        path = file_path('dsgvo/migrations/19.0.1.2.0/post-restricted-contacts.py')
        migration = SourceFileLoader('restricted_contacts', path).load_module()
        for _update in range(2):
            migration.migrate(self.cr, '19.0.1.1.0')
            self.env.invalidate_all()
            self.assertRecordValues(self.customer, [{
                'trust': 'normal', 'color': 0, 'user_id': False, 'name': PERSON['name']}])
        self.assertRecordValues(other, [{'trust': 'bad', 'color': 4}])

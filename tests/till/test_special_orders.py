from datetime import datetime
from uuid import uuid4

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .special_orders_common import ISBN, SpecialOrderCommon


@tagged('post_install', '-at_install')
class TestSpecialOrders(SpecialOrderCommon):
    """Special orders that a cashier takes who has no other right."""

    # === WHAT IS ORDERED === #

    def test_article_in_the_database_becomes_a_confirmed_order(self):
        order = self._take(
            {'product_id': self.book.id, 'quantity': 2}, wish_date='2099-03-01')
        self.assertRecordValues(order, [{
            'state': 'sale', 'partner_id': self.customer.id, 'user_id': False,
            'company_id': self.env.company.id, 'warehouse_id': self.config.warehouse_id.id,
            'commitment_date': datetime(2099, 3, 1, 12), 'currency_id': self.config.currency_id.id,
            'notification_type': 'K'}])
        self.assertRecordValues(order.order_line, [{
            'product_id': self.book.id, 'product_uom_qty': 2, 'price_unit': 20}])
        self.assertTrue(order.picking_ids)
        self.assertGreater(order.amount_unpaid, 0, "the till offers it under Quotation/Order")

    def test_price_is_that_of_the_price_list_of_the_till(self):
        advent = self.env['product.pricelist'].create({
            'name': "Advent", 'item_ids': [
                Command.create({'compute_price': 'percentage', 'percent_price': 10})]})
        self.config.write({
            'use_pricelist': True, 'pricelist_id': advent.id,
            'available_pricelist_ids': [Command.set(advent.ids)]})
        self.assertEqual(self.till.look_up_article(product_id=self.book.id)['price'], 18)
        order = self._take({'product_id': self.book.id, 'quantity': 1})
        self.assertEqual(order.amount_total, 18)

    def test_new_article_is_created_with_tax_and_supplier_at_the_typed_price(self):
        order = self._take(self._new(code='978-3-10-397088-3', supplier_id=self.supplier.id))
        product = order.order_line.product_id
        self.assertRecordValues(product, [{
            'name': "Tschick", 'barcode': ISBN, 'list_price': 12, 'is_storable': True,
            'available_in_pos': True}])
        self.assertEqual(product.taxes_id._filter_taxes_by_company(self.env.company), self.tax)
        self.assertEqual(product.seller_ids.partner_id, self.supplier)
        self.assertEqual(order.amount_total, 12)

    def test_customer_pays_the_typed_price_where_taxes_come_on_top(self):
        self.tax.price_include_override = 'tax_excluded'
        order = self._take(self._new())
        self.assertAlmostEqual(order.order_line.product_id.list_price, 11.21)
        self.assertAlmostEqual(order.amount_total, 12.0, delta=0.01)

    def test_tax_of_new_articles_is_that_of_the_till_the_books_or_the_company(self):
        other = self.tax.copy({'name': "19 %", 'amount': 19})
        kinds = {
            'books': ({}, self.tax),
            'chosen': ({'tax_id': other.id}, other),
            'till': ({}, other),
            'company': ({}, other),
        }
        self.env.company.account_sale_tax_id = other
        of_books = self.env['account.tax'].search([('amount', '=', 7)])
        for kind, (values, tax) in kinds.items():
            with self.subTest(kind=kind):
                self.config.sudo().dsgvo_new_article_tax_id = kind == 'till' and other
                of_books.active = kind != 'company'
                order = self._take(self._new(code=False, **values))
                self.assertEqual(order.order_line.tax_ids, tax)

    def test_several_articles_are_one_order(self):
        slip = self.till.take_special_order(self._values(
            {'product_id': self.book.id, 'quantity': 1}, self._new(quantity=3)))
        self.assertEqual(
            [(title['quantity'], title['name']) for title in slip['titles']],
            [(1, "Der Zauberberg"), (3, "Tschick")])

    def test_quantity_is_rounded_to_the_digits_of_units(self):
        order = self._take({'product_id': self.book.id, 'quantity': 1.2549})
        self.assertEqual(order.order_line.product_uom_qty, 1.25)
        with self.assertRaisesRegex(UserError, "number from 0.01 to 1000"):
            self._take({'product_id': self.book.id, 'quantity': 0.001})

    def test_till_without_warehouse_takes_that_of_its_operations_or_the_company(self):
        of_till, picking_type = self.config.warehouse_id, self.config.picking_type_id
        self.book.barcode = ISBN
        self.config.sudo().warehouse_id = False
        other = self.env['stock.warehouse'].create({'name': "Second", 'code': "W2"})
        for warehouse in other, self.env['stock.warehouse']:
            with self.subTest(warehouse=warehouse.code):
                picking_type.sudo().warehouse_id = warehouse
                self.assertEqual(self.till.look_up_article(ISBN)['on_hand'], 0)
                self.assertEqual(self._take().warehouse_id, warehouse or of_till)
        self.assertEqual(self.till.look_up_article(ISBN)['waiting'], 2)

    # === COMPANIES === #

    def test_article_of_another_company_is_refused_and_not_named(self):
        foreign = self.env['res.company'].create({'name': "Other"})
        secret = self.env['product.product'].create({
            'name': "Secret", 'company_id': foreign.id, 'barcode': ISBN, 'active': False})
        for call in (
                lambda: self.till.look_up_article(product_id=secret.id),
                lambda: self._take({'product_id': secret.id, 'quantity': 1})):
            with self.assertRaisesRegex(UserError, "^This article belongs to another company"):
                call()
        self.assertEqual(self.till.look_up_article(ISBN), {'product_id': False, 'code': ISBN})

    def test_branch_sells_what_the_company_above_it_has(self):
        company, config = self.env.company, self._open_branch()
        branch = config.company_id
        self.book.company_id = (self.customer | self.supplier).company_id = company
        self.book.barcode = ISBN
        vendor = self.env['res.partner'].create({'name': "Kleinverlegerin"})
        self.book.seller_ids = [Command.create(
            {'partner_id': vendor.id, 'company_id': company.id})]
        till = config.with_user(self.cashier).with_company(branch)
        found = self.env['res.partner'].with_user(self.cashier).with_company(branch).find_for_till(
            config.id, "Adelheid")
        self.assertEqual([row['id'] for row in found], self.customer.ids)
        offer = till.prepare_special_order()
        self.assertLessEqual(
            {self.supplier.id, vendor.id}, {supplier['id'] for supplier in offer['suppliers']})
        self.assertEqual(offer['taxes'][0]['id'], self.tax.id)
        self.assertEqual(till.look_up_article(ISBN)['product_id'], self.book.id)
        slip = till.take_special_order(self._values(
            {'product_id': self.book.id, 'quantity': 1},
            self._new(code=False, supplier_id=self.supplier.id)))
        order = self.env['sale.order'].browse(slip['id'])
        self.assertRecordValues(order, [{
            'company_id': branch.id, 'partner_id': self.customer.id, 'state': 'sale'}])
        new = order.order_line.product_id - self.book
        self.assertEqual(new.company_id, company)
        self.assertRecordValues(new.seller_ids, [{
            'partner_id': self.supplier.id, 'company_id': branch.id}])
        self.assertEqual(order.order_line.tax_ids & self.tax, self.tax)

    # === THE CUSTOMER === #

    def test_message_type_is_that_of_the_consents(self):
        for consent, wanted, stored in (
                ('granted', False, 'M'), ('granted', 'T', 'T'), ('refused', False, 'K'),
                ('refused', 'M', 'K')):
            with self.subTest(consent=consent, wanted=wanted):
                self.customer.consent_notification = consent
                order = self._take(notification_type=wanted)
                self.assertEqual(order.notification_type, stored)

    def test_customer_to_whom_nobody_may_sell_is_refused(self):
        erased = self._create_customer()
        erased_id = erased.id
        erased.unlink()
        restricted, emptied = [self._create_customer(active=False) for _one in range(2)]
        restricted.sudo().dsgvo_restricted = emptied.sudo().dsgvo_erased = True
        for customer_id in (
                erased_id, restricted.id, emptied.id,
                self.env.company.dsgvo_anonymous_partner_id.id):
            with self.subTest(customer=customer_id), \
                    self.assertRaisesRegex(UserError, "customer was erased, or is kept"):
                self._take(partner_id=customer_id)

    def test_archived_customer_and_customer_of_another_company_are_refused(self):
        archived = self._create_customer(active=False)
        with self.assertRaisesRegex(UserError, "customer is archived"):
            self._take(partner_id=archived.id)
        foreign = self._create_customer(
            company_id=self.env['res.company'].create({'name': "Other"}).id)
        with self.assertRaisesRegex(UserError, "customer was erased, or"):
            self._take(partner_id=foreign.id)

    def test_nobody_is_asked_for(self):
        with self.assertRaisesRegex(UserError, "Choose a customer first"):
            self._take(partner_id=False)

    def test_merged_customer_is_found_again(self):
        other = self._create_customer()
        self.env['dsgvo.merged.contact'].sudo().create(
            {'merged_id': other.id, 'partner_id': self.customer.id})
        self.assertEqual(self._take(partner_id=other.id).partner_id, self.customer)

    def test_customer_of_the_company_who_was_merged_is_found_at_a_branch(self):
        company, config = self.env.company, self._open_branch()
        self.customer.write({'company_id': company.id, 'consent_notification': 'granted'})
        merged = self._create_customer(company_id=company.id)
        merged_id = merged.id
        self.env['base.partner.merge.automatic.wizard']._merge(
            (merged | self.customer).ids, self.customer)
        self.till = config.with_user(self.cashier).with_company(config.company_id)
        self.assertEqual(self._take(partner_id=merged_id).partner_id, self.customer)
        now = fields.Datetime.to_string(fields.Datetime.now())
        uuid = str(uuid4())
        self.assertEqual(
            self.env['dsgvo.till.answer'].with_user(self.cashier).receive(config.id, [{
                'uuid': uuid, 'partner_id': merged_id, 'session_id': config.current_session_id.id,
                'means': 'till', 'decided_at': now, 'sent_at': now,
                'answers': {'notification': 'refused'}}]), {uuid: 'recorded'})
        self.env.invalidate_all()
        self.assertEqual(self.customer.consent_notification, 'refused')

    # === RIGHTS === #

    def test_cashier_gets_no_other_right(self):
        order = self._take(self._new())
        for record in order, order.order_line.product_id:
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_user(self.cashier).name = "Changed"
        with self.assertRaises(AccessError):
            order.with_user(self.cashier).read(['partner_id'])

    def test_who_works_at_no_till_orders_nothing(self):
        office = new_test_user(
            self.env, 'office', company_id=self.env.company.id,
            groups='sales_team.group_sale_salesman_all_leads')
        till = self.config.with_user(office)
        for call in (
                till.prepare_special_order, lambda: till.look_up_article(ISBN),
                lambda: till.take_special_order(self._values())):
            with self.assertRaises(AccessError):
                call()

    def test_closed_register_takes_nothing(self):
        self.pos_session.close_session_from_ui()
        self.config.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "register is not open"):
            self._take()

    def test_deposit_needs_the_right_to_orders(self):
        self.config.sudo().down_payment_product_id = self.book
        self.assertFalse(self.till.prepare_special_order()['can_take_deposit'])
        self.cashier.group_ids += self.env.ref('sales_team.group_sale_salesman')
        self.assertTrue(self.till.prepare_special_order()['can_take_deposit'])

    def test_cashier_with_own_documents_finds_the_order_of_another_cashier(self):
        other = new_test_user(
            self.env, 'other_cashier', company_id=self.env.company.id,
            groups='point_of_sale.group_pos_user,sales_team.group_sale_salesman')
        self.customer.user_id = self.clerk
        order = self._take()
        self.assertEqual(order.with_user(other).search([('id', '=', order.id)]), order)

    # === WHAT THE TILL IS TOLD === #

    def test_only_suppliers_are_offered(self):
        vendor = self.env['res.partner'].create({'name': "Kleinverlegerin"})
        self.book.seller_ids = [Command.create({'partner_id': vendor.id})]
        private = self._create_customer(supplier_rank=1)
        erased, restricted, archived = self.env['res.partner'].create([
            {'name': "Gone", 'is_company': True, 'supplier_rank': 1, 'active': active}
            for active in (True, False, False)])
        erased.sudo().dsgvo_erased = restricted.sudo().dsgvo_restricted = True
        offered = [supplier['id'] for supplier in self.till.prepare_special_order()['suppliers']]
        self.assertIn(self.supplier.id, offered)
        self.assertIn(vendor.id, offered)
        for contact in private, erased, restricted, archived, self.customer:
            self.assertNotIn(contact.id, offered)

    def test_article_says_how_many_wait_and_never_who(self):
        self.book.barcode = ISBN
        self._order(quantity=2)
        self._order(self._create_customer(name="Balthasar Nelkenwurz"))
        article = self.till.look_up_article(ISBN)
        self.assertEqual(
            {key: article[key] for key in ('product_id', 'on_hand', 'free', 'waiting')},
            {'product_id': self.book.id, 'on_hand': 0, 'free': 0, 'waiting': 2})
        for text in "Adelheid", "Balthasar":
            self.assertNotIn(text, str(article))

    def test_who_has_the_goods_does_not_wait(self):
        self.book.barcode = ISBN
        self._order()
        fetched, part = self._order(), self._order(quantity=2)
        fetched.order_line.qty_delivered = part.order_line.qty_delivered = 1
        self.assertEqual(self.till.look_up_article(ISBN)['waiting'], 2)


    def test_slip_has_number_and_titles_and_no_person(self):
        slip = self.till.take_special_order(self._values(wish_date='2099-03-01'))
        order = self.env['sale.order'].browse(slip['id'])
        self.assertEqual(slip['name'], order.name)
        self.assertEqual(slip['short'], order.name[-4:])
        self.assertEqual(slip['wish_date'], '03/01/2099')
        for text in self.customer.name, self.customer.street, self.customer.email:
            self.assertNotIn(text, str(slip))

    # === THE CIRCLE === #

    def test_order_receipt_message_sale_and_erasure_close_the_circle(self):
        self.customer.consent_notification = 'granted'
        order = self._take()
        self._receive()
        message = self.env['dsgvo.notification'].search([('sale_order_id', '=', order.id)])
        self.assertRecordValues(message, [{
            'kind': 'available', 'notification_type': 'M', 'partner_id': self.customer.id}])
        self.cashier.group_ids += self.env.ref('sales_team.group_sale_salesman')
        self._sell(order)
        self._run_cron()
        self.assertFalse(self.customer.exists())
        self.assertRecordValues(order, [{
            'partner_id': self.env.company.dsgvo_anonymous_partner_id.id}])

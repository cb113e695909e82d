from odoo.tests import tagged

from .test_delivered import DeliveredCommon


@tagged('post_install', '-at_install')
class TestFetchedOrders(DeliveredCommon):
    """Who orders, who fetches, who gets the parcel and who pays need not be the same person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.neighbour = cls._create_customer(name="Balthasar Ohlendorf")
        cls.giver = cls._create_customer(name="Schenkende Tante")

    def test_who_fetches_an_order_is_not_erased_by_it(self):
        sale = self._sell(self._order(), customer=self.neighbour)
        self.assertRecordValues(self._erasure(), [{'reason': 'checkout', 'is_recipient': False}])
        self.assertFalse(self._erasure(self.neighbour))
        self._run_cron()
        self.assertFalse(self.customer.exists())
        self.assertEqual(sale.partner_id, self.neighbour)

    def test_nobody_fetches_without_a_customer_at_the_till(self):
        self._sell(self._order(), customer=self.env['res.partner'])
        self._run_cron()
        self.assertFalse(self.customer.exists())

    def test_note_of_the_order_goes_from_the_till_of_who_fetched_it(self):
        mine, hers = self._order(), self._order(customer=self.neighbour)
        sale = self._sell(mine, customer=self.neighbour)
        own_sale = self._sell(hers)
        for line in sale.lines | own_sale.lines:
            line.sudo().write({
                'customer_note': "Widmung: für Adelheid", 'note': "[]",
                'full_product_name': "Der Zauberberg für Adelheid Quittenbaum"})
        self._erasure(self.neighbour).sudo().unlink()
        self._run_cron()
        self.assertRecordValues(sale.lines, [{
            'customer_note': False, 'note': False,
            'full_product_name': "Der Zauberberg für …"}])
        self.assertEqual(own_sale.lines.customer_note, "Widmung: für Adelheid")

    def test_who_got_a_parcel_goes_with_the_order(self):
        self._sell(self._order(customer=self.giver, partner_shipping_id=self.customer.id))
        self._run_cron()
        self.assertFalse((self.giver | self.customer).exists())

    def test_who_got_a_parcel_goes_also_when_the_giver_stays(self):
        self.giver.consent_storage = 'granted'
        for role in 'partner_shipping_id', 'partner_invoice_id':
            with self.subTest(role=role):
                recipient = self._create_customer(name="Beschenkter")
                self._sell(self._order(customer=self.giver, **{role: recipient.id}))
                self._run_cron()
                self.assertTrue(self.giver.exists())
                self.assertFalse(recipient.exists())

    def test_who_got_a_parcel_stays_with_business_or_consent(self):
        own_order, own_sale, agreed = (
            self._create_customer(name=f"Beschenkter {n}") for n in range(3))
        self._order(customer=own_order).sudo()._action_cancel()
        self.open_new_session()
        data = self.create_ui_order_data(
            [(self.book, 1)], customer=own_sale, payments=[(self.cash_pm1, 20.0)])
        self.env['pos.order'].with_user(self.cashier).sync_from_ui([data])
        agreed.consent_storage = 'granted'
        for recipient in own_order | own_sale | agreed:
            self._sell(self._order(customer=self.giver, partner_shipping_id=recipient.id))
            self._erasure(self.giver).sudo().unlink()
        self._run_cron()
        self.assertEqual(
            (own_order | own_sale | agreed).exists(), own_order | own_sale | agreed)
        self.assertFalse(self.env['dsgvo.erasure'].search([]))

    def test_people_of_a_company_and_who_sells_to_the_shop_are_no_recipients(self):
        school = self._create_customer(name="Schule am Park", is_company=True)
        staff = self._create_customer(parent_id=school.id) | self._create_customer(
            parent_id=school.id)
        supplier = self._create_customer(name="Buchbinder", supplier_rank=1)
        self._sell(self._order(
            customer=school, partner_shipping_id=staff[0].id, partner_invoice_id=staff[1].id))
        self._sell(self._order(customer=self.giver, partner_shipping_id=supplier.id))
        for order in (self._order(customer=school, partner_shipping_id=staff[0].id),
                      self._order(customer=self.giver, partner_shipping_id=supplier.id)):
            self._deliver(order)
            self._pay(self._invoice(order))
        self._find_daily()
        noted = self.env['dsgvo.erasure'].search([]).partner_id
        self.assertEqual(noted, self.giver)

    def test_recipient_who_buys_is_a_customer(self):
        self._order(customer=self.giver, partner_shipping_id=self.customer.id)  # keeps both
        self._sell(self._order(customer=self.giver, partner_shipping_id=self.customer.id))
        self._run_cron()
        self.assertRecordValues(self._erasure(), [{'state': 'blocked', 'is_recipient': True}])
        self._sell(self._order())
        self._run_cron()
        self.assertRecordValues(self._erasure(), [{'state': 'blocked', 'is_recipient': False}])

    def test_address_of_the_customer_is_no_other_person(self):
        address = self._create_customer(parent_id=self.customer.id, type='delivery')
        self._sell(self._order(partner_shipping_id=address.id))
        self.assertEqual(len(self.env['dsgvo.erasure'].search([])), 1)

    def test_parcel_that_the_office_sends_counts_as_well(self):
        self.giver.consent_storage = 'granted'
        order = self._order(customer=self.giver, partner_shipping_id=self.customer.id)
        busy = self._order(customer=self.giver, partner_shipping_id=self.neighbour.id)
        self._order(customer=self.neighbour)
        for sold in order, busy:
            self._deliver(sold)
            self._pay(self._invoice(sold))
        self._find_daily()
        self.assertFalse(self._erasure(self.neighbour))
        self.assertRecordValues(self._erasure(), [{'reason': 'checkout', 'is_recipient': True}])
        self._run_cron()
        self.assertEqual(self._erasure().state, 'restricted')  # the invoice names who got it
        self._find_daily()
        self.assertEqual(len(self._erasure()), 1)

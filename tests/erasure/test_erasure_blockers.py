from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import PERSON, ShopCommon


@tagged('post_install', '-at_install')
class TestErasureBlockers(ShopCommon):
    def test_all_go_when_the_last_open_order_is_sold(self):
        first, second = self._order(), self._order()
        self._sell(first)
        self._run_cron()
        self.assertEqual(self._erasure().state, 'blocked')
        self.assertEqual(first.partner_id, self.customer)
        self._sell(second)
        self._run_cron()
        self.assertFalse(self.customer.exists())
        self.assertEqual((first | second).partner_id, self.env.company.dsgvo_anonymous_partner_id)

    def test_gift_for_somebody_else_keeps_the_address_it_goes_to(self):
        giver = self._create_customer(name="Schenkende")
        gift = self._order(customer=giver, partner_shipping_id=self.customer.id)
        self._sell(self._order())
        self._run_cron()
        self.assertIn(gift.name, self._erasure().blocker)

    def test_what_hangs_on_the_other_end_of_a_link_goes_too(self):
        """A dedication at the till, a parcel of the order to a friend, a mail to the address."""
        order = self._order()
        sale = self._sell(order)
        attribute = self.env['product.attribute'].sudo().create({
            'name': "Widmung", 'value_ids': [Command.create({'name': "frei", 'is_custom': True})]})
        line = self.env['product.template'].sudo().create({
            'name': "Füller",
            'attribute_line_ids': [Command.create({
                'attribute_id': attribute.id,
                'value_ids': [Command.set(attribute.value_ids.ids)]})],
        }).attribute_line_ids
        dedication = self.env['product.attribute.custom.value'].sudo().create({
            'custom_product_template_attribute_value_id': line.product_template_value_ids.id,
            'custom_value': "Für Adelheid", 'pos_order_line_id': sale.lines[:1].id})
        friend = self._create_customer(name="Freundin", email='f@leser.example')
        parcel = order.picking_ids.sudo()
        parcel.write({'partner_id': friend.id, 'note': f"Von {PERSON['name']}",
                      'origin': f"{order.name} {PERSON['name']}"})
        self.env['mail.mail'].sudo().create({
            'email_to': f"{PERSON['name']} <{PERSON['email']}>", 'body_html': "<p>Hallo</p>"})
        self._run_cron()
        self.assertFalse(self.customer.exists())
        self.assertFalse(dedication.custom_value)
        self.assertEqual(self._find_in_database(PERSON['name'], PERSON['email']), {})
        self.assertEqual(parcel.partner_id, friend)

    def test_till_needs_the_customer_until_the_session_is_closed(self):
        self._sell(self._order(), payment_method=self.cash_split_pm1)
        self._run_cron()
        self.assertIn("until its session is closed", self._erasure().blocker)
        session = self.config.current_session_id
        session.action_pos_session_closing_control()
        self.assertEqual(session.state, 'closed')
        self._run_cron()
        self.assertEqual(self._erasure().state, 'restricted')

    def test_invoice_keeps_name_and_address_only(self):
        self.customer.comment = "Mag Krimis"
        order = self._order(note="Ruft vorher an")
        sale = self._sell(order, to_invoice=True)
        invoice = sale.account_move
        shown = invoice.read(['invoice_partner_display_name', 'partner_id', 'amount_total', 'name'])
        self._run_cron()
        erasure = self._erasure()
        self.assertRecordValues(erasure, [{
            'state': 'restricted',
            'restricted_until': date(invoice.invoice_date.year + 10, 12, 31)}])
        self.assertIn("§ 147 AO", erasure.blocker)
        self.assertRecordValues(self.customer, [{
            'active': False, 'name': PERSON['name'], 'street': PERSON['street'],
            'email': False, 'phone': False, 'comment': False}])
        self.assertFalse(order.note)
        self.assertEqual(order.partner_id, self.customer)
        self.assertEqual(
            invoice.read(['invoice_partner_display_name', 'partner_id', 'amount_total', 'name']),
            shown)

    def test_supplier_stays_as_long_as_there_may_be_claims(self):
        for years, blocker in (3, "Is also a supplier"), (4, False):
            day = self._today() - relativedelta(years=years)
            customer = self._create_customer(name="Balthasar Ohlendorf")
            bill = self.env['account.move'].create({
                'move_type': 'in_invoice', 'partner_id': customer.id, 'invoice_date': day,
                'date': day, 'invoice_line_ids': [Command.create(
                    {'product_id': self.book.id, 'price_unit': 20.0, 'tax_ids': False})]})
            bill.action_post()
            self.env['account.payment.register'].with_context(
                active_model='account.move', active_ids=bill.ids,
            ).create({'payment_date': day}).action_create_payments()
            self._sell(self._order(customer=customer))
            self._run_cron()
            erasure = self._erasure(customer)
            if blocker:
                self.assertRecordValues(erasure, [{'state': 'blocked', 'blocker': blocker}])
            else:
                self.assertEqual(erasure.state, 'restricted')

    def test_supplier_of_a_product_stays(self):
        self.book.seller_ids = [Command.create({'partner_id': self.customer.id})]
        self._sell(self._order())
        self._run_cron()
        self.assertRecordValues(self._erasure(), [
            {'state': 'blocked', 'blocker': "Is also a supplier"}])

    def test_lock_lasts_to_the_end_of_the_day_in_the_shop(self):
        self.env.company.country_id = self.env.ref('base.de')
        blocker = self.env['dsgvo.erasure.blocker']
        with freeze_time('2026-11-26 20:00:00'):
            self.env['dsgvo.erasure.lock'].sudo().create({
                'partner_id': self.customer.id, 'reason': "Streit", 'until': '2026-11-26'})
            elsewhere = blocker.with_context(tz='Pacific/Kiritimati')
            self.assertIn(self.customer, elsewhere._find(self.customer))
        with freeze_time('2026-11-27 13:00:00'):
            self.assertNotIn(
                self.customer, blocker.with_context(tz='UTC')._find(self.customer))

    def test_login_and_contact_persons_are_named(self):
        self.env['res.users'].create({
            'login': 'quittenbaum', 'partner_id': self.customer.id,
            'group_ids': [(4, self.env.ref('base.group_portal').id)]})
        self._create_customer(name="Sohn", parent_id=self.customer.id, type='contact')
        self._sell(self._order())
        self._run_cron()
        self.assertEqual(
            self._erasure().blocker,
            "Has a login\nHas contact persons, who are customers of their own")
        self.assertIn("Has a login", self.customer.with_user(self.clerk).dsgvo_erasure_notice)

    def test_contact_that_became_an_address_of_another_stays(self):
        other = self._create_customer(name="Balthasar Ohlendorf")
        self._sell(self._order())
        self.customer.write({'parent_id': other.id, 'type': 'delivery'})
        self._run_cron()
        self.assertTrue((self.customer | other).exists())
        self.assertEqual(self._erasure().blocker, "Has become an address of another contact")

    def test_placeholders_are_never_erased(self):
        placeholders = (
            self.env.company.dsgvo_anonymous_partner_id | self.env.company.partner_id
            | self.env.ref('base.public_partner')
            | self.env['res.company'].create({'name': "Filiale"})._get_public_user().partner_id
            | self.env.ref('base.template_portal_user_id').sudo().partner_id)
        self.assertEqual(len(placeholders), 5)
        self.env['dsgvo.erasure']._enqueue(placeholders, 'manual', self.env.company)
        self.assertFalse(self.env['dsgvo.erasure'].search([]))

    def test_anonymous_customer_is_merged_with_nobody(self):
        with self.assertRaisesRegex(UserError, "cannot be merged"):
            self.env['base.partner.merge.automatic.wizard']._merge(
                (self.env.company.dsgvo_anonymous_partner_id | self.customer).ids)

    def test_two_contacts_to_be_erased_merge_into_one(self):
        double = self._create_customer()
        self.env['dsgvo.erasure']._enqueue(self.customer | double, 'checkout', self.env.company)
        self.env['base.partner.merge.automatic.wizard'].sudo()._merge(
            (self.customer | double).ids, self.customer)
        self.assertEqual(self._erasure().state, 'due')

    def test_one_failing_person_does_not_stop_the_others(self):
        others = self.env['res.partner'].create([{'name': f"Kunde {n}"} for n in range(5)])
        self.env.cr.execute("""
            CREATE TABLE dsgvo_test_shelf (partner_id int REFERENCES res_partner);
            INSERT INTO dsgvo_test_shelf VALUES (%s)
        """, [others[2].id])
        self.env['dsgvo.erasure']._enqueue(others, 'manual', self.env.company)
        failing = self._erasure(others[2])
        with self.assertLogs('odoo.addons.dsgvo', 'WARNING') as log:
            self._run_cron()
        self.assertEqual(others.exists(), others[2])
        self.assertEqual(failing.state, 'blocked')
        self.assertIn("dsgvo_test_shelf", failing.blocker)
        for text in failing.blocker, *log.output:
            self.assertNotIn(f'({others[2].id})', text, "PostgreSQL quotes the row.")

    def test_evidence_cannot_be_deleted(self):
        self._sell(self._order())
        erasure = self._erasure()
        self._run_cron()
        with self.assertRaisesRegex(UserError, "evidence"):
            erasure.sudo().unlink()

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TillCommon
from .test_late_sales import ABOUT_HER, LateSalesCommon


@tagged('post_install', '-at_install')
class TestLateSalesBranch(TillCommon, LateSalesCommon):
    """A till of a branch sends sales late; customers and articles are those of the company."""

    def setUp(self):
        super().setUp()
        self.company = self.env.company
        self.config = self._open_branch()
        self.branch = self.config.company_id
        self.cashier.company_id = self.branch
        self.pos_session = self.config.current_session_id
        self.currency, self.pricelist = self.config.currency_id, self.config.pricelist_id
        methods = self.config.payment_method_ids
        self.cash_pm1 = methods.filtered('is_cash_count')
        self.pay_later_pm = methods.filtered('split_transactions')
        self.anonymous = self.branch.dsgvo_anonymous_partner_id
        self.customer.company_id = self.book.company_id = self.company
        # A till works with its own company only.
        self.env = self.env(context=dict(
            self.env.context, allowed_company_ids=self.branch.ids))

    def test_sale_whose_customer_is_gone_is_that_of_the_anonymous_one_of_the_branch(self):
        self.assertNotEqual(self.anonymous, self.company.dsgvo_anonymous_partner_id)
        for kind in 'deleted', 'restricted', 'erased', 'anonymous', 'nobody':
            with self.subTest(kind=kind):
                order = self._send(self._gone(kind), to_invoice=True, shipping_date='2026-03-01')
                self.assertRecordValues(order, [{
                    'state': 'paid', 'partner_id': self.anonymous.id, 'to_invoice': False,
                    'shipping_date': False, 'company_id': self.branch.id}])
                self.assertNotEqual(order.lines.customer_note, ABOUT_HER)
        self.assertIn("An invoice was asked for.", self._activities()[0].note)
        self.assertFalse(self.company.sudo().dsgvo_reminder_ids.activity_ids.filtered(
            lambda activity: "came without its customer" in (activity.summary or '')))

    def test_customer_of_the_company_keeps_the_sale(self):
        order = self._send(self.customer.id, general_customer_note=ABOUT_HER)
        self.assertRecordValues(order, [{
            'partner_id': self.customer.id, 'general_customer_note': ABOUT_HER}])
        self.assertFalse(self._activities())

    def test_sale_on_the_account_of_who_is_gone_is_booked_and_its_session_closed(self):
        order = self._send(self._gone('deleted'), self.pay_later_pm)
        self.assertEqual(order.partner_id, self.anonymous)
        self.assertIn("is still to be paid", self._activities().note)
        self.pos_session.post_closing_cash_details(0)
        self.pos_session.close_session_from_ui()
        self.assertEqual(self.pos_session.state, 'closed')

    def test_merged_customer_of_the_company_is_found_and_one_of_another_company_is_not(self):
        other = self.env['res.company'].sudo().create({'name': "Fremder Laden"})
        for owner, is_found in (self.company, True), (self.branch, True), (other, False):
            with self.subTest(owner=owner.name):
                merged, kept = (
                    self._create_customer(name="Adelheid", email=False) for _each in 'ab')
                former = merged.id
                self.env['base.partner.merge.automatic.wizard'].sudo()._merge(
                    (merged | kept).ids, kept)
                kept.sudo().company_id = owner
                self.assertEqual(
                    self._send(former).partner_id, kept if is_found else self.anonymous)

    def test_sale_of_a_deleted_session_goes_into_the_open_one_of_the_branch(self):
        order = self._send(self.customer.id, session_id=2**31 - 1, config_id=self.config.id)
        self.assertRecordValues(order, [{'state': 'paid', 'session_id': self.pos_session.id}])
        with self.assertRaisesRegex(UserError, "Open the register"):
            self._send(
                self.customer.id, session_id=2**31 - 1, config_id=self.config.copy().id)

    def test_late_sale_asks_to_search_again_for_who_was_erased_since(self):
        asked = []
        self.patch(
            self.registry['dsgvo.erasure'], '_search_again',
            lambda erasures, since: asked.append(since))
        self._send(self.customer.id, date_order='2026-03-01 10:00:00')
        self.assertEqual(asked, [fields.Datetime.to_datetime('2026-03-01 10:00:00')])

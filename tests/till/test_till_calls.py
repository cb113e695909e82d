from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import TillCommon

NO_ID = ('abc', '1', '', True, 1.5, -1, 2 ** 31, 2 ** 70, [1], {'a': 1})
NO_LIST = (None, 'abc', 5, True, {'a': 1})


@tagged('post_install', '-at_install')
class TestTillCalls(TillCommon):
    """Whatever a caller sends, a method for tills refuses it in words and not by a crash."""

    def setUp(self):
        super().setUp()
        self._open_register(self.config)
        env = self.env(user=self.cashier)
        self.Partner, self.Link = env['res.partner'], env['dsgvo.answer.link']
        self.Answer, self.Config = env['dsgvo.till.answer'], env['pos.config']

    def _assert_refused(self, call, values):
        for value in values:
            with self.subTest(value=value), self.assertRaisesRegex(UserError, "cannot read"):
                call(value)
        self.env.invalidate_all()
        self.assertTrue(self.customer.name)  # the transaction goes on

    def test_number_of_the_till(self):
        order = self._order()
        self.cashier.group_ids += self.env.ref('sales_team.group_sale_salesman_all_leads')
        of_order = order.with_user(self.cashier)
        for call in (
                lambda till: self.Partner.find_for_till(till, "Adelheid"),
                lambda till: self.Partner.read_for_till(till, self.customer.ids),
                lambda till: self.Partner.get_new_partner(till, [], 0),
                lambda till: self.Answer.receive(till, []),
                lambda till: self.Link.open_for_till(till, self.customer.id, 'display'),
                lambda till: self.Link.end_for_till(till, 1),
                of_order.load_sale_order_from_pos):
            self._assert_refused(call, (None, False, 0, 2 ** 31 - 1, *NO_ID))

    def test_record_of_the_till(self):
        for config in (
                self.Config, self.Config.browse(['abc']), self.Config.browse([True]),
                self.Config.browse([2 ** 40]), self.Config.browse([self.config.id] * 2),
                self.Config.browse([2 ** 31 - 1])):
            for call in (
                    config.prepare_special_order, config.look_up_article,
                    lambda config=config: config.take_special_order({})):
                with self.subTest(config=config), self.assertRaises(UserError):
                    call()

    def test_customers_to_compare(self):
        check = self.Partner.check_for_till
        self._assert_refused(check, NO_LIST)
        self._assert_refused(lambda value: check([{'id': value}]), (*NO_ID[:2], *NO_ID[3:]))
        self._assert_refused(lambda value: check([[value, 'none']]), NO_ID)
        self._assert_refused(
            lambda value: check([value]), (None, 'abc', 5, [], [1], [1, 'none', 2]))
        known = {'id': self.customer.id, 'consent_state': 'full', 'unknown': 5}
        self.assertEqual(check([known, {}, {'id': False}, {'id': None}]), {
            'gone': [], 'archived': [],
            'changed': [{'id': self.customer.id, 'consent_state': 'none'}]})
        self.assertEqual(check([]), {'gone': [], 'archived': [], 'changed': []})
        self.assertEqual(check([[self.customer.id, 'full']]), {
            'gone': [], 'archived': [], 'states': [(self.customer.id, 'none')]})

    def test_customers_to_read(self):
        read = self.Partner.read_for_till
        self._assert_refused(lambda value: read(self.config.id, value), NO_LIST)
        self._assert_refused(
            lambda value: read(self.config.id, [value]), (None, False, 0, *NO_ID))
        self.assertEqual(read(self.config.id, []), [])

    def test_text_to_find_customers_by(self):
        find = self.Partner.find_for_till
        self._assert_refused(lambda value: find(self.config.id, value), (5, True, ["abc"]))
        for typed in None, False, '', "Adelheid\x00X", "a" * 10_000, "%%%", "\ud800abc":
            with self.subTest(typed=typed[:9] if typed else typed):
                self.assertEqual(find(self.config.id, typed), [])
        self.assertEqual(
            [row['id'] for row in find(self.config.id, "Adelheid")], self.customer.ids)

    def test_page_of_customers(self):
        config = self.config.with_user(self.cashier)
        self._assert_refused(
            config.get_limited_partners_loading, (None, False, *NO_ID))
        self.assertTrue(config.get_limited_partners_loading())
        self.assertTrue(config.get_limited_partners_loading(0))

    def test_answers_of_customers(self):
        self._assert_refused(lambda value: self.Answer.receive(self.config.id, value), NO_LIST)

    def test_page_for_an_answer(self):
        self._assert_refused(
            lambda value: self.Link.open_for_till(self.config.id, value, 'display'), NO_ID)
        self._assert_refused(
            lambda value: self.Link.end_for_till(self.config.id, value), NO_ID)
        for means in None, 5, [], 'paper':
            with self.subTest(means=means), self.assertRaises(UserError):
                self.Link.open_for_till(self.config.id, self.customer.id, means)

    def test_who_works_at_no_till_gets_nothing(self):
        clerk = new_test_user(
            self.env, 'no_cashier', company_id=self.env.company.id, groups='dsgvo.group_user')
        Partner = self.Partner.with_user(clerk)
        for call in (
                lambda: Partner.find_for_till(self.config.id, "Adelheid"),
                lambda: Partner.read_for_till(self.config.id, self.customer.ids),
                lambda: Partner.check_for_till([{'id': self.customer.id}])):
            with self.assertRaises(AccessError):
                call()

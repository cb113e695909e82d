from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.dsgvo.models.till import pos_session
from odoo.addons.dsgvo.models.till.res_partner_badge import BADGE

from ..erasure.common import ShopCommon


@tagged('post_install', '-at_install')
class TestTillCustomers(ShopCommon):
    """Whom a till may know: nobody who is kept for documents only, emptied or a placeholder."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.present = cls._create_customer(name="Clara Wolkenstein")
        cls.archived = cls._create_customer(name="Archiv", active=False)
        cls.restricted = cls._create_customer(name="Ludwig Tiefenbach", active=False)
        cls.restricted.sudo().dsgvo_restricted = True
        emptied = cls._create_customer(name="leer.invalid", active=False)
        emptied.sudo().dsgvo_erased = True
        cls.gone = cls.restricted | emptied | cls.env.company.dsgvo_anonymous_partner_id
        cls.everybody = cls.present | cls.archived | cls.gone
        # An officer finds them in the back office, and may work at the till, too.
        cls.cashier.group_ids += cls.env.ref('dsgvo.group_officer')

    def setUp(self):
        super().setUp()
        self.open_new_session()
        self.as_till = self.env(user=self.cashier)['res.partner']

    def _listen(self):
        """Return a list that collects what this till is told."""
        told = []
        self.patch(self.registry['pos.config'], '_notify', lambda config, *message: (
            told.append(message) if config == self.config else None))
        return told

    def test_till_is_given_nobody_who_is_gone(self):
        config = self.config.with_user(self.cashier)
        ways = {
            'loading': lambda: self.as_till._load_pos_data_read(
                self.as_till.browse(self.everybody.ids), config),
            'customers of an order': lambda: self.as_till.read_for_till(
                config.id, self.everybody.ids),
            'search': lambda: self.as_till.with_context(active_test=False).get_new_partner(
                config.id, [('id', 'in', self.everybody.ids)], 0)['res.partner'],
        }
        for way, load in ways.items():
            with self.subTest(way=way):
                self.assertEqual(
                    {row['id'] for row in load()}, {self.present.id, self.archived.id})

    def test_opening_loads_customers_again_who_did_not_change(self):
        self.env.flush_all()
        session = self.pos_session.with_user(self.cashier).with_context(
            pos_last_server_date=fields.Datetime.now() + timedelta(days=1))
        loaded = session.load_data(['pos.order', 'res.partner'])
        self.assertIn(self.present.id, [row['id'] for row in loaded['res.partner']])

    def test_deleted_customer_is_no_error(self):
        deleted = self._create_customer()
        deleted.unlink()
        self.assertEqual(self.as_till.read_for_till(self.config.id, deleted.ids), [])

    def test_other_tills_are_told_of_no_customer(self):
        told = self._listen()
        for records in {'res.partner': self.everybody.ids}, {}:
            self.config.with_user(self.cashier).notify_synchronisation(
                self.pos_session.id, 1, records)
        self.assertEqual([message['static_records'] for _name, message in told], [{}, {}])

    def test_special_order_comes_without_a_customer_who_is_gone(self):
        order = self._order(self.present)
        for customer, expected in (self.present, self.present), (self.restricted, self.archived):
            order.sudo().partner_id = customer
            data = order.with_user(self.cashier).load_sale_order_from_pos(self.config.id)
            self.assertEqual(
                [row['id'] for row in data['res.partner']], (customer & expected).ids)

    def test_no_sale_is_found_by_the_name_of_a_restricted_customer(self):
        def find(name):
            found = self.env['pos.order'].with_user(self.cashier).search_paid_order_ids(
                self.config.id, [('partner_id.complete_name', 'ilike', name)], 30, 0)
            return [order_id for order_id, _date in found['ordersInfo']]

        sale = self._sell(self._order(self.present))
        self.assertEqual(find("Wolkenstein"), sale.ids)
        self.present.sudo().write({'active': False, 'dsgvo_restricted': True})
        self.assertEqual(find("Wolkenstein"), [])
        self.assertEqual(find("Tiefenbach"), [])

    def test_special_order_says_its_customer_nowhere(self):
        order = self._order(self.present)
        data = order.with_user(self.cashier).load_sale_order_from_pos(self.config.id)
        self.assertNotIn("Wolkenstein", str(data['sale.order'] + data['sale.order.line']))

    def test_till_compares_its_customers_with_the_server(self):
        deleted = self._create_customer()
        deleted.unlink()
        consenting = self._create_customer(name="Bertram")
        consenting.consent_marketing = 'granted'
        stored = self._create_customer(name="Cosima")
        stored.write({'consent_marketing': 'granted', 'consent_storage': 'granted'})
        refusing = self._create_customer(name="Dorothea")
        refusing.consent_marketing = 'refused'
        shown = {
            'consent_state': 'none', 'dsgvo_refused': False, 'dsgvo_storage_allowed': False,
            'dsgvo_message_type': False}
        known = [shown | {'id': partner_id} for partner_id in (
            self.everybody | deleted | consenting | stored | refusing).ids]
        found = self.as_till.check_for_till(known)
        self.assertEqual(set(found['gone']), set((self.gone | deleted).ids))
        self.assertEqual(found['archived'], self.archived.ids)
        self.assertEqual(found['changed'], [
            shown | {'id': consenting.id, 'consent_state': 'partial'},
            shown | {
                'id': stored.id, 'consent_state': 'partial', 'dsgvo_storage_allowed': True},
            shown | {'id': refusing.id, 'dsgvo_refused': True}])
        known = [shown | {'id': stored.id, 'consent_state': 'partial'}]
        self.assertEqual(
            [row['id'] for row in self.as_till.check_for_till(known)['changed']], stored.ids)

    def test_badge_is_not_shown_of_who_is_no_customer(self):
        company = self._create_customer(name="Verlag", is_company=True, supplier_rank=1)
        address = self._create_customer(name="Verlag", parent_id=company.id, type='delivery')
        both = self._create_customer(name="Kunde und Lieferant", supplier_rank=1, customer_rank=1)
        decided = self._create_customer(name="Lieferantin", supplier_rank=1)
        decided.consent_marketing = 'granted'
        buyer = self._create_customer(name="Vertreterin", supplier_rank=1)
        self.env['pos.order'].create({
            'session_id': self.pos_session.id, 'company_id': self.env.company.id,
            'partner_id': buyer.id, 'amount_paid': 0, 'amount_total': 0, 'amount_tax': 0,
            'amount_return': 0})
        expected = {
            company: False, address: False, self.env.company.partner_id: False,
            self.cashier.partner_id: False, both: 'none', decided: 'partial',
            buyer: 'none', self.present: 'none'}
        everybody = self.env['res.partner'].union(*expected)
        rows = self.as_till.read_for_till(self.config.id, everybody.ids)
        self.assertEqual(
            {row['id']: row['consent_state'] for row in rows},
            {partner.id: state for partner, state in expected.items()})
        # The same people are in the register, where an address is that of its person.
        self.assertEqual(
            self.env['res.partner'].search(
                [('dsgvo_is_customer', '=', True), ('id', 'in', everybody.ids)]),
            everybody.filtered(lambda partner: expected[partner]))
        shown = ('id', 'consent_state', 'dsgvo_refused', 'dsgvo_storage_allowed',
                 'dsgvo_message_type')
        known = [{key: row[key] for key in shown} for row in rows]
        self.assertFalse(self.as_till.check_for_till(known)['changed'])

    def test_till_knows_the_message_type_that_an_order_would_have(self):
        told = self._create_customer(consent_notification='granted', notification_type='T')
        refusing = self._create_customer(consent_notification='refused', notification_type='T')
        rows = self.as_till.read_for_till(self.config.id, (told | refusing).ids)
        self.assertEqual([row['dsgvo_message_type'] for row in rows], ['T', False])

    def test_badge_permits_what_is_permitted_elsewhere(self):
        create = self._create_customer
        agreed = {'consent_storage': 'granted', 'consent_notification': 'granted'}
        company = create(name="Kanzlei", is_company=True)
        person = create(**agreed)
        contacts = self.env['res.partner'].union(
            company, person, create(), create(consent_storage='refused'),
            create(name="Lager", parent_id=company.id, type='delivery'),
            create(name="Erna", parent_id=company.id, type='contact'),
            create(name="Fritz", parent_id=company.id, type='contact', **agreed),
            create(name=person.name, parent_id=person.id, type='delivery'))
        rows = self.as_till.read_for_till(self.config.id, contacts.ids)
        self.assertEqual(len(rows), len(contacts))
        for purpose, field in (
                ('storage', 'dsgvo_storage_allowed'), ('notification', 'dsgvo_message_type')):
            allowed = contacts._dsgvo_allows(purpose)
            self.assertEqual({row['id'] for row in rows if row[field]}, set(allowed.ids))
            self.assertTrue(allowed < contacts)
        self.assertEqual(
            [row[name] for row in rows for name in BADGE],
            [contact[name] for contact in contacts.with_user(self.cashier) for name in BADGE])

    def test_badges_of_many_customers_take_no_more_statements_than_those_of_few(self):
        answers = [
            {f'consent_{purpose}': 'granted'} for purpose in (
                'storage', 'notification', 'marketing')]
        many = self.env['res.partner'].union(*(
            self._create_customer(**answer) for answer in answers * 4))
        counts = []
        for customers in many[:3], many[:3], many:  # the first time fills caches
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.as_till.read_for_till(self.config.id, customers.ids)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_tills_in_use_are_told_at_once_of_archived_and_deleted_customers(self):
        session = self.registry['pos.session']
        kinds = {
            'archived': (lambda customer: customer.action_archive(), 1),
            'deleted': (lambda customer: customer.unlink(), 1),
            'changed': (lambda customer: customer.write({'name': "Bertram"}), 0),
        }
        for kind, (leave, times) in kinds.items():
            with self.subTest(kind=kind), patch.object(session, '_dsgvo_notify') as tell:
                leave(self._create_customer())
                self.env.cr.flush()
                self.assertEqual(
                    [call.args for call in tell.mock_calls], [('DSGVO_FORGET', {})] * times)

    def test_till_is_told_once_of_all_who_leave_in_one_transaction(self):
        customers = self.env['res.partner'].create(
            [{'name': f"Guest {number}"} for number in range(50)])
        self.env.cr.flush()
        told = self._listen()
        for customer in customers[:25]:
            customer.action_archive()
        for customer in customers[25:]:
            customer.unlink()
        self.env.cr.flush()
        self.assertEqual(told, [('DSGVO_FORGET', {})])

    def test_each_till_is_told_once_of_fifty_erasures(self):
        other = self.env['pos.config'].create({
            'name': "Second", 'payment_method_ids': self.bank_pm1.ids})
        self.env['pos.session'].create({'config_id': other.id})
        customers = self.env['res.partner'].create(
            [{'name': f"Guest {number}"} for number in range(50)])
        self.env['dsgvo.erasure']._enqueue(customers, 'request', self.env.company)
        self.env.cr.flush()
        told = [('message', 'like', 'DSGVO_FORGET')]
        self.assertFalse(self.env['bus.bus'].sudo().search(told))
        self._run_cron()
        self.assertFalse(customers.exists())
        messages = self.env['bus.bus'].sudo().search(told)
        self.assertEqual(
            sorted(any(token in message.channel for message in messages)
                   for token in (self.config | other).mapped('access_token')), [True, True])
        self.assertEqual(len(messages), 2)

    def test_till_opened_before_the_update_goes_on_forgetting(self):
        self.present.consent_marketing = 'granted'
        found = self.as_till.check_for_till(
            [[partner_id, 'none'] for partner_id in (self.present | self.archived | self.gone).ids])
        self.assertEqual(set(found['gone']), set(self.gone.ids))
        self.assertEqual(found['archived'], self.archived.ids)
        self.assertEqual(found['states'], [(self.present.id, 'partial')])

    def test_badges_of_another_company_are_not_told(self):
        company = self.env['res.company'].create({'name': "Other"})
        foreign = self._create_customer(company_id=company.id)
        foreign.with_company(company).consent_marketing = 'granted'
        shown = [{'id': foreign.id, 'consent_state': 'none', 'unknown': 1}, {'unknown': 1}]
        self.assertEqual(
            self.as_till.check_for_till(shown), {'gone': [], 'archived': [], 'changed': []})
        with self.assertRaises(AccessError):
            self.as_till.with_context(allowed_company_ids=company.ids).check_for_till(shown)

    def test_customers_are_compared_for_tills_only(self):
        for user in self.clerk, self.env.ref('base.public_user'):
            with self.subTest(user=user.id), self.assertRaises(AccessError):
                self.env['res.partner'].with_user(user).check_for_till(
                    [{'id': self.present.id}])

    def test_tills_are_told_whose_badge_changed(self):
        address = self._create_customer(parent_id=self.present.id, type='delivery')
        told = self._listen()
        self.present.with_user(self.clerk).consent_storage = 'granted'
        self.assertEqual(
            [(name, set(message['ids'])) for name, message in told],
            [('DSGVO_DECISION', {self.present.id, address.id})])

    def test_tills_are_not_told_every_id_of_an_import(self):
        told = self._listen()
        self.patch(pos_session, 'MANY', 1)
        self._create_customer(parent_id=self.present.id, type='delivery')
        self.present.consent_storage = 'granted'
        self.env.cr.flush()
        self.assertEqual(told, [('DSGVO_FORGET', {})])

    def test_new_invoice_to_a_customer_who_is_gone_is_refused(self):
        sale = self._sell(self._order(self.present))
        for customer in self.gone:
            with self.subTest(customer=customer.name), self.assertRaisesRegex(
                    UserError, "was erased and cannot get a new invoice"):
                sale.partner_id = customer
                sale.with_user(self.cashier).action_pos_order_invoice()
        self.assertFalse(sale.account_move)

    def test_tills_that_open_or_close_are_told_to_forget(self):
        told = self._listen()
        for state in 'opening_control', 'opened', 'closing_control', 'closed':
            with self.subTest(state=state):
                self.pos_session.state = state
                told.clear()
                self.env['pos.session']._dsgvo_forget_customers()
                self.env.cr.flush()
                self.assertEqual(('DSGVO_FORGET', {}) in told, state != 'closed')

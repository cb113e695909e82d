from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from unittest.mock import patch
from uuid import uuid4

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.dsgvo.models.till.customer_answer import LARGEST_SIGNATURE

from .common import TillCommon

PNG = (
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg'
    'gg==')
LOG = 'odoo.addons.dsgvo.models.till.dsgvo_till_answer'


class AnswerCommon(TillCommon):
    """A till that is open since a certain morning."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = new_test_user(
            cls.env, 'only_officer', company_id=cls.env.company.id, groups='dsgvo.group_officer')
        cls.opened_at = datetime(2026, 3, 2, 8)
        with freeze_time(cls.opened_at):
            cls.session = cls._open_register(cls.config)

    def setUp(self):
        super().setUp()
        clock = freeze_time(self.opened_at + timedelta(hours=4), tick=False)
        self.clock = clock.start()
        self.addCleanup(clock.stop)

    def _answer(self, time='10:00', sent='12:00', customer=None, **values):
        """Return what a till sends: the customer agreed to notification at a time of that day."""
        return {
            'uuid': str(uuid4()), 'partner_id': (customer or self.customer).id,
            'session_id': self.session.id, 'means': 'till',
            'decided_at': f'2026-03-02 {time}:00', 'sent_at': f'2026-03-02 {sent}:00',
            'answers': {'notification': 'granted'}, 'wordings': {}, 'signature': False,
        } | values

    def _receive(self, *answers, user=None):
        outcomes = self.env['dsgvo.till.answer'].with_user(user or self.cashier).receive(
            self.config.id, list(answers))
        self.env.invalidate_all()
        return [outcomes[answer['uuid']] for answer in answers]

    def _events(self, customer=None):
        return self.env['dsgvo.consent.event'].sudo().search(
            [('partner_id', '=', (customer or self.customer).id)], order='id')

    def _notes(self):
        """Return the texts of the reminders of the officer."""
        return self.env['mail.activity'].sudo().search(
            [('user_id', '=', self.officer.id)]).mapped('summary')


@tagged('post_install', '-at_install')
class TestTillAnswers(AnswerCommon):
    """What a till sends from its queue."""

    def test_answer_is_recorded_with_its_time_place_and_proof(self):
        wording = self.env['dsgvo.wording'].search(
            [('purpose', '=', 'notification'), ('lang', '=', 'de_DE')])
        self.assertEqual(self._receive(self._answer(
            means='tablet', signature=PNG, wordings={'notification': wording.id})), ['recorded'])
        self.assertRecordValues(self._events(), [{
            'purpose': 'notification', 'decision': 'granted', 'means': 'tablet',
            'till': self.config.name, 'user_id': self.cashier.id,
            'decided_at': datetime(2026, 3, 2, 10), 'recorded_on': datetime(2026, 3, 2, 12),
            'date': fields.Date.to_date('2026-03-02'), 'wording_id': wording.id,
            'proof_is_image': True, 'company_id': self.config.company_id.id}])
        self.assertEqual(self.customer.consent_notification, 'granted')

    def test_branch_shows_the_wording_of_its_company_until_it_has_its_own(self):
        """A branch belongs to the controller of its company, so its text is the evidence."""
        config = self._open_branch()
        Wording = self.env['dsgvo.wording']
        shared = Wording.search([('purpose', '=', 'notification'), ('lang', '=', 'de_DE')])
        foreign = self.env['res.company'].create({'name': "Other"})
        of_company, of_branch, of_other = (
            shared.sudo().copy({'company_id': company.id})
            for company in (config.company_id.parent_id, config.company_id, foreign))
        session = config.current_session_id
        for shown, recorded in (
                (of_branch, of_branch), (of_company, of_company), (shared, shared),
                (of_other, Wording)):
            with self.subTest(shown=shown.company_id.name):
                customer = self._create_customer()
                answer = self._answer(
                    customer=customer, session_id=session.id,
                    wordings={'notification': shown.id})
                self.env['dsgvo.till.answer'].with_user(self.cashier).receive(config.id, [answer])
                event = self._events(customer)
                self.assertEqual(event.company_id, config.company_id)
                if recorded:
                    self.assertEqual(event.wording_id, recorded)
                else:
                    self.assertNotEqual(event.wording_id, shown)
        rows = self.env['dsgvo.wording'].with_user(self.cashier).with_company(
            config.company_id)._load_pos_data_search_read({}, config)
        self.assertIn(of_branch.id, [row['id'] for row in rows])
        of_branch.active = False
        rows = self.env['dsgvo.wording']._load_pos_data_search_read({}, config)
        self.assertIn(of_company.id, [row['id'] for row in rows])
        self.assertNotIn(shared.id, [row['id'] for row in rows])

    def test_second_sending_records_nothing(self):
        answer = self._answer()
        self.assertEqual(self._receive(answer, answer), ['recorded', 'recorded'])
        self.assertEqual(self._receive(answer), ['recorded'])
        self.assertEqual(len(self._events()), 1)

    def test_answers_count_in_the_order_of_the_queue(self):
        self._receive(
            self._answer('10:00', answers={'notification': 'refused'}), self._answer('10:05'))
        self.assertEqual(self._events().mapped('decision'), ['refused', 'granted'])
        self.assertEqual(self.customer.consent_notification, 'granted')

    def test_refusal_of_what_was_granted_withdraws(self):
        self._receive(self._answer(), self._answer(
            '10:05', answers={'notification': 'refused'}))
        self.assertEqual(self._events().mapped('decision'), ['granted', 'withdrawn'])

    def test_stricter_decision_made_elsewhere_stays_in_force(self):
        self.customer.consent_notification = 'granted'
        self.clock.move_to(self.opened_at + timedelta(hours=5))
        self.customer.with_user(self.clerk).consent_notification = 'refused'
        self.clock.move_to(self.opened_at + timedelta(hours=6))
        self.assertEqual(self._receive(self._answer('12:30', sent='14:00')), ['overruled'])
        self.assertEqual(
            self._events().mapped('decision'), ['granted', 'withdrawn', 'granted', 'withdrawn'])
        self.assertEqual(self._events()[-1].means, 'system')
        self.assertEqual(self.customer.consent_notification, 'refused')
        self.assertIn(
            "DSGVO: consents were given and withdrawn at about the same time", self._notes())

    def test_consent_given_after_the_stricter_decision_counts(self):
        """The till sends both on the same day, or on the next one."""
        for days in 0, 1:
            with self.subTest(days=days):
                customer = self._create_customer()
                self.clock.move_to(self.opened_at + timedelta(hours=4))
                customer.consent_notification = 'granted'
                self.clock.move_to(self.opened_at + timedelta(hours=5))
                customer.with_user(self.clerk).consent_notification = 'refused'
                self.clock.move_to(self.opened_at + timedelta(days=days, hours=7))
                sent_at = f'2026-03-0{2 + days} 15:00:00'
                self.assertEqual(self._receive(
                    self._answer('12:30', customer=customer, sent_at=sent_at),
                    self._answer('14:00', customer=customer, sent_at=sent_at)),
                    ['overruled', 'recorded'])
                self.assertEqual(customer.consent_notification, 'granted')

    def test_last_decision_made_elsewhere_is_compared(self):
        self.clock.move_to(self.opened_at + timedelta(hours=5))
        customer = self.customer.with_user(self.clerk)
        customer.consent_notification = 'refused'
        self.clock.move_to(self.opened_at + timedelta(hours=6))
        customer.consent_notification = 'granted'
        self.clock.move_to(self.opened_at + timedelta(hours=7))
        self.assertEqual(self._receive(self._answer('12:30', sent='15:00')), ['recorded'])
        self.assertEqual(self.customer.consent_notification, 'granted')

    def test_answer_counts_though_an_older_consent_has_expired_meanwhile(self):
        self.env.company.dsgvo_validity_notification = 12
        for given in 'granted', 'refused':
            with self.subTest(given):
                self.clock.move_to(self.opened_at)
                customer = self._create_customer()
                self.env['dsgvo.consent.event'].create({
                    'partner_id': customer.id, 'purpose': 'notification', 'decision': 'granted',
                    'date': '2025-03-03'})
                self.clock.move_to(self.opened_at + timedelta(days=1))
                self.env['dsgvo.consent.event']._expire(customer)
                self.clock.move_to(self.opened_at + timedelta(days=2))
                self.assertEqual(self._receive(self._answer(
                    customer=customer, sent_at='2026-03-04 08:00:00',
                    answers={'notification': given})), ['recorded'])
                self.assertEqual(customer.consent_notification, given)
                self.assertEqual(
                    self._events(customer)[-1].decided_at, datetime(2026, 3, 2, 10))

    def test_refusal_at_the_till_is_stricter_than_a_later_consent(self):
        self.clock.move_to(self.opened_at + timedelta(days=1))
        self.customer.with_user(self.clerk).consent_notification = 'granted'
        self.clock.move_to(self.opened_at + timedelta(days=2))
        self.assertEqual(self._receive(self._answer(
            '10:00', sent_at='2026-03-04 08:00:00', answers={'notification': 'refused'})),
            ['overruling'])
        self.assertEqual(self.customer.consent_notification, 'refused')
        note = self.env['mail.activity'].sudo().search([('user_id', '=', self.officer.id)]).note
        self.assertIn("refused at the till", note)
        self.assertNotIn("agreed at the till", note)

    def test_decision_made_elsewhere_before_is_no_conflict(self):
        self.customer.with_user(self.clerk).consent_notification = 'refused'
        self.clock.move_to(self.opened_at + timedelta(hours=6))
        self.assertEqual(self._receive(self._answer('13:00', sent='14:00')), ['recorded'])
        self.assertEqual(self.customer.consent_notification, 'granted')

    def test_time_is_bounded_by_the_session_and_by_now(self):
        cases = {
            # decided_at, sent_at by the clock of the device: expected
            ('2026-03-02 10:00:00', '2026-03-02 12:00:00'): datetime(2026, 3, 2, 10),
            ('2030-01-01 10:00:00', '2030-01-01 11:00:00'): datetime(2026, 3, 2, 11),
            # put back in between
            ('2030-01-01 10:00:00', '2026-03-02 12:00:00'): datetime(2026, 3, 2, 12),
            ('2020-01-01 10:00:00', '2020-01-01 10:00:00'): self.opened_at,
        }
        for (decided_at, sent_at), expected in cases.items():
            with self.subTest(decided_at=decided_at, sent_at=sent_at):
                customer = self._create_customer()
                self._receive(self._answer(
                    customer=customer, decided_at=decided_at, sent_at=sent_at))
                self.assertEqual(self._events(customer).decided_at, expected)

    def test_session_of_another_till_dates_nothing_back(self):
        other = self.config.copy({'name': "Andere Kasse"})
        with freeze_time('2026-01-01'):
            other.open_ui()
        self._receive(self._answer(
            decided_at='2026-01-01 10:00:00', session_id=other.current_session_id.id))
        self.assertEqual(self._events().decided_at, self.opened_at)

    def test_stricter_decision_wins_if_the_moment_is_uncertain(self):
        cases = {
            'unknown session': {'session_id': 2**31 - 1},
            'clock put back': {'decided_at': '2026-03-02 15:30:00'},
        }
        for case, values in cases.items():
            with self.subTest(case):
                customer = self._create_customer()
                self.clock.move_to(self.opened_at + timedelta(hours=4))
                customer.consent_notification = 'granted'
                self.clock.move_to(self.opened_at + timedelta(hours=5))
                customer.with_user(self.clerk).consent_notification = 'refused'
                self.clock.move_to(self.opened_at + timedelta(hours=6))
                self.assertEqual(
                    self._receive(self._answer('12:30', '14:00', customer, **values)),
                    ['overruled'])
                self.assertEqual(customer.consent_notification, 'refused')

    def test_consent_made_elsewhere_is_no_conflict_if_the_moment_is_uncertain(self):
        self.customer.consent_notification = 'granted'
        self.clock.move_to(self.opened_at + timedelta(hours=6))
        self.assertEqual(self._receive(self._answer(
            decided_at='2026-03-02 15:30:00', sent='14:00',
            answers={'notification': 'refused'})), ['recorded'])

    def test_nothing_is_forged(self):
        cases = {
            'display': {'means': 'display'}, 'phone': {'means': 'own_phone'},
            'import': {'means': 'import'}, 'expired': {'answers': {'notification': 'expired'}},
            'nothing': {'answers': {}}, 'list': {'answers': []}, 'uuid': {'uuid': "'; --"},
            'value': {'answers': {'notification': ['granted']}}, 'time': {'decided_at': False}}
        for kind, values in cases.items():
            with self.subTest(kind=kind), mute_logger(LOG):
                customer = self._create_customer()
                self.assertEqual(
                    self._receive(self._answer(customer=customer, **values)), ['dropped'])
                self.assertFalse(self._events(customer))
        self._receive(self._answer(user_id=self.officer.id, date='2020-01-01', company_id=0))
        self.assertRecordValues(self._events(), [{
            'user_id': self.cashier.id, 'date': fields.Date.to_date('2026-03-02')}])

    def test_signature_that_is_none_is_left_out_alone(self):
        large = b64encode(b64decode(PNG) + bytes(LARGEST_SIGNATURE)).decode()
        for signature in 'PHNjcmlwdD4=', 'ä', large, {}:
            with self.subTest(signature=signature[:9] if signature else signature):
                customer = self._create_customer(consent_marketing='granted')
                self.assertEqual(self._receive(self._answer(
                    '12:00', customer=customer, means='tablet', signature=signature,
                    answers={'marketing': 'refused'})), ['recorded'])
                self.assertFalse(self._events(customer)[-1].signature)
                self.assertEqual(customer.consent_marketing, 'refused')

    def test_answer_that_fails_waits_and_is_recorded_later(self):
        """An answer can be a withdrawal. The officer is told once, while it waits."""
        self.customer.consent_marketing = 'granted'
        withdrawal = self._answer('12:00', answers={'marketing': 'refused'})
        waits = "DSGVO: answers of customers wait at the till"
        Partner = self.registry['res.partner']
        with patch.object(Partner, '_dsgvo_fill_documentation', side_effect=KeyError), \
                mute_logger(LOG):
            self.assertEqual(self._receive(withdrawal), ['failed'])
            self.assertEqual(self._notes(), [waits])
            self.env['mail.activity'].sudo().search([('user_id', '=', self.officer.id)]).unlink()
            self.assertEqual(self._receive(withdrawal), ['failed'])
            self.assertFalse(self._notes())
            self._receive(self._answer('12:00', answers={'storage': 'granted'}))
            self.assertEqual(self._notes(), [waits])
        self.assertEqual(self._receive(withdrawal), ['recorded'])
        self.assertEqual(self.customer.consent_marketing, 'refused')
        self.assertEqual(self._notes(), [waits])

    def test_note_on_waiting_answers_goes_with_the_last_of_them(self):
        answer = self._answer()
        with patch.object(self.registry['res.partner'], '_dsgvo_fill_documentation',
                          side_effect=KeyError), mute_logger(LOG):
            self._receive(answer)
        self._receive(answer)
        self.assertFalse(self._notes())

    def test_answer_counts_though_the_sales_cannot_follow_it(self):
        with patch.object(self.registry['pos.order'], '_dsgvo_follow_answer',
                          side_effect=ValueError), mute_logger(LOG):
            self.assertEqual(self._receive(self._answer()), ['recorded'])
        self.assertEqual(self.customer.consent_notification, 'granted')

    def test_cashier_claims_no_tap_of_a_customer_past_the_till(self):
        for means in 'tablet', 'display', 'own_phone':
            with self.subTest(means=means), self.assertRaisesRegex(UserError, "Only Odoo itself"):
                self.env['dsgvo.consent.event'].with_user(self.cashier).create({
                    'partner_id': self.customer.id, 'purpose': 'storage', 'decision': 'granted',
                    'means': means})
        event = self.env['dsgvo.consent.event'].with_user(self.cashier).create({
            'partner_id': self.customer.id, 'purpose': 'storage', 'decision': 'granted',
            'decided_at': '2020-01-01 10:00:00', 'till': "Elsewhere"})
        self.assertRecordValues(event, [{'decided_at': False, 'till': False}])

    def test_customer_of_another_company_is_not_recorded(self):
        other = self.env['res.company'].create({'name': "Anderer Laden"})
        customer = self._create_customer(company_id=other.id)
        self.assertEqual(self._receive(self._answer(customer=customer)), ['dropped'])
        self.assertFalse(self._events(customer))

    def test_only_a_cashier_of_the_company_may_send(self):
        stranger = new_test_user(self.env, 'stranger', groups='point_of_sale.group_pos_user')
        stranger.sudo().write({
            'company_ids': [(6, 0, (company := self.env['res.company'].create(
                {'name': "Fremder Laden"})).ids)], 'company_id': company.id})
        users = {
            'cashier of another company': stranger, 'visitor': self.env.ref('base.public_user'),
            'clerk': new_test_user(self.env, 'only_clerk', groups='dsgvo.group_user')}
        for kind, user in users.items():
            with self.subTest(kind), self.assertRaises(AccessError):
                self._receive(self._answer(), user=user)
        self.assertFalse(self._events())

    def test_answer_of_who_is_gone_is_dropped_and_noted_once(self):
        deleted = self._create_customer()
        restricted = self._create_customer(active=False)
        restricted.sudo().dsgvo_restricted = True
        archived = self._create_customer(active=False)
        answers = [
            self._answer(customer=customer) for customer in (deleted, restricted, archived)]
        deleted.unlink()
        self.assertEqual(self._receive(*answers), ['dropped'] * 3)
        self.assertEqual(
            self._notes().count("DSGVO: answers of customers came too late"), 1)
        self.assertFalse((restricted | archived).sudo().consent_event_ids)

    def test_archived_customer_can_withdraw(self):
        self.customer.consent_notification = 'granted'
        self.customer.active = False
        self.clock.move_to(self.opened_at + timedelta(hours=6))
        self._receive(self._answer('13:00', sent='14:00', answers={
            'notification': 'refused', 'storage': 'granted'}))
        self.assertEqual(self._events().mapped('decision'), ['granted', 'withdrawn'])

    def test_person_who_is_archived_can_withdraw_by_way_of_an_address(self):
        address = self.env['res.partner'].create({
            'parent_id': self.customer.id, 'type': 'delivery', 'name': "Adelheid Q",
            'street': "Ahornweg 1"})
        self.customer.consent_marketing = 'granted'
        self.customer.active = False
        self.assertEqual(self._receive(self._answer('12:00', customer=address, answers={
            'storage': 'granted', 'marketing': 'refused'})), ['recorded'])
        self.assertEqual(self._events().mapped('decision'), ['granted', 'withdrawn'])

    def test_answer_of_who_was_merged_is_that_of_the_contact_that_remains(self):
        merged = self._create_customer()
        answer = self._answer(customer=merged)
        self.env['base.partner.merge.automatic.wizard']._merge(
            (merged | self.customer).ids, self.customer)
        self.assertEqual(self._receive(answer), ['recorded'])
        self.assertEqual(self.customer.consent_notification, 'granted')

    def test_one_answer_that_fails_stops_no_other(self):
        with mute_logger(LOG):
            self.assertEqual(
                self._receive(self._answer(means='import'), self._answer()),
                ['dropped', 'recorded'])

    def test_damaged_answer_stops_no_other(self):
        damages = [
            {name: value} for name, values in {
                'partner_id': ('x', [1], True, None, 2**40), 'uuid': (None, [1], 'a\x00', 5),
            }.items() for value in values]
        for damage in damages:
            with self.subTest(damage), mute_logger(LOG):
                good = self._answer(customer=self._create_customer())
                for name in damage:
                    for bad in (self._answer() | damage, {
                            key: value for key, value in self._answer().items() if key != name}):
                        outcomes = self.env['dsgvo.till.answer'].with_user(self.cashier).receive(
                            self.config.id, [bad, good])
                        self.assertEqual(
                            sorted(outcomes.values()), ['dropped', 'recorded'])
                        self.assertEqual(outcomes[good['uuid']], 'recorded')
        self.assertFalse(self._events())
        self.assertIn("DSGVO: answers of customers came too late", self._notes())

    def test_clock_far_ahead_holds_no_answer_up(self):
        self.assertEqual(self._receive(self._answer(sent_at='4100-01-01 00:00:00')), ['recorded'])
        self.assertEqual(self._events().decided_at, self.opened_at)

    def test_company_answers_on_advertising_only(self):
        company = self._create_customer(is_company=True)
        self.assertEqual([*company.dsgvo_answers], ['marketing'])
        self._receive(self._answer(customer=company, answers=dict.fromkeys(
            ('storage', 'notification', 'marketing'), 'granted')))
        self.assertEqual(self._events(company).mapped('purpose'), ['marketing'])

    def test_answer_of_which_nothing_is_recorded_is_dropped_and_noted(self):
        company = self._create_customer(is_company=True)
        self.assertEqual(self._receive(self._answer(customer=company)), ['dropped'])
        self.assertEqual(self._notes(), ["DSGVO: answers of customers came too late"])

    def _make_sale(self, **values):
        return self.env['pos.order'].create({
            'session_id': self.session.id, 'company_id': self.env.company.id,
            'partner_id': self.customer.id, 'date_order': '2026-03-02 10:30:00',
            'amount_paid': 0, 'amount_total': 0, 'amount_tax': 0, 'amount_return': 0} | values)

    def test_no_message_that_was_chosen_stays(self):
        """The customer could be told before, so K was a choice."""
        self.customer.consent_notification = 'granted'
        sales = self._make_sale(notification_type='K') | self._make_sale(
            notification_type='K', state='paid')
        self._receive(self._answer('10:00'))
        self.assertEqual(sales.mapped('notification_type'), ['K', 'K'])

    def test_sale_parked_in_an_earlier_session_is_left_alone(self):
        parked = self._make_sale(date_order='2026-01-15 10:00:00')
        taken = self._make_sale(date_order='2026-03-02 09:30:00')
        self._receive(self._answer('10:00'))
        self.assertEqual((parked | taken).mapped('notification_type'), ['K', 'M'])

    def test_sale_paid_after_the_answer_is_told_about(self):
        """The sale may reach the server first."""
        sales = self._make_sale(state='paid', date_order='2026-03-02 09:30:00') | self._make_sale(
            state='paid')
        self.assertEqual(sales.mapped('notification_type'), ['K', 'K'])
        self._receive(self._answer('10:00'))
        self.assertEqual(sales.mapped('notification_type'), ['K', 'M'])

import base64
from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from ..common import DsgvoCommon

PDF = base64.b64encode(b'%PDF-1.4 signed form')


class RecordingCommon(DsgvoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = new_test_user(
            cls.env, 'dsgvo_cashier', groups='point_of_sale.group_pos_user')
        cls.second = cls._create_customer(name="Balduin Wacholder")
        cls.company = cls._create_customer(name="Schule am Park", is_company=True)

    def _record(self, partners, user=None, **values):
        Record = self.env['dsgvo.consent.record'].with_user(user or self.clerk).with_context(
            active_model='res.partner', active_ids=partners.ids)
        return Record.create(values).action_record()

    def _withdraw(self, partner, user=None, **values):
        Withdrawal = self.env['dsgvo.consent.withdrawal'].with_user(user or self.clerk)
        wizard = Withdrawal.with_context(
            active_model='res.partner', active_id=partner.id).create(values)
        return wizard.action_withdraw()


@tagged('post_install', '-at_install')
class TestRecording(RecordingCommon):
    def test_clerk_records_a_signed_form_of_last_week(self):
        last_week = self.env.company._dsgvo_today() - timedelta(days=7)
        self._record(
            self.customer, consent_storage='granted', consent_marketing='refused', means='paper',
            date=last_week, note="Messe", scan=PDF)
        self.assertRecordValues(self.customer.consent_event_ids.sorted('id'), [
            {'purpose': purpose, 'decision': decision, 'date': last_week, 'means': 'paper',
             'note': "Messe", 'signature': PDF, 'user_id': self.clerk.id,
             'proof_name': 'proof.pdf', 'proof_is_image': False}
            for purpose, decision in [('storage', 'granted'), ('marketing', 'refused')]])
        self.assertFalse(self.customer.consent_notification)

    def test_cashier_without_contact_rights_records(self):
        self._record(self.customer, self.cashier, consent_notification='granted', signature=PDF)
        self.assertRecordValues(self.customer.consent_event_ids, [
            {'purpose': 'notification', 'user_id': self.cashier.id, 'means': 'counter'}])
        self.assertEqual(self.customer.consent_notification, 'granted')

    def test_accountant_may_not_record(self):
        accountant = new_test_user(
            self.env, 'dsgvo_accountant', groups='base.group_partner_manager')
        with self.assertRaises(AccessError):
            self._record(self.customer, accountant, consent_storage='granted')

    def test_stack_of_forms_is_one_recording_on_the_persons(self):
        address = self._create_customer(parent_id=self.second.id, type='delivery')
        partners = self.customer | address | self.company
        self._record(partners, consent_storage='granted', consent_marketing='granted')
        events = self.env['dsgvo.consent.event'].search(
            [('partner_id', 'in', (partners | self.second).ids)], order='partner_id, purpose')
        self.assertEqual(set(events.mapped('means')), {'paper'})
        self.assertEqual(
            {(event.partner_id, event.purpose) for event in events},
            {(self.customer, 'storage'), (self.customer, 'marketing'),
             (self.second, 'storage'), (self.second, 'marketing'), (self.company, 'marketing')})

    def test_queries_of_a_stack_do_not_grow_with_it(self):
        stacks = [
            self.env['res.partner'].create(
                [{'name': f"{count} {number}"} for number in range(count)])
            for count in (2, 2, 20)]
        self.env.flush_all()
        counts = []
        for stack in stacks:
            before = self.env.cr.sql_log_count
            self._record(stack, consent_storage='granted')
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[2], counts[1])

    def test_answer_is_a_withdrawal_only_if_a_consent_was_in_force_on_that_day(self):
        self._record(self.customer, consent_marketing='granted')
        today = self.env.company._dsgvo_today()
        self._record(self.customer, consent_marketing='refused', date=today - timedelta(days=9))
        self.assertEqual(self.customer.consent_marketing, 'granted')
        self._record(self.customer, consent_marketing='refused')
        self.assertEqual(
            self.customer.consent_event_ids.sorted('id').mapped('decision'),
            ['granted', 'refused', 'withdrawn'])

    def test_consent_given_again_is_recorded_with_its_new_proof(self):
        self._record(self.customer, consent_marketing='granted')
        self._record(self.customer, consent_marketing='granted', signature=PDF)
        self.assertEqual(
            [bool(event.signature) for event in self.customer.consent_event_ids.sorted('id')],
            [False, True])

    def test_stack_goes_on_with_a_confirmation_and_the_same_way_and_day(self):
        last_week = self.env.company._dsgvo_today() - timedelta(days=7)
        Record = self.env['dsgvo.consent.record'].with_user(self.clerk)
        action = Record.create({
            'partner_ids': self.customer.ids, 'consent_storage': 'granted', 'means': 'phone',
            'consent_marketing': 'refused', 'date': last_week}).action_record_next()
        self.assertEqual(self.customer.consent_storage, 'granted')
        with Form(Record.with_context(**action['context'])) as window:
            self.assertEqual((window.means, window.date), ('phone', last_week))
            self.assertEqual(
                window.recorded,
                "Recorded for Adelheid Quittenbaum: Storage: Granted, Advertising: Refused.")
            self.assertFalse(window.partner_ids or window.consent_storage)
            window.partner_ids.add(self.second)

    def test_scan_and_stack_propose_paper(self):
        Record = self.env['dsgvo.consent.record'].with_user(self.clerk).with_context(
            active_model='res.partner', active_ids=self.customer.ids)
        with Form(Record) as window:
            self.assertEqual(window.means, 'counter')
            window.scan = PDF
            self.assertEqual(window.means, 'paper')
            window.means = 'phone'
            self.assertEqual(window.means, 'phone')
        self.assertEqual(Record.create({'scan': PDF}).means, 'paper')
        self.assertEqual(
            Record.create({'partner_ids': (self.customer | self.second).ids}).means, 'paper')

    def test_window_shows_the_wording_that_the_ledger_keeps(self):
        self.env['dsgvo.wording'].create({
            'purpose': 'marketing', 'lang': 'en_US', 'company_id': self.env.company.id,
            'text': "<p>Our own words</p>", 'valid_from': '2020-01-01'})
        record = self.env['dsgvo.consent.record'].with_user(self.cashier).create({
            'partner_ids': self.customer.ids, 'consent_marketing': 'granted'})
        self.assertIn("Our own words", record.wording)
        self.assertIn("Invitation, Advertising, Profile: Granted", record.wording)
        self.assertNotIn("Unlimited Storage", record.wording)
        self.assertEqual(record.company_name, self.env.company.name)
        record.action_record()
        self.assertIn(
            "Our own words", self.customer.consent_event_ids.sudo().wording_id.text)
        record.partner_ids = self.company
        record.consent_storage = 'granted'
        self.assertNotIn("Unlimited Storage", record.wording)

    def test_right_to_withdraw_is_signed_once(self):
        record = self.env['dsgvo.consent.record'].with_user(self.cashier).create({
            'partner_ids': self.customer.ids, 'consent_storage': 'granted',
            'consent_notification': 'granted', 'consent_marketing': 'refused'})
        self.assertEqual(record.wording.count("<h5>"), 3)
        self.assertEqual(record.wording.count("withdraw"), 1)
        self.env['dsgvo.wording'].create({
            'purpose': 'marketing', 'lang': 'en_US', 'company_id': self.env.company.id,
            'text': "<p>Our own words</p>", 'valid_from': '2020-01-01'})
        record = record.create({
            'partner_ids': self.customer.ids, 'consent_marketing': 'granted'})
        self.assertEqual(record.wording.count("I can withdraw each consent"), 1)

    def test_nothing_marked_is_refused(self):
        with self.assertRaisesRegex(UserError, "Nothing is marked"):
            self._record(self.customer)

    def test_day_in_the_future_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "in the future"):
            self._record(self.customer, consent_storage='granted',
                         date=self.env.company._dsgvo_today() + timedelta(days=2))

    def test_archived_customers_are_named_and_nobody_is_recorded(self):
        self.second.active = False
        with self.assertRaisesRegex(UserError, "Balduin Wacholder"):
            self._record(self.customer | self.second, consent_storage='granted')
        self.assertFalse(self.customer.consent_event_ids)
        self._record(self.second, consent_marketing='refused')
        self.assertEqual(self.second.consent_marketing, 'refused')

    def test_company_alone_cannot_answer_for_a_person(self):
        with self.assertRaisesRegex(UserError, "a company can only consent"):
            self._record(self.company, consent_storage='granted')

    def test_signature_and_scan_at_once_are_refused(self):
        with self.assertRaisesRegex(UserError, "A decision has one proof"):
            self._record(self.customer, consent_storage='granted', scan=PDF, signature=PDF)
        self.assertFalse(self.customer.consent_event_ids)

    def test_one_signature_does_not_stand_for_two(self):
        with self.assertRaisesRegex(UserError, "one person, but 2 customers"):
            self._record(self.customer | self.second, consent_storage='granted', scan=PDF)

    def test_clerk_can_claim_no_means_of_odoo(self):
        with self.assertRaisesRegex(UserError, "Only Odoo itself"):
            self._record(self.customer, consent_storage='granted', means='portal')

    def test_copy_of_the_proof_does_not_stay_in_the_dialog(self):
        self._record(self.customer, consent_storage='granted', scan=PDF, note="Messe")
        dialog = self.env['dsgvo.consent.record'].search([], order='id desc', limit=1)
        self.assertRecordValues(dialog, [{'scan': False, 'signature': False, 'note': False}])

    def test_dialog_shows_what_can_be_answered(self):
        Record = self.env['dsgvo.consent.record'].with_user(self.cashier)
        with Form(Record.with_context(
                active_model='res.partner', active_ids=self.company.ids)) as form:
            self.assertFalse(form.has_person)
            form.partner_ids.add(self.second)
            self.assertTrue(form.has_person)
            self.assertFalse(form.is_one)
            form.consent_marketing = 'refused'

    def test_dialog_asks_for_every_purpose_before_a_customer_is_chosen(self):
        with Form(self.env['dsgvo.consent.record'].with_user(self.cashier)) as form:
            form.consent_storage = 'granted'
            form.consent_notification = 'refused'
            form.partner_ids.add(self.second)

    def test_badge_dialog_counts_the_decisions_of_the_person(self):
        address = self._create_customer(parent_id=self.customer.id, type='delivery')
        self._record(self.customer, consent_storage='granted', consent_marketing='granted')
        people = self.customer | address | self.second
        self.assertEqual(people.mapped('dsgvo_event_count'), [2, 2, 0])
        people.invalidate_recordset(['dsgvo_event_count'])
        with self.assertQueryCount(1):
            people.mapped('dsgvo_event_count')
        action = address.action_dsgvo_events()
        self.assertEqual(
            self.env['dsgvo.consent.event'].search(action['domain']),
            self.customer.consent_event_ids)


@tagged('post_install', '-at_install')
class TestWithdrawing(RecordingCommon):
    def _erasures(self):
        return self.env['dsgvo.erasure'].search([('partner_id', '=', self.customer.id)])

    def test_withdrawing_asks_for_the_purpose_only(self):
        self._record(self.customer, consent_notification='granted', consent_marketing='granted')
        self._withdraw(self.customer, self.cashier, marketing=True)
        self.assertRecordValues(self.customer, [
            {'consent_notification': 'granted', 'consent_marketing': 'refused'}])
        self.assertRecordValues(self.customer.consent_event_ids.sorted('id')[-1], [
            {'decision': 'withdrawn', 'user_id': self.cashier.id,
             'date': self.env.company._dsgvo_today()}])

    def test_hour_after_midnight_makes_no_withdrawal_older(self):
        self.clerk.tz, self.cashier.tz = 'Europe/Berlin', 'America/New_York'
        self.env.company.country_id = self.env.ref('base.de')
        with freeze_time('2026-11-25 23:30:00'):  # in the shop it is tomorrow
            for decide in range(2):
                self._record(self.customer, consent_marketing='granted')
                self.assertEqual(self.customer.consent_marketing, 'granted', decide)
                self._withdraw(self.customer, self.cashier, marketing=True)
                self.assertEqual(self.customer.consent_marketing, 'refused', decide)
        self.assertEqual(
            set(self.customer.consent_event_ids.mapped('date')), {date(2026, 11, 26)})

    def test_only_consent_is_ticked_already(self):
        self._record(self.customer, consent_marketing='granted')
        self._withdraw(self.customer)
        self.assertEqual(self.customer.consent_marketing, 'refused')

    def test_nothing_to_withdraw_is_said(self):
        self._record(self.customer, consent_marketing='refused')
        with self.assertRaisesRegex(UserError, "Nothing was withdrawn"):
            self._withdraw(self.customer, marketing=True, storage=True)
        self.assertEqual(len(self.customer.consent_event_ids), 1)

    def test_address_withdraws_for_its_person_and_archived_ones_too(self):
        address = self._create_customer(parent_id=self.customer.id, type='delivery')
        self._record(self.customer, consent_marketing='granted')
        self.customer.active = False
        self._withdraw(address, marketing=True)
        self.assertEqual(self.customer.consent_marketing, 'refused')

    def _run_erasures(self):
        with self.enter_registry_test_mode():
            self.env.ref('dsgvo.ir_cron_erase').method_direct_trigger()
        self.env.invalidate_all()

    def _end_grace(self):
        erasures = self._erasures().sudo()
        erasures.not_before -= timedelta(days=2)

    def test_withdrawn_storage_is_due_whatever_the_switch_says(self):
        self.env.company.dsgvo_erase_after_sale = False
        self._record(self.customer, consent_storage='granted')
        self._withdraw(self.customer, self.cashier, storage=True)
        self.assertRecordValues(self._erasures(), [{'reason': 'withdrawal', 'state': 'due'}])
        # To the minute: nobody waits for seconds.
        self.assertRegex(
            self.customer.dsgvo_erasure_notice, r"is erased after [\d/]+, \d+:\d\d\s[AP]M, unless")

    def test_wrong_click_can_be_put_right_within_a_day(self):
        self._record(self.customer, consent_storage='granted')
        self.customer.with_user(self.clerk).consent_storage = 'refused'
        self._run_erasures()
        self.assertEqual(self._erasures().state, 'due')
        self.customer.with_user(self.clerk).consent_storage = 'granted'
        self.assertFalse(self._erasures())
        self.customer.with_user(self.clerk).consent_storage = 'refused'
        self._end_grace()
        self._run_erasures()
        self.assertFalse(self.customer.exists())

    def test_open_order_keeps_who_has_withdrawn(self):
        self._record(self.customer, consent_storage='granted')
        order = self.env['sale.order'].with_user(self.clerk).create(
            {'partner_id': self.customer.id})
        self._withdraw(self.customer, storage=True)
        self._end_grace()
        self._run_erasures()
        self.assertEqual(self._erasures().state, 'blocked')
        self.assertIn(order.name, self._erasures().blocker)
        self._record(self.customer, self.cashier, consent_storage='granted')
        self.assertFalse(self._erasures())

    def test_consent_does_not_undo_a_request_of_erasure(self):
        self.env['dsgvo.erasure'].sudo()._enqueue(self.customer, 'request', self.env.company)
        self._record(self.customer, consent_storage='granted')
        self.assertEqual(self._erasures().reason, 'request')

    def test_who_never_consented_is_not_erased_for_refusing(self):
        self._record(self.customer, consent_storage='refused')
        self.assertFalse(self._erasures())

    def test_withdrawal_dated_before_a_newer_consent_erases_nobody(self):
        today = self.env.company._dsgvo_today()
        for days, answer in [(9, 'granted'), (0, 'granted'), (4, 'refused')]:
            self._record(self.customer, consent_storage=answer, date=today - timedelta(days=days))
        self.assertEqual(
            self.customer.consent_event_ids.sorted('id')[-1].decision, 'withdrawn')
        self.assertEqual(self.customer.consent_storage, 'granted')
        self.assertFalse(self._erasures())

    def test_withdrawing_stops_orders_and_advertising_at_once(self):
        self._record(
            self.customer, consent_notification='granted', consent_marketing='granted')
        order = self.env['sale.order'].with_user(self.clerk).create(
            {'partner_id': self.customer.id})
        self.assertEqual(order.notification_type, 'M')
        interest = self.env['dsgvo.interest'].create({'name': "Lyrik"})
        self.customer.interest_ids = interest
        sms = self.env['sms.sms'].create({
            'partner_id': self.customer.id, 'number': '+4930901820', 'body': "Lesung",
            'mailing_id': self.env['mailing.mailing'].create({
                'subject': "Lesung", 'mailing_type': 'sms', 'body_plaintext': "Lesung",
                'mailing_model_id': self.env['ir.model']._get_id('res.partner')}).id})
        self._withdraw(self.customer, notification=True, marketing=True)
        self.assertEqual(order.notification_type, 'K')
        self.assertFalse(self.customer.interest_ids)
        self.assertEqual(sms.state, 'canceled')

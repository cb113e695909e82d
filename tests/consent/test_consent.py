from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tests import Form, new_test_user, tagged

from ..common import DsgvoCommon

CONSENTS = ['consent_storage', 'consent_notification', 'consent_marketing']


@tagged('post_install', '-at_install')
class TestConsent(DsgvoCommon):
    def _events(self, partner):
        return self.env['dsgvo.consent.event'].search([('partner_id', '=', partner.id)], order='id')

    def test_new_customer_was_never_asked(self):
        self.assertRecordValues(self.customer, [
            {'consent_state': 'none'} | dict.fromkeys(CONSENTS, False)])
        self.assertFalse(self._events(self.customer))

    def test_each_change_of_a_consent_is_recorded(self):
        customer = self.customer.with_user(self.clerk)
        customer.write({'consent_storage': 'granted', 'consent_marketing': 'refused'})
        customer.consent_storage = 'refused'
        customer.consent_storage = 'refused'
        self.assertRecordValues(self._events(self.customer), [
            {'purpose': purpose, 'decision': decision, 'user_id': self.clerk.id, 'means': 'counter',
             'date': self.env.company._dsgvo_today()}
            for purpose, decision in [
                ('storage', 'granted'), ('marketing', 'refused'), ('storage', 'withdrawn')]])
        self.assertRecordValues(customer, [{
            'consent_storage': 'refused', 'consent_notification': False,
            'consent_marketing': 'refused', 'consent_state': 'none'}])

    def test_emptying_a_given_consent_withdraws_it(self):
        self.customer.consent_marketing = 'granted'
        self.customer.consent_marketing = False
        self.assertEqual(self.customer.consent_marketing, 'refused')
        self.assertEqual(self._events(self.customer)[-1].decision, 'withdrawn')

    def test_a_refusal_cannot_be_unmade(self):
        self.customer.consent_marketing = 'refused'
        with self.assertRaisesRegex(UserError, "A decision cannot be unmade"):
            self.customer.consent_marketing = False

    def test_consent_state_counts_the_granted_purposes(self):
        for field, state in zip(CONSENTS, ['partial', 'partial', 'full'], strict=True):
            self.customer[field] = 'granted'
            self.assertEqual(self.customer.consent_state, state)

    def test_newest_decision_wins_over_one_recorded_later(self):
        today = self.env.company._dsgvo_today()
        Event = self.env['dsgvo.consent.event'].with_user(self.clerk)
        for decision, date in [('withdrawn', today), ('granted', today - timedelta(days=30))]:
            Event.create({'partner_id': self.customer.id, 'purpose': 'notification',
                          'decision': decision, 'date': date, 'means': 'paper'})
        self.assertEqual(self.customer.consent_notification, 'refused')

    def test_reactions_are_told_who_is_permitted_and_do_not_ask_again(self):
        other = self._create_customer(name="Balduin Wacholder")
        today = self.env.company._dsgvo_today()
        other.consent_marketing = 'granted'
        Partner, asked = self.registry['res.partner'], []
        ask = Partner._dsgvo_allows

        def note(partners, purpose):
            if partners:
                asked.append((partners.ids, purpose))
            return ask(partners, purpose)

        with (
            patch.object(Partner, '_dsgvo_allows', note),
            patch.object(Partner, '_dsgvo_after_decision', autospec=True,
                         side_effect=Partner._dsgvo_after_decision) as react,
        ):
            self.env['dsgvo.consent.event'].with_user(self.clerk).create([
                {'partner_id': partner.id, 'purpose': 'marketing', 'decision': 'withdrawn',
                 'date': date, 'means': 'paper'}
                for partner, date in ((self.customer, today), (other, today - timedelta(days=9)))])
        persons, *told, allowed = react.call_args.args
        self.assertEqual(persons, self.customer | other)
        self.assertEqual(told, ['marketing', 'withdrawn'])
        self.assertEqual(allowed, other)
        self.assertEqual(asked, [(persons.ids, 'marketing')])

    def test_decision_in_the_future_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "in the future"):
            self.env['dsgvo.consent.event'].create({
                'partner_id': self.customer.id, 'purpose': 'storage', 'decision': 'granted',
                'date': self.env.company._dsgvo_today() + timedelta(days=2)})

    def test_ledger_is_append_only_for_superusers_too(self):
        self.customer.consent_storage = 'granted'
        event = self._events(self.customer).sudo()
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            event.decision = 'refused'
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            event.unlink()

    def test_nobody_records_in_the_name_of_another(self):
        Event = self.env['dsgvo.consent.event'].with_user(self.clerk)
        values = {'partner_id': self.customer.id, 'purpose': 'storage', 'decision': 'granted'}
        with self.assertRaisesRegex(UserError, "in the name of whoever records it"):
            Event.create(values | {'user_id': self.officer.id})
        self.assertFalse(self._events(self.customer))
        event = Event.create(values | {'user_id': self.clerk.id})
        self.assertEqual(event.user_id, self.clerk)

    def test_decision_without_customer_is_refused(self):
        with self.assertRaisesRegex(UserError, "needs the customer"):
            self.env['dsgvo.consent.event'].create({'purpose': 'storage', 'decision': 'granted'})

    def test_only_clerks_record_consents(self):
        accountant = new_test_user(
            self.env, 'dsgvo_accountant', groups='base.group_partner_manager')
        with self.assertRaises(AccessError):
            self.customer.with_user(accountant).consent_storage = 'granted'

    def test_cashier_without_contact_rights_records_a_consent_and_nothing_else(self):
        cashier = new_test_user(self.env, 'dsgvo_cashier', groups='point_of_sale.group_pos_user')
        customer = self.customer.with_user(cashier)
        customer.consent_storage = 'granted'
        customer.action_dsgvo()
        self.assertRecordValues(self.customer, [{
            'consent_storage': 'granted', 'consent_text': self.env.company.dsgvo_text}])
        with self.assertRaises(AccessError):
            customer.write({'consent_storage': 'refused', 'phone': '+49 30 55555'})

    def test_cashier_can_edit_nothing_but_the_consents_in_the_dialog(self):
        cashier = new_test_user(self.env, 'dsgvo_cashier', groups='point_of_sale.group_pos_user')
        dialog = 'dsgvo.res_partner_view_form_consents'
        form = Form(self.customer.with_user(cashier), dialog)
        for field in ('consent_text', 'consent_date', 'notification_type', 'display_name'):
            with self.assertRaisesRegex(AssertionError, "readonly"):
                form[field] = False
        with Form(self.customer.with_user(self.clerk), dialog) as form:
            form.notification_type = 'T'
        self.assertEqual(self.customer.notification_type, 'T')

    def test_no_default_and_no_copy_gives_a_consent(self):
        self.customer.write(dict.fromkeys(CONSENTS, 'granted'))
        self.customer.action_dsgvo()
        copy = self.customer.copy()
        created = self.env['res.partner'].with_context(default_consent_storage='granted').create(
            {'name': "Someone"})
        for partner in copy, created:
            self.assertEqual(partner.consent_state, 'none')
            self.assertFalse(partner.consent_text)

    def test_clerk_marks_consents_while_creating_a_customer(self):
        with Form(self.env['res.partner'].with_user(self.clerk)) as form:
            form.name = "Neukunde"
            form.consent_notification = 'granted'
            form.city = "Berlin"
        customer = form.save()
        self.assertEqual(customer.consent_notification, 'granted')
        self.assertEqual(self._events(customer).mapped('purpose'), ['notification'])

    def test_changing_a_phone_number_never_asks_for_a_consent(self):
        self.customer.with_user(self.clerk).phone = '+49 30 55555'
        self.assertEqual(self.customer.consent_state, 'none')

    def test_archived_customer_cannot_consent(self):
        self.customer.active = False
        with self.assertRaisesRegex(ValidationError, "is archived"):
            self.customer.consent_storage = 'granted'


@tagged('post_install', '-at_install')
class TestDsgvoButton(DsgvoCommon):
    def test_button_writes_text_and_date_of_the_users_day(self):
        self.customer.consent_storage = 'granted'
        self.env.company.dsgvo_text = "Kunde hat zugestimmt (Filiale Mitte)."
        customer = self.customer.with_user(self.clerk)
        customer.action_dsgvo()
        self.assertRecordValues(customer, [{
            'consent_text': "Kunde hat zugestimmt (Filiale Mitte).",
            'consent_date': self.env.company._dsgvo_today()}])
        customer.consent_text = "Nur für Bestellungen."
        self.assertEqual(customer.consent_text, "Nur für Bestellungen.")

    def test_button_without_decision_says_what_to_mark(self):
        with self.assertRaisesRegex(UserError, "Mark first"):
            self.customer.with_user(self.clerk).action_dsgvo()
        self.assertFalse(self.customer.consent_text)

    def test_default_text_is_the_one_of_the_manual(self):
        company = self.env['res.company'].create({'name': "Filiale"})
        self.assertEqual(company.dsgvo_text, "Kunde hat gem. DSGVO zugestimmt.")


@tagged('post_install', '-at_install')
class TestDataSubject(DsgvoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.address = cls._create_customer(
            name="Hintereingang", parent_id=cls.customer.id, type='delivery')
        cls.company = cls._create_customer(name="Schule am Park", is_company=True)
        cls.contact = cls._create_customer(name="Frau Rektorin", parent_id=cls.company.id)
        cls.company_address = cls._create_customer(
            name="  schule am PARK ", parent_id=cls.company.id, type='delivery')
        cls.person_below = cls._create_customer(
            name="Theo Ladenkunde", parent_id=cls.company.id, type='other')

    def test_who_the_data_subject_is(self):
        unnamed = self._create_customer(name=False, parent_id=self.company.id, type='invoice')
        people = (self.customer | self.address | self.company | self.contact | self.company_address
                  | unnamed | self.person_below)
        self.assertEqual(
            [partner._dsgvo_subject() for partner in people],
            [self.customer, self.customer, self.company, self.contact, self.company, self.company,
             self.person_below])
        self.assertEqual(
            people.search([('id', 'in', people.ids), ('dsgvo_is_subject', '=', True)]),
            people.filtered('dsgvo_is_subject'))
        self.assertEqual(
            people.filtered('dsgvo_is_subject'),
            self.customer | self.company | self.contact | self.person_below)

    def test_contacts_that_are_created_together_know_their_persons(self):
        person, other = self.env['res.partner'].create([
            {'name': "Dorothea", 'child_ids': [Command.create({'name': "Laube", 'type': 'other'})]},
            {'name': "Bertram", 'parent_id': self.company.id}])
        self.assertEqual(
            [partner.dsgvo_subject_id for partner in (person, person.child_ids, other)],
            [person, person, other])

    def test_address_has_the_consents_of_its_person(self):
        self.address.with_user(self.clerk).consent_notification = 'granted'
        self.assertRecordValues(self.customer | self.address, [
            {'consent_notification': 'granted', 'consent_state': 'partial'}] * 2)
        self.assertFalse(self.address.consent_event_ids)
        self.address.action_dsgvo()
        self.assertTrue(self.customer.consent_text)

    def test_address_that_becomes_a_contact_of_its_own_was_never_asked(self):
        self.customer.consent_storage = 'granted'
        self.address.type = 'contact'
        self.assertEqual(self.address.consent_state, 'none')

    def test_address_of_a_company_shows_the_consents_of_whoever_it_is_now(self):
        """However it became somebody else: by its name, or by what its parent is."""
        self.company.consent_marketing = 'granted'
        address, person = self.company_address, self.person_below
        self.assertRecordValues(address | person, [
            {'consent_marketing': 'granted'}, {'consent_marketing': False}])
        address.name = "Frieda Ladenkundin"
        person.name = self.company.name
        self.assertRecordValues(address | person, [
            {'consent_marketing': False}, {'consent_marketing': 'granted'}])
        self.company.name = address.name
        self.assertRecordValues(address | person, [
            {'consent_marketing': 'granted'}, {'consent_marketing': False}])
        self.company.is_company = False
        self.assertRecordValues(address | person, [{'consent_marketing': 'granted'}] * 2)
        self.company.is_company = True
        self.assertRecordValues(address | person, [
            {'consent_marketing': 'granted'}, {'consent_marketing': False}])

    def test_person_below_a_company_decides_for_itself(self):
        for purpose in 'storage', 'notification':
            self.person_below.with_user(self.clerk)[f'consent_{purpose}'] = 'refused'
            self.assertFalse(self.person_below._dsgvo_allows(purpose))
            self.assertEqual(self.company._dsgvo_allows(purpose), self.company)
        self.assertFalse(self.company.consent_event_ids)

    def test_purposes_permitted_without_and_with_consent(self):
        partners = (self.customer | self.company | self.contact | self.company_address
                    | self.person_below)
        below = self.company_address | self.person_below
        for purpose, permitted in [
            ('storage', self.company | below),
            ('notification', self.company | below),
            ('marketing', self.env['res.partner']),
        ]:
            self.assertEqual(partners._dsgvo_allows(purpose), permitted)
            domain = partners._dsgvo_allowed_domain(purpose)
            self.assertEqual(partners.search([('id', 'in', partners.ids)]).filtered_domain(domain),
                             partners.search(domain & Domain('id', 'in', partners.ids)))
        self.customer.consent_marketing = 'granted'
        self.assertEqual(partners._dsgvo_allows('marketing'), self.customer)
        self.assertFalse(self.env['res.partner']._dsgvo_allows('storage'))

    def test_company_consents_to_advertising_only(self):
        self.company.consent_marketing = 'granted'
        self.assertEqual(self.company.consent_state, 'full')
        with self.assertRaisesRegex(ValidationError, "is a company"):
            self.company.consent_storage = 'granted'

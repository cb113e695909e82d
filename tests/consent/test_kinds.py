from odoo import fields
from odoo.tests import tagged

from ..common import DsgvoCommon

PURPOSES = ('storage', 'notification', 'marketing')
CONSENTS = [f'consent_{purpose}' for purpose in PURPOSES]


@tagged('post_install', '-at_install')
class TestKinds(DsgvoCommon):
    """A customer is a person today and a company, or the address of somebody, tomorrow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.address = cls._create_customer(parent_id=cls.customer.id, type='delivery')
        cls.customer.write(dict.fromkeys(CONSENTS, 'granted'))

    def _assert_consents(self, contact, *values, state):
        self.assertEqual([contact[field] or None for field in CONSENTS], [*values])
        self.assertEqual(contact.consent_state, state)

    def _assert_ledger_is_whole(self):
        self.assertEqual(self.env['dsgvo.ledger.check']._verify().state, 'whole')

    def test_person_becomes_a_company_and_a_person_again(self):
        granted = ['granted'] * 3
        for contact in self.customer | self.address:
            self._assert_consents(contact, *granted, state='full')
        self.customer.with_user(self.clerk).is_company = True
        self._assert_consents(self.customer, *granted, state='full')
        self.customer.with_user(self.clerk).consent_marketing = False
        self._assert_consents(self.customer, 'granted', 'granted', 'refused', state='none')
        self.customer.with_user(self.clerk).is_company = False
        for contact in self.customer | self.address:
            self._assert_consents(contact, 'granted', 'granted', 'refused', state='partial')
        self._assert_ledger_is_whole()

    def test_company_that_is_a_person_is_turned_into_one_by_a_click(self):
        shop = self._create_customer(is_company=True)
        shop.with_user(self.clerk).action_dsgvo_make_person()
        shop.with_user(self.clerk).consent_storage = 'granted'
        self.assertRecordValues(shop, [{'is_company': False, 'consent_state': 'partial'}])

    def test_company_withdraws_what_it_gave_as_a_person(self):
        self.customer.is_company = True
        self.customer.with_user(self.clerk).write(dict.fromkeys(CONSENTS, False))
        self._assert_consents(self.customer, *['refused'] * 3, state='none')
        self.assertEqual(
            self.customer.consent_event_ids.mapped('decision').count('withdrawn'), 3)
        self._assert_ledger_is_whole()

    def test_withdrawal_window_withdraws_what_a_company_gave_as_a_person(self):
        self.customer.is_company = True
        self.env['dsgvo.consent.withdrawal'].with_user(self.clerk).with_context(
            active_model='res.partner', active_id=self.customer.id,
        ).create({'storage': True, 'marketing': True}).action_withdraw()
        self._assert_consents(self.customer, 'refused', 'granted', 'refused', state='none')

    def test_company_is_stored_and_notified_though_it_refused_as_a_person(self):
        self.customer.write(dict.fromkeys(CONSENTS, 'refused'))
        self.customer.is_company = True
        for purpose in PURPOSES:
            allowed = self.customer._dsgvo_allows(purpose)
            self.assertEqual(bool(allowed), purpose != 'marketing', purpose)

    def test_company_gives_no_consent_of_a_person(self):
        shop = self._create_customer(is_company=True)
        for decision in ('granted', 'refused'):
            with self.assertRaisesRegex(Exception, "is a company"):
                shop.with_user(self.clerk).consent_storage = decision

    def test_companies_that_were_persons_are_merged(self):
        double = self._create_customer()
        double.write(dict.fromkeys(CONSENTS, 'refused'))
        (self.customer | double).is_company = True
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.customer | double).ids, self.customer)
        self.env.invalidate_all()
        self._assert_consents(self.customer, *['refused'] * 3, state='none')
        self._assert_ledger_is_whole()

    def test_address_that_becomes_a_contact_was_never_asked(self):
        for values in ({'type': 'contact'}, {'parent_id': False}, {'is_company': True}):
            with self.subTest(values=values):
                address = self._create_customer(parent_id=self.customer.id, type='delivery')
                self._assert_consents(address, *['granted'] * 3, state='full')
                address.with_user(self.clerk).write(values)
                self._assert_consents(address, *[None] * 3, state='none')

    def test_address_of_a_deleted_customer_was_never_asked(self):
        below = self._create_customer(parent_id=self.address.id, type='other', active=False)
        self.customer.unlink()
        for contact in self.address | below:
            self._assert_consents(contact, *[None] * 3, state='none')


@tagged('post_install', '-at_install')
class TestTimezone(DsgvoCommon):
    def test_day_is_that_of_the_country_and_not_of_who_entered_the_company(self):
        Company = self.env['res.company'].with_context(tz='Pacific/Auckland')
        for country, own, timezone in [
            ('base.de', None, 'Europe/Berlin'), ('base.at', None, 'Europe/Vienna'),
            ('base.us', 'America/Chicago', 'America/Chicago'),
            ('base.us', None, 'America/New_York'), ('base.nz', None, 'Pacific/Auckland'),
            (None, None, 'Europe/Berlin'),
        ]:
            with self.subTest(country=country, own=own):
                company = Company.create({
                    'name': f"Laden {country} {own}",
                    'country_id': country and self.env.ref(country).id})
                self.assertEqual(company.partner_id.tz, 'Pacific/Auckland')
                if own:
                    company.partner_id.tz = own
                self.assertEqual(company._dsgvo_timezone(), timezone)
                self.assertEqual(company._dsgvo_today(), fields.Date.context_today(
                    self.env.user.with_context(tz=timezone)))

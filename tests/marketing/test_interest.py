from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import MarketingCommon


@tagged('post_install', '-at_install')
class TestInterest(MarketingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.interest = cls.env['dsgvo.interest'].create({'name': "Krimis"})

    def test_clerk_records_interests_of_who_consented(self):
        with Form(self.granted.with_user(self.clerk)) as form:
            form.interest_ids.add(self.interest)
        self.assertEqual(self.granted.interest_ids, self.interest)

    def test_no_profile_without_consent(self):
        for contact in self.refused | self.unasked:
            with self.assertRaisesRegex(ValidationError, f"{contact.name} did not consent"):
                contact.with_user(self.clerk).interest_ids = self.interest
        with self.assertRaisesRegex(ValidationError, "did not consent"):
            self._create_customer(interest_ids=[Command.link(self.interest.id)])
        result = self.env['res.partner'].with_user(self.clerk).with_context(import_file=True).load(
            ['name', 'interest_ids'], [["Importiert", "Krimis"]])
        self.assertFalse(result['ids'])
        self.assertIn("did not consent", result['messages'][0]['message'])

    def test_consent_and_interests_in_one_form(self):
        self.unasked.with_user(self.clerk).write({
            'interest_ids': [Command.link(self.interest.id)], 'consent_marketing': 'granted'})
        self.assertEqual(self.unasked.interest_ids, self.interest)
        customer = self._create_customer(
            interest_ids=[Command.link(self.interest.id)], consent_marketing='granted')
        self.assertEqual(customer.interest_ids, self.interest)

    def test_withdrawing_deletes_the_profile(self):
        address = self._create_customer(parent_id=self.granted.id, type='delivery')
        people = self.granted | address
        people.interest_ids = self.interest
        address.active = False
        self.granted.with_user(self.clerk).consent_marketing = False
        self.assertFalse(people.interest_ids)
        with self.assertRaises(ValidationError):
            self.granted.interest_ids = self.interest

    def test_address_that_becomes_a_contact_of_its_own_has_no_profile(self):
        for values in ({'type': 'contact'}, {'parent_id': False}, {'parent_id': self.unasked.id}):
            with self.subTest(values=values):
                address = self._create_customer(parent_id=self.granted.id, type='delivery')
                address.interest_ids = self.interest
                address.with_user(self.clerk).write(values)
                self.assertFalse(address.interest_ids)

    def test_address_of_a_deleted_customer_has_no_profile(self):
        address = self._create_customer(parent_id=self.granted.id, type='delivery')
        address.interest_ids = self.interest
        self.granted.unlink()
        self.assertFalse(address.interest_ids)

    def test_address_that_moves_to_another_who_consented_keeps_the_profile(self):
        other = self._create_customer(name="Greta")
        other.consent_marketing = 'granted'
        address = self._create_customer(parent_id=self.granted.id, type='delivery')
        address.interest_ids = self.interest
        address.parent_id = other
        self.assertEqual(address.interest_ids, self.interest)

    def test_other_purposes_leave_the_profile_alone(self):
        self.granted.interest_ids = self.interest
        self.granted.consent_storage = 'refused'
        self.assertEqual(self.granted.interest_ids, self.interest)

    def test_copy_has_no_profile(self):
        self.granted.interest_ids = self.interest
        self.assertFalse(self.granted.copy().interest_ids)

    def test_who_manages_interests(self):
        manager = new_test_user(
            self.env, 'dsgvo_sales_manager', groups='sales_team.group_sale_manager')
        for user in (self.officer, manager):
            self.env['dsgvo.interest'].with_user(user).create({'name': user.login}).name = "Neu"
            self.env['dsgvo.interest'].search([('name', '=', "Neu")]).with_user(user).unlink()
        with self.assertRaises(AccessError):
            self.interest.with_user(self.clerk).name = "Liebesromane"
        stranger = new_test_user(self.env, 'dsgvo_stranger', groups='base.group_user')
        with self.assertRaises(AccessError):
            self.granted.with_user(stranger).read(['interest_ids'])

    def test_names_are_unique(self):
        with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'):
            self.env['dsgvo.interest'].create({'name': "KRIMIS"})

    def test_mailing_by_interest(self):
        self.granted.interest_ids = self.interest
        mailing = self._create_mailing(
            self.contacts, mailing_domain=repr([('interest_ids', '=', self.interest.id)]))
        self.assertEqual(mailing._get_recipients(), self.granted.ids)

    def _merge(self, *contacts):
        self.env['base.partner.merge.automatic.wizard']._merge(
            [contact.id for contact in contacts], contacts[-1])

    def test_merge_brings_no_profile_to_who_did_not_consent(self):
        """Neither by the refusal of the other contact nor where both have none any more."""
        address = self._create_customer(parent_id=self.granted.id, type='delivery')
        (self.granted | address).interest_ids = self.interest
        self._merge(self.granted, self.refused)
        self.assertFalse((self.refused | address).interest_ids)
        self.env.flush_all()
        self.env.cr.execute(
            "INSERT INTO dsgvo_interest_res_partner_rel (dsgvo_interest_id, res_partner_id)"
            " VALUES (%s, %s)",
            [self.interest.id, self.unasked.id])
        self.env.invalidate_all()
        third = self._create_customer(name="Dritte")
        self._merge(self.unasked, third)
        self.assertFalse(third.interest_ids)

    def test_merge_keeps_the_profile_of_who_consented_at_any_company(self):
        other = self.env['res.company'].create({'name': "B"})
        self.unasked.with_company(other).consent_marketing = 'granted'
        self.unasked.with_company(other).interest_ids = self.interest
        third = self._create_customer(name="Dritte")
        self._merge(self.unasked, third)
        self.assertEqual(third.interest_ids, self.interest)

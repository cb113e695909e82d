from odoo.tests import Form, tagged

from ..common import DsgvoCommon


@tagged('post_install', '-at_install')
class TestOwnDecisions(DsgvoCommon):
    """Whoever has decided is nobody's address, wherever the contact is put afterwards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wife = cls._create_customer(email='wife@quittenbaum.example')
        cls.husband = cls._create_customer(name="Anton Quittenbaum", email='a@quittenbaum.example')
        cls.shop = cls._create_customer(name="Laden", is_company=True, email='laden@x.example')
        (cls.husband | cls.shop).consent_marketing = 'granted'
        cls.wife.consent_marketing = 'refused'

    def _put_below(self, contact, parent, kind='other'):
        contact.with_user(self.clerk).write({'parent_id': parent.id, 'type': kind})

    def _assert_own(self, contact, consent='refused'):
        self.assertRecordValues(contact, [{
            'dsgvo_subject_id': contact.id, 'dsgvo_is_subject': True,
            'consent_marketing': consent}])
        self.assertEqual(
            contact._dsgvo_allows('marketing'), contact if consent == 'granted' else contact[:0])

    def test_refusal_stays_in_force_below_whoever_agreed(self):
        shop_address = self._create_customer(name="", parent_id=self.shop.id, type='delivery')
        her_namesake = self._create_customer(name=self.wife.name, is_company=True)
        her_namesake.consent_marketing = 'granted'
        for parent in self.husband | shop_address | her_namesake:
            for kind in 'invoice', 'delivery', 'other':
                with self.subTest(parent=parent.name, kind=kind):
                    self._put_below(self.wife, parent, kind)
                    self._assert_own(self.wife)
                    self.wife.with_user(self.clerk).parent_id = False
                    self._assert_own(self.wife)

    def test_form_and_import_make_nobody_an_address_who_has_decided(self):
        self.wife.with_user(self.clerk).type = 'other'
        with Form(self.wife.with_user(self.clerk)) as form:
            form.parent_id = self.husband
        self._assert_own(self.wife)
        self.wife.write({'parent_id': False, 'type': 'contact'})
        result = self.env['res.partner'].with_user(self.clerk).load(
            ['.id', 'parent_id/.id', 'type'], [[self.wife.id, self.husband.id, 'other']])
        self.assertFalse(result['messages'])
        self._assert_own(self.wife)

    def test_decision_of_one_is_not_recorded_for_the_other(self):
        self._put_below(self.wife, self.husband)
        self.wife.with_user(self.clerk).consent_storage = 'refused'
        self.husband.with_user(self.clerk).consent_marketing = 'refused'
        self.husband.with_user(self.clerk).consent_marketing = 'granted'
        self.assertFalse(self.husband.consent_storage)
        self._assert_own(self.wife)

    def test_new_name_makes_nobody_an_address_who_has_decided(self):
        eva = self._create_customer(name="Eva Klein", parent_id=self.shop.id, type='other')
        eva.with_user(self.clerk).consent_marketing = 'refused'
        for name in 'Laden', '':
            eva.with_user(self.clerk).name = name
            self._assert_own(eva)
        eva.name = "Eva Klein"
        self.shop.with_user(self.clerk).name = "Eva Klein"
        self._assert_own(eva)

    def test_person_above_who_becomes_a_company_changes_nothing(self):
        self._put_below(self.wife, self.husband)
        for is_company in True, False:
            self.husband.with_user(self.clerk).is_company = is_company
            self._assert_own(self.wife)

    def test_what_was_withdrawn_or_has_expired_was_decided_all_the_same(self):
        for decision in 'withdrawn', 'expired':
            contact = self._create_customer()
            contact.consent_marketing = 'granted'
            self.env['dsgvo.consent.event'].create(
                {'partner_id': contact.id, 'purpose': 'marketing', 'decision': decision})
            self._put_below(contact, self.husband)
            self._assert_own(contact, 'refused' if decision == 'withdrawn' else False)

    def test_address_below_one_who_has_decided_is_an_address_of_that_person(self):
        address = self._create_customer(parent_id=self.wife.id, type='delivery')
        self._put_below(self.wife, self.husband)
        self.assertRecordValues(address, [
            {'dsgvo_subject_id': self.wife.id, 'consent_marketing': 'refused'}])

    def test_who_has_not_decided_is_an_address_and_decides_for_its_person(self):
        contact = self._create_customer()
        self._put_below(contact, self.husband)
        contact.with_user(self.clerk).consent_marketing = 'refused'
        self.assertRecordValues(contact | self.husband, [
            {'dsgvo_subject_id': self.husband.id, 'consent_marketing': 'refused'}] * 2)

    def test_merge_gives_the_decisions_and_the_place_to_the_contact_that_remains(self):
        self._put_below(self.wife, self.husband)
        double = self._create_customer(name="A. Quittenbaum", email=self.wife.email)
        self.env['base.partner.merge.automatic.wizard'].with_user(self.clerk)._merge(
            (self.wife | double).ids, double.with_user(self.clerk))
        self.env.invalidate_all()
        self._assert_own(double)
        self._put_below(double, self.husband, 'delivery')
        self._assert_own(double)

    def test_merged_away_she_is_the_person_that_remains(self):
        self._put_below(self.wife, self.husband)
        self.wife.with_user(self.clerk).parent_id = False
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.wife | self.husband).ids, self.husband)
        self.env.invalidate_all()
        self.assertFalse(self.wife.exists())
        self._assert_own(self.husband)

    def test_person_above_who_is_deleted_leaves_her_as_she_is(self):
        self._put_below(self.wife, self.husband)
        self.husband.with_user(self.clerk).unlink()
        self._assert_own(self.wife)

    def test_below_a_person_storing_needs_a_consent_and_below_a_company_none(self):
        purposes = 'storage', 'notification'
        for parent, needs_none in (self.husband, False), (self.shop, True):
            for name in "Eva Klein", "":
                with self.subTest(parent=parent.name, name=name):
                    contact = self._create_customer(name="Eva Klein")
                    contact.consent_marketing = 'refused'
                    self._put_below(contact, parent)
                    contact.name = name
                    self._assert_own(contact)
                    for purpose in purposes:
                        domain = contact._dsgvo_allowed_domain(purpose)
                        self.assertEqual(bool(contact._dsgvo_allows(purpose)), needs_none)
                        self.assertEqual(
                            contact in contact.search(domain), needs_none)
                    contact.consent_storage = 'refused'
                    self.assertFalse(contact._dsgvo_allows('storage'))

    def test_many_addresses_are_looked_at_together(self):
        def create(number):
            return self.env['res.partner'].create([
                {'name': f"Adresse {line}", 'parent_id': self.husband.id, 'type': 'delivery'}
                for line in range(number)])
        create(1)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        addresses = create(40)
        self.env.flush_all()
        self.assertLess(self.env.cr.sql_log_count - before, 120)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        addresses.write({'type': 'invoice'})
        self.env.flush_all()
        self.assertLess(self.env.cr.sql_log_count - before, 40)

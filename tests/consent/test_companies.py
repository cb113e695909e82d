from datetime import date, timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import DsgvoCommon

CONSENTS = ['consent_storage', 'consent_notification', 'consent_marketing', 'consent_state']


class CompaniesCommon(DsgvoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.home = cls.env.company
        cls.other = cls.env['res.company'].create({'name': "Fremder Laden"})
        cls.stranger = new_test_user(
            cls.env, 'dsgvo_stranger', company_id=cls.other.id,
            company_ids=[Command.set(cls.other.ids)],
            groups='sales_team.group_sale_salesman_all_leads,base.group_partner_manager')

    def _seen(self, partner, company):
        return list(partner.with_company(company).read(CONSENTS)[0].values())[1:]


@tagged('post_install', '-at_install')
class TestCompanies(CompaniesCommon):
    def test_consent_belongs_to_the_company_that_obtained_it(self):
        self.customer.with_user(self.clerk).consent_notification = 'granted'
        self.assertEqual(
            self._seen(self.customer, self.home), [False, 'granted', False, 'partial'])
        self.assertEqual(self._seen(self.customer, self.other), [False, False, False, 'none'])
        Partner = self.env['res.partner']
        granted = [('consent_notification', '=', 'granted'), ('id', '=', self.customer.id)]
        self.assertEqual(Partner.with_user(self.clerk).search(granted), self.customer)
        self.assertFalse(Partner.with_user(self.stranger).search(granted))

    def test_clerk_of_another_company_sees_no_decisions_of_this_one(self):
        self.customer.with_user(self.clerk).consent_notification = 'granted'
        event = self.env['dsgvo.consent.event'].search([('partner_id', '=', self.customer.id)])
        with self.assertRaises(AccessError):
            event.with_user(self.stranger).read(['decision'])

    def test_order_asks_for_the_consent_of_its_own_company(self):
        self.customer.consent_notification = 'granted'
        # The user works in one company with an order of the other.
        both = self.env.user.company_ids | self.other
        Order = self.env['sale.order'].with_context(allowed_company_ids=both.ids)
        here, there = (
            Order.create({'partner_id': self.customer.id, 'company_id': company.id,
                          'notification_type': 'M'})
            for company in (self.home, self.other))
        self.assertEqual((here | there).mapped('notification_type'), ['M', 'K'])
        self.assertEqual([here.consent_state, there.consent_state], ['partial', 'none'])

    def test_withdrawal_silences_the_orders_of_this_controller_only(self):
        self.customer.consent_notification = 'granted'
        self.customer.with_company(self.other).consent_notification = 'granted'
        here, there = (
            self.env['sale.order'].with_company(company).create({
                'partner_id': self.customer.id, 'company_id': company.id})
            for company in (self.home, self.other))
        self.customer.with_user(self.clerk).consent_notification = 'refused'
        self.assertEqual([here.notification_type, there.notification_type], ['K', 'M'])
        self.assertEqual(self._seen(self.customer, self.other)[1], 'granted')

    def test_branch_has_the_consents_of_its_company(self):
        self.customer.consent_storage = 'granted'
        branch = self.env['res.company'].create({'name': "Filiale", 'parent_id': self.home.id})
        self.assertEqual(self._seen(self.customer, branch)[0], 'granted')
        self.customer.with_company(branch).consent_storage = 'refused'
        self.assertEqual(self._seen(self.customer, self.home)[0], 'refused')

    def test_companies_become_one_controller_by_the_setting_and_part_again(self):
        self.customer.consent_marketing = 'granted'
        companies = self.home | self.other
        companies.dsgvo_joint_controller = True
        self.assertEqual(self._seen(self.customer, self.other)[2:], ['granted', 'partial'])
        self.customer.with_user(self.stranger).consent_marketing = 'refused'
        self.assertEqual(self._seen(self.customer, self.home)[2:], ['refused', 'none'])
        companies.dsgvo_joint_controller = False
        self.assertEqual(self._seen(self.customer, self.home)[2:], ['granted', 'partial'])
        self.assertEqual(self._seen(self.customer, self.other)[2:], ['refused', 'none'])

    def test_one_company_cannot_declare_itself_joint_with_others(self):
        self.customer.consent_marketing = 'granted'
        self.other.dsgvo_joint_controller = True
        self.assertEqual(self._seen(self.customer, self.other)[2:], [False, 'none'])

    def test_address_has_the_consents_of_its_person_at_each_company(self):
        self.customer.consent_storage = 'granted'
        address = self._create_customer(parent_id=self.customer.id, type='delivery')
        self.assertEqual(self._seen(address, self.home), ['granted', False, False, 'partial'])
        self.assertEqual(self._seen(address, self.other), [False, False, False, 'none'])
        address.write({'type': 'contact'})
        self.assertEqual(self._seen(address, self.home), [False, False, False, 'none'])

    def test_unsubscribing_counts_at_all_companies(self):
        for company in self.home | self.other:
            self.customer.with_company(company).consent_marketing = 'granted'
        self.env['mail.blacklist']._add(self.customer.email)
        for company in self.home | self.other:
            self.assertEqual(self._seen(self.customer, company)[2], 'refused')

    def test_merge_takes_the_strictest_decision_of_each_company(self):
        double = self._create_customer()
        self.customer.consent_marketing = 'granted'
        double.consent_marketing = 'refused'
        double.with_company(self.other).consent_marketing = 'granted'
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.customer | double).ids, self.customer)
        self.env.invalidate_all()
        self.assertEqual(self._seen(self.customer, self.home)[2], 'refused')
        self.assertEqual(self._seen(self.customer, self.other)[2], 'granted')
        merges = self.env['dsgvo.consent.event'].search(
            [('partner_id', '=', self.customer.id), ('means', '=', 'merge')])
        self.assertEqual(merges.company_id, self.home)

    def test_text_and_date_document_the_consent_to_one_company(self):
        self.customer.with_user(self.clerk).consent_storage = 'granted'
        self.customer.with_user(self.clerk).action_dsgvo()
        there = self.customer.with_company(self.other)
        self.assertFalse(there.consent_text)
        self.assertFalse(there.consent_date)

    def test_branch_shows_text_date_and_decisions(self):
        branch = self.env['res.company'].create({'name': "Filiale", 'parent_id': self.home.id})
        seller = self._seller_of(branch)
        self.customer.with_user(self.clerk).consent_storage = 'granted'
        self.customer.with_user(self.clerk).action_dsgvo()
        there = self.customer.with_user(seller)
        self.assertRecordValues(there, [{
            'consent_text': self.home.dsgvo_text, 'consent_date': self.home._dsgvo_today(),
            'dsgvo_event_count': 1}])
        self.assertEqual(there.consent_event_ids, self.customer.consent_event_ids)
        event = there.consent_event_ids.web_read({
            'wording_id': {'fields': {'display_name': {}}}, 'wording_text': {},
            'company_id': {'fields': {'display_name': {}}}})
        self.assertEqual(event[0]['company_id']['display_name'], self.home.name)

    def _seller_of(self, company):
        return new_test_user(
            self.env, 'dsgvo_seller', company_id=company.id,
            company_ids=[Command.set(company.ids)],
            groups='sales_team.group_sale_salesman_all_leads,base.group_partner_manager')

    def test_text_and_date_are_written_at_all_companies_that_share_consents(self):
        (self.home | self.other).dsgvo_joint_controller = True
        third = self.env['res.company'].create({'name': "Dritter Laden"})
        here, there = self.customer, self.customer.with_company(self.other)
        typing = there.with_user(self.stranger)
        typing.consent_storage = 'granted'
        for writing, values in (
            (typing, {'consent_text': "Am Telefon", 'consent_date': '2026-03-01'}),
            (typing, {'consent_date': '2026-02-01'}),  # older, but what somebody has just written
            (there, {'consent_text': False}),  # Odoo itself
        ):
            writing.write(values)
            self.assertEqual(here.read([*values]), there.read([*values]))
        self.assertEqual(here.consent_date, date(2026, 2, 1))
        self.assertFalse(here.consent_text)
        self.assertFalse(self.customer.with_company(third).consent_date)
        created = self._create_customer(consent_text="Neu", consent_date='2026-01-05')
        self.assertEqual(created.with_company(self.other).consent_text, "Neu")

    def test_companies_that_begin_to_share_get_the_newest_documentation(self):
        self.customer.write({'consent_text': "Alt", 'consent_date': '2025-01-01'})
        self.customer.with_company(self.other).write(
            {'consent_text': "Neu", 'consent_date': '2026-01-01'})
        (self.home | self.other).dsgvo_joint_controller = True
        for company in self.home | self.other:
            self.assertRecordValues(self.customer.with_company(company), [
                {'consent_text': "Neu", 'consent_date': date(2026, 1, 1)}])

    def test_consent_is_in_force_at_its_own_company(self):
        self.customer.consent_marketing = 'granted'
        self.customer.with_company(self.other).consent_marketing = 'granted'
        Event = self.env['dsgvo.consent.event'].with_context(
            allowed_company_ids=(self.home | self.other).ids)
        here, there = Event.search([('partner_id', '=', self.customer.id)], order='id')
        self.assertEqual((here | there).mapped('is_in_force'), [True, True])
        found = Event.search([('is_in_force', '=', True), ('partner_id', '=', self.customer.id)])
        self.assertEqual(found, here | there)
        self.customer.with_company(self.other).consent_marketing = 'refused'
        (here | there).invalidate_recordset(['is_in_force'])
        self.assertEqual((here | there).mapped('is_in_force'), [True, False])

    def test_consent_of_a_branch_replaces_that_of_its_company(self):
        branch = self.env['res.company'].create({'name': "Filiale", 'parent_id': self.home.id})
        self.customer.consent_marketing = 'granted'
        first = self.customer.consent_event_ids
        self.env['dsgvo.consent.event'].with_company(branch).create(
            {'partner_id': self.customer.id, 'purpose': 'marketing', 'decision': 'granted'})
        self.assertFalse(first.is_in_force)

    def test_wording_of_a_company_that_shares_consents_is_read_only(self):
        own = self.env['dsgvo.wording'].search([('purpose', '=', 'marketing')], limit=1).copy(
            {'company_id': self.home.id, 'version': 1})
        officer = new_test_user(
            self.env, 'dsgvo_officer_there', company_id=self.other.id,
            company_ids=[Command.set(self.other.ids)], groups='dsgvo.group_officer')
        with self.assertRaises(AccessError):
            own.with_user(officer).read(['text'])
        (self.home | self.other).dsgvo_joint_controller = True
        self.assertEqual(own.with_user(officer).purpose, 'marketing')
        with self.assertRaises(AccessError):
            own.with_user(officer).text = "<p>x</p>"

    def test_state_cannot_be_written(self):
        self.customer.with_user(self.clerk).write({
            'consent_state': 'full', 'consent_expiry_date': '2030-01-01'})
        self.assertRecordValues(
            self.customer, [{'consent_state': 'none', 'consent_expiry_date': False}])

    def test_till_gets_what_was_decided_since_it_was_loaded(self):
        config = self.env['pos.config'].search([('company_id', '=', self.home.id)], limit=1)
        fields_of_till = self.env['res.partner']._load_pos_data_fields(config)
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = '2020-01-01' WHERE id = %s", [self.customer.id])
        self.env.invalidate_all()
        self.customer.with_company(self.home).consent_storage = 'granted'
        read = self.customer.with_company(self.home).read([*fields_of_till], load=False)[0]
        self.assertEqual(read['consent_state'], 'partial')
        self.assertGreater(read['write_date'], fields.Datetime.now() - timedelta(days=1))

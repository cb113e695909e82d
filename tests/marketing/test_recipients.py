from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import MarketingCommon


@tagged('post_install', '-at_install')
class TestRecipients(MarketingCommon):
    def _recipients(self, records, mailing_type='mail'):
        mailing = self._create_mailing(records, mailing_type)
        return records.browse(mailing._get_recipients()).sorted('id')

    def test_contacts_without_consent_get_no_mail_and_no_trace(self):
        mailing = self._create_mailing(self.contacts)
        self._send(mailing)
        self._assert_reached(mailing, self.granted)
        self.assertEqual(mailing.state, 'done')

    def test_contacts_without_consent_get_no_sms_and_no_trace(self):
        mailing = self._create_mailing(self.contacts, 'sms')
        self._send(mailing)
        self._assert_reached(mailing, self.granted)

    def test_second_run_sends_nothing(self):
        mailing = self._create_mailing(self.contacts)
        self._send(mailing)
        self._send(mailing)
        self._assert_reached(mailing, self.granted)

    def test_exclusion_list_is_not_the_consent(self):
        mailing = self._create_mailing(self.contacts, use_exclusion_list=False)
        self._send(mailing)
        self._assert_reached(mailing, self.granted)

    def test_blocked_address_stays_blocked_with_consent(self):
        self.env['mail.blacklist']._add(self.granted.email)
        self.granted.consent_marketing = 'granted'
        mailing = self._create_mailing(self.granted)
        self._send(mailing)
        self.assertEqual(mailing.sudo().mailing_trace_ids.trace_status, 'cancel')

    def test_ab_test_draws_from_those_who_consented(self):
        others = self.env['res.partner'].create([
            {'name': f"Leser {i}", 'email': f'leser{i}@leser.example'} for i in range(3)])
        others.consent_marketing = 'granted'
        mailing = self._create_mailing(
            self.contacts | others, ab_testing_enabled=True, ab_testing_pc=50)
        self.assertEqual(mailing.total, 2)
        self.assertLess(set(mailing._get_recipients()), set((self.granted | others).ids))

    def test_address_of_a_person_has_the_consent_of_the_person(self):
        addresses = self.env['res.partner'].create([
            {'name': "Lieferung", 'parent_id': person.id, 'type': 'delivery',
             'email': 'lieferung@leser.example'} for person in self.contacts])
        self.assertEqual(self._recipients(addresses), addresses[0])

    def test_refusal_stays_with_who_becomes_an_address_of_whoever_agreed(self):
        self.refused.with_user(self.clerk).write({'parent_id': self.granted.id, 'type': 'other'})
        for mailing_type in 'mail', 'sms':
            mailing = self._create_mailing(self.contacts, mailing_type)
            self._send(mailing)
            self._assert_reached(mailing, self.granted)

    def test_mailing_contacts_are_found_by_their_address(self):
        contacts = self._create_mailing_contacts(
            "Gretel G. <GRETEL@Leser.example>", 'rudolf@leser.example', 'ulla@leser.example',
            'nobody@leser.example', False)
        self.assertEqual(self._recipients(contacts), contacts[0])

    def test_mailing_contacts_are_found_by_their_number(self):
        contacts = self.env['mailing.contact'].create([
            {'name': "Empfänger", 'mobile': number}
            for number in ['+49 (30) 90182-0', '+4930901821', '+49 30 901822', '+49 30 99999']])
        self.assertEqual(self._recipients(contacts, 'sms'), contacts[0])
        mailing = self._create_mailing(contacts, 'sms')
        self._send(mailing)
        self._assert_reached(mailing, contacts[0])

    def test_refusal_wins_on_a_shared_address(self):
        contact = self._create_mailing_contacts(self.granted.email)
        self.assertEqual(self._recipients(contact), contact)
        spouse = self._create_customer(name="Hans", email="Hans <gretel@leser.example>")
        self.assertEqual(self._recipients(contact), contact)
        spouse.consent_marketing = 'refused'
        self.assertFalse(self._recipients(contact))
        spouse.active = False
        self.assertFalse(self._recipients(contact))

    def test_archived_contact_gives_no_consent(self):
        contact = self._create_mailing_contacts(self.granted.email)
        self.granted.active = False
        self.assertFalse(self._recipients(contact))

    def test_mailing_list(self):
        mailing_list = self.env['mailing.list'].create({'name': "Neuheiten"})
        contacts = self._create_mailing_contacts(
            *self.contacts.mapped('email'), list_ids=[Command.link(mailing_list.id)])
        mailing = self._create_mailing(
            mailing_list, contact_list_ids=[Command.set(mailing_list.ids)],
            mailing_domain=repr([('list_ids', 'in', mailing_list.ids)]))
        self._send(mailing)
        self._assert_reached(mailing, contacts[0])

    def test_sale_orders(self):
        self.user_marketing.group_ids += self.env.ref('sales_team.group_sale_salesman_all_leads')
        orders = self.env['sale.order'].create([
            {'partner_id': contact.id} for contact in self.contacts])
        mailing = self._create_mailing(orders)
        self._send(mailing)
        self._assert_reached(mailing, orders[0])

    def test_order_is_decided_by_its_customer_not_by_whom_shares_the_address(self):
        self._create_customer(email=self.granted.email).consent_marketing = 'refused'
        self.user_marketing.group_ids += self.env.ref('sales_team.group_sale_salesman_all_leads')
        order = self.env['sale.order'].create({'partner_id': self.granted.id})
        self.assertEqual(self._recipients(order), order)

    def test_pos_orders(self):
        self.user_marketing.group_ids += self.env.ref('point_of_sale.group_pos_user')
        session = self.env['pos.session'].create({
            'config_id': self.env['pos.config'].create({'name': "Kasse"}).id})
        amounts = dict.fromkeys(['amount_tax', 'amount_total', 'amount_paid', 'amount_return'], 0)
        self._create_customer(
            email='hans@leser.example', phone='+4930777').consent_marketing = 'granted'
        orders = self.env['pos.order'].create([
            {'session_id': session.id, **amounts} | values for values in [
                {'partner_id': self.granted.id},
                {'partner_id': self.refused.id},
                {'partner_id': self.unasked.id},
                {'email': "Hans <HANS@leser.example>", 'mobile': '+49 (30) 777'},
                {'email': 'rudolf@leser.example', 'mobile': '+4930901821'},
                {},
            ]])
        for mailing_type in ('mail', 'sms'):
            mailing = self._create_mailing(orders, mailing_type)
            self.assertEqual(
                orders.browse(mailing._get_recipients()).sorted('id'), orders[0] | orders[3])
            self._send(mailing)
            self._assert_reached(mailing, orders[0] | orders[3])

    def test_sms_goes_by_the_number_on_the_order(self):
        self.user_marketing.group_ids += self.env.ref('point_of_sale.group_pos_user')
        session = self.env['pos.session'].create({
            'config_id': self.env['pos.config'].create({'name': "Kasse"}).id})
        amounts = dict.fromkeys(['amount_tax', 'amount_total', 'amount_paid', 'amount_return'], 0)
        order = self.env['pos.order'].create({
            'session_id': session.id, 'partner_id': self.granted.id, **amounts})
        self.assertEqual(self._recipients(order, 'sms'), order)
        order.mobile = '+4930901821'
        self.assertFalse(self._recipients(order, 'sms'))

    def test_number_of_queries_does_not_grow_with_the_recipients(self):
        people = self.env['res.partner'].create([
            {'name': f"Leser {i}", 'email': f'leser{i}@leser.example'} for i in range(50)])
        contacts = self._create_mailing_contacts(*people.mapped('email'))
        for records in (people, contacts):
            few, many = (self._create_mailing(batch) for batch in (records[:1], records))
            counts = []
            for mailing in (few, few, many):  # the first run fills the caches
                domain = mailing._get_recipients_domain()
                self.env.flush_all()
                before = self.env.cr.sql_log_count
                records.with_user(self.user_marketing).search(domain)
                counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(counts[1:], [1, 1])

    def test_refusal_counts_at_all_companies_of_one_controller_and_at_no_other(self):
        branch, other = self.env['res.company'].create([
            {'name': "Filiale", 'parent_id': self.env.company.id}, {'name': "Fremder Laden"}])
        hans = self._create_customer(name="Hans", email=self.granted.email, company_id=False)
        contact = self._create_mailing_contacts(self.granted.email)
        hans.with_company(other).consent_marketing = 'refused'
        self.assertEqual(self._recipients(contact), contact)
        hans.with_company(branch).consent_marketing = 'refused'
        self.assertFalse(self._recipients(contact))

    def test_nobody_uses_the_consents_of_a_company_he_does_not_work_for(self):
        other = self.env['res.company'].create({'name': "Fremder Laden"})
        mailing = self._create_mailing(self.contacts).with_user(self.user_marketing)
        with self.assertRaisesRegex(ValidationError, "do not work for the company"):
            mailing.dsgvo_company_id = other

    def test_company_that_advertises_needs_a_consent_of_its_own(self):
        other = self.env['res.company'].create({'name': "Fremder Laden"})
        self.user_marketing.company_ids |= other
        mailing = self._create_mailing(self.contacts)
        self.assertEqual(mailing._get_recipients(), self.granted.ids)
        mailing.dsgvo_company_id = other
        self.assertFalse(mailing._get_recipients())
        self.granted.with_company(other).consent_marketing = 'granted'
        # Whoever sends it, as the job does for all companies.
        self.assertEqual(mailing.with_company(self.env.company)._get_recipients(), self.granted.ids)


@tagged('post_install', '-at_install')
class TestRecipientsOfASalesman(MarketingCommon):
    def test_contact_that_the_user_may_not_read_still_decides(self):
        """A record rule on contacts must not hide a refusal."""
        self.env['ir.rule'].create({
            'name': "No customers", 'model_id': self.env['ir.model']._get_id('res.partner'),
            'domain_force': repr([('id', 'not in', self.contacts.ids)]),
            'perm_write': False, 'perm_create': False, 'perm_unlink': False})
        user = new_test_user(
            self.env, 'dsgvo_newsletter',
            groups='base.group_user,mass_mailing.group_mass_mailing_user')
        contacts = self._create_mailing_contacts(*self.contacts.mapped('email'))
        mailing = self._create_mailing(contacts).with_user(user)
        self.assertEqual(mailing._get_recipients(), contacts[0].ids)

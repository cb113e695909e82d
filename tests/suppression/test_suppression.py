from contextlib import closing
from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from ..erasure.common import PERSON, ShopCommon


@tagged('post_install', '-at_install')
class TestSuppression(ShopCommon):
    def _erase(self):
        self._sell(self._order())
        self._run_cron()
        self.assertFalse(self.customer.exists())

    def _import(self, *lines):
        """Import contacts as the clerk: name, e-mail, consent to advertising, its date."""
        return self.env['res.partner'].with_user(self.clerk).with_context(import_file=True).load(
            ['name', 'email', 'consent_marketing', 'consent_date'], [list(line) for line in lines])

    def _day(self, days):
        return str(self.env.company._dsgvo_today() + timedelta(days=days))

    def test_who_comes_back_is_recognised_by_either_address(self):
        self._erase()
        values = [{'name': "Neu", 'email': "ADELHEID@Quittenbaum.example"},
                  {'name': "Neu", 'phone': PERSON['phone']},
                  {'name': "Andere", 'email': 'other@quittenbaum.example'}]
        back = self.env['res.partner'].with_user(self.clerk).create(values)
        today = self.env.company._dsgvo_today()
        self.assertRecordValues(back, [
            {'dsgvo_suppressed_since': today, 'dsgvo_suppressed_reason': 'erased'},
            {'dsgvo_suppressed_since': today, 'dsgvo_suppressed_reason': 'erased'},
            {'dsgvo_suppressed_since': False, 'dsgvo_suppressed_reason': False}])
        self.assertFalse(back._dsgvo_allows('marketing') | back._dsgvo_allows('notification'))

    def test_who_comes_back_is_recognised_by_another_spelling_of_the_address(self):
        self.customer.email = 'ute@bücher.example'
        self._erase()
        back = self.env['res.partner'].with_user(self.clerk).create(
            {'name': "Neu", 'email': 'Ute@xn--bcher-kva.example'})
        self.assertEqual(back.dsgvo_suppressed_since, self.env.company._dsgvo_today())
        listed = self.env['dsgvo.suppression'].with_user(
            new_test_user(self.env, 'spelling_officer', groups='dsgvo.group_officer'))
        for written in 'ute@bücher.example', 'ute@xn--bcher-kva.example':
            self.assertTrue(listed.search([('address', '=', written)]), written)

    def test_address_entered_later_is_recognised(self):
        self._erase()
        back = self.env['res.partner'].with_user(self.clerk).create({'name': "Neu"})
        back.email = PERSON['email']
        self.assertEqual(back.dsgvo_suppressed_since, self.env.company._dsgvo_today())

    def test_imported_consent_from_before_is_refused_for_its_line_only(self):
        self._erase()
        result = self._import(
            ("Andere", 'other@quittenbaum.example', 'granted', self._day(-9)),
            ("Rückkehr", PERSON['email'], 'granted', self._day(-9)))
        self.assertFalse(result['ids'])
        self.assertEqual([message['record'] for message in result['messages']], [1])
        self.assertIn("Rückkehr was erased or objected", result['messages'][0]['message'])

    def test_consent_given_anew_counts_and_lifts_the_note(self):
        self._erase()
        back = self.env['res.partner'].with_user(self.clerk).create(
            {'name': "Neu", 'email': PERSON['email']})
        back.consent_marketing = 'granted'
        self.assertRecordValues(
            back, [{'consent_marketing': 'granted', 'dsgvo_suppressed_since': False}])

    def test_objection_outlives_the_deleted_contact(self):
        self.customer.consent_marketing = 'refused'
        self.customer.unlink()
        result = self._import(("Neu", PERSON['email'], '', ''))
        back = self.env['res.partner'].browse(result['ids'])
        self.assertRecordValues(back, [{'dsgvo_suppressed_reason': 'objected'}])

    def test_central_number_is_the_same_with_and_without_its_zero(self):
        """Any other extension is another line, and so are digits that only end with a zero."""
        germany = {'country_id': self.env.ref('base.de').id}
        numbers = "(030) 7654321-0", "030 7654321", "030 7654321-12", "030 76543210"
        for number, recognised in {
                "(030) 7654321-0": [True, True, False, True],
                "030 7654321": [True, True, False, False],
                "030 7654321-12": [False, False, True, False]}.items():
            with self.subTest(number=number), closing(self.env.cr.savepoint()):
                objector = self._create_customer(email=False, phone=number, **germany)
                objector.consent_marketing = 'refused'
                objector.unlink()
                back = self.env['res.partner'].create(
                    [{'name': "Neu", 'phone': each} | germany for each in numbers])
                self.assertEqual(
                    [reason == 'objected' for reason in back.mapped('dsgvo_suppressed_reason')],
                    recognised)

    def test_objection_by_telephone_reaches_who_has_the_central_number(self):
        germany = self.env.ref('base.de').id
        customers = self.env['res.partner'].create([
            {'name': f"Kundin {number}", 'phone': number, 'country_id': germany}
            for number in ("(030) 7654321-0", "030 7654321 - 0; 0171 7654399", "030 7654321-12",
                           "030 76543210")])
        self.env['phone.blacklist'].sudo().create({'number': '+49307654321'})
        self.assertEqual(
            customers.mapped('consent_marketing'), ['refused', 'refused', False, False])

    def test_old_consent_is_refused_once_the_objector_is_gone(self):
        self.customer.consent_marketing = 'refused'
        self.customer.unlink()
        result = self._import(("Neu", PERSON['email'], 'granted', self._day(-9)))
        self.assertFalse(result['ids'])
        self.assertIn("is from before", result['messages'][0]['message'])

    def test_mailing_to_the_address_reaches_nobody(self):
        self._erase()
        contact = self.env['mailing.contact'].sudo().create({'name': "X", 'email': PERSON['email']})
        self.assertFalse(contact._dsgvo_filter_marketing('mail'))

    def _enter(self, **consents):
        """Create a contact without address, as an import of consents does."""
        values = {'name': "Neu"} | consents
        result = self.env['res.partner'].with_user(self.clerk).load([*values], [[*values.values()]])
        self.assertFalse(result['messages'])
        return self.env['res.partner'].browse(result['ids'])

    def test_consents_from_before_an_erasure_end_when_the_address_is_entered(self):
        other = self.env['res.company'].create({'name': "Fremder Laden"})
        self._erase()
        consents = dict.fromkeys(
            ('consent_storage', 'consent_notification', 'consent_marketing'), 'granted')
        back = self._enter(**consents, consent_date=self._day(-9))
        back.with_company(other)._dsgvo_record(
            {'marketing': 'granted'}, self._day(-9), means='paper')
        back.with_user(self.clerk).email = f"neu@quittenbaum.example, {PERSON['email']}"
        for company in self.env.company | other:
            self.assertRecordValues(back.with_company(company), [{
                'consent_storage': False, 'consent_notification': False,
                'consent_marketing': False, 'dsgvo_suppressed_reason': 'erased'}])
        self.assertFalse(back._dsgvo_filter_marketing('mail'))
        self.assertIn("ask again", back.dsgvo_expired_notice)

    def test_consent_from_before_an_objection_is_withdrawn_when_the_address_is_entered(self):
        self.env['mail.blacklist']._add('weg@quittenbaum.example')
        back = self._enter(consent_storage='granted', consent_marketing='granted',
                           consent_date=self._day(-9))
        back.with_user(self.clerk).email = 'weg@quittenbaum.example'
        self.assertRecordValues(back, [{
            'consent_storage': 'granted', 'consent_marketing': 'refused',
            'dsgvo_suppressed_reason': 'objected',
            'dsgvo_suppressed_since': self.env.company._dsgvo_today()}])
        self.assertFalse(back._dsgvo_filter_marketing('mail'))

    def test_consent_of_the_day_or_later_stands_when_the_address_is_entered(self):
        self._erase()
        self.env['mail.blacklist']._add('weg@quittenbaum.example')
        for email in (PERSON['email'], 'weg@quittenbaum.example'):
            with self.subTest(email=email):
                back = self._enter(consent_marketing='granted', consent_date=self._day(0))
                back.with_user(self.clerk).email = email
                self.assertRecordValues(back, [{
                    'consent_marketing': 'granted', 'dsgvo_suppressed_since': False}])

    def test_consent_stands_while_the_objector_shares_the_address(self):
        objector = self._create_customer(
            name="Hans", email='beide@quittenbaum.example', phone=False)
        objector.consent_marketing = 'refused'
        wife = self._enter(consent_marketing='granted', consent_date=self._day(-9))
        wife.email = objector.email
        self.assertEqual(wife.consent_marketing, 'granted')
        self.assertFalse(objector._dsgvo_filter_marketing('mail'))

    def test_who_refused_and_agreed_later_keeps_the_consent_whatever_is_written(self):
        customer = self._create_customer(email='wanda@quittenbaum.example', phone="030 777666")
        for day, answer in (-900, 'refused'), (-90, 'granted'):
            customer._dsgvo_record({'marketing': answer}, self._day(day), means='paper')
        for values in ({'phone': "030 777667"}, {'email': customer.email},
                       {'email': 'w@quittenbaum.example', 'phone': False}):
            customer.with_user(self.clerk).write(values)
            self.assertEqual(customer.consent_marketing, 'granted', values)

    def test_objection_of_a_spouse_ends_no_consent_of_who_had_the_address_before(self):
        wife, husband = (self._create_customer(
            name=name, email=f'{name}@quittenbaum.example', phone="030 777666")
            for name in ("wanda", "hans"))
        wife._dsgvo_record({'marketing': 'granted'}, self._day(-9), means='paper')
        husband._dsgvo_record({'marketing': 'refused'}, self._day(0), means='paper')
        husband.phone = False
        for values in {'email': 'neu@quittenbaum.example'}, {'phone': "030 777666"}:
            wife.with_user(self.clerk).write(values)
            self.assertEqual(wife.consent_marketing, 'granted')

    def test_objection_counts_from_its_own_day(self):
        objector = self._create_customer(email='weg@quittenbaum.example', phone=False)
        objector._dsgvo_record({'marketing': 'refused'}, self._day(-100), means='paper')
        objector.unlink()
        back = self._enter(consent_marketing='granted', consent_date=self._day(-9))
        back.email = 'weg@quittenbaum.example'
        self.assertEqual(back.consent_marketing, 'granted')
        before = self._enter(consent_marketing='granted', consent_date=self._day(-101))
        before.email = 'weg@quittenbaum.example'
        self.assertEqual(before.consent_marketing, 'refused')

    def test_old_consent_is_refused_by_an_address_below_the_person(self):
        self._erase()
        person = self._create_customer(name="Neu", email=False, phone=False)
        self._create_customer(name="Neu", parent_id=person.id, type='delivery', phone=False)
        with self.assertRaisesRegex(ValidationError, "is from before"):
            person.with_user(self.clerk)._dsgvo_record(
                {'storage': 'granted'}, self._day(-9), means='paper')

    def test_later_objection_does_not_hide_the_erasure(self):
        self._erase()
        Suppression = self.env['dsgvo.suppression'].sudo()
        Suppression._suppress_since(
            {('email', PERSON['email']): self.env.company._dsgvo_today() + timedelta(days=1)},
            'objected')
        with self.assertRaisesRegex(ValidationError, "is from before"):
            self._create_customer()._dsgvo_record(
                {'storage': 'granted'}, self._day(-9), means='paper')

    def test_consent_that_is_over_does_not_lift_the_note(self):
        self._erase()
        self.env.cr.execute("UPDATE dsgvo_suppression SET since = '2010-01-01'")
        self.env.company.dsgvo_validity_marketing = 12
        back = self._create_customer()
        back._dsgvo_record({'marketing': 'granted'}, self._day(-900), means='paper')
        self.assertTrue(back.dsgvo_suppressed_since)

    def test_shared_address_of_a_living_customer_is_not_suppressed(self):
        self._create_customer(name="Balthasar Ohlendorf", phone=False)
        self._erase()
        self.assertEqual(self.env['dsgvo.suppression'].sudo().search([]).mapped('kind'), ['phone'])

    def test_list_holds_no_address_and_is_the_officers(self):
        self._erase()
        self.assertEqual(
            self._find_in_database(PERSON['email'], PERSON['name'], PERSON['street']), {})
        self.assertEqual(
            set(self.env['dsgvo.suppression'].sudo().search([]).mapped('kind')), {'email', 'phone'})
        with self.assertRaises(AccessError):
            self.env['dsgvo.suppression'].with_user(self.clerk).search([])

    def test_batch_costs_one_query(self):
        partners = self.env['res.partner'].create(
            [{'name': f"Kunde {n}", 'email': f'kunde{n}@shop.example'} for n in range(20)])
        Suppression = self.env['dsgvo.suppression']
        Suppression._hash('email', 'warm up')
        addresses = {partner: partner._dsgvo_addresses() for partner in partners}
        with self.assertQueryCount(1):
            Suppression._find(addresses)

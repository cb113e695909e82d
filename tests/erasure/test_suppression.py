from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PERSON, ShopCommon


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
        partners.mapped('email_normalized')
        with self.assertQueryCount(1):
            Suppression._find(partners)

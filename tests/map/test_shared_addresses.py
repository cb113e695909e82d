from odoo import Command
from odoo.tests import BaseCase, tagged

from odoo.addons.dsgvo.models.map.address_owners import is_same_name
from odoo.addons.dsgvo.models.marketing.res_partner import NO_DECISION

from ..erasure.common import PERSON, ShopCommon

EMAIL = 'daheim@leser.example'
HERS = [
    "Adelheid Quittenbaum", "ADELHEID  QUITTENBAUM", "Quittenbaum, Adelheid",
    "Frau Dr. Adelheid Quittenbaum", "A. Quittenbaum", "Adelheid", "Quittenbaum",
    "Adélheid Quittenbaum", "Adelheid Maria Quittenbaum"]
OF_OTHERS = [
    "Balthasar Quittenbaum", "B. Quittenbaum", "Familie Quittenbaum",
    "Adelheid und Balthasar Quittenbaum", "Adelheid & Balthasar Quittenbaum", "Kegelverein",
    "Verein 1860", "Anton 2", "info@verein.example"]


@tagged('post_install', '-at_install')
class TestSameName(BaseCase):
    def test_name_of_the_person_in_any_spelling(self):
        for written in HERS:
            with self.subTest(written=written):
                self.assertTrue(is_same_name(written, PERSON['name']))

    def test_name_of_somebody_else_or_of_several(self):
        for written in OF_OTHERS:
            with self.subTest(written=written):
                self.assertFalse(is_same_name(written, PERSON['name']))

    def test_only_a_surname_is_not_found_in_the_names_of_the_family(self):
        self.assertTrue(is_same_name("Berg", "Berg"))
        self.assertFalse(is_same_name("Ute Berg", "Berg"))


@tagged('post_install', '-at_install')
class TestSharedAddresses(ShopCommon):
    """Rows that only an e-mail address or a number connects with the person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = EMAIL
        cls.mailing_list = cls.env['mailing.list'].sudo().create({'name': "Neuigkeiten"})

    def _subscribe(self, *names, **values):
        return self.env['mailing.contact'].sudo().create([
            {'name': name, 'email': EMAIL,
             'list_ids': [Command.link(self.mailing_list.id)]} | values for name in names])

    def _block(self):
        return (
            self.env['mail.blacklist'].sudo().with_context(dsgvo_no_decision=NO_DECISION).create(
                {'email': EMAIL}),
            self.env['phone.blacklist'].sudo().with_context(dsgvo_no_decision=NO_DECISION).create(
                {'number': PERSON['phone']}))

    def _erase(self, *customers):
        for customer in customers or [self.customer]:
            self.env['dsgvo.erasure']._enqueue(customer, 'request', self.env.company)
        self._run_cron()
        self.assertFalse(self.customer.exists())

    def test_rows_with_her_name_or_none_go(self):
        rows = self._subscribe(
            *HERS, False, EMAIL, "030 / 901820", "-", f"Adelheid Quittenbaum, {PERSON['phone']}")
        self._erase()
        self.assertFalse(rows.exists())

    def test_rows_with_another_name_stay_by_address_and_by_number(self):
        by_email = self._subscribe(*OF_OTHERS)
        by_number = self._subscribe("Balthasar Ohlendorf", email=False, mobile=PERSON['phone'])
        self._erase()
        self._search_database()
        self.assertEqual(by_email.exists().mapped('email'), [EMAIL] * len(OF_OTHERS))
        self.assertEqual(by_number.exists().phone_sanitized, '+4930901820')
        self.assertFalse(self.env['dsgvo.erasure.residual'].sudo().search([]))

    def test_row_without_a_name_stays_although_links_of_the_model_are_empty(self):
        self.addCleanup(lambda: self.registry._setup_models__(self.cr))
        self.env['ir.model.fields'].sudo().create({
            'model_id': self.env['ir.model']._get_id('mailing.contact'), 'name': 'x_people',
            'field_description': "People", 'ttype': 'many2many', 'relation': 'res.partner'})
        self.env['dsgvo.data.rule'].sudo().create({
            'model': 'mailing.contact', 'field': 'x_people', 'erase': 'detach', 'sequence': 1,
            'reached_by': 'email:email_normalized', 'category': 'marketing'})
        unnamed, named = self._subscribe(False, "Doris Dachs")
        self._erase(self.customer)
        self.assertTrue(named.exists())
        self.assertTrue(unnamed.exists())

    def test_block_list_stays_where_somebody_else_has_the_address(self):
        email, number = self._block()
        self._subscribe("Balthasar Quittenbaum")
        self._erase()
        self.assertEqual((email.exists(), number.exists()), (email, number.browse()))
        self.assertEqual(
            self.env['dsgvo.suppression'].sudo().search([('reason', '=', 'erased')]).mapped('kind'),
            ['phone'])

    def test_block_list_goes_where_nobody_else_has_the_address(self):
        email, number = self._block()
        self._subscribe("Quittenbaum, Adelheid")
        self._erase()
        self.assertFalse(email.exists() or number.exists())

    def test_trace_of_a_mailing_to_somebody_else_stays(self):
        spouse = self._subscribe("Balthasar Quittenbaum")
        mailing = self.env['mailing.mailing'].sudo().create(
            {'subject': "Lesung", 'mailing_model_id': self.env['ir.model']._get_id('res.partner')})
        trace, own = self.env['mailing.trace'].sudo().create([
            {'mass_mailing_id': mailing.id, 'email': EMAIL, 'model': record._name,
             'res_id': record.id} for record in (spouse, self.customer)])
        self._erase()
        self.assertEqual((trace | own).exists(), trace)

    def test_row_with_her_name_goes_also_where_a_spouse_has_the_address(self):
        self._create_customer(name="Balthasar Quittenbaum", email=EMAIL)
        hers, his, nobodys = self._subscribe(PERSON['name'], "Balthasar Quittenbaum", False)
        self._erase()
        self.assertEqual((hers | his | nobodys).exists(), his | nobodys)

    def test_row_of_two_with_one_name_stays(self):
        self._create_customer(email=EMAIL)
        row = self._subscribe(PERSON['name'])
        self._erase()
        self.assertTrue(row.exists())

    def test_row_of_two_who_are_erased_at_once_goes(self):
        email, _number = self._block()
        spouse = self._create_customer(name="Balthasar Quittenbaum", email=EMAIL)
        rows = self._subscribe(PERSON['name'], "Balthasar Quittenbaum", False)
        self._erase(self.customer, spouse)
        self.assertFalse(rows.exists())
        self.assertFalse(email.exists())

    def test_name_of_an_address_of_hers_is_not_hers(self):
        self._create_customer(
            name="Balthasar Quittenbaum", email=EMAIL, parent_id=self.customer.id, type='delivery')
        row = self._subscribe("Balthasar Quittenbaum")
        self._erase()
        self.assertTrue(row.exists())

    def test_batch_reads_the_list_as_often_as_one_person(self):
        persons = self.env['res.partner'].create([
            {'name': f"Person {chr(65 + n)}", 'email': f'p{n}@leser.example'} for n in range(20)])
        self.env['mailing.contact'].sudo().create(
            [{'name': person.name, 'email': person.email} for person in persons])
        Erasure = self.env['dsgvo.erasure']
        Erasure._dry_run(persons[:1], self.env.company)
        counts = []
        for batch in persons[:1], persons:
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            Erasure._dry_run(batch, self.env.company)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

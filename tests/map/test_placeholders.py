from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.dsgvo.models.map.needles import find_needles
from odoo.addons.dsgvo.models.map.placeholders import is_placeholder
from odoo.addons.dsgvo.models.map.searching import MentionFinder, Searcher

from ..erasure.common import PERSON
from ..search.test_search import NOTE, NeighbourCommon
from .test_numbers import NOBODY

PLACEHOLDERS = {
    'email': ('keine@keine.de', 'unbekannt@laden.example', 'noreply@laden.example',
              'no-reply@laden.example', 'KEINE.EMAIL@laden.example',
              'keine-angabe@laden.example', 'ohne@laden.example', 'xxxxx@xx.xx'),
    'phone': ('0000000000', '+49 000 0000000', '030 3333333', '0171 1111111', '0123456789',
              '0123/456789', '0987654321', '0049 123456789',
              '0172 2222222', '0151 7000000'),
}
REAL = {
    'email': ('mail@anna-berg.example', 'info@verein.example', 'email.berg@laden.example',
              'otto@otto.example', 'kein.horn@laden.example', 'ohnesorg@laden.example',
              'testa@rossa.example', 'anna@leer.example', 'e.leer@laden.example',
              'anna@test.example', 'c.null@laden.example'),
    'phone': ('030 1234567', '0171 1234567', '030 7654321-0', '030 901820', '+43 1 2345876',
              '030 777333', '+49 171 1666767', '+49 176 44444412', '+49 30 33303330'),
}


@tagged('post_install', '-at_install')
class TestPlaceholders(TransactionCase):
    """What is typed in because a field must be filled."""

    def _needles(self, kind, value):
        return find_needles(NOBODY | {kind: value})

    def test_placeholder_is_looked_for_and_proves_nothing(self):
        for kind, values in PLACEHOLDERS.items():
            for value in values:
                with self.subTest(value=value):
                    needles = self._needles(kind, value)
                    self.assertFalse(needles.certain)
                    self.assertEqual({mark.kind for mark in needles.doubtful}, {'doubtful'})

    def test_placeholder_goes_from_texts_of_the_person(self):
        for kind, values in PLACEHOLDERS.items():
            for value in values:
                with self.subTest(value=value):
                    searcher = Searcher(self._needles(kind, value))
                    self.assertEqual(searcher.take_out(f"Bescheid an {value}."),
                                     "Bescheid an ….")

    def test_real_value_is_certain(self):
        for kind, values in REAL.items():
            for value in values:
                with self.subTest(value=value):
                    needles = self._needles(kind, value)
                    self.assertEqual({mark.kind for mark in needles.certain}, {kind})
                    self.assertFalse(needles.doubtful)

    def test_normalized_values(self):
        for kind, value, expected in (
                ('phone', '+490000000000', True), ('phone', '+493033333333', True),
                ('phone', '+49301234567', False), ('email', 'keine@keine.de', True)):
            with self.subTest(value=value):
                self.assertEqual(is_placeholder(kind, value), expected)

    def test_name_proves_something_beside_another_value_only(self):
        finder = MentionFinder({1: find_needles(NOBODY | {
            'name': "Rosa Stern", 'email': 'r@stern.example', 'phone': '030 901820',
            'street': "Weg 17"}).certain})
        for text, found in {
                "Geschenkpapier rosa Stern": set(), "Rosa Stern": set(), "Weg 17": set(),
                "Rosa Stern, Weg 17": {1}, "Rosa Stern, 030/901820": {1},
                "r@stern.example": {1}}.items():
            with self.subTest(text=text):
                self.assertEqual(finder.find_certain({'note': text}), found)
        self.assertEqual(finder.take_out("Rosa Stern, Weg 17", {1}), "…, …")
        self.assertEqual(finder.take_out("Rosa Stern, Weg 17", set()), "Rosa Stern, Weg 17")


@tagged('post_install', '-at_install')
class TestPlaceholdersInTheShop(NeighbourCommon):
    """Customers of whom only a placeholder is known, among others."""

    def _erase(self, **values):
        customer = self._create_customer(**values)
        self.env['dsgvo.erasure']._enqueue(customer, 'request', self.env.company)
        erasure = self._erasure(customer)
        self._run_cron()
        self.assertEqual(erasure.state, 'done', erasure.blocker)
        return erasure.with_user(self.officer)

    def test_neighbour_keeps_it_until_the_officer_decides(self):
        for kind, value in ('email', 'keine@keine.de'), ('phone', '0171 1111111'):
            with self.subTest(kind=kind):
                note = self.order.note = NOTE % value
                erasure = self._erase(**{'email': False, 'phone': False} | {kind: value})
                self._search_database()
                self.assertEqual(self.order.note, note)
                self.assertRecordValues(erasure.residual_ids, [
                    {'model': 'sale.order', 'field': 'note', 'reason': 'possible'}])
                erasure.residual_ids.action_take_out()
                self.assertEqual(self.order.note, NOTE % "…")

    def test_whoever_comes_next_with_it_is_not_known_as_erased(self):
        self._erase(email='keine@keine.de', phone='0000000000')
        following = self.env['res.partner'].create([
            {'name': "Neu", 'email': 'keine@keine.de'}, {'name': "Neu", 'phone': '0000000000'}])
        self.assertEqual(following.mapped('dsgvo_suppressed_reason'), [False, False])

    def test_objection_of_one_says_nothing_of_others_with_it(self):
        customer = self._create_customer(email='keine@keine.de', phone='0000000000')
        customer.consent_marketing = 'refused'
        following = self.env['res.partner'].create({'name': "Neu", 'email': 'keine@keine.de'})
        self.assertFalse(following.dsgvo_suppressed_reason)

    def test_rows_with_it_are_not_the_customers(self):
        contact = self.env['mailing.contact'].sudo().create({'email': 'keine@keine.de'})
        self._erase(email='keine@keine.de')
        self.assertTrue(contact.exists())

    def test_value_of_another_contact_stays_in_the_rows_of_others(self):
        value = 'daheim@leser.example'
        recipient = self._create_customer(name="Cordula Nierenstein", email=value, phone=False)
        self.neighbour.email = value
        order = self._order(customer=self.neighbour, partner_shipping_id=recipient.id,
                            note=f"Cordula Nierenstein, {value}")
        order._action_cancel()
        self.env['dsgvo.erasure']._enqueue(recipient, 'request', self.env.company)
        self._run_cron()
        self.assertFalse(recipient.exists())
        self.assertEqual(order.note, f"<p>…, {value}</p>")

    def test_address_of_the_shop_or_of_a_login_stays(self):
        self.env.company.email = 'laden@buch.example'
        new_test_user(self.env, 'kasse@buch.example', groups='base.group_user').partner_id.email = (
            False)
        for value in 'laden@buch.example', 'kasse@buch.example':
            with self.subTest(value=value):
                note = self.order.note = NOTE % value
                self._erase(name=PERSON['name'], email=value, phone=False)
                self._search_database()
                self.assertEqual(self.order.note, note)

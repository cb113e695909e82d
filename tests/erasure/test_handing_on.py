from odoo.fields import Datetime
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PERSON, ShopCommon

LOGGER = 'odoo.addons.dsgvo'


@tagged('post_install', '-at_install')
class TestHandingOn(ShopCommon):
    """What an erasure hands on to other rooms and addons, before it forgets the person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_customer(
            name="Balthasar Ohlendorf", email='balthasar@ohlendorf.example', phone='+49 30 771234',
            street="Ginstergasse 4")
        cls.customers = cls.customer | cls.other
        cls.Erasure = cls.env['dsgvo.erasure']

    def _note(self):
        self.Erasure._enqueue(self.customers, 'manual', self.env.company)
        return self.Erasure.sudo().search([('partner_id', 'in', self.customers.ids)], order='id')

    def _follow(self, react):
        """Let an addon that is loaded last extend the event."""
        original = type(self.Erasure)._after_erasure

        def _after_erasure(erasures, persons):
            result = original(erasures, persons)
            react(persons)
            return result
        self.patch(type(self.Erasure), '_after_erasure', _after_erasure)

    def _erase(self):
        """Return what was handed on, one dict for each batch."""
        batches = []
        self._follow(batches.append)
        self._run_cron()
        return batches

    def test_batch_is_handed_on_once_with_each_of_its_persons(self):
        erasures, ids = self._note(), self.customers.ids
        [persons] = self._erase()
        self.assertEqual(list(persons), list(erasures))
        self.assertEqual([person.subject_id for person in persons.values()], ids)

    def test_each_field_says_what_it_promises(self):
        created = self.customer.create_date
        order = self._order(note="Für Adelheid Quittenbaum")
        order.with_user(self.clerk)._action_cancel()
        erasure = self._note()[0]
        before = Datetime.now()
        [persons] = self._erase()
        person = persons[erasure]
        self.assertEqual(person.created, created)
        self.assertEqual((person.removed['res.partner'], person.removed['sale.order']), (1, 1))
        self.assertIsNone(person.until)
        self.assertEqual((person.kept, person.recipients), ([], []))
        self.assertEqual(
            person.addresses, {('email', PERSON['email']), ('phone', '+4930901820')})
        self.assertEqual(
            {mark.kind for mark in person.marks}, {'email', 'phone', 'name', 'street'})
        self.assertIn(PERSON['email'], {mark.text for mark in person.marks})
        self.assertGreaterEqual(person.sought, {'email', 'phone', 'name', 'street'})
        self.assertGreater(person.searched, 0)
        self.assertGreaterEqual(person.verified, before.replace(microsecond=0))

    def test_person_of_a_document_has_the_last_day_and_what_is_kept(self):
        self._sell(self._order(), to_invoice=True)
        self.config.current_session_id.action_pos_session_closing_control()
        erasure = self._erasure()
        [persons] = self._erase()
        person = persons[erasure]
        self.assertEqual((person.until.month, person.until.day), (12, 31))
        self.assertEqual(erasure.restricted_until, person.until)
        self.assertIn('account.move', {line['model'] for line in person.kept})

    def test_address_that_somebody_else_has_is_not_handed_on(self):
        self._create_customer(name="Bert Quittenbaum", phone=False, street=False)
        erasure = self._note()[0]
        [persons] = self._erase()
        self.assertEqual(persons[erasure].addresses, {('phone', '+4930901820')})

    def test_state_and_certificate_and_all_rooms_come_first(self):
        seen = []
        self._note()
        self._follow(lambda persons: seen.extend(
            (erasure.state, erasure.certificate_intact, bool(erasure.identity), bool(
                erasure.env['dsgvo.erasure.value'].search_count([('erasure_id', '=', erasure.id)])))
            for erasure in persons))
        self._run_cron()
        self.assertEqual(seen, [('done', True, True, True)] * 2)

    def test_who_reacts_with_an_error_stops_only_that_person(self):
        erasures = self._note()

        def refuse(persons):
            if erasures[0] in persons:
                raise ValueError
        self._follow(refuse)
        with mute_logger(LOGGER):
            self._run_cron()
        self.assertEqual(erasures.mapped('state'), ['blocked', 'done'])
        self.assertEqual(self.customers.exists(), self.customer)
        self.assertEqual(self.customer.name, PERSON['name'])
        self.assertFalse(erasures[0].certificate)

    def test_person_says_nothing_of_itself_in_a_log(self):
        self._note()
        [persons] = self._erase()
        for person in persons.values():
            self.assertNotIn('example', f"{person} {person!r}")

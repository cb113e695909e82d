from odoo.tests import tagged

from .common import GateCommon

SPELLINGS = (
    '+49 172 5556677', '0172 5556677', '0049172 5556677', '01725556677', '0172/555-6677',
    '+49 (0)172 5556677', '49 172 5556677', '(0172) 5556677')


@tagged('post_install', '-at_install')
class TestSpellings(GateCommon):
    """A number or an address is the same, however it is written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref('base.de')

    def _left(self, number, **values):
        """Return whether Odoo by itself may send an SMS to the number."""
        return bool(self.env['sms.sms'].create({'number': number, 'body': "Neu"} | values))

    def test_every_spelling_is_the_number_of_the_customer(self):
        for typed in SPELLINGS:
            self.customer.phone = typed
            for number in SPELLINGS:
                with self.subTest(typed=typed, number=number):
                    self.customer.consent_marketing = 'refused'
                    self.assertFalse(self._left(number))
                    self.customer.consent_marketing = 'granted'
                    self.assertTrue(self._left(number))

    def test_server_action_with_the_number_as_it_was_typed(self):
        self.contacts.phone = False
        action = self._server_action(state='code', code=(
            "env['sms.sms'].create({'number': record.phone, 'body': 'x'}).send()"))
        for number, contact in enumerate(self.contacts):
            contact.phone = f'0172 555667{number}'
        with self.mockSMSGateway():
            for contact in self.contacts:
                self._run(action, contact)
        self.assertEqual([sms['number'] for sms in self._sms], [self.granted.phone])

    def test_number_of_a_customer_abroad_is_found_as_it_was_typed(self):
        self.customer.write({'country_id': self.env.ref('base.at').id, 'phone': '0664 1234567'})
        self.assertEqual(self.customer.phone_sanitized, '+436641234567')
        self.customer.consent_marketing = 'refused'
        for number in ('0664 1234567', '0664/12345-67', '+43 664 1234567', '0043 664 1234567'):
            self.assertFalse(self._left(number), number)

    def test_prospect_is_known_in_every_spelling(self):
        self.env['mailing.contact'].create({'name': "Interessent", 'mobile': SPELLINGS[0]})
        for number in SPELLINGS:
            self.assertFalse(self._left(number), number)

    def test_stranger_is_whose_number_can_be_read(self):
        for number in SPELLINGS:
            self.assertTrue(self._left(number), number)
        for number in ('12345', '0172 5556677 / 0172 5556688', '+1'):
            self.assertFalse(self._left(number), number)

    def test_blocked_number_is_blocked_in_every_spelling(self):
        self.customer.phone = SPELLINGS[0]
        self.customer.consent_marketing = 'granted'
        blocked = self.env['phone.blacklist'].create({'number': SPELLINGS[0]})
        self.customer.consent_marketing = 'granted'
        self.assertTrue(blocked.active)
        for number in SPELLINGS:
            self.assertFalse(self._left(number), number)

    def test_address_in_another_spelling_is_the_customer(self):
        for email in ('rudolf@leser.example.', '"rudolf"@leser.example', 'RUDOLF@leser.example'):
            mail = self.env['mail.mail'].create({'email_to': email})
            self.assertFalse(mail.id, email)

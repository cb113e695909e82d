from odoo.tests import HttpCase, tagged

from odoo.addons.dsgvo.models.screen.covering import MASK

from .common import ScreenCommon
from .recording import RecordingMixin

PERSON = ("Irene", 'irene@wermut.example', '431 77', 'Ankerweg', '24103')


@tagged('post_install', '-at_install')
class TestScreenTours(RecordingMixin, ScreenCommon, HttpCase):
    """A clerk in Chromium; everything that the server sends is searched."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other.write({
            'ref': 'K-2020', 'phone': '+49 431 77', 'street': "Ankerweg 5", 'zip': '24103'})
        cls.order.unlink()
        cls.env['sale.order'].create({'partner_id': cls.other.id, 'user_id': cls.screened.id})

    def _start(self, url, tour):
        self.start_tour(url, tour, login='screened')
        self.assertTrue(self._find_in_answers("Adelheid"), "Nothing was recorded.")
        self.assertEqual(self._find_in_answers(*PERSON), [])

    def test_order_for_one_customer_sends_nothing_of_another(self):
        self._start('/odoo/action-sale.action_quotations', 'dsgvo_screen_office')

    def test_contact_is_shown_covered_and_saved_whole(self):
        self._start(f'/odoo/res.partner/{self.customer.id}', 'dsgvo_screen_contact')
        self.assertRecordValues(self.customer, [{
            'function': "Reader", 'email': 'adelheid@quittenbaum.example',
            'street': "Holunderweg 17", 'phone': '+49 30 901820'}])
        self.assertIn("Allergic", self.customer.comment)

    def test_browser_of_anybody_is_screened_by_its_switch(self):
        for cookies, answer in ({}, 'adelheid@quittenbaum.example'), (
                {'dsgvo_screened': '1'}, MASK):
            with self.subTest(cookies=cookies):
                self.authenticate('dsgvo_clerk', 'dsgvo_clerk')
                self.opener.cookies.update(cookies)
                for method, args in (
                        ('read', [self.customer.ids, ['email']]),
                        ('search_read', [[('id', '=', self.customer.id)], ['email']]),
                        ('web_read', [self.customer.ids, {'email': {}}])):
                    [row] = self.make_jsonrpc_request(
                        f'/web/dataset/call_kw/res.partner/{method}',
                        {'model': 'res.partner', 'method': method, 'args': args, 'kwargs': {}})
                    self.assertEqual(row['email'], answer, method)

from urllib.parse import urlsplit

import requests
from lxml import html

from odoo.tests import tagged
from odoo.tests.common import TEST_CURSOR_COOKIE_NAME

from odoo.addons.point_of_sale.tests.test_frontend import TestPointOfSaleHttpCommon

PURPOSES = ('storage', 'notification', 'marketing')


@tagged('post_install', '-at_install')
class TestAskTours(TestPointOfSaleHttpCommon):
    """A cashier without the right to change contacts asks, and the customer answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('de_DE')
        Partner = cls.env['res.partner']
        cls.customer = Partner.create({
            'name': "Adelheid Quittenbaum", 'email': 'adelheid@quittenbaum.example',
            'lang': 'de_DE'})
        Partner.create({'name': "Clara Wolkenstein"}).write(
            {f'consent_{purpose}': 'granted' for purpose in PURPOSES})

    def _run(self, tour):
        """Run a tour; return the decisions of the customer, and the sales."""
        self.main_pos_config.with_user(self.pos_user).open_ui()
        self.start_pos_tour(tour)
        self.env.invalidate_all()
        return (self.customer.sudo().consent_event_ids.sorted('id'),
                self.main_pos_config.current_session_id.order_ids)

    def test_grey_badge_becomes_coloured_and_the_sale_is_told_about(self):
        events, order = self._run('dsgvo_pos_badge')
        self.assertRecordValues(events, [{
            'purpose': 'notification', 'decision': 'granted', 'means': 'till',
            'user_id': self.pos_user.id, 'till': self.main_pos_config.name}])
        self.assertEqual(events.wording_id.lang, 'de_DE')
        self.assertRecordValues(order, [{
            'partner_id': self.customer.id, 'state': 'paid', 'notification_type': 'M'}])

    def test_three_touches_grant_all_in_the_middle_of_a_payment(self):
        events, order = self._run('dsgvo_pos_three_touches')
        self.assertEqual(events.mapped('decision'), ['granted'] * 3)
        self.assertEqual(order.state, 'paid')

    def test_customer_signs_on_the_turned_tablet(self):
        events, _order = self._run('dsgvo_pos_sign')
        place = {'means': 'tablet', 'till': self.main_pos_config.name, 'user_id': self.pos_user.id}
        self.assertRecordValues(events, [
            place | {'purpose': 'storage', 'decision': 'granted', 'proof_is_image': True},
            place | {'purpose': 'marketing', 'decision': 'refused', 'proof_is_image': False}])

    def test_answer_and_sale_without_connection_arrive_once_after_a_reload(self):
        """The reply to the first sending is lost, so the answer is sent twice."""
        events, order = self._run('dsgvo_pos_offline_answer')
        self.assertRecordValues(events, [{
            'purpose': 'notification', 'decision': 'granted', 'means': 'till'}])
        self.assertLessEqual(events.decided_at, order.date_order)
        self.assertRecordValues(order, [{
            'state': 'paid', 'partner_id': self.customer.id, 'notification_type': 'M'}])
        self.assertEqual(self.env['dsgvo.till.answer'].sudo().search_count([]), 1)

    def fetch_proxy(self, url):
        """Be the phone of the customer: another browser, without a login."""
        parts = urlsplit(url)
        if parts.hostname != 'phone.example':
            return super().fetch_proxy(url)
        phone = requests.Session()
        # Read by the test's server; nothing else is shared with the browser of the till.
        phone.cookies.set(TEST_CURSOR_COOKIE_NAME, self.http_request_key)
        page = phone.get(self.base_url() + parts.path)
        hidden = {
            field.get('name'): field.get('value')
            for field in html.fromstring(page.text).iterfind('.//input[@type="hidden"]')}
        answer = phone.post(
            self.base_url() + parts.path, data=hidden | dict.fromkeys(PURPOSES, 'granted'))
        return self.make_fetch_proxy_response(answer.text)

    def test_customer_answers_on_the_own_phone_and_the_badge_follows(self):
        self.main_pos_config.dsgvo_answer_on_phone = True
        events, _order = self._run('dsgvo_pos_phone')
        self.assertEqual(events.mapped('decision'), ['granted'] * 3)
        self.assertEqual(set(events.mapped('means')), {'own_phone'})
        self.assertEqual(events.user_id, self.env.ref('base.public_user'))

from datetime import timedelta

from lxml import html

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.dsgvo.controllers.till import answer

from ..erasure.common import PERSON
from ..screens.common import look_at_page
from .common import TillCommon


@tagged('post_install', '-at_install')
class TestAnswerPage(TillCommon, HttpCase):
    """The page on which a customer answers on the own phone, or on the customer display."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.config.dsgvo_answer_on_phone = True
        cls.opened = cls._open_register(cls.config)

    def setUp(self):
        super().setUp()
        self.patch(answer, 'limit', answer.RateLimit())
        self.page = self._open()

    def _open(self, means='own_phone', customer=None, config=None):
        """Return where the till sends a customer."""
        return self.env['dsgvo.answer.link'].with_user(self.cashier).open_for_till(
            (config or self.config).id, (customer or self.customer).id, means)

    def _end(self, config=None):
        self.env['dsgvo.answer.link'].with_user(self.cashier).end_for_till(
            (config or self.config).id, self.page['id'])

    def _look(self, path=None):
        return self.url_open(path or self.page['path'])

    def _post(self, form=None, **answers):
        """Send the form of the page as the browser of the customer does."""
        form = form if form is not None else self._look().text
        hidden = {
            field.get('name'): field.get('value')
            for field in html.fromstring(form).iterfind('.//input[@type="hidden"]')}
        return self.url_open(self.page['path'], data=hidden | answers)

    def _events(self):
        self.env.invalidate_all()
        return self.env['dsgvo.consent.event'].sudo().search(
            [('partner_id', '=', self.customer.id)])

    def test_page_is_accessible_on_telephone_and_display(self):
        for name, path in (('asked', self.page['path']), ('ended', self.page['path'] + 'x')):
            for size in ('320x640', '800x1280', '1280x800'):
                with self.subTest(name, size=size):
                    self.browser_size = size
                    self.browser_js(path, look_at_page())

    def test_looking_changes_nothing_and_shows_nobodys_data(self):
        page = self._look()
        self.assertEqual(page.status_code, 200)
        for text in PERSON.values():
            self.assertNotIn(text, page.text)
        self.assertIn(self.env.company.name, page.text)
        self.assertFalse(html.fromstring(page.text).xpath('//input[@checked]'))
        self.assertEqual(page.headers['Cache-Control'], 'no-store')
        self.assertFalse(self._events())
        self.assertEqual(self._look().status_code, 200)

    def test_answer_is_recorded_once(self):
        told = []
        self.patch(self.registry['pos.config'], '_notify', lambda config, *message: (
            told.append(message)))
        form = self._look().text
        self.assertIn("Thank you", self._post(form, notification='granted', storage='refused').text)
        self.assertEqual(self._post(form, notification='refused').status_code, 404)
        self.assertRecordValues(self._events().sorted('purpose'), [
            {'purpose': 'notification', 'decision': 'granted', 'means': 'own_phone',
             'till': self.config.name, 'user_id': self.env.ref('base.public_user').id},
            {'purpose': 'storage', 'decision': 'refused', 'means': 'own_phone',
             'till': self.config.name, 'user_id': self.env.ref('base.public_user').id}])
        self.assertTrue(all(event.wording_id and event.decided_at for event in self._events()))
        self.assertEqual(self.customer.consent_notification, 'granted')
        self.assertIn(('DSGVO_ANSWERED', {'id': self.page['id']}), told)
        self.assertEqual(self._look().status_code, 404)

    def test_wording_that_is_no_number_is_ignored(self):
        self._post(storage='granted', wording_storage='9' * 5000)
        self.assertEqual(self._events().decision, 'granted')

    def test_display_is_named_as_the_means(self):
        self.config.dsgvo_answer_on_phone = False
        self.page = self._open('display')
        self._post(marketing='granted')
        self.assertEqual(self._events().means, 'display')

    def test_nothing_marked_is_asked_again(self):
        self.assertIn('role="alert"', self._post().text)
        self.assertIn('role="alert"', self._post(storage='withdrawn').text)
        self.assertFalse(self._events())
        self._post(storage='granted')
        self.assertEqual(self._events().decision, 'granted')

    def test_another_site_cannot_answer(self):
        answer_of_nobody = self.url_open(self.page['path'], data={'storage': 'granted'})
        self.assertEqual(answer_of_nobody.status_code, 400)
        self.assertFalse(self._events())

    def test_page_ends(self):
        link = self.env['dsgvo.answer.link'].sudo().browse(self.page['id'])
        self.assertNotIn(self.page['path'].split('/')[-1], str(link.read()))
        cases = {
            'wrong secret': lambda: None,
            'time': lambda: link.write(
                {'expires_on': fields.Datetime.now() - timedelta(seconds=1)}),
            'session': lambda: self.opened.write({'state': 'closing_control'}),
            'setting': lambda: self.config.write({'dsgvo_answer_on_phone': False}),
            'archived customer': lambda: self.customer.write({'active': False}),
            'restricted customer': lambda: self.customer.sudo().write(
                {'active': False, 'dsgvo_restricted': True}),
            'new page': lambda: self._open(),
            'closed by the cashier': lambda: self._end(),
            'decision elsewhere': lambda: self.customer.with_user(self.clerk).write(
                {'consent_marketing': 'refused'}),
        }
        form = self._look().text
        for case, end in cases.items():
            with self.subTest(case):
                savepoint = self.env.cr.savepoint()
                end()
                self.env.flush_all()
                if case == 'wrong secret':
                    self.assertEqual(self._look('/dsgvo/answer/wrong').status_code, 404)
                else:
                    self.assertEqual(self._look().status_code, 404)
                    self.assertEqual(self._post(form, storage='granted').status_code, 404)
                savepoint.rollback()
                savepoint.close(rollback=False)
                self.env.invalidate_all()
        self.assertFalse(self._events())

    def test_page_of_an_address_ends_with_its_person(self):
        address = self.env['res.partner'].create({
            'parent_id': self.customer.id, 'type': 'delivery', 'street': "Ahornweg 1"})
        self.page = self._open(customer=address)
        form = self._look().text
        self.customer.active = False
        self.assertEqual(self._post(form, storage='granted').status_code, 404)
        with self.assertRaises(UserError):
            self._open(customer=address)

    def test_refusal_of_odoo_is_not_shown(self):
        form = self._look().text

        def refuse(link, *_args):
            link.partner_id.comment = "Half done"
            raise ValidationError(link.partner_id.name)

        self.patch(self.registry['dsgvo.answer.link'], '_answer', refuse)
        page = self._post(form, storage='granted')
        self.assertEqual(page.status_code, 404)
        self.assertNotIn(PERSON['name'], page.text)
        self.assertFalse(self.customer.comment)

    def test_nothing_recorded_is_no_thanks(self):
        """The person became a company while reading."""
        form = self._look().text
        self.customer.is_company = True
        self.assertEqual(self._post(form, storage='granted').status_code, 404)
        self.assertFalse(self._events())

    def test_nobody_reads_the_pages(self):
        officer = new_test_user(
            self.env, 'only_officer', company_id=self.env.company.id, groups='dsgvo.group_officer')
        for user in officer, self.cashier, self.env.ref('base.user_admin'):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env['dsgvo.answer.link'].with_user(user).search_read([], ['partner_id'])

    def test_till_ends_its_own_pages_only(self):
        self._end(config=self.config.copy({'name': "Andere Kasse"}))
        self.assertEqual(self._look().status_code, 200)
        for user in self.env.ref('base.public_user'), self.clerk:
            with self.subTest(user=user.id), self.assertRaises(AccessError):
                self.env['dsgvo.answer.link'].with_user(user).end_for_till(
                    self.config.id, self.page['id'])
        self.assertEqual(self._look().status_code, 200)

    def test_page_of_who_is_erased_goes_with_the_person(self):
        link = self.env['dsgvo.answer.link'].sudo().browse(self.page['id'])
        self.customer.sudo().unlink()
        self.assertFalse(link.exists())

    def test_too_many_requests_are_refused(self):
        self.patch(answer, 'PER_WINDOW', 2)
        self.assertEqual([
            self._look('/dsgvo/answer/guess').status_code for _try in range(3)], [404, 404, 429])
        self.assertEqual(self._look().status_code, 429)

    def test_page_speaks_the_language_of_the_customer(self):
        self.env['res.lang']._activate_lang('de_DE')
        self.customer.lang = 'de_DE'
        page = html.fromstring(self._look().content)
        self.assertEqual(page.get('lang'), 'de-DE')
        self.assertIn("widerrufen", page.text_content())
        self._post(storage='granted')
        self.assertEqual(self._events().wording_id.lang, 'de_DE')

    def test_page_that_has_ended_speaks_the_language_of_the_device(self):
        self.env['res.lang']._activate_lang('de_DE')
        path = '/dsgvo/answer/guess'
        for asked, spoken in (('de', 'de-DE'), ('de-CH', 'de-DE'), ('en-GB', 'en-US')):
            with self.subTest(asked=asked):
                # The session was begun in another language, as by a customer display.
                page = self.url_open(path, headers={'Accept-Language': asked})
                self.assertEqual(html.fromstring(page.content).get('lang'), spoken)

    def test_company_is_asked_for_advertising_only(self):
        self.page = self._open(customer=self._create_customer(is_company=True))
        self.assertEqual(
            html.fromstring(self._look().text).xpath('//fieldset/@data-purpose'), ['marketing'])

    def test_till_opens_pages_for_its_own_customers_and_session_only(self):
        company = self.env['res.company'].create({'name': "Anderer Laden"})
        closed = self.config.copy({'name': "Zu"})
        refused = {
            'customer of another company': lambda: self._open(
                customer=self._create_customer(company_id=company.id)),
            'closed register': lambda: self._open(config=closed),
            'switched off': lambda: (
                self.config.write({'dsgvo_answer_on_phone': False}), self._open()),
            'no such means': lambda: self._open('till'),
        }
        for case, call in refused.items():
            with self.subTest(case), self.assertRaises(UserError):
                call()
        for user in self.env.ref('base.public_user'), self.clerk:
            with self.subTest(user=user.id), self.assertRaises(AccessError):
                self.env['dsgvo.answer.link'].with_user(user).open_for_till(
                    self.config.id, self.customer.id, 'display')

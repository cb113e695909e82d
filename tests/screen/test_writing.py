from odoo.tests import tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from odoo.addons.dsgvo.models.screen.covering import MASK, SCREENED

from .common import ScreenHttpCommon

OWN = "Please keep the receipt"


@tagged('post_install', '-at_install')
class TestWriting(ScreenHttpCommon):
    """What a screened browser sends back, and the ways out that are no field of a form."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.order.with_user(cls.screened).message_post(
            body=OWN, message_type='comment').sudo()

    def _edit(self, body):
        self.make_jsonrpc_request('/mail/message/update_content', {
            'message_id': self.own.id, 'update_data': {'body': body, 'attachment_ids': []}})
        self.own.invalidate_recordset()

    def _post(self, **values):
        self.make_jsonrpc_request('/mail/message/post', {
            'thread_model': 'sale.order', 'thread_id': self.order.id, 'post_data': {
                'message_type': 'comment', 'subtype_xmlid': 'mail.mt_note', **values}})

    def _assert_refused(self, call, *args, **kwargs):
        with mute_logger('odoo.http'), self.assertRaisesRegex(JsonRpcException, 'UserError'):
            call(*args, **kwargs)

    # === MESSAGES === #

    def test_covered_message_is_not_written_over(self):
        for body in f"{MASK} and one more thing", "Something else":
            with self.subTest(body=body):
                self._assert_refused(self._edit, body)
                self.assertIn(OWN, self.own.body)

    def test_message_is_edited_while_its_record_is_shown(self):
        self._show(self.order)
        self._edit("Please keep it well")
        self.assertIn("Please keep it well", self.own.body)
        self._assert_refused(self._edit, f"{MASK} and more")
        self.assertIn("Please keep it well", self.own.body)

    def test_covered_message_is_deleted(self):
        self._edit('')
        self.assertNotIn(OWN, self.own.body)

    def test_mask_is_not_posted(self):
        before = self.order.message_ids
        self._assert_refused(self._post, body=f"Re: {MASK}")
        self.assertEqual(self.order.message_ids, before)
        self._post(body="Packed", subject=MASK)
        [message] = self.order.message_ids - before
        self.assertIn("Packed", message.body)
        self.assertFalse(message.subject)

    def test_mask_is_not_written_by_any_method(self):
        street = self.customer.street
        self._call('res.partner', 'write', self.customer.ids, {'street': MASK, 'function': "X"})
        new_id = self._call('res.partner', 'create', {'name': "Kuno", 'street': MASK})
        self.env.invalidate_all()
        self.assertEqual((self.customer.street, self.customer.function), (street, "X"))
        self.assertFalse(self.env['res.partner'].browse(new_id).street)

    def test_mask_is_not_stored_by_any_other_method(self):
        contacts, messages = self.env['res.partner'].search_count([]), self.order.message_ids
        for model, method, *args in (
                ('res.partner', 'name_create', MASK),
                ('res.partner', 'name_create', f"{MASK} und Söhne"),
                ('ir.default', 'set', 'res.partner', 'function', MASK, True),
                ('sale.order', 'message_post', self.order.ids, [f"<p>{MASK}</p>"])):
            with self.subTest(method=method):
                self._assert_refused(self._call, model, method, *args)
        for kwargs in {'body': f"<p>{MASK}</p>"}, {'body': "Packed", 'subject': MASK}:
            self._assert_refused(
                self._call, 'sale.order', 'message_post', self.order.ids, **kwargs)
        self.assertEqual(self.env['res.partner'].search_count([]), contacts)
        self.assertFalse(self.env['ir.default']._get('res.partner', 'function', user_id=True))
        self.assertEqual(self.order.message_ids, messages)

    def test_mask_is_left_out_of_values_that_a_method_takes(self):
        new_id, *_more = self._call(
            'res.partner', 'copy', self.other.ids, {'street': MASK, 'name': "Irene II"})
        copied = self.env['res.partner'].browse(new_id)
        self.assertEqual((copied.name, copied.street), ("Irene II", self.other.street))

    def test_mask_is_no_default_value(self):
        """A view may give the street of a company as that of a further address."""
        context = {'default_street': MASK, 'default_city': "Berlin"}
        self.assertEqual(
            self._call('res.partner', 'default_get', ['street', 'city'], context=context),
            {'city': "Berlin"})
        new = self._call(
            'res.partner', 'onchange', [], {}, [], {'street': {}, 'city': {}}, context=context)
        self.assertEqual(
            {name: new['value'][name] for name in ('street', 'city')},
            {'street': False, 'city': "Berlin"})

    def test_mask_is_no_default_value_for_a_button(self):
        create = type(self.order).create

        def action_confirm(orders):
            create(orders.browse(), {'partner_id': orders.partner_id.id})
            return True

        self.patch(type(self.order), 'action_confirm', action_confirm)
        self.make_jsonrpc_request('/web/dataset/call_button/sale.order/action_confirm', {
            'model': 'sale.order', 'method': 'action_confirm', 'args': [self.order.ids],
            'kwargs': {'context': {
                'default_client_order_ref': MASK, 'default_origin': "Window"}}})
        order = self.env['sale.order'].search([('origin', '=', "Window")])
        self.assertRecordValues(order, [{'client_order_ref': False}])

    def test_dots_of_the_screen_can_be_searched_for(self):
        found = self._call('res.partner', 'search_read', [('street', 'ilike', MASK)], ['name'])
        self.assertEqual(found, [])
        self.assertEqual(self._call('res.partner', 'name_search', MASK), [])

    def test_dots_that_somebody_types_are_a_name(self):
        new_id, _name = self._call('res.partner', 'name_create', MASK[1:])
        self.assertEqual(self.env['res.partner'].browse(new_id).name, MASK[1:])

    # === WAYS OUT === #

    def test_business_card_comes_when_the_contact_is_shown(self):
        url = f'/web/partner/vcard?partner_ids={self.customer.id}'
        with mute_logger('odoo.http'):
            refused = self.url_open(url)
        self.assertNotIn('adelheid@', refused.text)
        self.assertNotIn('BEGIN:VCARD', refused.text)
        self._show(self.customer)
        self.assertIn('adelheid@quittenbaum.example', self.url_open(url).text)
        both = f'{url},{self.other.id}'
        with mute_logger('odoo.http'):
            self.assertNotEqual(self.url_open(both).headers['Content-Type'], 'application/zip')
        self.authenticate('dsgvo_clerk', 'dsgvo_clerk')
        self.assertIn('irene@wermut.example', self.url_open(
            f'/web/partner/vcard?partner_ids={self.other.id}').text)

    def test_windows_of_a_screened_till_have_no_texts_of_activities(self):
        self.screened.group_ids -= self.env.ref('dsgvo.group_screened')
        activity = self.order.activity_schedule(
            'mail.mail_activity_data_todo', summary="Call Wermut", user_id=self.screened.id)
        calls = (
            ("Call Wermut", 'mail.activity', 'activity_format', activity.ids),
            ('adelheid@', 'res.partner', 'get_mention_suggestions', "Adelheid"))
        for secret, *call in calls:
            with self.subTest(call=call):
                self.assertIn(secret, str(self._call(*call)))
                self.assertNotIn(secret, str(self._call(*call, context={SCREENED: True})))

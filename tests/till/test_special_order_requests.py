from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from psycopg2.errors import LockNotAvailable, SerializationFailure, UniqueViolation

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.http import serialize_exception
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.dsgvo.models.till.special_order_request import RequestTakenError

from .special_orders_common import ISBN, SpecialOrderCommon

DIALOG = Path(__file__).parents[2] / 'static/src/till/special_order/special_order_dialog.js'


@tagged('post_install', '-at_install')
class TestSpecialOrderRequests(SpecialOrderCommon):
    """A request is read strictly, and taken once, however often and by whomever it is sent."""

    def test_till_knows_the_refusal_of_what_was_taken_by_its_name(self):
        name = serialize_exception(RequestTakenError("taken"))['name']
        self.assertIn(f'"{name}"', DIALOG.read_text())

    def test_bad_input_is_refused_in_words_and_creates_nothing(self):
        service = self.env['product.product'].create({'name': "Gift wrap", 'type': 'service'})
        gone = self.env['product.product'].create({'name': "Gone"})
        free = self.env['product.product'].create({'name': "Free", 'list_price': 0})
        archived = self.env['product.product'].create({'name': "Old", 'active': False})
        gone_id = gone.id
        gone.unlink()
        before = self.env['product.product'].with_context(active_test=False).search_count([])
        for article, words in (
                (self._new(code='9783103970884'), "is no ISBN or EAN"),
                (self._new(code='3103970880'), "is no ISBN or EAN"),
                (self._new(code='12345'), "is no ISBN or EAN"),
                (self._new(price=0), "has no price yet"),
                (self._new(price=-3), "has no price yet"),
                (self._new(price=float('nan')), "has no price yet"),
                (self._new(price='12'), "has no price yet"),
                (self._new(title="  "), "Enter the title"),
                (self._new(quantity=0), "quantity must be"),
                (self._new(quantity=0.001), "quantity must be"),
                (self._new(quantity=float('inf')), "quantity must be"),
                (self._new(quantity=-1), "quantity must be"),
                (self._new(quantity=1001), "quantity must be"),
                (self._new(quantity=True), "quantity must be"),
                (self._new(supplier_id=self.customer.id), "supplier is not known"),
                ({'product_id': gone_id, 'quantity': 1}, "article was deleted"),
                ({'product_id': archived.id, 'quantity': 1}, "is archived or not for sale"),
                ({'product_id': service.id, 'quantity': 1}, "is no goods"),
                ({'product_id': free.id, 'quantity': 1}, "has no price. Ask"),
        ):
            with self.subTest(article=article), self.assertRaisesRegex(UserError, words):
                self._take(article)
        with self.assertRaisesRegex(UserError, "Nothing is to be ordered"):
            self.till.take_special_order(self._values() | {'articles': []})
        for day in '2020-01-01', 'soon':
            with self.subTest(day=day), self.assertRaisesRegex(UserError, "no day to come"):
                self._take(wish_date=day)
        self.assertEqual(self.env['product.product'].with_context(
            active_test=False).search_count([]), before)

    def test_what_no_till_sends_is_refused_in_words(self):
        new, values = self._new, self._values
        for case, request in {
            'nothing': None, 'list': [], 'uuid': values(uuid='a\x00b'),
            'huge uuid': values(uuid='0' * 9000), 'no article': values(None),
            'articles': values() | {'articles': {'a': 1}},
            'text as articles': values() | {'articles': 'abc'},
            'product': values({'product_id': 'abc', 'quantity': 1}),
            'true as product': values({'product_id': True, 'quantity': 1}),
            'products': values({'product_id': self.book.ids, 'quantity': 1}),
            'huge product': values({'product_id': 2 ** 40, 'quantity': 1}),
            'title': values(new(title=5)), 'titles': values(new(title=['x'])),
            'long title': values(new(title='x' * 251)),
            'unseen title': values(new(title='\u200b')), 'control title': values(new(title='\x00')),
            'code': values(new(code=9783103970883)), 'long code': values(new(code='9' * 51)),
            'supplier': values(new(supplier_id='abc')), 'tax': values(new(tax_id=[1])),
            'partner': values(partner_id='abc'), 'partners': values(partner_id=[1]),
            'type': values(notification_type='Z'), 'types': values(notification_type=['M']),
            'wish': values(wish_date=20990101), 'price': values(new(price=1e300)),
            'huge price': values(new(price=10 ** 400)),
            'quantity': values({'product_id': self.book.id, 'quantity': 10 ** 400}),
            'many': values(*[new()] * 101),
        }.items():
            with self.subTest(case=case), self.assertRaises(UserError):
                self.till.take_special_order(request)
        for key in {'product_id': 'abc'}, {'product_id': self.book.ids}, {'code': ['x']}:
            with self.subTest(key=key), self.assertRaises(UserError):
                self.till.look_up_article(**key)

    def test_control_characters_of_a_title_are_blanks(self):
        order = self._take(self._new(title="Faust\x00I"))
        self.assertEqual(order.order_line.product_id.name, "Faust I")

    def test_request_sent_twice_is_taken_once(self):
        values = self._values(self._new())
        first = self.till.take_special_order(values)
        self.assertEqual(self.till.take_special_order(values), first)
        self.assertEqual(self.env['sale.order'].search_count(
            [('dsgvo_till_uuid', '=', values['uuid'])]), 1)

    def test_request_sent_again_after_closing_gets_its_slip(self):
        values = self._values()
        slip = self.till.take_special_order(values)
        self.pos_session.close_session_from_ui()
        self.config.invalidate_recordset()
        self.assertEqual(self.till.take_special_order(values), slip)

    def test_request_changed_after_a_lost_answer_is_refused_with_what_was_taken(self):
        values = self._values()
        number = self.till.take_special_order(values)['name']
        changed = values | {'articles': [*values['articles'], self._new()]}
        with self.assertRaisesRegex(
                RequestTakenError, f"{number} was taken already, with: 1 × Der Zauberberg. What"):
            self.till.take_special_order(changed)
        self.assertFalse(self.env['product.product'].search([('barcode', '=', ISBN)]))
        rest = self._take(self._new())
        self.assertEqual(rest.order_line.product_id.name, "Tschick")

    def test_request_of_a_cancelled_order_gets_no_slip(self):
        values = self._values()
        slip = self.till.take_special_order(values)
        self.env['sale.order'].browse(slip['id'])._action_cancel()
        with self.assertRaisesRegex(RequestTakenError, "office has cancelled it"):
            self.till.take_special_order(values)

    @contextmanager
    def _other_till(self):
        """Give a connection whose transaction begins after that of this test, and may commit."""
        with closing(db_connect(self.env.cr.dbname).cursor()) as cr:
            claims = api.Environment(cr, SUPERUSER_ID, {})['dsgvo.till.claim']
            try:
                yield claims
            finally:
                cr.rollback()
                cr.execute("DELETE FROM dsgvo_till_claim")
                claims.env.cr.commit()

    def _get_keys(self, values):
        return values['uuid'], f'{self.env.company.root_id.id} {ISBN}'

    def test_order_fails_that_began_before_another_till_committed_the_same(self):
        """It cannot see what the other one created, so Odoo has to repeat it."""
        values = self._values(self._new())
        for key in self._get_keys(values):
            with self.subTest(key=key), self._other_till() as other:
                other._claim(key)
                other.env.cr.commit()
                with self.assertRaises(SerializationFailure), self.env.cr.savepoint():
                    self.till.take_special_order(values)
        self.assertFalse(self.env['product.product'].search([('barcode', '=', ISBN)]))

    def test_order_waits_for_another_till_that_orders_the_same(self):
        values = self._values(self._new())
        for key in self._get_keys(values):
            with self.subTest(key=key), self._other_till() as other:
                other._claim(key)
                with self.assertRaises(LockNotAvailable), self.env.cr.savepoint():
                    self.env.cr.execute("SET LOCAL lock_timeout = '50ms'")
                    self.till.take_special_order(values)
                other.env.cr.rollback()
                # What the other one had begun was undone, so this one goes on.
                with self.env.cr.savepoint() as undo:
                    self.assertTrue(self.till.take_special_order(values))
                    undo.rollback()

    def test_who_comes_second_begins_anew_and_sees_what_was_created(self):
        with self._other_till() as first, self._other_till() as second:
            seen = []

            def order():
                cr = second.env.cr
                cr.execute("SELECT count(*) FROM dsgvo_till_claim WHERE key = 'created'")
                seen.append(cr.fetchone()[0])
                second._claim('code')

            first._claim('code')
            first._claim('created')
            second.env.cr.execute("SELECT 1")  # begins
            first.env.cr.commit()
            with patch('odoo.service.model.time.sleep'):
                retrying(order, second.env)
        self.assertEqual(seen, [0, 1])

    def test_claims_are_dropped_when_no_transaction_can_need_them(self):
        Claim = self.env['dsgvo.till.claim'].sudo()
        self._take(self._new())
        self.assertEqual(Claim.search_count([]), 2)
        Claim._gc_over()
        self.assertEqual(Claim.search_count([]), 2)
        Claim.search([]).claimed_on = fields.Datetime.now() - timedelta(days=2)
        Claim._gc_over()
        self.assertFalse(Claim.search_count([]))

    def test_database_refuses_a_second_order_of_one_request(self):
        order = self._take()
        with self.assertRaises(UniqueViolation), mute_logger('odoo.sql_db'):
            order.copy({'dsgvo_till_uuid': order.dsgvo_till_uuid})

    def test_copy_of_a_special_order_is_no_answer_to_the_request(self):
        self.assertFalse(self._take().copy().dsgvo_till_uuid)

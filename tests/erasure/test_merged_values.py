from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PERSON
from .test_preview import OfficerCommon

FORMER = {'name': "Alma Pflaumenbach", 'email': 'kontakt@pflaumen.example',
          'phone': '+49 40 7654123', 'street': "Lindengasse 23"}
TRACKING = {'tracking_disable': False, 'mail_notrack': False}  # as everywhere but in tests


class FormerCommon(OfficerCommon):
    def _tracked(self):
        return self.env['mail.tracking.value'].sudo().search([
            ('mail_message_id.model', '=', 'res.partner'),
            ('mail_message_id.res_id', '=', self.customer.id)])

    def _erase(self):
        self.env['dsgvo.erasure']._enqueue(self.customer, 'request', self.env.company)
        erasure = self._erasure()
        self._run_cron()
        self.assertEqual(erasure.state, 'done', erasure.blocker)

    def _check_taken_out(self, change):
        """Check that a change makes of FORMER what an erasure takes out of the customer's order."""
        order = self._order()
        order.order_line.name = "; ".join(FORMER.values())
        order._action_cancel()
        change()
        self.env.flush_all()
        self._erase()
        self.assertEqual(order.order_line.name, "…; …; …; …")
        self.assertEqual(self._find_in_database(
            "Pflaumenbach", 'pflaumen.example', "7654123", "Lindengasse"), {})


@tagged('post_install', '-at_install')
class TestFormerValues(FormerCommon):
    """What a customer had before an import, or at an address that was deleted."""

    def setUp(self):
        super().setUp()
        self.address = self.env['res.partner'].create(FORMER | {
            'type': 'other', 'parent_id': self.customer.id})

    def test_import_without_tracking(self):
        self.address.unlink()
        self._tracked().mail_message_id.unlink()
        self.customer.with_context(tracking_disable=True).write(FORMER)
        Partner = self.env['res.partner'].with_user(self.clerk).with_context(
            import_file=True, tracking_disable=True)

        def load():
            result = Partner.load(['.id', *PERSON], [[str(self.customer.id), *PERSON.values()]])
            self.assertEqual(result['ids'], self.customer.ids, result['messages'])
        self._check_taken_out(load)

    def test_address_that_was_deleted(self):
        address = self.address.with_user(self.clerk)
        self._check_taken_out(address.unlink)

    def test_what_a_deleted_address_had_before(self):
        self.address.with_context(mail_notrack=True).write({
            'name': "Hinterhaus", 'email': False, 'phone': False, 'street': "Hof 3"})
        self._check_taken_out(self.address.unlink)

    def test_what_odoo_tracks_or_nobody_changed_is_not_noted_again(self):
        self.customer.with_context(**TRACKING).write({'name': "Adelheid Quitte"})
        self.customer.with_context(tracking_disable=True).write(
            {'name': "Adelheid Quitte", 'active': True, 'street': PERSON['street']})
        self.assertFalse(self._tracked())

    def test_each_value_is_noted_once(self):
        for _time in range(2):
            for name in "Adelheid Quitte", PERSON['name']:
                self.customer.with_context(tracking_disable=True).name = name
        self.assertEqual(sorted(self._tracked().mapped('old_value_char')),
                         ["Adelheid Quitte", PERSON['name']])

    def test_nothing_is_noted_for_who_is_deleted_along(self):
        messages = self.env['mail.message'].sudo().search_count([('model', '=', 'res.partner')])
        (self.customer | self.address).unlink()
        self.assertLessEqual(self.env['mail.message'].sudo().search_count(
            [('model', '=', 'res.partner')]), messages)


@tagged('post_install', '-at_install')
class TestMergedValues(FormerCommon):
    """What a customer was called before somebody merged two contacts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.double = cls._create_customer(**FORMER)
        cls.admin = cls.env.ref('base.user_admin')  # who may merge different addresses

    def _merge(self, user=None):
        user = user or self.admin
        self.env['base.partner.merge.automatic.wizard'].with_user(user)._merge(
            (self.customer | self.double).ids, self.customer.with_user(user))
        self.env.invalidate_all()

    def test_erasure_takes_them_out_of_the_orders_of_the_customer(self):
        self._check_taken_out(self._merge)

    def test_what_both_had_is_noted_once_and_new_values_are_not_old_ones(self):
        self.double.with_context(**TRACKING).write(
            {'email': PERSON['email'], 'street': PERSON['street']})
        self.customer.with_context(**TRACKING).phone = False
        self._merge(self.clerk)
        self.assertEqual(self.customer.phone, FORMER['phone'])
        self.assertEqual(self._tracked().mapped('old_value_char'), [FORMER['name']])

    def test_merge_that_is_refused_notes_nothing(self):
        self.double.is_company = True
        with self.assertRaisesRegex(UserError, "is a company"):
            self._merge()
        self.assertFalse(self._tracked())

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PERSON
from .test_selection import OfficerCommon

FORMER = {'name': "Alma Pflaumenbach", 'email': 'kontakt@pflaumen.example',
          'phone': '+49 40 7654123', 'street': "Lindengasse 23"}


@tagged('post_install', '-at_install')
class TestMergedValues(OfficerCommon):
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

    def _tracked(self):
        return self.env['mail.tracking.value'].sudo().search([
            ('mail_message_id.model', '=', 'res.partner'),
            ('mail_message_id.res_id', '=', self.customer.id)])

    def _erase(self):
        self.env['dsgvo.erasure']._enqueue(self.customer, 'request', self.env.company)
        erasure = self._erasure()
        self._run_cron()
        self.assertEqual(erasure.state, 'done', erasure.blocker)

    def test_erasure_takes_them_out_of_the_orders_of_the_customer(self):
        order = self._order()
        order.order_line.name = "; ".join(FORMER.values())
        order._action_cancel()
        self._merge()
        self._erase()
        self.assertEqual(order.order_line.name, "…; …; …; …")

    def test_nothing_is_left_of_them(self):
        self._merge()
        self._erase()
        self.assertEqual(self._find_in_database(
            "Pflaumenbach", 'pflaumen.example', "7654123", "Lindengasse"), {})

    def test_what_both_had_is_noted_once_and_new_values_are_not_old_ones(self):
        self.double.write({'email': PERSON['email'], 'street': PERSON['street']})
        self.customer.phone = False
        self._merge(self.clerk)
        self.assertEqual(self.customer.phone, FORMER['phone'])
        self.assertEqual(self._tracked().mapped('old_value_char'), [FORMER['name']])

    def test_merge_that_is_refused_notes_nothing(self):
        self.double.is_company = True
        with self.assertRaisesRegex(UserError, "is a company"):
            self._merge()
        self.assertFalse(self._tracked())

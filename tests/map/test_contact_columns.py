from odoo.tests import tagged

from odoo.addons.dsgvo.models.map.contact_columns import get_further_columns

from ..erasure.common import ShopCommon

NUMBER, EMAIL = '0171 5550817', 'heidi@lesekreis.example'


@tagged('post_install', '-at_install')
class TestContactColumns(ShopCommon):
    """Telephone numbers, e-mail addresses and parts of the name in columns of other addons."""

    def setUp(self):
        # Last, after the rollback: the registry forgets the columns.
        self.addCleanup(lambda: self.registry._setup_models__(self.cr))
        super().setUp()
        for name in ('x_handy', 'x_email2', 'x_vorname', 'x_nachname', 'x_hotel', 'x_mailing'):
            self.env['ir.model.fields'].create({
                'model_id': self.env['ir.model']._get_id('res.partner'), 'name': name,
                'field_description': name, 'ttype': 'char', 'state': 'manual'})
        self.customer.write({
            'name': "von Quittenbaum, Adelheid", 'x_handy': NUMBER, 'x_email2': EMAIL,
            'x_vorname': "Adelheid", 'x_nachname': "von Quittenbaum",
            'country_id': self.env.ref('base.de').id})

    def _erase(self):
        self._sell(self._order())
        self._run_cron()

    def test_columns_are_recognised_by_their_names(self):
        columns = get_further_columns(self.env)
        self.assertIn('x_handy', columns['phone'])
        self.assertIn('x_email2', columns['email'])
        self.assertFalse({'x_hotel', 'x_mailing', 'x_vorname', 'website'} & {
            name for names in columns.values() for name in names})

    def test_values_are_taken_out_of_texts_of_the_person(self):
        order = self._order()
        texts = ("Der Zauberberg", f"ruft an: {NUMBER}", f"an {EMAIL}",
                 "für Adelheid von Quittenbaum")
        order.order_line.name = '\n'.join(texts)
        self._sell(order)
        erasure = self._erasure()
        self._run_cron()
        self.assertEqual(erasure.state, 'done')
        self.assertFalse(self._find_in_database(NUMBER, EMAIL, "Adelheid von Quittenbaum"))
        self.assertIn("Der Zauberberg", order.order_line.name)

    def test_street_may_be_in_each_of_its_lines(self):
        self.customer.write({'street': "c/o Alster", 'street2': "Holunderweg 17"})
        other = self._create_customer(name="Berta Alster", email=False, phone=False, street=False)
        order, of_other = self._order(), self._order(other)
        order.order_line.name = "Der Zauberberg\nin den Holunderweg 17"
        of_other.note = "<p>für Adelheid von Quittenbaum, Holunderweg 17</p>"
        self._sell(order)
        self._run_cron()
        self._search_database()
        self.assertEqual(order.order_line.name, "Der Zauberberg\nin den …")
        self.assertEqual(of_other.note, "<p>für …, …</p>")

    def test_values_are_searched_for_at_night(self):
        other = self._create_customer(name="Berta Alster", email=False, phone=False, street=False)
        order = self._order(other)
        order.note = f"<p>Bringt es {EMAIL} mit, Handy +49 {NUMBER[1:]}</p>"
        self._erase()
        self._search_database()
        self.assertNotIn(EMAIL, order.note)
        self.assertNotIn(NUMBER[1:], order.note)
        self.assertIn("Bringt es", order.note)

    def test_who_comes_back_is_recognised_by_each(self):
        self._erase()
        Partner = self.env['res.partner'].with_user(self.clerk)
        today = self.env.company._dsgvo_today()
        for values in ({'x_handy': '+49 171 555 0817'}, {'phone': NUMBER}, {'email': EMAIL},
                       {'x_email2': f'"Heidi" <{EMAIL.upper()}>'}):
            with self.subTest(values=values):
                back = Partner.create({'name': "Neu", 'country_id': self.env.ref('base.de').id})
                self.assertFalse(back.dsgvo_suppressed_since)
                back.write(values)
                self.assertEqual(back.dsgvo_suppressed_since, today)

    def test_number_that_somebody_else_has_too_is_not_suppressed(self):
        other = self._create_customer(
            name="Berta Alster", email=False, phone=False, x_handy=NUMBER)
        self._erase()
        other.x_email2 = 'berta@lesekreis.example'
        self.assertFalse(other.dsgvo_suppressed_since)

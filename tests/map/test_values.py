from odoo.tests import BaseCase, tagged

from odoo.addons.dsgvo.models.map.needles import NO_NEEDLES, find_needles
from odoo.addons.dsgvo.models.map.values import PersonValues


@tagged('post_install', '-at_install')
class TestValues(BaseCase):
    """What is known of the persons of a batch, without a database."""

    def _make_values(self):
        nothing = {'email': None, 'phone': None, 'street': None, 'country_code': 'DE',
                   'phone_code': 49}
        needles = {
            1: find_needles(nothing | {'name': "Adelheid Quittenbaum",
                                       'email': "adelheid@quittenbaum.example"}),
            2: NO_NEEDLES}
        return PersonValues(needles, {}, {})

    def test_texts_of_others_tell_which_person_of_the_batch_they_name(self):
        found = self._make_values().finder.find("An adelheid@quittenbaum.example, Danke")
        self.assertEqual(list(found), [1])

    def test_nobody_is_searched_for_without_a_value(self):
        self.assertEqual(list(self._make_values().searchers), [1])

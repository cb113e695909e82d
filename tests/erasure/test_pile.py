from odoo.tests import BaseCase

from odoo.addons.dsgvo.models.erasure.proof import Pile
from odoo.addons.dsgvo.models.map.needles import find_needles
from odoo.addons.dsgvo.models.map.searching import Searcher

# Neighbours that could swallow a text, complete a number or go on with a passage.
OTHERS = (
    "", "Der Zauberberg", "5 <", "<b", "> 3", "=", "Tel. 0049", "12", "&", "%", "\\", "ute@",
    "ISBN 978-3-", "QWRlbGhlaWRRdWl0dGVuYmF1bQ", "<p>Guten Tag</p>", "S00042-", "-17", "/")
SHOWN = (
    "Adelheid Quittenbaum", "<p>Adelheid Quitten<b>baum</b></p>", "030 901820", "+49 30 901820",
    "adelheid@quittenbaum.example", "Holunderweg 17", "adelheid(at)quittenbaum.example",
    "Adelheid Quittenbaum >", "< Adelheid Quittenbaum", "QWRlbGhlaWQgUXVpdHRlbmJhdW0gd2FyIGRh")


class TestPile(BaseCase):

    def test_what_a_text_shows_is_found_between_others(self):
        searcher = Searcher(find_needles({
            'name': "Adelheid Quittenbaum", 'email': 'adelheid@quittenbaum.example',
            'phone': '+49 30 901820', 'street': "Holunderweg 17", 'country_code': 'DE',
            'phone_code': 49}))
        for shown in SHOWN:
            self.assertTrue(searcher.is_in(shown), shown)
            for before in OTHERS:
                for behind in OTHERS:
                    pile = Pile()
                    for number, text in enumerate((before, shown, behind)):
                        pile.add(('sale.order', number), text)
                    self.assertTrue(searcher.is_in(pile.join()), (before, shown, behind))

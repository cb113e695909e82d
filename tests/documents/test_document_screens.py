from odoo.tests import HttpCase, tagged

from ..screens.common import look_at_page
from .test_documents import DocumentCommon, get_text


@tagged('post_install', '-at_install')
class TestDocumentScreens(DocumentCommon, HttpCase):
    """What the officer and everybody else see in a browser."""

    def test_officer_makes_words_and_renews_the_customer_information(self):
        self.start_tour(
            '/odoo/action-dsgvo.dsgvo_document_kind_action', 'dsgvo_documents',
            login=self.officer.login)
        old, new = self.Document.search([('kind', '=', 'customer_information')], order='id')
        self.assertEqual((old.state, new.state), ('superseded', 'current'))
        self.assertIn("9 years", get_text(new.content))
        self.assertNotIn("9 years", get_text(old.content))

    def test_page_for_everybody_is_accessible_on_telephone_and_desktop(self):
        for size in ('320x640', '1280x800'):
            with self.subTest(size=size):
                self.browser_size = size
                self.browser_js(f'/dsgvo/information/{self.company.id}', look_at_page())

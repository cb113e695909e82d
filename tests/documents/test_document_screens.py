from pathlib import Path

from odoo.tests import HttpCase, tagged

from ..screens.common import AXE
from .test_documents import DocumentCommon, get_text

LOOK = """
    const wide = document.documentElement.scrollWidth - window.innerWidth;
    axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}).then(
        ({violations, passes}) => {
            const found = violations.map(({id, nodes}) => `${id}: ${nodes[0].html}`);
            if (wide > 0) {
                found.push(`${wide} px too wide`);
            }
            if (!passes.length) {
                found.push("nothing was looked at");
            }
            found.length ? console.error(found.join()) : console.log("test successful");
        });
"""


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
                self.browser_js(
                    f'/dsgvo/information/{self.company.id}', Path(AXE).read_text() + LOOK)

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_documents import DocumentCommon, get_text

KINDS = ('customer_information', 'register', 'customer_notice')


@tagged('post_install', '-at_install')
class TestBranches(DocumentCommon):
    """Who is the controller, where a shop has branches, or shares consents with another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env['res.company'].create(
            {'name': "Filiale Nord", 'parent_id': cls.company.id})
        cls.other = cls.env['res.company'].create({
            'name': "Zweite Buchhandlung", 'street': "Ringweg 5", 'zip': '99423', 'city': "Weimar",
            'email': 'zwei@example.com'})
        cls.company.dsgvo_officer_id = cls.env['res.partner'].create({'name': "Dr. Daten"})

    def _tell(self, company):
        return "\n".join(get_text(self._compose(kind, company_id=company.id)) for kind in KINDS)

    def test_branch_that_says_nothing_itself_is_its_company(self):
        controller = self.branch.with_user(self.officer)._dsgvo_get_controller()
        self.assertEqual(controller, self.company._dsgvo_get_controller())
        self.assertFalse(controller['missing'])
        text = self._tell(self.branch)
        for words in (self.company.name, "Hauptstraße 1", "Dr. Daten", "Berliner Beauftragte"):
            self.assertIn(words, text)
        self.assertNotIn("Filiale Nord", text)
        self.assertNotIn("no officer had to be named", text)

    def test_branch_with_an_address_is_a_place_of_its_company(self):
        self.branch.write({
            'street': "Nordweg 3", 'zip': '99423', 'city': "Weimar", 'phone': '03643 1',
            'dsgvo_officer_id': self.env['res.partner'].create({'name': "Frau Nord"}).id,
            'state_id': self.env.ref('base.state_de_th').id})
        controller = self.branch._dsgvo_get_controller()
        self.assertEqual(controller['name'], self.company.name)
        self.assertEqual(controller['address'].splitlines()[:2], ["Filiale Nord", "Nordweg 3"])
        self.assertEqual((controller['phone'], controller['mail'], controller['officer']),
                         ('03643 1', 'laden@example.com', "Frau Nord"))
        self.assertIn("Thüringer", controller['authority'])

    def test_branch_says_what_its_company_worded(self):
        block = self._get_block('customer_information', 'greeting')
        block.with_company(self.company).own_text_en = "Of the company"
        self.assertIn("Of the company", self._tell(self.branch))
        self.assertNotIn("Of the company", self._tell(self.other))
        block.sudo().with_company(self.branch).own_text_en = "Of the branch"
        self.assertIn("Of the branch", self._tell(self.branch))
        self.assertNotIn("Of the branch", self._tell(self.company))

    def test_breach_letter_of_a_branch_comes_from_its_company(self):
        self.officer.write({'company_ids': self.branch.ids, 'company_id': self.branch.id})
        breach = self.env['dsgvo.breach'].with_user(self.officer).create(
            {'name': "Liste verloren", 'company_id': self.branch.id})
        for name in ('authority', 'persons'):
            html, _type = self.env['ir.actions.report'].with_user(self.officer)._render_qweb_html(
                f'dsgvo.breach_{name}', breach.ids)
            for words in (self.company.name, "Hauptstraße 1", "Dr. Daten", "Berliner Beauftragte"):
                self.assertIn(words, html.decode())
            self.assertNotIn("Filiale Nord", html.decode())

    def test_companies_that_share_consents_name_each_other_and_keep_their_registers(self):
        theirs = self.env['dsgvo.processing.activity'].create({
            'name': "Fremde Umfrage", 'company_id': self.other.id, 'is_about_customers': True})
        branch_activity = self.env['dsgvo.processing.activity'].create({
            'name': "Umfrage im Norden", 'company_id': self.branch.id, 'is_about_customers': True})
        self.assertNotIn("Zweite Buchhandlung", self._tell(self.company))
        (self.company | self.other).dsgvo_joint_controller = True
        sentence = "Zweite Buchhandlung, Ringweg 5"
        for company in (self.company, self.branch):
            information = get_text(self._compose('customer_information', company_id=company.id))
            self.assertIn("With whom we decide together", information)
            self.assertIn(f"Consents\n{sentence}", information)
            register = get_text(self._compose('register', company_id=company.id))
            self.assertIn(f"Jointly with\n{sentence}", register)
            for text in (information, register):
                self.assertIn(branch_activity.name, text)
                self.assertNotIn(theirs.name, text)
        self.assertIn(f"Consents\n{self.company.name}, Hauptstraße 1", self._tell(self.other))
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
            theirs.with_user(self.officer).read(['name'])

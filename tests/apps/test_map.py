from odoo.tests import tagged
from odoo.tests.common import TransactionCase


@tagged('post_install', '-at_install', '-standard')
class TestAppsMap(TransactionCase):
    def test_map_covers_every_app(self):
        self.env['dsgvo.data.gap']._refresh()
        self.assertEqual(self.env['dsgvo.data.gap'].search([]).mapped('place'), [])

    def test_every_rule_has_its_place(self):
        rules = self.env['dsgvo.data.rule'].search([('erase', '!=', 'method')])
        exemptions = rules.filtered(lambda rule: rule._is_exemption())
        self.assertEqual((rules - exemptions - rules._awake()).mapped('place'), [])

    def test_customer_of_an_open_repair_stays(self):
        customer = self.env['res.partner'].create({'name': "Adelheid Quittenbaum"})
        repair = self.env['repair.order'].create({'partner_id': customer.id})
        Blocker = self.env['dsgvo.erasure.blocker']
        self.assertEqual(Blocker._find(customer), {})
        repair.action_validate()
        self.assertEqual(Blocker._find(customer), {
            customer: [f"Repair under way: {repair.name}"]})

    def test_employee_without_login_stays(self):
        employee = self.env['hr.employee'].create({'name': "Balthasar Ohlendorf"})
        contact = employee.work_contact_id
        employee.active = False
        self.assertEqual(self.env['dsgvo.erasure.blocker']._find(contact), {
            contact: ["Is an employee"]})

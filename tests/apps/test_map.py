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

    def test_employee_without_login_stays(self):
        employee = self.env['hr.employee'].create({'name': "Balthasar Ohlendorf"})
        contact = employee.work_contact_id
        employee.active = False
        self.assertEqual(self.env['dsgvo.erasure.blocker']._find(contact), {
            contact: ["Is an employee"]})

from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon


class DsgvoCommon(BaseCommon):
    """A shop with a clerk at the counter, a privacy officer and a customer who was never asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env, 'dsgvo_clerk', tz='Europe/Berlin',
            groups='sales_team.group_sale_salesman_all_leads,base.group_partner_manager')
        cls.officer = new_test_user(
            cls.env, 'dsgvo_officer', groups='dsgvo.group_officer,base.group_partner_manager')
        cls.customer = cls._create_customer()

    @classmethod
    def _create_customer(cls, **values):
        return cls.env['res.partner'].create({
            'name': "Adelheid Quittenbaum",
            'email': 'adelheid@quittenbaum.example',
            'phone': '+49 30 901820',
            'street': "Holunderweg 17",
            'zip': '10115',
            'city': "Berlin",
            'country_id': cls.env.ref('base.de').id,
        } | values)

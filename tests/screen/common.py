from odoo.tests import new_test_user

from ..common import DsgvoCommon


class ScreenCommon(DsgvoCommon):
    """A clerk at a screen that customers can see, and an order of somebody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.screened = new_test_user(
            cls.env, 'screened',
            groups='sales_team.group_sale_salesman_all_leads,base.group_partner_manager,'
                   'dsgvo.group_screened')
        cls.customer.write({
            'ref': 'K-1010', 'comment': "<p>Allergic to nuts</p>", 'barcode': 'CARD-77'})
        cls.other = cls._create_customer(
            name="Irene Wermut", email='irene@wermut.example', city="Kiel")
        cls.order = cls.env['sale.order'].create({
            'partner_id': cls.customer.id, 'user_id': cls.screened.id,
            'client_order_ref': "Wermut's gift", 'note': "<p>Ring at Wermut</p>"})

    def _as_screened(self, record):
        record.env.flush_all()
        record.env.invalidate_all()
        return record.with_user(self.screened)

from odoo.tests import HttpCase, new_test_user

from odoo.addons.dsgvo.models.screen.covering import SHOWN_COOKIE

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


class ScreenHttpCommon(ScreenCommon, HttpCase):
    """The browser of the screened clerk."""

    def setUp(self):
        super().setUp()
        self.authenticate('screened', 'screened')

    def _call(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(f'/web/dataset/call_kw/{model}/{method}', {
            'model': model, 'method': method, 'args': args, 'kwargs': kwargs})

    def _show(self, record):
        self.opener.cookies.set(SHOWN_COOKIE, f'{record._name}:{record.id}')

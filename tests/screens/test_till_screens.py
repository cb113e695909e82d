from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.point_of_sale.tests.test_frontend import TestPointOfSaleHttpCommon

from .common import WalkMixin

CONSENTS = ['consent_storage', 'consent_notification', 'consent_marketing']


@tagged('post_install', '-at_install')
class TestTillScreens(WalkMixin, TestPointOfSaleHttpCommon):
    """Every cashier can read and touch what the addon adds to the till."""

    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.partner'].create({'name': "Adelheid Quittenbaum"})
        cls.env['res.partner'].create({'name': "Balduin Ahrendsee"}).consent_marketing = 'refused'
        cls.env['res.partner'].create({'name': "Clara Wolkenstein"}).write(
            dict.fromkeys(CONSENTS, 'granted'))
        cls.pos_user.group_ids += cls.env.ref('sales_team.group_sale_salesman_all_leads')
        cls.env['sale.order'].sudo().create({
            'partner_id': cls.env['res.partner'].create({'name': "Ida Wolkensteinhausen"}).id,
            'order_line': [Command.create({'product_id': cls.desk_pad.product_variant_id.id})]})

    def _walk(self, size):
        self.browser_size = size
        self.main_pos_config.with_user(self.pos_user).open_ui()
        self.start_pos_tour('dsgvo_pos_screens', timeout=180)

    def test_screen_at_the_counter(self):
        self._walk('1280x800')

    def test_tablet(self):
        self._walk('1024x768')

    def test_tablet_upright(self):
        self._walk('800x1280')

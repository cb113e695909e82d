from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from ..notification.common import NotificationCommon
from .common import SIZES, WalkMixin
from .samples import make_samples
from .screens import Screens

COUNTER = 'sales_team.group_sale_salesman_all_leads,base.group_partner_manager'
ROLES = {
    'clerk': f'{COUNTER},stock.group_stock_user,mass_mailing.group_mass_mailing_user',
    'cashier': f'{COUNTER},point_of_sale.group_pos_user',
    'officer': 'dsgvo.group_officer,base.group_partner_manager',
    'manager': 'sales_team.group_sale_manager,base.group_partner_manager',
}


@tagged('post_install', '-at_install')
class TestScreens(WalkMixin, NotificationCommon, HttpCase):
    """Everybody can read and touch what the addon shows, on a desktop and on tablets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('de_DE')
        cls.env['ir.module.module']._load_module_terms(
            ['base', 'web', 'mail', 'contacts', 'sale', 'dsgvo'], ['de_DE'])
        cls.users = {
            role: new_test_user(
                cls.env, f'walk_{role}', groups=groups, lang='de_DE', tz='Europe/Berlin')
            for role, groups in ROLES.items()}
        cls._make_shop()

    @classmethod
    def _make_shop(cls):
        cls.customer.write({
            'consent_storage': 'granted', 'consent_notification': 'granted',
            'consent_marketing': 'refused', 'consent_text': "Kunde hat gem. DSGVO zugestimmt."})
        product = cls.env['product.product'].create({
            'name': "Das Parfum – Die Geschichte eines Mörders, gebundene Ausgabe"})
        cls.env['sale.order'].create({
            'partner_id': cls.customer.id,
            'order_line': [Command.create({'product_id': product.id})]})
        cls._confirm_order()
        cls._receive(cls.book)
        cls.env['mailing.mailing'].create({
            'subject': "Herbstlese",
            'mailing_model_id': cls.env['ir.model']._get('res.partner').id})
        till = cls.env['pos.config'].create({'name': "Kasse"})
        session = cls.env['pos.session'].create({'config_id': till.id, 'user_id': cls.env.uid})
        cls.env['pos.order'].create({
            'session_id': session.id, 'company_id': session.company_id.id,
            'partner_id': cls.customer.id, 'state': 'paid', 'pos_reference': "1",
            'amount_tax': 0, 'amount_total': 1, 'amount_paid': 1, 'amount_return': 0})
        cls.env['dsgvo.data.gap'].sudo()._refresh()
        cls.customer.with_user(cls.users['officer']).action_dsgvo_request()
        make_samples(cls.env, [
            model for model in cls.env if model.startswith('dsgvo.')
            and cls.env[model]._auto and not cls.env[model]._transient
            and not cls.env[model]._abstract])

    def _get_screens(self, user):
        return Screens(self.env(user=user), {
            'active_model': 'res.partner', 'active_id': self.customer.id,
            'active_ids': self.customer.ids})

    def _find_screens(self, user, *others):
        """Return what the user may open and what does not look the same to others."""
        seen = {screen.look for other in others for screen in self._get_screens(other).find()}
        return [screen for screen in self._get_screens(user).find() if screen.look not in seen]

    def _walk(self, user, *others):
        self.screens = [screen.as_dict() for screen in self._find_screens(user, *others)]
        self.assertTrue(self.screens)
        for size, is_touched in SIZES.items():
            with self.subTest(user=user.login, size=size):
                self.browser_size, self.touch_enabled = size, is_touched
                self.browser_js(
                    '/odoo/action-dsgvo.res_partner_action_customers',
                    "odoo.loader.modules.get('@dsgvo/../tests/screens/walk').walk()",
                    ready='odoo.isReady === true', login=user.login, timeout=300)

    def test_clerk(self):
        self._walk(self.users['clerk'])

    def test_cashier(self):
        self._walk(self.users['cashier'], self.users['clerk'])

    def test_officer(self):
        self._walk(self.users['officer'], self.users['clerk'], self.users['cashier'])

    def test_manager(self):
        """The overview looks otherwise to managers."""
        self._walk(*(self.users[role] for role in ('manager', 'clerk', 'cashier', 'officer')))

    def test_overview_is_walked(self):
        for role, is_seen in (
                ('clerk', False), ('cashier', False), ('officer', True), ('manager', True)):
            names = [screen.name for screen in self._get_screens(self.users[role]).find()]
            with self.subTest(role=role):
                self.assertEqual('dsgvo.dsgvo_overview_action' in names, is_seen)

    def test_administrator(self):
        """Settings, and what nobody else may open."""
        owner = self.env.ref('base.user_admin')
        owner.lang = 'de_DE'
        self.assertFalse(self._get_screens(owner).find_forms_without_record())
        self._walk(owner, *self.users.values())

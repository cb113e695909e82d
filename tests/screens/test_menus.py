from odoo.tests import HttpCase, new_test_user, tagged

SHOWN = 'odoo.isReady === true && Boolean(document.querySelector(".o_menu_sections button"))'
COUNT = """
    document.fonts.ready.then(() => {
        const sections = [...document.querySelectorAll(".o_menu_sections > *")].filter(
            (section) => section.checkVisibility());
        const names = sections.map((section) => section.textContent);
        const isMore = Boolean(document.querySelector(".o_menu_sections_more"));
        if (isMore || names.length !== %s) {
            console.error(`beside the menu: ${names}`);
        } else {
            console.log("test successful");
        }
    });
"""


@tagged('post_install', '-at_install')
class TestMenus(HttpCase):
    """Each page of the addon is found at once, and in one place."""

    def _get_menus(self, *domain):
        Menu = self.env['ir.ui.menu'].with_context(**{'ir.ui.menu.full_list': True})
        return Menu.search([('id', 'child_of', self.env.ref('dsgvo.menu_dsgvo').id), *domain])

    def test_each_page_stands_in_one_place(self):
        actions = [str(menu.action) for menu in self._get_menus() if menu.action]
        self.assertTrue(actions)
        self.assertEqual(sorted(actions), sorted(set(actions)))

    def test_german_menu_of_the_officer_fits_a_small_desktop(self):
        self.env['res.lang']._activate_lang('de_DE')
        self.env['ir.module.module']._load_module_terms(['web', 'dsgvo'], ['de_DE'])
        self.env.company.name = "Buchhandlung am Markt"
        officer = new_test_user(
            self.env, 'menu_officer', groups='dsgvo.group_officer', lang='de_DE')
        sections = self._get_menus(('parent_id', '=', self.env.ref('dsgvo.menu_dsgvo').id))
        self.browser_size = '1280x800'
        self.browser_js(
            '/odoo/action-dsgvo.res_partner_action_customers', COUNT % len(sections),
            ready=SHOWN, login=officer.login)

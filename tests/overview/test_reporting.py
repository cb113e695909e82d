from ast import literal_eval

from odoo.tests import HttpCase, new_test_user, tagged

from .common import OverviewCommon

FAVOURITES = {
    'dsgvo.consent.event': 2, 'dsgvo.notification': 2, 'dsgvo.erasure': 2, 'mailing.mailing': 1}
SHOWN = 15  # characters of a favourite


@tagged('post_install', '-at_install')
class TestReporting(OverviewCommon):
    """Graphs, pivots and favourites on the records themselves."""

    def _get_favourites(self, model, lang='en_US'):
        action = self.env.ref('dsgvo.mailing_mailing_action_reporting')
        self.officer.lang = lang
        return self.env['ir.filters'].with_user(self.officer).with_context(lang=lang).get_filters(
            model, action.id if model == 'mailing.mailing' else None)

    def test_favourites_group_what_exists(self):
        for model, number in FAVOURITES.items():
            favourites = self._get_favourites(model)
            self.assertEqual(len(favourites), number, model)
            for favourite in favourites:
                with self.subTest(favourite=favourite['name']):
                    context = literal_eval(favourite['context'])
                    self.env[model].sudo()._read_group(
                        literal_eval(favourite['domain']), context['group_by'], [
                            '__count', *(f'{name}:sum' for name in context.get(
                                'pivot_measures', ()))])

    def test_renamed_favourite_keeps_its_name(self):
        favourite = self.env.ref('dsgvo.ir_filters_erased').sudo()
        favourite.name = "Unsere"
        self.assertIn("Unsere", [one['name'] for one in self._get_favourites('dsgvo.erasure')])

    def test_names_fit_into_the_menu(self):
        """Odoo cuts off what is longer."""
        self.env['res.lang']._activate_lang('de_DE')
        for lang, name in ('en_US', "At the Tills"), ('de_DE', "An den Kassen"):
            names = [favourite['name'] for model in FAVOURITES
                     for favourite in self._get_favourites(model, lang)]
            self.assertIn(name, names)
            self.assertFalse([name for name in names if len(name) > SHOWN])

    def test_manager_has_the_reports_of_the_own_work(self):
        menus = self.env['ir.ui.menu'].with_user(self.manager)._visible_menu_ids()
        for name, is_seen in (
                ('overview', True), ('reporting_notifications', True),
                ('reporting_decisions', True), ('reporting_erasures', False),
                ('monthly_report', False), ('erasure', False)):
            with self.subTest(menu=name):
                self.assertEqual(self.env.ref(f'dsgvo.menu_{name}').id in menus, is_seen)

    def test_clerk_has_no_reports(self):
        menus = self.env['ir.ui.menu'].with_user(self.clerk)._visible_menu_ids()
        self.assertFalse({self.env.ref(f'dsgvo.menu_{name}').id for name in (
            'overview', 'reporting')} & menus)


@tagged('post_install', '-at_install')
class TestOverviewTour(OverviewCommon, HttpCase):
    def test_officer_goes_from_a_number_to_its_list(self):
        new_test_user(
            self.env, 'overview_tour', groups='dsgvo.group_officer', lang='en_US',
            company_id=self.company.id, company_ids=self.company.ids)
        self._add_customers(a='granted').name = "Balduin Wacholder"
        self.env['dsgvo.document'].sudo()._make('information', self.company, 'en')
        self.company.name = "Buchladen am Markt"
        self.start_tour(
            '/odoo/action-dsgvo.dsgvo_overview_action', 'dsgvo_overview', login='overview_tour')

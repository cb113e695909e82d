from datetime import date
from importlib.util import module_from_spec, spec_from_file_location

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import file_path

from odoo.addons.dsgvo.models.map.rows import PersonRows

from ..common import DsgvoCommon

MIGRATION = 'dsgvo/migrations/19.0.1.2.0/{}-retention-classes.py'


def run_migration(env, stage):
    spec = spec_from_file_location('migration', file_path(MIGRATION.format(stage)))
    migration = module_from_spec(spec)
    spec.loader.exec_module(migration)
    env.flush_all()
    migration.migrate(env.cr, '19.0.1.1.0')
    env.invalidate_all()


class RetentionCommon(DsgvoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.letters = cls.env.ref('dsgvo.retention_letters').with_user(cls.officer)
        cls.order = cls.env['sale.order'].create({
            'partner_id': cls.customer.id, 'state': 'sale', 'date_order': '2024-03-05 10:00:00'})

    def _get_last_day(self):
        rows = PersonRows(self.env(su=True), [(self.customer.id, None)])
        return rows.find_last_days().get(self.customer.id)


@tagged('post_install', '-at_install')
class TestRetentionClasses(RetentionCommon):
    """Each class of documents has a period of its own."""

    def test_year_of_a_document_is_that_of_the_shop(self):
        """An order of half past midnight on New Year's Day has the year before in UTC."""
        self.letters.is_on = True
        self.order.company_id.country_id = self.env.ref('base.de')
        elsewhere = self.env['res.company'].create({
            'name': "Bookshop", 'country_id': self.env.ref('base.us').id})
        self.env = self.env(context={'allowed_company_ids': elsewhere.ids})
        for moment, year in ('2024-12-31 22:30:00', 2030), ('2024-12-31 23:30:00', 2031):
            self.order.date_order = moment
            self.assertEqual(self._get_last_day(), date(year, 12, 31))

    def test_places_say_their_class(self):
        for place, name in (
            ('account.move.line.partner_id', 'books'), ('account.move.partner_id', 'vouchers'),
            ('account.payment.partner_id', 'vouchers'), ('sale.order.partner_id', 'letters'),
            ('account.bank.statement.line.partner_id', 'vouchers'),
        ):
            rule = self.env['dsgvo.data.rule'].with_context(active_test=False).search(
                [('place', '=', place), ('erase', '=', 'hold')])
            self.assertEqual(rule.retention_id, self.env.ref(f'dsgvo.retention_{name}'), place)
            self.assertEqual(rule.retention_years, rule.retention_id.years, place)

    def test_every_hold_has_a_class(self):
        self.assertFalse(self.env['dsgvo.data.rule'].search(
            [('erase', '=', 'hold'), ('retention_id', '=', False)]))

    def test_what_stays_after_an_erasure_stands_in_the_map_with_its_period(self):
        for rule, name in (
            ('erasure', 'erasure_list'), ('suppression', 'erasure_list'),
            ('suppression_objected', 'objections'), ('consent_event_partner', 'proof'),
        ):
            self.assertEqual(
                self.env.ref(f'dsgvo.rule_dsgvo_{rule}').retention_id,
                self.env.ref(f'dsgvo.retention_{name}'))

    def test_letters_hold_nobody_until_they_are_switched_on(self):
        self.assertIsNone(self._get_last_day())
        self.letters.is_on = True
        self.assertEqual(self._get_last_day(), date(2030, 12, 31))
        self.letters.is_on = False
        self.assertIsNone(self._get_last_day())

    def test_quotation_is_no_letter(self):
        self.letters.is_on = True
        self.order.state = 'draft'
        self.assertIsNone(self._get_last_day())

    def test_mails_about_orders_stay_with_the_letters(self):
        rules = self.env.ref('dsgvo.rule_message_letter') + self.env.ref(
            'dsgvo.rule_attachment_letter')
        for is_on in True, False:
            self.letters.is_on = is_on
            self.assertEqual(rules.mapped('kept_while_held'), [is_on, is_on])

    def test_switch_cannot_be_undone_in_the_map(self):
        self.env.ref('dsgvo.rule_sale_order_letter_partner').with_user(self.officer).active = True
        self.assertIsNone(self._get_last_day())

    def test_place_of_a_class_loses_no_rows_in_the_map(self):
        rule = self.env.ref('dsgvo.rule_account_move_line_partner').with_user(self.officer)
        for values in ({'active': False}, {'domain': "[('id', '=', 0)]"}, {'erase': 'keep'},
                       {'retention_start': 'create_date'}, {'retention_id': False}):
            with self.subTest(values=values), self.assertRaisesRegex(
                    UserError, "follows its retention period"):
                rule.write(values)
        rule.write({'note': "Ours", 'erase': 'hold', 'active': True})
        self.assertEqual(rule.note, "Ours")

    def test_nobody_names_who_confirmed(self):
        self.letters.write({'note': "Ours", 'confirmed_by_id': self.clerk.id})
        self.assertRecordValues(self.letters, [{'note': "Ours", 'confirmed_by_id': False}])

    def test_period_can_count_from_the_day_itself(self):
        self.letters.is_on = True
        self.letters.sudo().start = 'day'
        self.assertEqual(self._get_last_day(), date(2030, 3, 5))

    def test_only_what_is_optional_is_switched_off(self):
        books = self.env.ref('dsgvo.retention_books').with_user(self.officer)
        with self.assertRaisesRegex(UserError, "cannot be switched off"):
            books.is_on = False

    def test_period_in_words(self):
        for name, period in (
            ('books', "10 years from the end of the calendar year"), ('letters', "not kept"),
            ('telephone', "5 years"), ('erasure_list', "not entered yet"),
            ('objections', "until it is withdrawn"),
        ):
            self.assertEqual(self.env.ref(f'dsgvo.retention_{name}').period, period)

    # === UPDATE OF AN EXISTING DATABASE === #

    def _be_like_before(self, years):
        """Have one class for invoices, entries and payments, as older versions had."""
        vouchers = self.env.ref('dsgvo.retention_vouchers')
        vouchers.write({'name': "Invoices, entries and payments", 'basis': '§ 147 AO, § 257 HGB',
                        'years': years})
        self.env.ref('dsgvo.rule_account_move_line_partner').retention_id = vouchers
        self.env['ir.model.data'].search([
            ('module', '=', 'dsgvo'), ('name', '=', 'retention_vouchers')
        ]).name = 'retention_accounting'

    def test_update_keeps_the_years_of_the_officer(self):
        for years, books in (8, 10), (12, 12):
            with self.subTest(years=years):
                self._be_like_before(years)
                for _time in range(2):
                    run_migration(self.env, 'pre')
                    run_migration(self.env, 'post')
                self.assertRecordValues(
                    self.env.ref('dsgvo.retention_vouchers') + self.env.ref(
                        'dsgvo.retention_books'),
                    [{'years': years, 'basis': self.env.ref('dsgvo.retention_vouchers').basis},
                     {'years': books, 'basis': self.env.ref('dsgvo.retention_books').basis}])
                self.assertIn("Vouchers", self.env.ref('dsgvo.retention_vouchers').name)
                self.assertEqual(self.env.ref(
                    'dsgvo.rule_account_move_line_partner').retention_years, books)

    def test_update_keeps_the_years_of_a_single_place(self):
        items = self.env.ref('dsgvo.rule_account_move_line_partner')
        items.write({'retention_id': False, 'retention_years': 15})
        for _time in range(2):
            run_migration(self.env, 'post')
            self.assertEqual(items.retention_years, 15)


@tagged('post_install', '-at_install')
class TestTaxAudits(RetentionCommon):
    """Documents of years that the tax office looks at stay when their period is over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.letters.write({'is_on': True, 'years': 1, 'confirmed_below': True})
        cls.this_year = date(cls.env.company._dsgvo_today().year, 12, 31)

    def _audit(self, first=2024, last=2024, **values):
        return self.env['dsgvo.tax.audit'].with_user(self.officer).create(
            {'first_year': first, 'last_year': last, 'reason': "Betriebsprüfung"} | values)

    def test_document_of_the_years_stays_until_the_audit_is_over(self):
        self.assertEqual(self._get_last_day(), date(2025, 12, 31))
        audit = self._audit(2023, 2024)
        self.assertEqual(self._get_last_day(), self.this_year)
        audit.action_lift()
        self.assertEqual(self._get_last_day(), date(2025, 12, 31))

    def test_audit_shortens_no_period(self):
        self.letters.years = 20
        self._audit()
        self.assertEqual(self._get_last_day(), date(2044, 12, 31))

    def test_other_years_and_companies_are_not_meant(self):
        other = self.env['res.company'].create({'name': "Zweite Buchhandlung"})
        self.officer.company_ids += other
        self._audit(2021, 2023)
        self._audit(company_id=other.id)
        self.assertEqual(self._get_last_day(), date(2025, 12, 31))

    def test_branches_are_meant(self):
        branch = self.env['res.company'].create({
            'name': "Filiale", 'parent_id': self.env.company.id})
        self._audit()
        self.order.state = 'draft'
        self.env['sale.order'].with_company(branch).create({
            'partner_id': self.customer.id, 'state': 'sale', 'date_order': '2024-03-05 10:00:00'})
        self.assertEqual(self._get_last_day(), self.this_year)

    def test_archived_company_and_branch_are_meant(self):
        branch = self.env['res.company'].create({
            'name': "Filiale", 'parent_id': self.env.company.id})
        other = self.env['res.company'].create({'name': "Alter Laden"})
        self.officer.company_ids += other
        self.order.state = 'draft'
        self._audit()
        self._audit(company_id=other.id)
        for company in branch, other:
            with self.subTest(company=company.name):
                order = self.env['sale.order'].with_company(company).create({
                    'partner_id': self.customer.id, 'state': 'sale',
                    'date_order': '2024-03-05 10:00:00'})
                company.active = False
                self.assertEqual(self._get_last_day(), self.this_year)
                order.state = 'draft'

    def test_years_that_cover_nothing_are_refused(self):
        for first, last in (2024, 2023), (24, 25):
            with self.assertRaisesRegex(ValidationError, "covers no document"):
                self._audit(first, last)

    def test_clerk_sees_and_makes_none(self):
        with self.assertRaises(AccessError):
            self._audit().with_user(self.clerk).read(['reason'])

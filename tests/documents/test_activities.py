from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import DsgvoCommon

COMPLETE = {
    'name': "Bücherwunschliste", 'purposes': "Wünsche merken", 'legal_basis': "Art. 6 (1) (b)",
    'persons': "Kunden", 'other_data': "Zettel", 'is_internal': True, 'third_country': 'no',
    'erased_when': "Wenn der Wunsch erfüllt ist", 'dpia': 'no', 'dpia_reason': "Kleine Liste"}


@tagged('post_install', '-at_install')
class TestActivities(DsgvoCommon):
    """The register of processing activities, as the privacy officer keeps it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Activity = cls.env['dsgvo.processing.activity'].with_user(cls.officer)
        cls.activity = cls.Activity.create(COMPLETE | {'responsible_id': cls.officer.id})
        cls.shipped = cls.env.ref('dsgvo.processing_activity_special_order').with_user(cls.officer)

    def test_activity_with_everything_is_completed_and_looked_at_again_in_a_year(self):
        self.activity.action_complete()
        today = self.env.company._dsgvo_today()
        self.assertRecordValues(self.activity, [{
            'state': 'complete', 'missing': "", 'reviewed_on': today,
            'review_on': today.replace(year=today.year + 1)}])

    def test_each_mandatory_item_is_missed_by_its_name(self):
        officer, today = self.officer.id, self.env.company._dsgvo_today()
        # Who works for another company is no recipient here.
        self.activity.sudo().recipient_ids = self.env['dsgvo.processing.recipient'].create({
            'name': "Rechenzentrum", 'kind': 'host',
            'company_id': self.env['res.company'].create({'name': "Other Shop"}).id})
        for values, label in (
            ({'purposes': False}, "Purposes"), ({'legal_basis': False}, "Legal Basis"),
            ({'persons': False}, "Whose Data"), ({'other_data': False}, "Kinds of Data"),
            ({'is_internal': False}, "Recipients"),
            ({'erased_when': False}, "Periods"),
            ({'third_country': False}, "Data Go to Third Countries"),
            ({'third_country': 'yes'}, "Third Countries, Safeguard"),
            ({'dpia': False}, "Impact Assessment"), ({'responsible_id': False}, "Responsible"),
            ({'dpia_reason': False}, "Reason of the Assessment"),
            ({'review_on': False}, "Next Review"), ({'role': 'processor'}, "On Behalf Of"),
            *(({'legal_basis': basis}, "Legitimate Interest") for basis in (
                "Art. 6 (1) (f) DSGVO", "Art. 6 Abs. 1 lit. f DSGVO",
                "Art. 6 Abs. 1 Buchst. b, f DSGVO")),
            ({'legal_basis': "Art. 6 Abs. 1 Buchst. b DSGVO"}, ""),
        ):
            with self.subTest(label=label):
                everything = COMPLETE | {
                    'responsible_id': officer, 'review_on': today, 'role': 'controller'}
                self.activity.write(everything | values)
                self.assertEqual(self.activity.sudo().missing, label)

    def test_complete_activity_loses_nothing_mandatory(self):
        self.activity.action_complete()
        with self.assertRaisesRegex(ValidationError, "also demands: Purposes\\."):
            self.activity.purposes = False

    def test_draft_cannot_be_written_complete_over_rpc(self):
        with self.assertRaisesRegex(ValidationError, "also demands: Responsible, Next Review"):
            self.shipped.write({'state': 'complete', 'third_country': 'no'})

    def test_complete_activity_keeps_its_data(self):
        self.activity.write({
            'other_data': False, 'data_ids': [(0, 0, {'category': 'contact'})]})
        self.activity.action_complete()
        with self.assertRaisesRegex(ValidationError, "Kinds of Data"):
            self.activity.data_ids.unlink()

    def test_complete_activity_keeps_its_recipients(self):
        recipient = self.env['dsgvo.processing.recipient'].create({'name': "Versand"})
        self.activity.write({'is_internal': False, 'recipient_ids': [(4, recipient.id)]})
        self.activity.action_complete()
        with self.assertRaisesRegex(ValidationError, "Recipients"):
            recipient.unlink()

    def test_complete_activity_keeps_data_that_move_to_another(self):
        self.activity.write({
            'other_data': False, 'data_ids': [(0, 0, {'category': 'contact'})]})
        self.activity.action_complete()
        with self.assertRaisesRegex(ValidationError, "Kinds of Data"):
            self.activity.data_ids.write({'activity_id': self.shipped.id})

    def test_blanks_are_nothing(self):
        for name, label in (('purposes', "Purposes"), ('legal_basis', "Legal Basis"),
                            ('other_data', "Kinds of Data"), ('erased_when', "Periods")):
            with self.subTest(field=name), self.assertRaisesRegex(
                    ValidationError, f"also demands: {label}\\."), self.cr.savepoint():
                self.activity[name] = " \n\u200b"
                self.activity.action_complete()

    def test_complete_activity_keeps_each_translation(self):
        self.env['res.lang']._activate_lang('de_DE')
        self.activity.action_complete()
        with self.assertRaisesRegex(ValidationError, "also demands: Purposes\\."):
            self.activity.update_field_translations('purposes', {'de_DE': " "})

    def test_complete_activity_keeps_recipients_that_go_to_another_company(self):
        recipient = self.env['dsgvo.processing.recipient'].create({'name': "Versand"})
        self.activity.write({'is_internal': False, 'recipient_ids': [(4, recipient.id)]})
        self.activity.action_complete()
        other = self.env['res.company'].create({'name': "Other Shop"})
        with self.assertRaisesRegex(ValidationError, "Recipients"):
            recipient.company_id = other

    def test_responsible_user_cannot_be_deleted(self):
        user = new_test_user(self.env, 'responsible', groups='base.group_user')
        self.activity.responsible_id = user
        with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'):
            user.unlink()

    def test_recipient_outside_europe_needs_a_safeguard(self):
        american, french = self.env['dsgvo.processing.recipient'].with_user(self.officer).create([
            {'name': "Postfach", 'country_id': self.env.ref('base.us').id},
            {'name': "Versand", 'country_id': self.env.ref('base.fr').id}])
        self.activity.write({'is_internal': False, 'recipient_ids': french.ids})
        self.activity.action_complete()
        for change in (lambda: self.activity.write({'recipient_ids': american.ids}),
                       lambda: french.write({'country_id': self.env.ref('base.us').id})):
            with self.assertRaisesRegex(
                    ValidationError, "also demands: Safeguard\\."), self.cr.savepoint():
                change()
        with self.cr.savepoint() as savepoint:
            form = Form(self.activity)
            form.recipient_ids.add(american)
            form.safeguard = "Clauses"  # can be entered where it is missed
            self.assertFalse(form.save().missing)
            savepoint.rollback()
        self.env.invalidate_all()
        american.safeguard = "Standard contractual clauses"
        self.activity.recipient_ids |= american
        with self.assertRaisesRegex(ValidationError, "also demands: Safeguard\\."):
            american.safeguard = " "

    def test_safeguard_of_a_recipient_does_not_cover_other_countries(self):
        recipient = self.env['dsgvo.processing.recipient'].create({
            'name': "Postfach", 'country_id': self.env.ref('base.us').id, 'safeguard': "Clauses"})
        self.activity.write({'recipient_ids': recipient.ids, 'third_country': 'yes'})
        for countries, safeguard, label in (
                ('us', False, ""), ('us,in', False, "Safeguard"), ('us,in', "Other clauses", "")):
            with self.subTest(countries=countries, safeguard=safeguard):
                self.activity.write({'safeguard': safeguard, 'third_country_ids': [
                    self.env.ref(f'base.{code}').id for code in countries.split(',')]})
                self.assertEqual(
                    self.activity.missing, ", ".join(filter(None, ("Next Review", label))))

    def test_class_that_is_switched_off_is_no_period(self):
        letters = self.env.ref('dsgvo.retention_letters')
        self.activity.write({'erased_when': False, 'retention_ids': letters.ids})
        for is_on in (True, False):
            letters.is_on = is_on
            self.env.invalidate_all()
            self.assertEqual("Periods" in self.activity.missing, not is_on)
            self.assertEqual(bool(self.activity.period), is_on)

    def test_place_that_is_kept_for_years_of_its_own_stands_in_the_register(self):
        self.env['dsgvo.data.rule'].with_user(self.officer).create({
            'model': 'stock.picking', 'field': 'partner_id', 'reached_by': 'partner_id',
            'category': 'delivery', 'erase': 'hold', 'retention_years': 12, 'basis': "§ 24 UStG",
            'retention_start': 'date_done'})
        self.env.invalidate_all()
        self.assertIn(
            "Deliveries and receipts: 12 years from the end of the calendar year",
            self.shipped.period)

    def test_data_and_periods_follow_the_map(self):
        bookkeeping = self.env.ref('dsgvo.processing_activity_bookkeeping').with_user(self.officer)
        self.assertIn("till orders: 10 years from the end", bookkeeping.period)
        self.env.ref('dsgvo.retention_books').with_user(self.officer).years = 12
        self.env.invalidate_all()
        self.assertIn("till orders: 12 years from the end", bookkeeping.period)
        accounting = bookkeeping.data_ids.filtered(lambda data: data.category == 'accounting')
        self.assertIn("Invoices and entries", accounting.places)

    def test_place_that_an_officer_adds_to_the_map_stands_in_the_register(self):
        orders = self.shipped.data_ids.filtered(lambda data: data.category == 'order')
        self.assertNotIn("Partner Tags", orders.places)
        self.env['dsgvo.data.rule'].create({
            'model': 'res.partner.category', 'field': 'name', 'reached_by': 'partner_ids',
            'erase': 'clear', 'category': 'order'})
        self.env.invalidate_all()
        self.assertIn("Partner Tags", orders.places)

    def test_every_shipped_activity_lacks_only_what_the_shop_must_say(self):
        activities = self.Activity.with_context(active_test=False).search(
            [('id', '!=', self.activity.id)])
        self.assertEqual(len(activities), 19)
        for activity in activities - self.env.ref('dsgvo.processing_activity_video'):
            self.assertEqual(
                activity.missing, "Responsible, Next Review, Data Go to Third Countries",
                activity.name)

    def test_rows_for_documents_hold_what_the_register_shows(self):
        [row] = self.shipped._get_rows()
        self.assertEqual(row['name'], "Special orders")
        self.assertEqual([data['kind'] for data in row['data']],
                         ["Contact data", "Deliveries", "Orders"])
        self.assertEqual(row['data'][1]['period'], "Until the customer is erased")
        self.assertIn("Carriers", [recipient['name'] for recipient in row['recipients']])
        self.assertFalse(row['is_complete'])

    def test_review_that_is_due_is_told_to_the_officers_once(self):
        self.activity.action_complete()
        self.activity.review_on = self.env.company._dsgvo_today() - timedelta(days=1)
        for _time in range(2):
            with self.enter_registry_test_mode():
                self.env.ref('dsgvo.ir_cron_remind').method_direct_trigger()
            self.env.invalidate_all()
        activities = self.env['mail.activity'].search(
            [('user_id', '=', self.officer.id), ('summary', '=', "DSGVO: review of the register")])
        self.assertEqual(len(activities), 1)
        self.assertIn("1 processing activities", activities.note)

    def test_reviews_of_the_company_and_of_all_are_counted_together_until_there_are_none(self):
        own = self.activity.copy({'company_id': self.env.company.id})
        both = self.activity | own
        both.review_on = self.env.company._dsgvo_today() - timedelta(days=1)
        for due, count in (both, 2), (own, 1), (own.browse(), 0):
            (both - due).review_on = False
            self.Activity.sudo()._cron_remind()
            notes = self.env.company.sudo().dsgvo_reminder_ids.filtered(
                lambda each: each.topic == "DSGVO: review of the register").activity_ids.filtered(
                lambda each: each.user_id == self.officer).mapped('note')
            self.assertEqual(
                [f"{count} processing activities" in note for note in notes], [True] * bool(count))

    def test_draft_has_no_review(self):
        with self.assertRaisesRegex(UserError, "is a draft"):
            self.shipped.action_reviewed()

    def test_register_of_a_company_has_its_own_and_the_common_activities(self):
        other = self.env['res.company'].create({'name': "Zweite Buchhandlung"})
        foreign = self.activity.sudo().copy({'company_id': other.id})
        own = self.Activity._get_of(self.env.company)
        self.assertIn(self.activity, own)
        self.assertNotIn(foreign, own)
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
            foreign.with_user(self.officer).read(['name'])

    def test_clerk_has_no_register(self):
        with self.assertRaises(AccessError):
            self.activity.with_user(self.clerk).read(['name'])


@tagged('post_install', '-at_install')
class TestController(DsgvoCommon):
    """Who answers for the data, as documents name it."""

    def test_land_gives_the_authority(self):
        states = self.env['res.country.state'].search([('country_id.code', '=', 'DE')])
        self.assertEqual(len(states), 16)
        for state in states:
            self.env.company.state_id = state
            controller = self.env.company._dsgvo_get_controller()
            with self.subTest(state=state.name):
                self.assertEqual(self.env.company.dsgvo_authority_id.state_id, state)
                self.assertRegex(controller['authority_seat'], r"^\D+ \d.*\n\d{5} \D+$")
                self.assertRegex(controller['authority_website'], r"^https://\S+\.de$")
        self.env.company.state_id = False
        self.assertFalse(self.env.company.dsgvo_authority_id)
        self.assertEqual(self.env['dsgvo.authority'].search_count([]), 17)

    def test_authorities_for_shops_have_their_official_names(self):
        """Bavaria has another one for public bodies; the names stay German in English, too."""
        for code, name, city in (
                ('by', "Bayerisches Landesamt für Datenschutzaufsicht", "Ansbach"),
                ('sh', "Unabhängiges Landeszentrum für Datenschutz Schleswig-Holstein", "Kiel"),
                ('sl', "Unabhängiges Datenschutzzentrum Saarland", "Saarbrücken")):
            self.env.company.state_id = self.env.ref(f'base.state_de_{code}')
            controller = self.env.company.with_context(lang='en_US')._dsgvo_get_controller()
            with self.subTest(state=code):
                self.assertEqual(controller['authority'], name)
                self.assertIn(city, controller['authority_seat'])

    def test_gaps_are_named(self):
        company = self.env.company
        company.write({'street': "Marktplatz 1", 'zip': False, 'city': "Weimar", 'email': False,
                       'phone': False, 'state_id': False, 'dsgvo_officer_id': self.customer.id})
        controller = company.with_user(self.officer)._dsgvo_get_controller()
        self.assertEqual(controller['missing'], ["Zip", "Phone", "Email", "Competent Authority"])
        self.assertIn("Marktplatz 1", controller['address'])
        self.assertIn("Adelheid Quittenbaum, Holunderweg 17", controller['officer'])

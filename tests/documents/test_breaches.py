from datetime import date, datetime, timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger
from odoo.tools.misc import format_datetime

from ..common import DsgvoCommon

NOTICED = datetime(2026, 3, 5, 9)


@tagged('post_install', '-at_install')
class TestBreaches(DsgvoCommon):
    """The register of breaches, and who is to be told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.breach = cls.env['dsgvo.breach'].with_user(cls.officer).create(
            {'name': "Lieferliste an falschen Kunden", 'noticed_on': NOTICED})

    def _describe(self, **values):
        self.breach.write({
            'description': "Eine Liste ging an die falsche Adresse.", 'consequences': "Ärger",
            'measures': "Zurückgeholt", 'risk': 'none', 'risk_reason': "Nur Titel"} | values)

    def _count_told(self):
        with self.enter_registry_test_mode():
            self.env.ref('dsgvo.ir_cron_remind').method_direct_trigger()
        self.env.invalidate_all()
        return self.env['mail.activity'].search_count([
            ('user_id', '=', self.officer.id), ('summary', 'like', "must be told of a breach")])

    def test_authority_is_to_be_told_within_72_hours(self):
        self.assertEqual(self.breach.deadline, NOTICED + timedelta(hours=72))
        for later, left in (timedelta(hours=1), 71), (timedelta(hours=80), -8):
            with freeze_time(NOTICED + later):
                self.breach.invalidate_recordset(['hours_left'])
                self.assertEqual(self.breach.hours_left, left)

    def test_deadline_is_that_of_the_day_on_which_it_was_noticed(self):
        self.env['dsgvo.deadline'].with_user(self.officer).create({
            'kind': 'breach', 'hours': 96, 'valid_from': date(2026, 3, 5), 'basis': "Omnibus"})
        for day, hours in (datetime(2026, 3, 4, 9), 72), (datetime(2026, 3, 5, 9), 96):
            self.breach.noticed_on = day
            self.assertEqual(self.breach.deadline, day + timedelta(hours=hours))

    def test_day_on_which_it_was_noticed_is_that_of_the_shop(self):
        self.env.company.country_id = self.env.ref('base.de')
        self.env['dsgvo.deadline'].create({
            'kind': 'breach', 'hours': 96, 'valid_from': date(2026, 3, 5), 'basis': "Omnibus"})
        for moment, hours in (datetime(2026, 3, 4, 22, 30), 72), (datetime(2026, 3, 4, 23, 30), 96):
            self.breach.noticed_on = moment
            self.assertEqual(self.breach.deadline, moment + timedelta(hours=hours))

    def _hours(self):
        self.env.invalidate_all()
        return (self.breach.deadline - self.breach.noticed_on).total_seconds() / 3600

    def test_open_breach_follows_the_law(self):
        Deadline = self.env['dsgvo.deadline'].with_user(self.officer)
        newer = Deadline.create({
            'kind': 'breach', 'hours': 96, 'valid_from': date(2026, 3, 1), 'basis': "Omnibus"})
        self.assertEqual(self._hours(), 96)
        newer.hours = 48
        self.assertEqual(self._hours(), 48)
        newer.valid_from = date(2026, 3, 6)
        self.assertEqual(self._hours(), 72)
        newer.valid_from = date(2026, 3, 1)
        newer.unlink()
        self.assertEqual(self._hours(), 72)

    def test_closed_breach_keeps_its_deadline_until_it_is_opened(self):
        self._describe()
        self.breach.action_close()
        self.env.flush_all()  # its transaction is over when the law changes
        self.env['dsgvo.deadline'].with_user(self.officer).create({
            'kind': 'breach', 'hours': 96, 'valid_from': date(2026, 3, 1), 'basis': "Omnibus"})
        self.assertEqual(self._hours(), 72)
        self.breach.action_open()
        self.assertEqual(self._hours(), 96)

    def test_last_deadline_stays(self):
        with self.assertRaisesRegex(ValidationError, "last deadline of a kind"):
            self.env.ref('dsgvo.deadline_breach').with_user(self.officer).unlink()

    def test_breach_is_closed_when_everything_is_documented_and_told(self):
        late = self.breach.deadline + timedelta(hours=1)
        for values, missing in (
            ({'measures': False}, "Measures"), ({'risk': 'risk'}, "Authority Told On"),
            ({'risk': 'risk', 'authority_told_on': late}, "Reason of the Delay"),
            ({'risk': 'high', 'authority_told_on': NOTICED}, "Persons Told On"),
        ):
            with self.subTest(missing=missing), self.assertRaisesRegex(
                    ValidationError, f"still needs: {missing}\\."), self.cr.savepoint():
                self._describe(**values)
                self.breach.action_close()
        self._describe(persons_not_told="Verschlüsselt")
        self.breach.action_close()
        self.assertEqual(self.breach.state, 'closed')

    def test_breach_is_not_closed_on_blanks(self):
        late = self.breach.deadline + timedelta(hours=1)
        for values, missing in (
            ({'measures': " \n"}, "Measures"), ({'risk_reason': "\u200b"}, "Reason of the Risk"),
            ({'risk': 'risk', 'authority_told_on': late, 'delay_reason': " "},
             "Reason of the Delay"),
            ({'risk': 'high', 'authority_told_on': NOTICED, 'persons_not_told': " "},
             "Persons Told On"),
        ):
            with self.subTest(missing=missing), self.assertRaisesRegex(
                    ValidationError, f"still needs: {missing}\\."), self.cr.savepoint():
                self._describe(**values)
                self.breach.action_close()

    def test_nothing_happens_before_its_cause(self):
        minute = timedelta(minutes=1)
        for values, error in (
            ({'occurred_on': NOTICED + minute}, "before it happened"),
            ({'noticed_on': NOTICED, 'authority_told_on': NOTICED - minute}, "before it was"),
            ({'persons_told_on': NOTICED - minute}, "before it was"),
        ):
            with self.subTest(values=values), self.assertRaisesRegex(
                    ValidationError, error), self.cr.savepoint():
                self.breach.write(values)

    @freeze_time(NOTICED + timedelta(hours=1))
    def test_time_that_is_still_to_come_is_refused(self):
        self._describe(risk='risk')
        for name in 'noticed_on', 'authority_told_on', 'persons_told_on':
            self.breach[name] = NOTICED + timedelta(hours=1)
            with self.subTest(name=name), self.assertRaisesRegex(
                    ValidationError, "still to come"), self.cr.savepoint():
                self.breach[name] = NOTICED + timedelta(hours=1, minutes=1)

    def test_seconds_that_nobody_enters_do_not_count(self):
        self.breach.write({
            'noticed_on': NOTICED + timedelta(seconds=30), 'authority_told_on': NOTICED,
            'occurred_on': NOTICED + timedelta(seconds=40)})
        self.assertEqual(self.breach.authority_told_on, NOTICED)

    def test_duplicate_was_told_to_nobody(self):
        self._describe(
            authority_told_on=NOTICED, persons_told_on=NOTICED, delay_reason="Feiertag",
            persons_not_told="Verschlüsselt")
        self.assertRecordValues(self.breach.copy(), [{
            'authority_told_on': False, 'persons_told_on': False, 'delay_reason': False,
            'persons_not_told': False, 'measures': "Zurückgeholt"}])

    def test_closed_breach_is_evidence(self):
        self._describe()
        self.breach.action_close()
        with self.assertRaisesRegex(UserError, "is closed"):
            self.breach.measures = "Andere"
        self.breach.action_open()
        self.breach.measures = "Andere"
        with self.assertRaises(AccessError):
            self.breach.unlink()

    def test_officers_are_reminded_until_the_authority_is_told(self):
        self.assertEqual(self._count_told(), 1)
        self.breach.authority_told_on = fields.Datetime.now()
        self.assertEqual(self._count_told(), 0)

    def test_reminder_says_the_deadline_in_the_time_of_the_shop(self):
        self.env.company.country_id = self.env.ref('base.de')
        self.officer.tz = 'Pacific/Kiritimati'
        self._count_told()
        note = self.env['mail.activity'].search([
            ('user_id', '=', self.officer.id), ('summary', 'like', "must be told")]).note
        self.assertIn(format_datetime(
            self.env(user=self.officer), self.breach.deadline, tz='Europe/Berlin'), note)

    def test_breach_that_lacks_something_is_not_closed_by_a_written_state(self):
        for close in (lambda: self.breach.write({'state': 'closed'}),
                      lambda: self.breach.copy({'state': 'closed'})):
            with self.assertRaisesRegex(ValidationError, "still needs"), self.cr.savepoint():
                close()

    def test_nobody_is_reminded_of_what_is_no_risk(self):
        self.breach.risk = 'none'
        self.assertEqual(self._count_told(), 0)

    def test_letters_say_what_the_law_demands_and_show_gaps(self):
        self.env.company.state_id = self.env.ref('base.state_de_th')
        self._describe(measures=False)
        for name, texts in (
            ('authority', ("Thüringer", "falsche Adresse", "Ärger", "……")),
            ('persons', ("falsche Adresse", "Ärger", "……", "Thüringer")),
        ):
            html, _type = self.env['ir.actions.report'].with_user(self.officer)._render_qweb_html(
                f'dsgvo.breach_{name}', self.breach.ids)
            for text in texts:
                self.assertIn(text, html.decode())

    def test_letter_of_a_shop_without_telephone_and_e_mail_shows_a_gap(self):
        self.env.company.email = False
        for phone, is_gap in (False, True), ('030 1', False):
            self.env.company.phone = phone
            html, _type = self.env['ir.actions.report'].with_user(self.officer)._render_qweb_html(
                'dsgvo.breach_persons', self.breach.ids)
            contact = html.decode().split("You reach us at:")[1].split("</p>")[0]
            self.assertEqual("……" in contact, is_gap)

    def test_letter_has_the_time_of_the_shop(self):
        self.env.company.country_id = self.env.ref('base.de')
        self.breach.noticed_on = datetime(2026, 3, 5, 23, 30)
        for zone in False, 'America/New_York':
            self.officer.tz = zone
            rows = dict(self.breach._get_letter_rows())
            self.assertEqual(rows["Noticed On"], format_datetime(
                self.breach.env, self.breach.noticed_on, tz='Europe/Berlin'))

    def test_clerk_sees_no_breach(self):
        with self.assertRaises(AccessError):
            self.breach.with_user(self.clerk).read(['name'])


@tagged('post_install', '-at_install')
class TestBreachAuthority(DsgvoCommon):
    """Which authority is to be told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        germany = cls.env.ref('base.de').id
        cls.company = cls.env.company
        cls.berlin, cls.bavaria, cls.thuringia = (
            cls.env.ref(f'base.state_de_{code}') for code in ('be', 'by', 'th'))
        cls.company.write({'country_id': germany, 'state_id': cls.berlin.id})
        cls.other = cls.env['res.company'].create({
            'name': "Bayernladen", 'country_id': germany, 'state_id': cls.bavaria.id})
        cls.officer.company_ids += cls.other
        cls.Breach = cls.env['dsgvo.breach'].with_user(cls.officer).with_context(
            allowed_company_ids=(cls.company | cls.other).ids)
        cls.breach = cls.Breach.create({'name': "Liste", 'noticed_on': NOTICED})

    def _get_state(self, breach=None):
        self.env.invalidate_all()
        return (breach or self.breach).authority_id.state_id

    def test_authority_is_that_of_the_company_that_was_chosen_at_last(self):
        self.breach.company_id = self.other
        self.assertEqual(self._get_state(), self.bavaria)
        with Form(self.Breach) as form:
            form.name = "Zweite Liste"
            form.company_id = self.other
        self.assertEqual(self._get_state(form.record), self.bavaria)

    def test_authority_follows_the_state_of_the_company_until_it_is_told(self):
        self.company.state_id = self.bavaria
        self.assertEqual(self._get_state(), self.bavaria)
        self.breach.authority_told_on = NOTICED
        self.company.state_id = self.thuringia
        self.assertEqual(self._get_state(), self.bavaria)

    def test_closed_breach_keeps_its_authority(self):
        self.breach.write(dict.fromkeys(
            ('description', 'consequences', 'measures', 'risk_reason'), "Liste") | {'risk': 'none'})
        self.breach.action_close()
        self.company.state_id = self.bavaria
        self.assertEqual(self._get_state(), self.berlin)

    def test_authority_that_was_chosen_stays(self):
        chosen = self.env['dsgvo.authority'].search([('state_id', '=', self.thuringia.id)])
        self.breach.authority_id = chosen
        self.breach.noticed_on = NOTICED + timedelta(hours=1)
        self.company.name = "Buchladen am Markt"
        self.assertEqual(self._get_state(), self.thuringia)
        breach = self.Breach.create({'name': "Liste", 'authority_id': chosen.id})
        self.assertEqual(self._get_state(breach), self.thuringia)

    def test_authority_of_a_breach_is_not_deleted(self):
        authority = self.breach.authority_id.with_user(self.env.user)
        with (self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'),
              self.cr.savepoint()):
            authority.unlink()
        self.assertEqual(self.breach.authority_id, authority)

from unittest.mock import patch

from odoo import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.translate import LazyGettext

from odoo.addons.dsgvo.tests.common import DsgvoCommon

# Texts of the addon: what a test says is not translated.
SUMMARY = LazyGettext("DSGVO: erasures fail", _module='dsgvo')
NOTE = LazyGettext("Waits", _module='dsgvo')
ACTION = 'dsgvo.res_partner_action_register'


@tagged('post_install', '-at_install')
class TestOfficers(DsgvoCommon):
    """How the privacy officers are reminded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('de_DE')
        cls.here = cls.env.company
        cls.there, cls.lonely = cls.env['res.company'].create(
            [{'name': "Laden am Markt"}, {'name': "Ohne Beauftragte"}])
        cls.german = cls._create_officer('officer_there', cls.there, lang='de_DE')
        cls.both = cls._create_officer('officer_both', cls.here | cls.there)
        cls._create_officer('officer_gone', cls.there).active = False
        new_test_user(cls.env, 'clerk_there', groups='dsgvo.group_user', company_id=cls.there.id,
                      company_ids=[Command.set(cls.there.ids)])

    @classmethod
    def _create_officer(cls, login, companies, **values):
        return new_test_user(
            cls.env, login, groups='dsgvo.group_officer', company_id=companies[0].id,
            company_ids=[Command.set(companies.ids)], **values)

    def _remind(self, companies, note=NOTE, summary=SUMMARY, **options):
        return companies.with_user(self.clerk)._dsgvo_remind_officers(summary, note, **options)

    def _reminders(self, owner):
        carriers = owner.sudo().dsgvo_reminder_ids if owner._name == 'res.company' else owner
        return carriers.activity_ids.filtered(lambda each: each.summary in (
            str(SUMMARY), "DSGVO: Löschungen schlagen fehl"))

    def test_officers_of_the_company_are_reminded_in_their_language(self):
        self.assertFalse(self._remind(self.there, action=ACTION))
        action = self.env.ref(ACTION)
        german = action.with_context(lang='de_DE')
        link = '<p>%s</p><p><a href="/odoo/action-%s">%s</a></p>'
        self.assertEqual(
            {a.user_id: (a.summary, a.note) for a in self._reminders(self.there)}, {
                self.german: ("DSGVO: Löschungen schlagen fehl", link % (
                    "Wartet", german.id, german.name)),
                self.both: ("DSGVO: erasures fail", link % ("Waits", action.id, action.name))})
        self.assertFalse(self._reminders(self.here))

    def test_note_may_be_worded_for_the_company_and_language(self):
        self._remind(self.there, lambda company: f"{company.name} {company.env.lang}")
        self.assertEqual(
            {a.user_id: a.note for a in self._reminders(self.there)},
            {self.german: "<p>Laden am Markt de_DE</p>", self.both: "<p>Laden am Markt en_US</p>"})

    def test_officer_has_one_reminder_for_each_summary_and_its_note_follows(self):
        for count in 1, 2:
            self._remind(self.there, lambda company, count=count: f"{count} records")
        reminders = self._reminders(self.there)
        self.assertEqual(reminders.mapped('note'), ["<p>2 records</p>"] * 2)
        self._remind(self.there, summary=NOTE)
        self.assertEqual(self._reminders(self.there), reminders)
        self.assertEqual(len(self.there.sudo().dsgvo_reminder_ids.activity_ids - reminders), 2)

    def test_reminder_opens_what_it_is_about_and_goes_when_it_is_settled(self):
        self._remind(self.there | self.here, action=ACTION)
        self._remind(self.there, summary=NOTE)
        reminder = self.there.dsgvo_reminder_ids.with_user(self.german).filtered(
            lambda each: each.topic == "DSGVO: erasures fail")
        self.assertEqual(reminder.summary, "DSGVO: Löschungen schlagen fehl")
        self.assertEqual(reminder.action_open()['id'], self.env.ref(ACTION).id)
        self.there._dsgvo_settle(SUMMARY)
        self.env.invalidate_all()
        self.assertEqual(self.there.dsgvo_reminder_ids.mapped('topic'), ["Waits"])
        self.assertTrue(self.here.dsgvo_reminder_ids)

    def test_activity_menu_lists_each_reminder_by_its_own_words(self):
        self._remind(self.there, action=ACTION)
        self._remind(self.there, summary=NOTE)
        reminders = self.there.dsgvo_reminder_ids
        groups = self.env['res.users'].with_user(self.both).with_context(
            allowed_company_ids=(self.here | self.there).ids)._get_activity_groups()
        self.assertEqual(
            {group['dsgvo_reminder_id']: (group['name'], group['total_count'])
             for group in groups if group['model'] == 'dsgvo.reminder'},
            {reminder.id: (reminder.topic, 1) for reminder in reminders})

    def test_summary_with_values_is_a_reminder_for_each_value(self):
        def word(number):
            return LazyGettext("Sale %(number)s", _module='dsgvo', number=number)

        for number in '001', '002', '001':
            self._remind(self.there, summary=word(number))
        topics = self.there.dsgvo_reminder_ids
        self.assertEqual(sorted(topics.mapped('topic')), ["Sale 001", "Sale 002"])
        self.there._dsgvo_settle(word('001'))
        self.assertEqual(self.there.dsgvo_reminder_ids.mapped('topic'), ["Sale 002"])

    def test_queue_sends_the_email_about_a_reminder(self):
        # One that is sent at the commit can fail then, and the job with it.
        self.german.notification_type = 'email'
        with patch.object(self.registry['mail.mail'], 'send_after_commit') as send:
            self._remind(self.there)
        send.assert_not_called()
        mail = self.env['mail.mail'].sudo().search(
            [('recipient_ids', 'in', self.german.partner_id.ids)])
        self.assertEqual(mail.state, 'outgoing')

    def test_reminder_that_was_done_comes_again(self):
        self._remind(self.there)
        self._reminders(self.there).action_done()
        self._remind(self.there)
        self.assertEqual(self._reminders(self.there).user_id, self.german | self.both)

    def test_administrator_stands_in_where_there_is_no_officer(self):
        self._remind(self.lonely)
        self.assertEqual(
            self._reminders(self.lonely).user_id, self.env.ref('base.user_admin'))

    def test_what_concerns_the_database_is_told_to_each_officer_at_the_own_company(self):
        self._remind(self.env['res.company'])
        self.assertEqual(
            [self._reminders(company).user_id
             for company in (self.here, self.there, self.lonely)],
            [self.officer | self.both, self.german, self.env['res.users']])

    def test_contacts_may_carry_the_reminders(self):
        other = self._create_customer(name="Balduin Wacholder")
        for contacts in self.customer, self.customer | other:
            self._remind(self.there, contacts=contacts)
        for contact in self.customer | other:
            reminders = self._reminders(contact)
            self.assertEqual(len(reminders), 2)
            self.assertEqual(reminders.user_id, self.german | self.both)
        self._remind(self.there, contacts=self.env['res.partner'])
        self.assertFalse(self._reminders(self.there))

    @mute_logger('odoo.addons.dsgvo.models.jobs.dsgvo_job_failure')
    def test_officer_who_cannot_be_reminded_is_returned_and_the_others_are(self):
        Reminder = self.registry['dsgvo.reminder']
        schedule = Reminder.activity_schedule

        def fail_for_one(reminders, *args, **values):
            if values['user_id'] == self.german.id:
                raise ValueError
            return schedule(reminders, *args, **values)

        with patch.object(Reminder, 'activity_schedule', fail_for_one):
            self.assertEqual(self._remind(self.there), self.german)
        self.assertEqual(self._reminders(self.there).user_id, self.both)

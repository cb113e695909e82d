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

    def _reminders(self, contact):
        return contact.activity_ids.filtered(lambda activity: activity.summary in (
            str(SUMMARY), "DSGVO: Löschungen schlagen fehl"))

    def test_officers_of_the_company_are_reminded_in_their_language(self):
        self.assertFalse(self._remind(self.there, action=ACTION))
        action = self.env.ref(ACTION)
        german = action.with_context(lang='de_DE')
        link = '<p>%s</p><p><a href="/odoo/action-%s">%s</a></p>'
        self.assertEqual(
            {a.user_id: (a.summary, a.note) for a in self._reminders(self.there.partner_id)}, {
                self.german: ("DSGVO: Löschungen schlagen fehl", link % (
                    "Wartet", german.id, german.name)),
                self.both: ("DSGVO: erasures fail", link % ("Waits", action.id, action.name))})
        self.assertFalse(self._reminders(self.here.partner_id))

    def test_note_may_be_worded_for_the_company_and_language(self):
        self._remind(self.there, lambda company: f"{company.name} {company.env.lang}")
        self.assertEqual(
            {a.user_id: a.note for a in self._reminders(self.there.partner_id)},
            {self.german: "<p>Laden am Markt de_DE</p>", self.both: "<p>Laden am Markt en_US</p>"})

    def test_officer_has_one_reminder_for_each_summary_and_its_note_follows(self):
        for count in 1, 2:
            self._remind(self.there, lambda company, count=count: f"{count} records")
        reminders = self._reminders(self.there.partner_id)
        self.assertEqual(reminders.mapped('note'), ["<p>2 records</p>"] * 2)
        self._remind(self.there, summary=NOTE)
        self.assertEqual(self._reminders(self.there.partner_id), reminders)
        self.assertEqual(len(self.there.partner_id.activity_ids - reminders), 2)

    def test_reminder_that_was_done_comes_again(self):
        self._remind(self.there)
        self._reminders(self.there.partner_id).action_done()
        self._remind(self.there)
        self.assertEqual(self._reminders(self.there.partner_id).user_id, self.german | self.both)

    def test_administrator_stands_in_where_there_is_no_officer(self):
        self._remind(self.lonely)
        self.assertEqual(
            self._reminders(self.lonely.partner_id).user_id, self.env.ref('base.user_admin'))

    def test_what_concerns_the_database_is_told_to_each_officer_at_the_own_company(self):
        self._remind(self.env['res.company'])
        self.assertEqual(
            [self._reminders(company.partner_id).user_id
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
        self.assertFalse(self._reminders(self.there.partner_id))

    @mute_logger('odoo.addons.dsgvo.models.jobs.dsgvo_job_failure')
    def test_officer_who_cannot_be_reminded_is_returned_and_the_others_are(self):
        Partner = self.registry['res.partner']
        schedule = Partner.activity_schedule

        def fail_for_one(contacts, *args, **values):
            if values['user_id'] == self.german.id:
                raise ValueError
            return schedule(contacts, *args, **values)

        with patch.object(Partner, 'activity_schedule', fail_for_one):
            self.assertEqual(self._remind(self.there), self.german)
        self.assertEqual(self._reminders(self.there.partner_id).user_id, self.both)

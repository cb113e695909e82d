from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import new_test_user, tagged

from odoo.addons.dsgvo.models.suppression.erasure_list import ErasureList

from .common import ShopCommon

STUCK = "DSGVO: erasures are stuck"


@tagged('post_install', '-at_install')
class TestReminders(ShopCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env['res.company'].create({'name': "Laden am Markt"})
        cls.here = cls._create_officer('officer_here', cls.env.company)
        cls.there = cls._create_officer('officer_there', cls.other)
        cls.both = cls._create_officer('officer_both', cls.env.company | cls.other)
        cls._create_officer('officer_gone', cls.other).active = False
        new_test_user(cls.env, 'clerk_there', groups='dsgvo.group_user', company_id=cls.other.id,
                      company_ids=[Command.set(cls.other.ids)])

    @classmethod
    def _create_officer(cls, login, companies):
        return new_test_user(
            cls.env, login, groups='dsgvo.group_officer', company_id=companies[0].id,
            company_ids=[Command.set(companies.ids)])

    def _let_somebody_wait(self, company):
        erasure = self.env['dsgvo.erasure'].sudo().create({
            'partner_id': self._create_customer().id, 'company_id': company.id,
            'reason': 'request', 'state': 'blocked'})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dsgvo_erasure SET create_date = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(days=40), erasure.id])
        self.env.invalidate_all()

    def _get_reminded(self, company):
        return company.sudo().dsgvo_reminder_ids.activity_ids.user_id

    def test_officers_of_the_company_are_reminded_once_each(self):
        self._let_somebody_wait(self.other)
        for _run in range(2):
            self.env['dsgvo.erasure']._remind_of_stuck(30)
        reminders = self.other.sudo().dsgvo_reminder_ids.activity_ids
        self.assertEqual(len(reminders), 2)
        self.assertEqual(reminders.user_id, self.there | self.both)
        self.assertFalse(self._get_reminded(self.env.company))

    def test_number_of_the_reminder_follows(self):
        for count in 1, 2:
            self._let_somebody_wait(self.env.company)
            self.env['dsgvo.erasure']._remind_of_stuck(30)
            reminders = self.env.company.sudo().dsgvo_reminder_ids.activity_ids
            self.assertEqual(reminders.user_id, self.here | self.both)
            for reminder in reminders:
                self.assertIn(f"30 days: {count}.", reminder.note)

    def test_what_concerns_the_database_is_told_to_each_officer_once(self):
        self._sell(self._order())
        with patch.object(ErasureList, 'append', side_effect=OSError(30, "read-only")), \
                self.assertLogs('odoo.addons.dsgvo', 'ERROR'):
            self._run_cron()
        here, there = self.env.company, self.other
        self.assertEqual(self._get_reminded(here), self.here | self.both)
        self.assertEqual(self._get_reminded(there), self.there)

    def test_living_shop_tells_its_own_officers(self):
        for _run in range(2):
            self.other._dsgvo_remind_of_first_steps()
        self.assertEqual(len(self.other.sudo().dsgvo_reminder_ids.activity_ids), 2)
        self.assertEqual(self._get_reminded(self.other), self.there | self.both)

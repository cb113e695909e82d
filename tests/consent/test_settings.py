from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ..common import DsgvoCommon


@tagged('post_install', '-at_install')
class TestSettings(DsgvoCommon):
    """The privacy officer sets what is hers without a system administrator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env['res.company'].create({'name': "Laden am Markt"})
        cls.officer = new_test_user(cls.env, 'only_officer', groups='dsgvo.group_officer')
        cls.company = cls.env.company.with_user(cls.officer)

    def test_officer_opens_the_settings_and_changes_them(self):
        action = self.env['res.company'].with_user(self.officer).action_dsgvo_settings()
        self.assertEqual(action['res_id'], self.company.id)
        with Form(self.company, view='dsgvo.res_company_view_form_settings') as form:
            form.dsgvo_text = "Hat zugestimmt."
            form.dsgvo_validity_marketing = 24
            form.dsgvo_grace_checkout = 2
        self.assertRecordValues(self.company, [{
            'dsgvo_text': "Hat zugestimmt.", 'dsgvo_validity_marketing': 24,
            'dsgvo_grace_checkout': 2}])

    def test_officer_changes_nothing_else_and_no_other_company(self):
        for values in ({'name': "Anders"}, {'dsgvo_erase_after_sale': True},
                       {'dsgvo_text': "Ja", 'email': 'a@b.example'}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.company.write(values)
        with self.assertRaisesRegex(AccessError, "Laden am Markt"):
            self.other.with_user(self.officer).write({'dsgvo_text': "Ja"})

    def test_clerk_changes_no_setting(self):
        with self.assertRaises(AccessError):
            self.env.company.with_user(self.clerk).write({'dsgvo_text': "Ja"})

    def test_administrator_changes_what_there_is(self):
        admin = new_test_user(
            self.env, 'only_admin', groups='base.group_system',
            company_ids=[Command.set((self.other | self.env.company).ids)])
        self.other.with_user(admin).write({'dsgvo_text': "Ja", 'email': 'a@b.example'})
        self.assertEqual(self.other.dsgvo_text, "Ja")

    def test_officer_who_may_write_companies_writes_another_one(self):
        admin = new_test_user(
            self.env, 'officer_admin', groups='base.group_system,dsgvo.group_officer')
        self.other.with_user(admin).write({'dsgvo_text': "Ja"})
        self.assertEqual(self.other.dsgvo_text, "Ja")

    def test_contact_that_the_officer_may_not_read_is_refused(self):
        foreign, known = self.env['res.partner'].create([
            {'name': "Fremde", 'company_id': self.other.id}, {'name': "Datenschutz Nord"}])
        with self.assertRaises(AccessError):
            self.company.write({'dsgvo_officer_id': foreign.id})
        self.company.write({'dsgvo_officer_id': known.id})
        self.assertEqual(self.company.dsgvo_officer_id, known)

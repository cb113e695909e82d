from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import SQL

from ..common import DsgvoCommon


@tagged('post_install', '-at_install')
class TestPageCost(DsgvoCommon):
    def test_opening_a_contact_costs_one_statement_more_than_in_plain_odoo(self):
        self.customer.write({'consent_storage': 'granted', 'consent_marketing': 'granted'})
        for user in self.clerk, self.officer:
            with self.subTest(user=user.login):
                customer = self.customer.with_user(user)
                spec = Form(customer)._view['fields_spec']
                plain = {
                    fname: value for fname, value in spec.items()
                    if not fname.startswith(('dsgvo_', 'consent_', 'interest_', 'notification_'))}
                statements = []
                for opened in spec, plain:
                    customer.web_read(opened)  # what is read of others is cached afterwards
                    self.env.invalidate_all()
                    before = self.env.cr.sql_log_count
                    customer.web_read(opened)
                    statements.append(self.env.cr.sql_log_count - before)
                self.assertEqual(statements[0] - statements[1], 1)

    def test_who_reads_only_the_name_of_a_contact_reads_no_field_of_this_addon(self):
        self.customer.write({'consent_storage': 'granted', 'consent_marketing': 'granted'})
        self.env.invalidate_all()
        customer = self.customer.with_user(self.clerk)
        self.assertEqual(customer.name, "Adelheid Quittenbaum")
        read = {fname for fname in customer._cache if customer._fields[fname]._module == 'dsgvo'}
        self.assertFalse(read)

    def test_only_consents_that_are_searched_for_have_an_index(self):
        indexed = self.env.execute_query(SQL(
            "SELECT indexname FROM pg_indexes"
            " WHERE tablename = 'res_partner' AND indexname LIKE '%%consent%%' ORDER BY 1"))
        self.assertEqual([name for name, in indexed], [
            'res_partner__consent_expiry_date_index', 'res_partner__consent_marketing_index'])

    def test_page_of_a_contact_that_is_not_saved_has_nothing_to_say(self):
        unsaved = self.env['res.partner'].with_user(self.officer).new({'name': "Adelheid"})
        self.assertEqual(unsaved.dsgvo_event_count, 0)
        self.assertFalse(unsaved.dsgvo_lock_notice or unsaved.dsgvo_erasure_notice)
        self.assertFalse(unsaved.dsgvo_expired_notice)

    def test_each_user_is_told_what_that_user_may_see(self):
        self.customer.consent_storage = 'granted'
        self.env.invalidate_all()
        plain = new_test_user(self.env, 'plain', groups='base.group_user')
        self.assertFalse(self.customer.with_user(plain).dsgvo_lock_notice)
        self.assertEqual(self.customer.with_user(self.officer).dsgvo_event_count, 1)

    def test_notice_of_an_expired_consent_follows_the_validity(self):
        self.env['dsgvo.consent.event'].create({
            'partner_id': self.customer.id, 'purpose': 'storage', 'decision': 'granted',
            'date': self.env.company._dsgvo_today() - timedelta(days=300)})
        notices = []
        for months in 0, 3, 12:
            self.env.company.dsgvo_validity_storage = months
            notices.append(bool(self.customer.dsgvo_expired_notice))
        self.assertEqual(notices, [False, True, False])

    def test_what_is_noted_is_read_by_nobody_directly(self):
        with self.assertRaises(AccessError):
            self.customer.with_user(self.officer).read(['dsgvo_noted'])

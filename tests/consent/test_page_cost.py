from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

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

    def test_page_of_a_contact_that_is_not_saved_has_nothing_to_say(self):
        unsaved = self.env['res.partner'].with_user(self.officer).new({'name': "Adelheid"})
        self.assertEqual(unsaved.dsgvo_event_count, 0)
        self.assertFalse(unsaved.dsgvo_lock_notice or unsaved.dsgvo_erasure_notice)
        self.assertFalse(unsaved.dsgvo_expired_notice)

    def test_what_is_noted_is_read_by_nobody_directly(self):
        with self.assertRaises(AccessError):
            self.customer.with_user(self.officer).read(['dsgvo_noted'])

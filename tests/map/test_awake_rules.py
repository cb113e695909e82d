from odoo.tests import TransactionCase, tagged


@tagged('post_install', '-at_install')
class TestAwakeRules(TransactionCase):
    """The rules by which a batch is erased are read once, and follow each change of the map."""

    def setUp(self):
        super().setUp()
        self.rules = self.env['dsgvo.data.rule']
        self.rule = self.env.ref('dsgvo.rule_partner_email')

    def test_are_those_that_treat_rows(self):
        self.assertIn(self.rule, self.rules._get_treating())
        self.assertFalse(self.rules._get_treating().filtered(
            lambda rule: rule._is_exemption() or rule._is_searched_for_only()))

    def test_follow_a_change_here(self):
        self.assertIn(self.rule, self.rules._get_treating())
        self.rule.active = False
        self.assertNotIn(self.rule, self.rules._get_treating())
        added = self.rule.copy({'active': True})
        self.assertIn(added, self.rules._get_treating())
        added.unlink()
        self.assertNotIn(added, self.rules._get_treating())

    def test_follow_a_change_by_another_worker(self):
        self.assertIn(self.rule, self.rules._get_treating())
        self.env.cr.execute("""
            UPDATE dsgvo_data_rule SET active = FALSE
             WHERE id = %s
        """, [self.rule.id])
        self.rule.invalidate_recordset()
        self.assertNotIn(self.rule, self.rules._get_treating())

    def test_forget_what_was_rolled_back(self):
        self.rules._get_treating()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.rule.active = False
            self.assertNotIn(self.rule, self.rules._get_treating())
            raise ZeroDivisionError
        self.assertIn(self.rule, self.rules._get_treating())

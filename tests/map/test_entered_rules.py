from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import GuardCommon


@tagged('post_install', '-at_install')
class TestEnteredRules(GuardCommon):
    """What an officer enters must find something, and may not touch what the law keeps."""

    def _enter(self, model, field, reached_by, erase='clear', **values):
        with self.env.cr.savepoint():  # nothing stays of what is refused
            return self.env['dsgvo.data.rule'].with_user(self.officer).create({
                'model': model, 'field': field, 'reached_by': reached_by, 'erase': erase,
                'category': 'contact'} | values)

    def test_entered_rule_must_be_for_this_database(self):
        for place in (('shop.loyalty.stamp', 'name', 'partner_id'), ('crm.team', 'nam', 'id'),
                      ('crm.team', 'name', 'partner_id'), ('crm.team', 'name', 'search:nam')):
            with self.assertRaisesRegex(ValidationError, "no such model, field or way"):
                self._enter(*place)

    def test_entered_way_must_lead_from_a_customer(self):
        """By its number a team is not a contact, and by its name neither."""
        for place in (('crm.team', 'name', 'id'), ('crm.team', 'name', 'name'),
                      ('crm.team', 'name', 'find:name'), ('crm.team', 'name', 'search:name'),
                      ('sale.order', 'note', 'user_id', 'hold'),
                      ('sale.order', 'note', 'pricelist_id'), ('sale.order', 'note', 'company_id'),
                      ('sale.order', 'note', 'user_id'), ('sale.order', 'note', 'team_id'),
                      ('sale.order', 'note', 'email:amount_total'),
                      ('sale.order', 'note', 'contact:note'),
                      ('sale.order', 'note', 'email:name'),
                      ('sale.order', 'note', 'phone:client_order_ref'),
                      ('product.template', 'description', 'contact:color'),
                      ('mail.activity', 'summary', 'contact:res_id'),
                      ('sale.order', 'note', 'note,id'),
                      ('product.template', 'description', 'needle:description')):
            with self.subTest(place=place), self.assertRaisesRegex(
                    ValidationError, "does not lead from a customer"):
                self._enter(*place, is_about_person=False)
        for place in (('crm.team', 'name', 'search:name', 'redact'),
                      ('sale.order', 'note', 'partner_id'),
                      ('sale.order.line', 'name', 'order_id', 'redact'),
                      ('purchase.order', 'note', 'order_line') if 'purchase.order' in self.env
                      else ('mail.mail', 'body_html', 'mail_message_id'),
                      ('mailing.contact', 'name', 'email:email_normalized'),
                      ('sms.sms', 'body', 'phone:number'),
                      ('mail.tracking.value', 'old_value_char', 'contact:old_value_integer'),
                      ('ir.filters', 'name', 'needle:name', 'redact'),
                      ('mail.message', 'body', 'model,res_id')):
            self.assertTrue(self._enter(*place)._awake())

    def test_document_that_the_law_keeps_is_not_touched_before_its_time(self):
        for model, field, way, *treatment in (
                ('account.move', 'invoice_origin', 'partner_id'),
                ('account.move', 'narration', 'partner_id', 'redact'),
                ('account.move', 'narration', 'search:narration', 'redact'),
                ('account.move', 'invoice_origin', 'partner_id', 'replace'),
                ('account.move', 'partner_shipping_id', 'partner_shipping_id', 'detach'),
                ('account.move.line', 'name', 'move_id'),
                ('account.payment', 'memo', 'partner_id'),
                ('account.bank.statement.line', 'payment_ref', 'partner_id', 'redact')):
            with self.subTest(model=model, field=field, treatment=treatment):
                with self.assertRaisesRegex(ValidationError, "Tick Kept With the Document"):
                    self._enter(model, field, way, *treatment)
                rule = self._enter(model, field, way, *treatment, kept_while_held=True)
                with self.assertRaisesRegex(ValidationError, "Tick Kept With the Document"):
                    rule.kept_while_held = False

    def test_document_that_the_law_keeps_is_not_deleted(self):
        for model in self.env['dsgvo.data.rule']._get_kept_models() & set(self.env):
            for kept in False, True:
                with self.subTest(model=model), self.assertRaisesRegex(
                        ValidationError, f"{model}.id cannot be deleted"):
                    self._enter(model, 'id', 'partner_id', 'delete', kept_while_held=kept)

    def test_shipped_rules_keep_what_the_law_keeps(self):
        documents = self.env['dsgvo.data.rule']._get_kept_models()
        rules = self.env['dsgvo.data.rule'].search([
            ('model', 'in', list(documents)), ('erase', 'not in', ('hold', 'keep', 'method'))])
        self.assertTrue(rules)
        self.assertEqual(rules.filtered(lambda rule: not rule.kept_while_held), rules.browse())

    def test_covering_a_place_on_an_invoice_leaves_it_until_its_time(self):
        self._add_field('account.move', 'x_remark', ttype='char')
        self._find()
        rule = self._press(self.Gap.search([]), 'action_cover').save()
        self.assertRecordValues(rule, [{
            'field': 'x_remark', 'erase': 'clear', 'kept_while_held': True}])

    def test_field_that_must_be_filled_is_not_emptied(self):
        for place in (('sale.order', 'name', 'partner_id'),
                      ('sale.order.line', 'name', 'order_id'),
                      ('sale.order', 'partner_id', 'partner_id', 'detach')):
            with self.subTest(place=place), self.assertRaisesRegex(
                    ValidationError, "must not be empty"):
                self._enter(*place)
        self.assertTrue(self._enter('sale.order', 'name', 'partner_id', 'replace'))
        self.assertTrue(self._enter('sale.order', 'state', 'partner_id'))

    def test_covering_a_place_that_must_be_filled_replaces_it(self):
        self._add_field('res.partner', 'x_motto', ttype='char', required=True)
        self._find()
        rule = self._press(self.Gap.search([]), 'action_cover').save()
        self.assertEqual(rule.erase, 'replace')

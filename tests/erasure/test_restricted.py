from datetime import date, datetime, time

from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common import PERSON
from .test_preview import OfficerCommon


@tagged('post_install', '-at_install')
class TestRestricted(OfficerCommon):
    """A customer with an invoice, after the erasure."""

    def setUp(self):
        super().setUp()
        self.customer.country_id = self.env.ref('base.de')
        self.env['res.partner.bank'].create({
            'acc_number': 'DE02 1203 0000 0000 2020 51', 'partner_id': self.customer.id})
        self.sale = self._sell(self._order(), to_invoice=True)
        self.invoice = self.sale.account_move
        self._run_cron()
        self.assertTrue(self.customer.dsgvo_restricted)

    def _find(self, user, **context):
        Partner = self.env['res.partner'].with_user(user).with_context(**context)
        return {
            'search': Partner.search([('id', '=', self.customer.id)]).ids,
            'count': Partner.search_count([('name', '=', PERSON['name'])]),
            'drop-down': [partner_id for partner_id, _name in Partner.name_search("Quittenbaum")],
            'archived': Partner.search(
                [('active', '=', False), ('name', '=', PERSON['name'])]).ids,
            'group': Partner._read_group([('name', '=', PERSON['name'])], ['name'], ['__count']),
        }

    def test_nobody_but_the_officer_finds_a_restricted_customer(self):
        empty = {'search': [], 'count': 0, 'drop-down': [], 'archived': [], 'group': []}
        for user in self.clerk, self.cashier:
            for context in {}, {'active_test': False}:
                self.assertEqual(self._find(user, **context), empty)
        self.assertEqual(self._find(self.officer, active_test=False), {
            'search': self.customer.ids, 'count': 1, 'drop-down': self.customer.ids,
            'archived': self.customer.ids, 'group': [(PERSON['name'], 1)]})

    def test_search_that_hides_the_archived_needs_no_condition_of_its_own(self):
        Partner = self.env['res.partner'].with_user(self.clerk)
        for domain, hides_by_itself in (
                ([('name', 'ilike', "Quitten")], False), ([('active', 'in', [True, False])], True)):
            sql = Partner._search(domain).select().code
            self.assertEqual('dsgvo_restricted' in sql, hides_by_itself, domain)

    def test_database_refuses_a_restricted_customer_who_is_not_archived(self):
        with self.assertRaises(CheckViolation), mute_logger('odoo.sql_db'):
            self.env.cr.execute(
                "UPDATE res_partner SET active = TRUE WHERE id = %s", [self.customer.id])

    def test_clerk_sees_no_erasure_of_a_restricted_customer(self):
        erasure = self._erasure()
        Erasure = self.env['dsgvo.erasure']
        self.assertEqual(erasure.state, 'restricted')
        for state in 'restricted', 'blocked':  # a lock keeps the customer after the period
            erasure.state = state
            self.env.flush_all()
            for user in self.clerk, self.cashier:
                seen = Erasure.with_user(user)
                self.assertFalse(seen.search([('partner_id', '=', self.customer.id)]))
                self.assertFalse(seen.search([('display_name', 'ilike', "Quitten")]))
                self.assertFalse(seen._read_group(
                    [('state', '=', state)], ['partner_id'], ['__count']))
                with self.assertRaises(AccessError):
                    erasure.with_user(user).read(['partner_id'])
            self.assertEqual(
                Erasure.with_user(self.officer).search([('id', '=', erasure.id)]).partner_id,
                self.customer)

    def test_clerk_sees_no_decision_of_a_restricted_customer(self):
        Event = self.env['dsgvo.consent.event']
        # As an unsubscription does: no user records a decision of who is gone.
        decision = Event.sudo().create({
            'partner_id': self.customer.id, 'purpose': 'marketing', 'decision': 'refused',
            'date': self.env.company._dsgvo_today(), 'means': 'phone'})
        for user in self.clerk, self.cashier:
            self.assertFalse(Event.with_user(user).search([('id', '=', decision.id)]))
            with self.assertRaises(AccessError):
                decision.with_user(user).read(['partner_id'])
        self.assertEqual(
            Event.with_user(self.officer).search([('id', '=', decision.id)]).partner_id,
            self.customer)

    def _find_documents(self, user):
        """Return the documents that the user finds by what stands on the customer."""
        found = set()
        for model, link in {
            'sale.order': 'partner_id', 'sale.order.line': 'order_partner_id',
            'pos.order': 'partner_id', 'account.move': 'partner_id',
            'account.move.line': 'partner_id', 'stock.picking': 'partner_id',
            'account.invoice.report': 'partner_id', 'sale.report': 'partner_id',
        }.items():
            Model = self.env[model].with_user(user)
            if not Model.has_access('read'):
                continue
            for domain in (
                [(link, 'ilike', "Quitten")],
                [(link, '=', PERSON['name'])],
                [(f'{link}.name', 'ilike', "Quitten")],
                [(f'{link}.complete_name', '=', PERSON['name'])],
                [(f'{link}.email', 'ilike', PERSON['email'])],
                [(f'{link}.phone', 'ilike', "901820")],
                [(f'{link}.street', 'ilike', PERSON['street'])],
                [(f'{link}.child_ids.name', 'ilike', "Quitten")],
                [(link, 'child_of', "Quitten")],
                [(link, 'any', [('name', 'ilike', "Quitten")])],
                [(link, 'any', ['|', ('id', '=', 0), ('name', 'ilike', "Quitten")])],
                [(f'{link}.phone_mobile_search', 'ilike', "901820")],
                [(f'{link}.bank_ids.acc_number', 'ilike', "DE02")],
                [(f'{link}.bank_ids', 'ilike', "DE02")],
                [(f'{link}.bank_ids.acc_holder_name', 'ilike', "Quitten")],
                [(f'{link}.child_ids.email', 'ilike', "quitten")],
                [(f'{link}.parent_id', 'ilike', "Quitten")],
                [(f'{link}.commercial_partner_id.name', 'ilike', "Quitten")],
                [(f'{link}.dsgvo_subject_id.email', 'ilike', "quitten")],
                [(f'{link}.invoice_ids.invoice_partner_display_name', 'ilike', "Quitten")],
                [(f'{link}.dsgvo_restricted', '=', True)],
                [(f'{link}.active', '=', False)],
                [('message_partner_ids', 'ilike', "Quitten")] if 'message_partner_ids'
                in Model._fields else [(link, '=', PERSON['name'])],
            ):
                if Model.search_count(domain):
                    found.add((model, str(domain)))
        Bank = self.env['res.partner.bank'].with_user(user)
        if Bank.has_access('read') and (
                Bank.search([('acc_holder_name', 'ilike', "Quitten")]) | Bank.browse(
                    bank_id for bank_id, _name in Bank.name_search("DE02"))):
            found.add('account')
        Move = self.env['account.move'].with_user(user)
        if Move.has_access('read'):
            if Move.search([('invoice_partner_display_name', 'ilike', "Quitten")]):
                found.add('printed name')
            if Move.name_search("Quitten"):
                found.add('drop-down of invoices')
        if self.env['sale.order'].with_user(user).with_context(
                sale_show_partner_name=True).name_search("Quitten"):
            found.add('drop-down of orders')
        return found

    def test_nobody_finds_a_restricted_customer_by_the_name_printed_on_invoices(self):
        for user in self.clerk, self.cashier:
            for model, path in {
                'sale.order': 'invoice_ids', 'account.move.line': 'move_id',
                'sale.order.line': 'order_id.invoice_ids', 'pos.order': 'account_move',
            }.items():
                Model = self.env[model].with_user(user)
                if Model.has_access('read'):
                    self.assertFalse(Model.search_count(
                        [(f'{path}.invoice_partner_display_name', 'ilike', "Quitten")]), path)

    def test_nobody_finds_a_restricted_customer_by_name_through_documents(self):
        for user in self.clerk, self.cashier:
            with self.subTest(user.login):
                self.assertEqual(self._find_documents(user), set())

    def test_who_posts_entries_finds_the_invoice_but_not_the_contact(self):
        self.clerk.group_ids += self.env.ref('account.group_account_invoice')
        self.env.flush_all()
        found = self._find_documents(self.clerk)
        self.assertIn(('account.move', "[('partner_id', 'ilike', 'Quitten')]"), found)
        self.assertIn('printed name', found)
        self.assertFalse(self._find(self.clerk, active_test=False)['search'])

    def test_officer_finds_the_documents_by_name(self):
        self.officer.group_ids += self.env.ref('sales_team.group_sale_salesman_all_leads')
        self.assertIn('printed name', self._find_documents(self.officer))

    def test_other_searches_of_documents_leave_nothing_out(self):
        invoices = self.env['account.move'].with_user(self.clerk)
        for domain in (
            [('id', '=', self.invoice.id)],
            [('partner_id', '=', self.customer.id)],
            *([(path, operator, value), ('id', '=', self.invoice.id)] for path, operator, value in (
                ('partner_id.country_id', '=', self.customer.country_id.id),
                ('partner_id.country_id.code', '=', self.customer.country_id.code),
                ('partner_id.parent_id', '=', False),
                ('partner_id.child_ids', '=', False),
                ('partner_id.is_company', '=', False),
                ('partner_id.category_id', '=', False),
                ('partner_id', 'child_of', self.customer.ids),
                ('partner_id.commercial_partner_id', 'in', self.customer.ids))),
            [('name', '=', self.invoice.name)],
        ):
            self.assertEqual(invoices.search(domain), self.invoice, domain)

    def test_emptied_evidence_of_a_restricted_customer_is_no_finding(self):
        reader = self._create_customer(name="Balduin Wacholder")
        self.env['dsgvo.consent.event'].with_user(self.clerk).create({
            'partner_id': reader.id, 'purpose': 'marketing', 'decision': 'granted',
            'note': "Messe", 'signature': 'aGFsbG8='})
        self._sell(self._order(customer=reader), to_invoice=True)
        self._run_cron()
        self.assertTrue(reader.dsgvo_restricted)
        self.assertFalse(reader.consent_event_ids.sudo().evidence_salt)
        self.assertFalse(self.env['dsgvo.ledger.check'].sudo()._verify().findings)

    def test_till_does_not_load_a_restricted_customer(self):
        found = self.env['res.partner'].with_user(self.cashier).with_context(
            active_test=False).get_new_partner(self.config.id, [('name', 'ilike', "Quitten")], 0)
        self.assertEqual(found['res.partner'], [])

    def test_invoice_opens_and_prints_for_the_accountant(self):
        accountant = new_test_user(
            self.env, 'shop_accountant', company_id=self.env.company.id,
            groups='account.group_account_invoice')
        invoice = self.invoice.with_user(accountant)
        self.env.invalidate_all()
        shown = invoice.web_read({'partner_id': {'fields': {'display_name': {}}}})
        self.assertEqual(shown[0]['partner_id'], {
            'id': self.customer.id, 'display_name': PERSON['name']})
        html, _type = self.env['ir.actions.report'].with_user(accountant)._render_qweb_html(
            'account.report_invoice', invoice.ids)
        self.assertIn(PERSON['street'], html.decode())

    def test_no_message_reaches_a_restricted_customer(self):
        reader = self._create_customer(
            consent_marketing='granted', consent_notification='granted')
        self.assertTrue(reader._dsgvo_allows('marketing'))
        self._sell(self._order(customer=reader), to_invoice=True)
        self._run_cron()
        self.assertRecordValues(reader, [
            {'dsgvo_restricted': True, 'consent_marketing': 'granted'}])
        self.assertFalse(reader._dsgvo_allows('marketing'))
        self.assertFalse(reader._dsgvo_allows('notification'))

    def test_consent_given_late_deletes_no_evidence(self):
        erasure = self._erasure()
        self.env.cr.execute("UPDATE res_partner SET active = TRUE, dsgvo_restricted = FALSE"
                            " WHERE id = %s", [self.customer.id])
        self.env.invalidate_all()
        self.customer.with_user(self.officer).consent_storage = 'granted'
        erasure.state = 'due'
        self._run_cron()
        self.assertTrue(erasure.exists().certificate)

    def test_restoring_is_refused(self):
        for user in self.clerk, self.officer:
            with self.assertRaisesRegex(UserError, "cannot be restored"):
                self.customer.with_user(user).action_unarchive()
        self.assertFalse(self.customer.active)

    def test_anonymous_customer_is_nobody_and_stays_as_it_is(self):
        anonymous = self.env.company.sudo().dsgvo_anonymous_partner_id
        as_clerk = anonymous.with_user(self.clerk)
        for values in ({'active': True}, {'name': "Paul"}, {'email': 'paul@x.example'},
                       {'parent_id': self.customer.id, 'type': 'delivery'}, {'is_company': True},
                       {'consent_marketing': 'refused'}):
            for contact in as_clerk, anonymous.with_user(self.env.ref('base.public_user')).sudo():
                with self.subTest(values=values, su=contact.env.su), self.assertRaisesRegex(
                        UserError, "anonymous customer"):
                    contact.write(values)
        for env in as_clerk.env, anonymous.env:
            with self.assertRaisesRegex(UserError, "decides nothing"):
                anonymous.with_env(env)._dsgvo_record(
                    {'marketing': 'refused'}, self.env.company._dsgvo_today(), means='paper')
        as_clerk.sudo().lang = self.customer.lang  # what documents need
        self.env.company.partner_id.with_user(self.clerk).phone = "030 1"

    def test_customer_goes_on_the_day_after_the_period(self):
        erasure = self._erasure()
        last_day = erasure.restricted_until
        self.assertEqual(last_day, date(self.invoice.invoice_date.year + 10, 12, 31))
        columns = ['name', 'amount_total', 'amount_tax', 'payment_state', 'partner_id', 'state']
        shown = self.invoice.read(columns)
        lines = self.invoice.line_ids.read(['debit', 'credit', 'account_id', 'reconciled'])
        with freeze_time(datetime.combine(last_day, time(12))):
            self._run_cron()
            self.assertEqual(erasure.state, 'restricted')
        with freeze_time(datetime(last_day.year + 1, 1, 1, 12)):
            self._search_database()
            self._run_cron()
        self.assertRecordValues(erasure, [{'state': 'done', 'blocker': False}])
        self.assertTrue(self.customer.dsgvo_erased)
        self.assertTrue(self.customer.name.endswith('.invalid'))
        self.assertFalse(self.customer.street)
        self.assertEqual(
            self.invoice.line_ids.read(['debit', 'credit', 'account_id', 'reconciled']), lines)
        after = self.invoice.read(columns)
        for values in shown + after:
            values['partner_id'] = values['partner_id'][0]
        self.assertEqual(after, shown)

    def test_last_day_of_the_period_ends_where_the_shop_is(self):
        far = self.env['res.company'].create(
            {'name': "Laden in Auckland", 'country_id': self.env.ref('base.nz').id})
        self.env.ref('base.user_root').write({
            'company_ids': [Command.link(far.id)], 'company_id': far.id})
        last_day = self._erasure().restricted_until
        with freeze_time(datetime.combine(last_day, time(14))):
            self.assertGreater(far._dsgvo_today(), last_day)
            self._search_database()
            self._run_cron()
        self.assertEqual(self._erasure().state, 'restricted')

    def test_lock_keeps_a_restricted_customer_after_the_period(self):
        self.env['dsgvo.erasure.lock'].with_user(self.officer).create(
            {'partner_id': self.customer.id, 'reason': "Streit"})
        erasure = self._erasure()
        with freeze_time(datetime(erasure.restricted_until.year + 1, 1, 1, 12)):
            self._search_database()
            self._run_cron()
        self.assertRecordValues(erasure, [
            {'state': 'blocked', 'blocker': "Locked by the privacy officer"}])
        self.assertEqual(self.customer.name, PERSON['name'])
        self.assertFalse(self._find(self.clerk, active_test=False)['search'])

    def test_restricted_customer_is_not_chosen_again(self):
        preview = self._select(self.customer, 'request')
        self.assertRecordValues(preview, [{'refused_count': 1, 'total_count': 1}])
        self.assertIn("only documents are kept until", preview.people)



@tagged('post_install', '-at_install')
class TestRequiredFieldOfAnotherAddon(OfficerCommon):
    def setUp(self):
        # last, after the rollback
        self.addCleanup(lambda: self.registry._setup_models__(self.cr))
        super().setUp()

    def test_is_emptied_when_the_period_is_over(self):
        self.env['ir.model.fields'].create({
            'model_id': self.env['ir.model']._get_id('res.partner'), 'name': 'x_motto',
            'state': 'manual', 'ttype': 'char', 'required': True, 'field_description': "Motto"})
        self.env.cr.execute("UPDATE res_partner SET x_motto = 'Lesen'")
        self.env.cr.execute("ALTER TABLE res_partner ALTER COLUMN x_motto SET NOT NULL")
        self._sell(self._order(), to_invoice=True)
        erasure = self._erasure()
        self._run_cron()
        with freeze_time(datetime(erasure.restricted_until.year + 1, 1, 1, 12)):
            self._search_database()
            self._run_cron()
        self.assertEqual(erasure.state, 'done', erasure.blocker)
        self.assertEqual(self.customer.x_motto, '')


@tagged('post_install', '-at_install')
class TestConditionOfALink(OfficerCommon):
    def setUp(self):
        # last, after the rollback
        self.addCleanup(lambda: self.registry._setup_models__(self.cr))
        super().setUp()

    def _make_shelves(self, kind):
        """Return two rows that name the customer; the condition of the rule is true for one."""
        link = {'name': 'x_friend', 'ttype': kind, 'relation': 'res.partner',
                'field_description': "Friend"}
        self.env['ir.model'].sudo().create({
            'name': "Shelf", 'model': f'x_shelf_{kind}', 'field_id': [
                Command.create(link), Command.create(
                    {'name': 'x_name', 'ttype': 'char', 'field_description': "Name"})]})
        self.env['dsgvo.data.rule'].with_user(self.officer).create({
            'model': f'x_shelf_{kind}', 'field': 'x_friend', 'reached_by': 'x_friend',
            'erase': 'detach', 'is_about_person': False, 'category': 'order',
            'domain': "[('x_name', '=', 'goes')]"})
        return self.env[f'x_shelf_{kind}'].sudo().create([
            {'x_name': name, 'x_friend': self.customer.ids if kind == 'many2many'
             else self.customer.id} for name in ('goes', 'stays')])

    def _check(self, kind, to_invoice):
        shelves = self._make_shelves(kind).with_context(active_test=False)  # who is archived
        self._sell(self._order(), to_invoice=to_invoice)
        erasure = self._erasure()
        self._run_cron()
        self.assertEqual(erasure.state, 'restricted' if to_invoice else 'done')
        self.assertFalse(shelves[0].x_friend)
        self.assertEqual(len(shelves[1].x_friend), 1 if to_invoice else 0)

    def test_row_outside_of_it_keeps_a_restricted_customer(self):
        for kind in 'many2one', 'many2many':
            with self.subTest(kind=kind):
                self.customer = self._create_customer()
                self._check(kind, to_invoice=True)

    def test_each_row_loses_a_customer_who_goes(self):
        for kind in 'many2one', 'many2many':
            with self.subTest(kind=kind):
                self.customer = self._create_customer()
                self._check(kind, to_invoice=False)


@tagged('post_install', '-at_install')
class TestKeptByTheShop(OfficerCommon):
    """A customer whom a place of the map keeps that the shop entered with years of its own."""

    def test_reason_names_what_the_shop_entered_with_its_basis(self):
        self.env['dsgvo.data.rule'].with_user(self.officer).create({
            'model': 'sale.order', 'field': 'partner_id', 'reached_by': 'partner_id',
            'category': 'order', 'erase': 'hold', 'retention_years': 12, 'basis': "§ 24 UStG",
            'retention_start': 'date_order'})
        self._sell(self._order(), to_invoice=True)
        self._run_cron()
        erasure = self._erasure()
        self.assertEqual(erasure.restricted_until.year, self._today().year + 12)
        self.assertIn("Sales Order (§ 24 UStG)", erasure.blocker.splitlines())

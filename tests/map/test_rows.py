from datetime import date

from odoo import Command
from odoo.tests import tagged

from odoo.addons.dsgvo.models.map.rows import PersonRows
from odoo.addons.dsgvo.models.map.values import read_values

from ..common import DsgvoCommon


@tagged('post_install', '-at_install')
class TestRows(DsgvoCommon):
    """Which rows a map of a few rules finds for a batch of persons."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Rule = cls.env['dsgvo.data.rule']
        cls.Rule.search([]).unlink()
        cls.address = cls._create_customer(
            name="Adelheid Quittenbaum", email=False, phone=False, parent_id=cls.customer.id,
            type='delivery', street="Am Markt 1")
        cls.neighbour = cls._create_customer(
            name="Balthasar Ohlendorf", email='balthasar@ohlendorf.example', phone='+49 30 771234',
            street="Ginstergasse 4")
        cls.bank, cls.others_bank = cls.env['res.partner.bank'].create([
            {'acc_number': 'DE02120300000000202051', 'partner_id': cls.address.id},
            {'acc_number': 'DE02500105170137075030', 'partner_id': cls.neighbour.id}])
        cls.tag = cls.env['res.partner.category'].create(
            {'name': "Lesekreis", 'partner_ids': [Command.set(cls.customer.ids)]})

    def _rule(self, model='res.partner.bank', field='id', reached_by='partner_id', erase='delete',
              **values):
        return self.Rule.create({
            'model': model, 'field': field, 'reached_by': reached_by, 'erase': erase,
            'category': 'payment', 'note': "Test"} | values)

    def _start(self, *persons):
        self.env.flush_all()
        rows = PersonRows(self.env, [(person.id, None) for person in persons or self.customer])
        rows._create_rows()
        rows.values = read_values(rows)
        return rows

    def _find(self, *persons):
        rows = self._start(*persons)
        return rows, rows.find()

    def _read(self, rows, model):
        """Return what methods of other addons may read of the rows."""
        return rows.execute(
            "SELECT id, subject_id, owned, held, bound FROM %s WHERE model = %s AND way != -1"
            " ORDER BY id, subject_id", rows.rows, model)

    def _date(self, record, day):
        self.env.flush_all()
        self.env.cr.execute(
            f"UPDATE {record._table} SET create_date = %s WHERE id = %s", [day, record.id])

    # === THE PUBLIC FACE === #

    def test_rule_may_lead_to_contacts_of_others_and_on_to_their_rows(self):
        self._rule()
        for leads_on, found in (False, self.bank), (True, self.bank | self.others_bank):
            if leads_on:
                self._rule('res.partner', 'comment', 'commercial_partner_id', 'clear', sequence=1)
                self.env.flush_all()
                self.env.cr.execute("UPDATE res_partner SET commercial_partner_id = %s"
                                    " WHERE id = %s", [self.customer.id, self.neighbour.id])
            rows, _changed = self._find()
            self.assertEqual(
                [row_id for row_id, *_rest in self._read(rows, 'res.partner.bank')], found.ids)

    def test_persons_are_their_contacts_with_all_addresses(self):
        rows = self._start(self.customer, self.neighbour)
        self.assertEqual(
            set(rows.execute("SELECT id, subject_id FROM %s AS person", rows.persons)), {
                (self.customer.id, self.customer.id), (self.address.id, self.customer.id),
                (self.neighbour.id, self.neighbour.id)})

    def test_queries_are_answered_and_changes_are_not(self):
        rows = self._start()
        self.assertEqual(
            rows.execute("SELECT acc_number FROM %s WHERE id = %s",
                         rows.table('res.partner.bank'), self.bank.id),
            [('DE02120300000000202051',)])
        self.assertEqual(rows.execute("DELETE FROM %s", rows.rows), [])

    def test_second_batch_in_a_transaction_starts_from_nothing(self):
        self._rule()
        self._find()
        rows, found = self._find(self.neighbour)
        self.assertEqual(found, {self.neighbour.id: {'res.partner.bank': 1}})
        self.assertEqual([row[0] for row in self._read(rows, 'res.partner.bank')],
                         self.others_bank.ids)

    # === WAYS === #

    def test_link_to_an_address_finds_rows_of_the_person_and_of_nobody_else(self):
        self._rule()
        rows, found = self._find()
        self.assertEqual(found, {self.customer.id: {'res.partner.bank': 1}})
        self.assertEqual(self._read(rows, 'res.partner.bank'), [
            (self.bank.id, self.customer.id, True, False, False)])

    def test_each_row_of_a_batch_is_its_own_persons(self):
        self._rule()
        _rows, found = self._find(self.customer, self.neighbour)
        self.assertEqual(found, {
            person.id: {'res.partner.bank': 1} for person in self.customer | self.neighbour})

    def test_links_to_many_lead_to_rows(self):
        for model, reached_by, row in (
                ('res.partner.category', 'partner_ids', self.tag),
                ('res.partner', 'parent_id', self.address)):
            with self.subTest(way=reached_by):
                self.Rule.search([]).unlink()
                self._rule(model, 'name', reached_by, 'clear')
                rows, _found = self._find()
                self.assertEqual([found[0] for found in self._read(rows, model)], row.ids)

    def test_file_on_a_row_that_an_earlier_rule_found_is_the_persons(self):
        file = self.env['ir.attachment'].create(
            {'name': "Beleg", 'res_model': 'res.partner.bank', 'res_id': self.bank.id})
        rule = self._rule(sequence=1)
        self._rule('ir.attachment', reached_by='res_model,res_id', sequence=2)
        rows, found = self._find()
        self.assertEqual(found[self.customer.id], {'res.partner.bank': 1, 'ir.attachment': 1})
        self.assertEqual([row[0] for row in self._read(rows, 'ir.attachment')], file.ids)
        rule.is_about_person = False  # nothing that hangs on a row of somebody else is the person's
        self.assertNotIn('ir.attachment', self._find()[1][self.customer.id])

    def test_condition_leaves_rows_out(self):
        rule = self._rule(domain="[('acc_number', 'like', 'DE02')]")
        self.assertEqual(self._find()[1][self.customer.id], {'res.partner.bank': 1})
        rule.domain = "[('acc_number', 'like', 'AT')]"
        self.assertEqual(self._find()[1][self.customer.id], {})

    def test_archived_row_is_found(self):
        self._rule()
        self.bank.active = False
        self.assertEqual(self._find()[1][self.customer.id], {'res.partner.bank': 1})

    def test_address_that_nobody_else_has_leads_to_rows_without_a_link(self):
        blocked = self.env['mail.blacklist'].create({'email': self.customer.email})
        self._rule('mail.blacklist', reached_by='email:email')
        rows, _found = self._find()
        self.assertEqual([row[0] for row in self._read(rows, 'mail.blacklist')], blocked.ids)
        self.neighbour.email = self.customer.email
        rows, _found = self._find()
        self.assertEqual(self._read(rows, 'mail.blacklist'), [])

    def test_text_that_names_the_person_leads_to_a_row_of_nobody(self):
        lines = self.env['ir.logging'].create([
            {'name': 'x', 'type': 'server', 'path': 'x', 'func': 'x', 'line': '1', 'message': text}
            for text in ("To adelheid@quittenbaum.example", "To anna@quittenbaum.example")])
        self._rule('ir.logging', reached_by='needle:message', category='technical',
                   is_about_person=False)
        rows, found = self._find()
        self.assertEqual(self._read(rows, 'ir.logging'), [
            (lines[0].id, self.customer.id, False, False, False)])
        self.assertEqual(found[self.customer.id], {'ir.logging': 1})

    def test_row_of_the_person_is_not_taken_for_one_that_mentions_the_person(self):
        own, others = self.env['sale.order'].create([
            {'partner_id': partner.id, 'partner_shipping_id': self.address.id}
            for partner in (self.customer, self.neighbour)])
        self._rule('sale.order', 'note', 'partner_id', 'clear', sequence=1)
        self._rule('sale.order', 'note', 'partner_shipping_id', 'redact',
                   is_about_person=False, sequence=2)
        rows, _found = self._find()
        self.assertEqual([row[:3] for row in self._read(rows, 'sale.order')], [
            (own.id, self.customer.id, True), (others.id, self.customer.id, False)])

    def test_row_of_one_person_that_mentions_another_is_found_for_both(self):
        order = self.env['sale.order'].create(
            {'partner_id': self.neighbour.id, 'partner_shipping_id': self.address.id})
        self._rule('sale.order', 'note', 'partner_id', 'clear', sequence=1)
        self._rule('sale.order', 'note', 'partner_shipping_id', 'redact',
                   is_about_person=False, sequence=2)
        rows, found = self._find(self.customer, self.neighbour)
        self.assertEqual([row[:3] for row in self._read(rows, 'sale.order')], [
            (order.id, self.customer.id, False), (order.id, self.neighbour.id, True)])
        self.assertEqual(found, {
            person.id: {'sale.order': 1} for person in self.customer | self.neighbour})

    def test_rule_about_somebody_else_leaves_the_others_of_its_way_as_they_are(self):
        order = self.env['sale.order'].create(
            {'partner_id': self.neighbour.id, 'partner_shipping_id': self.customer.id})
        own = self.env['sale.order'].create({'partner_id': self.customer.id})
        lines = self.env['sale.order.line'].create([
            {'order_id': row.id, 'name': "Notiz", 'display_type': 'line_note'}
            for row in (order, own)])
        self._rule('sale.order', 'note', 'partner_id', 'clear', sequence=1)
        self._rule('sale.order', 'note', 'partner_shipping_id', 'redact',
                   is_about_person=False, sequence=2)
        for is_about_person in False, True:
            self._rule('sale.order.line', 'name', 'order_id', 'redact', sequence=3,
                       is_about_person=is_about_person)
        rows, _found = self._find()
        self.assertLessEqual({(lines[0].id, False), (lines[1].id, True)}, {
            (row_id, owned) for row_id, _subject_id, owned, *_rest in self._read(
                rows, 'sale.order.line')})

    def test_address_that_persons_of_the_batch_share_is_found_for_each_of_them(self):
        self.neighbour.email = self.customer.email
        self.env['mail.blacklist'].create({'email': self.customer.email})
        self.env['mailing.contact'].create({'email': self.customer.email})
        for model, column in ('mail.blacklist', 'email'), ('mailing.contact', 'email_normalized'):
            self._rule(model, reached_by=f'email:{column}')
        self.assertEqual(self._find()[1], {self.customer.id: {}})
        self.assertEqual(self._find(self.customer, self.neighbour)[1], {
            person.id: {'mail.blacklist': 1, 'mailing.contact': 1}
            for person in self.customer | self.neighbour})

    def test_exemption_and_what_only_the_night_searches_lead_nowhere(self):
        self._rule(field='acc_number', erase='keep', is_about_person=False)
        self._rule(field='note', reached_by='search:note', erase='redact')
        rows, found = self._find()
        self.assertEqual(self._read(rows, 'res.partner.bank'), [])
        self.assertEqual(found, {self.customer.id: {}})

    def test_link_that_is_only_replaced_counts_as_no_row(self):
        self._rule(field='partner_id', erase='replace')
        self.assertEqual(self._find()[1], {self.customer.id: {}})

    def test_finding_changes_nothing(self):
        self._rule()
        self._rule('res.partner', reached_by='id')
        before = self.customer.read(), self.bank.read()
        self._find()
        self.env.invalidate_all()
        self.assertEqual((self.customer.read(), self.bank.read()), before)

    # === WHAT THE LAW KEEPS === #

    def _hold(self, years_ago):
        """Let one bank account be a document of a year; return the last day of its period."""
        self.others_bank.partner_id = self.env.company.partner_id
        year = self.env.company._dsgvo_today().year - years_ago
        self._date(self.bank, f'{year}-03-02')
        self._rule(field='partner_id', erase='hold', retention_years=8)
        return date(year + 8, 12, 31)

    def test_document_holds_the_person_and_binds_the_contact(self):
        last_day = self._hold(years_ago=8)
        rows, _found = self._find(self.customer, self.neighbour)
        self.assertEqual(rows.held, {self.customer.id: last_day})
        self.assertEqual(rows.execute(
            "SELECT id, held, bound FROM %s WHERE subject_id = %s ORDER BY id", rows.rows,
            self.customer.id), [(self.customer.id, True, False), (self.address.id, True, True)])

    def test_period_that_is_over_binds_the_contact_only(self):
        last_day = self._hold(years_ago=9)
        rows, _found = self._find()
        self.assertEqual(rows.held, {})
        self.assertEqual(rows.execute(
            "SELECT id, held, bound FROM %s ORDER BY id", rows.rows),
            [(self.customer.id, False, False), (self.address.id, False, True)])
        self.assertEqual(self._start().find_last_days(), {self.customer.id: last_day})

    def test_row_that_is_kept_with_the_document_is_counted_apart(self):
        self._hold(years_ago=1)
        self._rule('res.partner.category', 'name', 'partner_ids', 'clear', kept_while_held=True)
        rows, found = self._find()
        self.assertEqual(self._read(rows, 'res.partner.category'), [])
        self.assertEqual(found, {self.customer.id: {}})
        self.assertEqual(
            rows.kept_rows, {self.customer.id: {'res.partner.category': set(self.tag.ids)}})
        self.assertIn('res.partner.category', rows.kept_models)

    def test_row_of_two_persons_is_held_for_the_one_whom_the_law_holds(self):
        self._hold(years_ago=1)
        self.tag.partner_ids |= self.neighbour
        self._rule('res.partner.category', 'name', 'partner_ids', 'clear')
        rows, found = self._find(self.neighbour, self.customer)
        self.assertEqual([row[:4] for row in self._read(rows, 'res.partner.category')], [
            (self.tag.id, self.customer.id, True, True),
            (self.tag.id, self.neighbour.id, True, False)])
        self.assertEqual(found, {
            person.id: {'res.partner.category': 1} for person in self.customer | self.neighbour})

    # === COMPANIES === #

    def test_companies_are_those_of_the_rows_of_the_person(self):
        branch, other = self.env['res.company'].create([{'name': "Filiale"}, {'name': "Verlag"}])
        self.bank.company_id = branch
        self._rule()
        rows = PersonRows(self.env, [(self.customer.id, None), (self.neighbour.id, None)])
        self.assertEqual(dict(rows.find_companies(branch | other)), {self.customer.id: branch})

    def test_consents_are_no_business_with_a_company(self):
        branch = self.env['res.company'].create({'name': "Filiale"})
        self.bank.company_id = branch
        self._rule(category='consent')
        self.assertEqual(
            PersonRows(self.env, [(self.customer.id, None)]).find_companies(branch), {})

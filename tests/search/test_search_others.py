from odoo import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.dsgvo.models.search.database_search import DatabaseSearch

from ..erasure.common import PERSON
from .test_search import NOTE, NeighbourCommon, SearchCommon

AUTHOR = "Thomas Mann"
TITLE = f"{AUTHOR}: Der Zauberberg"


@tagged('post_install', '-at_install')
class TestSearchAndOthers(NeighbourCommon):
    """What the nightly search takes out of rows of others, and what it leaves there."""

    def _erase(self, **values):
        customer = self._create_customer(**values) if values else self.customer
        self.env['dsgvo.erasure']._enqueue(customer, 'request', self.env.company)
        erasure = self._erasure(customer).with_user(self.officer)
        erasure.sudo()._process()
        self.assertEqual(erasure.state, 'done', erasure.blocker)
        return erasure

    def _search(self, meanwhile=None, table='sale_order'):
        """Search the whole database; do something just before a table is read."""
        search = self.env['dsgvo.erasure.search'].sudo()._start()
        todo = [meanwhile]
        run = DatabaseSearch(search)
        read = run._read
        run.places.columns = {
            name: run.places.columns[name] for name in {table, 'res_partner'}}

        search.chunk_ids.unlink()
        search._plan(run.places, run.places.get_tables())

        def read_after(name, *args):
            if name == table and todo[0]:
                todo.pop()()
                self.env.flush_all()  # somebody else's transaction would be in the database
                todo.append(None)
            return read(name, *args)
        run._read = read_after
        self.assertTrue(run.run(lambda left: True))
        search._finish()
        self.env.invalidate_all()
        return search

    def test_who_came_since_the_contacts_were_read(self):
        """A contact made, or changed, while the search runs."""
        other = self._create_customer(name="Olga Ohne", email='olga@ohne.example', phone=False,
                                      street=False)
        for kind, value, come in (
                ('email', 'neu@quitten.example', lambda value: self.env['res.partner'].create(
                    {'name': "Olga", 'email': value})),
                ('phone', '030 4711471', lambda value: other.write({'phone': value}))):
            with self.subTest(kind=kind):
                self._erase(name="Cordula Nierenstein", **{kind: value})
                note = self.order.note = NOTE % value
                self._search(lambda value=value, come=come: come(value))
                self.assertEqual(self.order.note, note)

    def test_note_at_another_contact_hides_nothing(self):
        self.neighbour.comment = self.order.note = NOTE % PERSON['email']
        self._erase()
        self._search()
        self.assertNotIn(PERSON['email'], self.order.note)
        self.assertNotIn(PERSON['email'], self.neighbour.comment)
        self.assertEqual(self.neighbour.email, 'bert@ohlendorf.example')

    def test_what_forms_a_name_when_a_number_is_taken_out_goes_too(self):
        self.order.note = NOTE % "Quittenbaum 030/901820 Adelheid"
        erasure = self._erase()
        self._search()
        self.assertEqual(self.order.note, NOTE % "…")
        self.assertFalse(erasure.residual_ids)

    def test_number_of_the_next_column_hides_none(self):
        """The columns of a row are read as one text."""
        self.order.write({'client_order_ref': "Anruf 030/901820", 'reference': "17 4711"})
        self._erase(email=False, phone='030/901820')
        self._search()
        self.assertEqual(self.order.client_order_ref, "Anruf …")

    def test_is_taken_out_where_nobody_came(self):
        self.order.note = NOTE % f"{PERSON['email']}, 030/901820"
        self._erase()
        search = self._search(lambda: self.neighbour.write({'city': "Bonn"}))
        self.assertEqual(self.order.note, NOTE % "…, …")
        self.assertEqual(search.cleaned_places, {'sale.order.note': 1})
        self.assertEqual(
            search.with_user(self.officer).cleaned_list,
            "Sales Order, Terms and conditions: 1")

    def test_number_without_area_code_stays(self):
        self.order.note = NOTE % "231777, 0231 777"
        self._erase(email=False, phone="231777")
        self._search()
        self.assertEqual(self.order.note, NOTE % "231777, 0231 777")

    def test_numbers_of_books_and_orders_stay(self):
        note = self.order.note = NOTE % "978-3-16-148410-0, S00042-0231777, RE/2026/0231777"
        for phone in "0231 777", "03161 484100", "0231777":
            self._erase(email=False, phone=phone)
        self._search()
        self.assertEqual(self.order.note, note)

    def test_erasure_decides_by_the_whole_row_as_the_night_does(self):
        """Name and street in different columns, also of somebody else who is erased along."""
        recipient = self._create_customer(name="Cordula Nierenstein", email='c@nierenstein.example')
        self.order._action_cancel()
        self.order.write({'partner_shipping_id': recipient.id, 'note': NOTE % PERSON['street'],
                          'client_order_ref': f"Für {PERSON['name']}"})
        both, name_alone = self.env['ir.filters'].create([
            {'name': f"Für {PERSON['name']}", 'model_id': 'sale.order', 'domain': domain}
            for domain in ("[('street', '=', 'Holunderweg 17')]", '[]')])
        for person in self.customer, recipient:
            self.env['dsgvo.erasure']._enqueue(person, 'request', self.env.company)
        erasures = self._erasure(self.customer) | self._erasure(recipient)
        erasures._process()
        self.assertEqual(erasures.mapped('state'), ['done', 'done'])
        self.env.invalidate_all()
        self.assertRecordValues(self.order, [
            {'client_order_ref': "Für …", 'note': NOTE % "…"}])
        self.assertRecordValues(both | name_alone, [
            {'name': "Für …", 'domain': "[('street', '=', '…')]"},
            {'name': f"Für {PERSON['name']}", 'domain': '[]'}])
        self.assertFalse(self._search(table='ir_filters').cleaned_places)
        self.assertRecordValues(erasures.residual_ids, [
            {'model': 'ir.filters', 'res_id': name_alone.id, 'reason': 'possible'}])

    def test_title_makes_no_name_certain(self):
        """The street beside the title is that of somebody else who lives there."""
        recipient = self._create_customer(name="Cordula Nierenstein", email='c@nierenstein.example',
                                          phone=False, street="Ginstergasse 9")
        author = self._create_customer(name=AUTHOR, email=False, phone=False, street="Weg am See 7")
        self.book.name = TITLE
        self.order.order_line.name = TITLE
        self.order._action_cancel()
        note = self.order.note = NOTE % f"{TITLE}, Weg am See 7"
        self.order.partner_shipping_id = recipient
        for person in author, recipient:
            self.env['dsgvo.erasure']._enqueue(person, 'request', self.env.company)
        erasures = self._erasure(author) | self._erasure(recipient)
        erasures._process()
        self.assertEqual(erasures.mapped('state'), ['done', 'done'])
        self.env.invalidate_all()
        self.assertEqual(self.order.note, note)
        self._search()
        self.assertEqual(self.order.note, note)

    def test_address_beside_the_name_of_somebody_else_is_not_certain(self):
        """Neither for the erasure nor for the night: a couple has one address for two."""
        self.env['mailing.contact'].sudo().create({
            'name': "Bruno Quendel", 'email': PERSON['email']})
        recipient = self._create_customer(name="Cordula Nierenstein", email='c@nierenstein.example')
        note = self.order.note = NOTE % PERSON['email']
        self.order._action_cancel()
        self.order.partner_shipping_id = recipient
        for person in self.customer, recipient:
            self.env['dsgvo.erasure']._enqueue(person, 'request', self.env.company)
        (self._erasure(self.customer) | self._erasure(recipient))._process()
        self.env.invalidate_all()
        self.assertEqual(self.order.note, note)
        self._search()
        self.assertEqual(self.order.note, note)

    def test_constraints_are_deferred_as_before(self):
        """An erasure and a search ask early what the database would refuse at the commit."""
        self.env.cr.execute(
            "CREATE TABLE dsgvo_test (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
        self.order.note = NOTE % PERSON['email']
        for step in self._erase, self._search:
            step()
            self.env.cr.execute(
                "INSERT INTO dsgvo_test VALUES (1), (1); DELETE FROM dsgvo_test")
        self.assertEqual(self.order.note, NOTE % "…")

    def test_login_of_who_works_in_the_shop_stays(self):
        user = new_test_user(self.env, 'kasse@quittenbaum.example', groups='base.group_user')
        visitor = new_test_user(self.env, 'gast@quittenbaum.example', groups='base.group_portal')
        for login in user, visitor:
            login.partner_id.write({'name': "Jemand", 'email': False})
            login.signature = f"<p>{login.login}</p>"
            erasure = self._erase(name="Cordula Nierenstein", email=login.login, phone=False)
        self._search(table='res_users')
        self.assertRecordValues(user + visitor, [
            {'login': 'kasse@quittenbaum.example', 'signature': "<p>kasse@quittenbaum.example</p>"},
            {'login': '', 'signature': "<p>…</p>"}])
        self.assertFalse(erasure.residual_ids)

    def test_block_list_stays_and_stops_nobody(self):
        """Two rows that would be emptied to the same value, of addresses blocked afterwards."""
        addresses = 'a@quitten.example', 'b@quitten.example'
        erasures = [self._erase(name="Cordula Nierenstein", email=address, phone=False)
                    for address in addresses]
        self.env['mail.blacklist'].create([{'email': address} for address in addresses])
        self._search(table='mail_blacklist')
        self.assertEqual(
            self.env['mail.blacklist'].search_count([('email', 'in', addresses)]), 2)
        for erasure in erasures:
            self.assertRecordValues(
                erasure.residual_ids, [{'model': 'mail.blacklist', 'reason': 'possible'}])

    def test_refused_by_the_database(self):
        """Each kind of refusal is noted in words, and the rows behind it are cleaned."""
        second = self._order(customer=self.neighbour)
        second.client_order_ref = "Für …"
        text = f"Für {PERSON['email']}"
        self.order.write({'note': NOTE % text} | dict.fromkeys(
            ('client_order_ref', 'signed_by', 'origin'), text))
        erasure = self._erase()
        self.env.cr.execute("""
            ALTER TABLE sale_order ADD CONSTRAINT refuse_check CHECK (origin != 'Für …');
            CREATE UNIQUE INDEX refuse_unique ON sale_order (client_order_ref);
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'append only'; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE OF signed_by ON sale_order
                FOR EACH ROW EXECUTE FUNCTION refuse()
        """)
        with self.assertNoLogs('odoo.sql_db', 'ERROR'):
            self._search()
        self.assertEqual(self.order.note, NOTE % "Für …")
        refused = {residual.field: (residual.reason, residual.refusal)
                   for residual in erasure.residual_ids}
        self.assertEqual(refused, {
            'client_order_ref': ('refused', 'unique'), 'signed_by': ('refused', 'guard'),
            'origin': ('refused', 'check')})

    def test_ledger_of_somebody_else_stays_as_it_is(self):
        event = self.env['dsgvo.consent.event'].create({
            'partner_id': self.neighbour.id, 'purpose': 'storage', 'decision': 'granted',
            'means': 'phone', 'note': f"Anruf von {PERSON['email']}"})
        erasure = self._erase()
        self._search(table='dsgvo_consent_event')
        self.assertEqual(event.sudo().note, f"Anruf von {PERSON['email']}")
        self.assertRecordValues(erasure.residual_ids, [
            {'model': 'dsgvo.consent.event', 'reason': 'refused', 'refusal': 'guard'}])

    def test_title_in_the_line_of_somebody_else_stays(self):
        """Even what is certain: the address of the publisher stands in the description."""
        self.book.name = TITLE
        self.book.description_sale = "Bestellung: post@verlag.example"
        line = self._order(customer=self.neighbour).order_line
        self.assertIn("post@verlag.example", line.name)
        erasure = self._erase(name=AUTHOR, email='post@verlag.example')
        name = line.name
        line.name = f"{name}\nfür post@verlag.example"
        self._search(table='sale_order_line')
        self.assertEqual(line.name, f"{name}\nfür …")
        self.assertFalse(erasure.residual_ids.filtered(lambda r: r.model == 'sale.order.line'))


@tagged('post_install', '-at_install')
class TestTitles(SearchCommon):
    """A customer who has the name of an author."""

    def test_title_stays_in_the_rows_of_the_customer(self):
        self.env['res.lang']._activate_lang('de_DE')
        self.book.with_context(lang='en_US').name = "The Magic Mountain"
        self.book.with_context(lang='de_DE').name = TITLE
        author = self._create_customer(name=AUTHOR, email='t@mann.example')
        order = self._order(customer=author)
        order.order_line.name = f"[7] {TITLE}\nfür {AUTHOR}, Herrn Mann"
        self._receive()
        sale = self._sell(order)
        sale.lines.full_product_name = TITLE
        erasure = self._erasure(author)
        self._run_cron()
        self.assertEqual(erasure.state, 'done', erasure.blocker)
        self.assertEqual(order.order_line.name, f"[7] {TITLE}\nfür …, Herrn …")
        self.assertEqual(sale.lines.full_product_name, TITLE)

    def test_attribute_and_supplier_name_the_author(self):
        attribute = self.env['product.attribute'].create({
            'name': "Ausgabe", 'value_ids': [
                Command.create({'name': f"{AUTHOR} Edition"}),
                Command.create({'name': "Taschenbuch"})]})
        template = self.env['product.template'].create({
            'name': "Der Zauberberg", 'attribute_line_ids': [Command.create({
                'attribute_id': attribute.id,
                'value_ids': [Command.set(attribute.value_ids.ids)]})],
            'seller_ids': [Command.create({
                'partner_id': self.env.company.partner_id.id,
                'product_name': "Mann, Thomas, Berg"})]})
        author = self._create_customer(name=AUTHOR)
        order = self._order(customer=author)
        for text in f"Der Zauberberg ({AUTHOR} Edition)", "Mann, Thomas, Berg":
            order.order_line[0].copy({
                'order_id': order.id, 'product_id': template.product_variant_ids[0].id,
                'name': text})
        order.order_line.filtered(lambda line: line.product_id == self.book).name = AUTHOR
        order._action_cancel()
        self.env['dsgvo.erasure']._enqueue(author, 'request', self.env.company)
        erasure = self._erasure(author)
        erasure._process()
        self.assertEqual(erasure.state, 'done', erasure.blocker)
        self.assertEqual(set(order.order_line.mapped('name')), {
            "…", f"Der Zauberberg ({AUTHOR} Edition)", "Mann, Thomas, Berg"})

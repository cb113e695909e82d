import os
import subprocess
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import tagged
from odoo.tests.common import BaseCase, get_db_name
from odoo.tools import SQL, config

from odoo.addons.dsgvo.models.map.contact_columns import get_further_columns

from .filler import PARTNER, Filler

# Where the law keeps an invoice: these stay with a customer, and the map says so.
ACCOUNTING = ('account.move', 'account.move.line', 'account.payment', 'account.bank.statement.line')

# Lists of addresses; the one of the household is on them once.
UNIQUE = ('mail.blacklist', 'phone.blacklist', 'mail.group.moderation')
# A picture, one pixel large.
PIXEL = (
    b'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E'
    b'rkJggg==')


@tagged('post_install', '-at_install', '-standard')
class TestEverywhere(BaseCase):
    """A customer is put into every place of every app of Odoo, erased, and looked for.

    All of it is committed, in a database of its own that is thrown away afterwards: a dump and the
    files are part of what is searched.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.cr = cls.registry.cursor()
        cls.addClassCleanup(cls.cr.close)
        cls.env = api.Environment(cls.cr, SUPERUSER_ID, {})
        cls.gone = cls._create_person("Adelheid Quittenbaum", "Holunderweg 17", without=ACCOUNTING)
        cls.held = cls._create_person("Balthasar Ohlendorf", "Ginstergasse 4")
        # Two of one household: the same name, address and e-mail.
        twin = "Cordula Nierenstein", "Fliederallee 9"
        cls.twin = cls._create_person(*twin, without=ACCOUNTING)
        cls.other = cls._create_person(*twin, without=UNIQUE)
        cls.before = cls._read_rows(cls.other)
        cls.needles = {filler: filler.needles for filler in (cls.gone, cls.held)}
        cls.cr.commit()
        cls.erasures = cls._erase(cls.gone, cls.held, cls.twin)

    @classmethod
    def _create_person(cls, name, street, without=()):
        surname = name.split()[1].lower()
        number = sum(map(ord, surname))
        further = get_further_columns(cls.env)
        person = cls.env[PARTNER].create({
            'name': name, 'street': street, 'email': f'{surname}@example.test',
            'phone': f'+49 30 {901800 + number}',
            'country_id': cls.env.ref('base.de').id, 'consent_notification': 'granted',
            'comment': name, 'image_1920': PIXEL,
        } | {
            column: f'{column}.{surname}@example.test' for column in further['email']
        } | {
            column: f'0171 55{1000 * place + number}'
            for place, column in enumerate(further['phone'], 1)})
        cls.env.flush_all()
        filler = Filler(person, (*without, 'dsgvo.consent.event'))
        filler.fill()
        for model in (PARTNER, 'sale.order', 'pos.order', 'stock.picking', 'crm.lead'):
            record = cls.env[model].browse(filler.rows[model][0])
            cls.env['ir.attachment'].create({
                'name': f'{name}.txt', 'res_model': model, 'res_id': record.id,
                'raw': f'{model}: {filler.text}'.encode()})
            record.message_post(body=filler.text, attachments=[('note.txt', filler.text.encode())])
        cls.env.flush_all()
        return filler

    @classmethod
    def _erase(cls, *fillers):
        Erasure = cls.env['dsgvo.erasure']
        persons = cls.env[PARTNER].union(*(filler.person for filler in fillers))
        Erasure._enqueue(persons, 'request', cls.env.company)
        erasures = Erasure.search([('partner_id', 'in', persons.ids)], order='id')
        # Nobody asks what keeps a customer: rows made up in SQL have no state.
        erasures._erase()
        cls.env['ir.attachment']._gc_file_store()
        cls.cr.commit()
        return erasures

    @classmethod
    def _commit(cls):
        cls.cr.commit()

    @classmethod
    def _read_rows(cls, filler):
        """Return `{(model, id): row}` of all that belongs to a person or names it."""
        rows = {}
        for places in (filler.rows, filler.mentions):
            for model, ids in places.items():
                table = SQL.identifier(cls.env[model]._table)
                cls.cr.execute(SQL("SELECT * FROM %s WHERE id IN %s", table, tuple(ids)))
                rows |= {(model, row['id']): row for row in cls.cr.dictfetchall()}
        return rows

    def _find_in_database(self, needles):
        """Return the columns of all tables in which one of the texts stands."""
        self.cr.execute("""
            SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
              JOIN information_schema.tables t USING (table_schema, table_name)
             WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
               AND c.data_type IN ('character varying', 'text', 'json', 'jsonb', 'bytea', 'ARRAY')
        """)
        found = set()
        for table, column, kind in self.cr.fetchall():
            text = SQL("encode(%s, 'escape')" if kind == 'bytea' else "%s::varchar",
                       SQL.identifier(column))
            self.cr.execute(SQL("SELECT FROM %s WHERE %s ILIKE ANY(%s) LIMIT 1",
                                SQL.identifier(table), text, [f'%{n}%' for n in needles]))
            if self.cr.rowcount:
                found.add(f'{table}.{column}')
        return found

    def _find_in_files(self, needles):
        folder = Path(config.filestore(self.cr.dbname))
        return [path.name for path in folder.rglob('*') if path.is_file() and any(
            needle.encode() in path.read_bytes() for needle in needles)]

    def test_filler_reached_every_place(self):
        self.assertEqual([f.failed for f in (self.gone, self.held, self.twin, self.other)],
                         [{}, {}, {}, {}])
        self.assertGreater(len(self.gone.rows | self.gone.mentions), 90)

    def test_states(self):
        self.assertEqual(self.erasures.mapped('state'), ['done', 'restricted', 'done'],
                         self.erasures.mapped('blocker'))

    def test_nothing_is_left_in_the_database(self):
        self.assertEqual(self._find_in_database(self.needles[self.gone]), set())

    def test_nothing_is_left_in_the_files(self):
        self.assertTrue(self._find_in_files([self.other.person.email]))
        self.assertEqual(self._find_in_files(self.needles[self.gone]), [])

    def test_nothing_is_left_in_a_dump(self):
        dump = subprocess.run(
            ['pg_dump', '--no-owner', self.cr.dbname], stdout=subprocess.PIPE, check=True,
            env=os.environ).stdout
        self.assertTrue(self.other.person.email.encode() in dump, "The dump holds customers.")
        found = [needle for needle in self.needles[self.gone] if needle.encode() in dump]
        self.assertEqual(found, [])

    def test_search_of_the_whole_database_finds_nobody(self):
        """It reads every table and file of all apps, and finds but the file that is put there."""
        self.gone.fill_what_is_searched_for()
        self.assertTrue(self._find_in_database(self.needles[self.gone]))
        attachment = self.env['ir.attachment'].create({
            'name': 'list.txt', 'raw': self.gone.needles[1].encode(), 'mimetype': 'text/plain'})
        self.addCleanup(self._commit)
        self.addCleanup(attachment.unlink)
        self._commit()
        Search = self.env['dsgvo.erasure.search']
        Search._cron_search()
        search = Search.search([], limit=1)
        self.assertTrue(search.finished_on)
        self.assertGreater(search.files_read, 10)
        gone = self.erasures.filtered(lambda erasure: erasure.state == 'done')
        self.assertEqual(
            {(residual.model, residual.field) for residual in gone[0].residual_ids},
            {('ir.attachment', 'raw')}, "The map takes it out of the index.")
        self.assertEqual(self._find_in_database(self.needles[self.gone]), set())

    def test_what_is_left_of_who_has_an_invoice_is_declared(self):
        """Only in models of which a rule keeps something by law."""
        rules = self.env['dsgvo.data.rule'].search([
            '|', ('erase', '=', 'hold'), ('kept_while_held', '=', True)])
        declared = {self.env[rule.model]._table for rule in rules._awake()
                    if rule.erase != 'detach'}
        found = self._find_in_database(self.needles[self.held])
        self.assertIn('res_partner.name', found)
        self.assertEqual({place for place in found if place.split('.')[0] not in declared}, set())
        self.assertFalse(found & {
            'res_partner.email', 'res_partner.comment', 'sale_order.note', 'crm_lead.email_from',
            'event_registration.name', 'stock_picking.note', 'mail_blacklist.email',
            'res_partner.mobile', 'res_partner.fax', 'sale_order_line.note'})

    def test_other_person_of_the_household_is_untouched(self):
        by_text = {
            rule.model for rule in self.env['dsgvo.data.rule'].search(
                [('reached_by', '=like', 'needle:%')])}
        after = self._read_rows(self.other)
        changed = [
            (place, {name: (value, after.get(place, {}).get(name)) for name, value in row.items()
                     if value != after.get(place, {}).get(name)})
            for place, row in self.before.items()
            if place[0] not in by_text and row != after.get(place)]
        self.assertEqual(changed, [])

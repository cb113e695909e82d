"""The map's answers about a column of the database in which something of a person is found."""
from typing import NamedTuple

from odoo.fields import Domain
from odoo.tools import SQL

from .searching import SEPARATOR

OWNERS = 0  # the order of contacts that are searched for values that somebody else has, too
# Rules whose places are about customers, so that a passage may be taken out of them.
CLEANED = ('clear', 'replace', 'redact', 'delete')
FILE_TYPE = 'bytea'


class Column(NamedTuple):
    """A column that holds text or files; `type` is that of PostgreSQL."""
    name: str
    type: str
    required: bool


class Places:
    """Knows the tables of the database and the rules for them.

    :param env: environment with the rights of the superuser
    :param list without: names of tables that are left out
    """

    def __init__(self, env, without=()):
        self.env = env
        columns = self._read_columns(list(without))
        self.columns = {
            table: [column for column in own if column.type != FILE_TYPE]
            for table, own in columns.items()}
        self._with_ids = {table for table, in env.execute_query(SQL("""
            SELECT table_name FROM information_schema.columns
             WHERE table_schema = current_schema AND column_name = 'id'
               AND data_type IN ('integer', 'bigint')
        """))}
        self.file_columns = {
            table: names for table, own in columns.items() if table in self._with_ids
            and (names := [column.name for column in own if column.type == FILE_TYPE])}
        self.models = {
            Model._table: name for name, Model in env.registry.items()
            if Model._auto and not Model._abstract}
        rules = env['dsgvo.data.rule']._get_all()._awake()
        self.rules = rules.grouped('model')
        self.by_place = rules.grouped(lambda rule: (rule.model, rule.field))
        self.years = max(rules.filtered(lambda r: r.erase == 'hold').mapped('retention_years'),
                         default=0)

    def _read_columns(self, without):
        """Return `{table: [Column]}` of all text, JSON, arrays of texts and files in the database.

        The files of attachments are a matter of `attachments`, wherever they are kept.
        """
        columns = {}
        for table, *column in self.env.execute_query(SQL("""
            SELECT c.relname, a.attname, format_type(a.atttypid, NULL), a.attnotnull
              FROM pg_class c
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
              JOIN pg_type t ON t.oid = a.atttypid
              LEFT JOIN pg_type element ON element.oid = t.typelem AND t.typcategory = 'A'
             WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
               AND c.relname != ALL(%s)
               AND c.relnamespace = current_schema::regnamespace
               AND (t.typcategory = 'S' OR element.typcategory = 'S'
                    OR t.typname IN ('json', 'jsonb', 'xml', 'hstore', %s))
               AND (c.relname, a.attname) != ('ir_attachment', 'db_datas')
             ORDER BY c.relname, a.attnum
        """, without, FILE_TYPE)):
            columns.setdefault(table, []).append(Column(*column))
        return columns

    def get_texts(self, table):
        """Return an expression for all texts of a row as one."""
        return SQL("concat_ws(%s, %s)", SEPARATOR, SQL(", ").join([
            SQL("NULL"),
            *(SQL("%s::text", SQL.identifier(column.name)) for column in self.columns[table])]))

    def has_ids(self, table):
        return table in self._with_ids

    def get_tables(self):
        """Return `[(order, table)]` in the order in which they are to be searched.

        Contacts come first, to know who else has a value; then all tables, and the notes at
        contacts.
        """
        return [(OWNERS, 'res_partner'), *((OWNERS + 1, table) for table in sorted(self.columns))]

    def is_exempt(self, model, field):
        """Whether the map says that the place, or its whole model, is nobody's."""
        return any(rule._is_exemption() for rule in self._get_rules(model, field))

    def has_rule(self, model, field):
        """Whether the map treats the column, or the row it is in, at least under conditions."""
        return any(rule.erase in CLEANED for rule in self._get_rules(model, field))

    def find_treated(self, model, field, ids):
        """Return the rows from whose column a passage may be taken by the map.

        Their conditions must hold. Rows reached by an address (a block list) are not among them:
        after the erasure, only those of somebody else are left.
        """
        domains = [
            rule._get_domain() for rule in self._get_rules(model, field)
            if rule.erase in CLEANED and not rule.reached_by.startswith(('email:', 'phone:'))]
        if not domains or not ids:
            return set()
        rows = self.env[model].with_context(active_test=False)._search(
            Domain('id', 'in', list(ids)) & Domain.OR(domains))
        return {row_id for row_id, in self.env.execute_query(rows.select())}

    def _get_rules(self, model, field):
        rules = self.env['dsgvo.data.rule']
        return self.by_place.get((model, field), rules) | self.by_place.get((model, 'id'), rules)

    def get_kept(self, model, ids):
        """Return the columns that the law keeps or kept: `{(row id, field): (basis, last day)}`.

        The field `id` stands for the whole row.
        """
        kept = {}
        for rule in self.rules.get(model, ()):
            if rule.erase == 'hold' or (rule.kept_while_held and rule.erase in CLEANED):
                place = 'id' if rule.erase == 'hold' else rule.field
                for row_id, until in self._find_kept(rule, ids):
                    basis, last_day = kept.get((row_id, place), ('', until))
                    kept[row_id, place] = basis or rule.basis or '', max(last_day, until)
        return kept

    def _find_kept(self, rule, ids):
        Model = self.env[rule.model]
        rows = Model.with_context(active_test=False)._search(rule._get_domain())
        return self.env.execute_query(SQL(
            "SELECT t.id, %s FROM %s t WHERE t.id = ANY(%s) AND t.id IN %s",
            rule._get_last_day(self.years), SQL.identifier(Model._table), list(ids),
            rows.subselect()))

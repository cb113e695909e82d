from odoo import models
from odoo.tools import SQL

from .address_owners import VALUE_COLUMNS
from .contact_columns import get_further_columns

# Foreign keys to the tables from which the erasure deletes, by cascade included. PostgreSQL looks
# for rows that refer to a deleted one, and reads the whole table if the column has no index.
REFERRING = """
    WITH RECURSIVE emptied AS (
        SELECT unnest(%s)::regclass::oid AS relation
         UNION
        SELECT conrelid FROM pg_constraint JOIN emptied ON relation = confrelid
         WHERE contype = 'f' AND confdeltype = 'c'
    )
    SELECT DISTINCT conrelid::regclass::varchar, attname
      FROM pg_constraint
      JOIN emptied ON relation = confrelid
      JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
     WHERE contype = 'f'
"""


class DsgvoDataRule(models.Model):
    _inherit = 'dsgvo.data.rule'

    def _register_hook(self):
        super()._register_hook()
        if self.env.registry.updated_modules:
            self._create_indexes()

    def _create_indexes(self):
        """Index columns by which the erasure finds rows and that have no index, in any addon."""
        rules = self._get_all()._awake().filtered(
            lambda rule: rule.erase != 'method' and not rule._is_exemption())
        emptied = {self.env[rule.model]._table for rule in rules if rule.erase == 'delete'}
        self.env.cr.execute(REFERRING, [list(emptied)])
        for table, column in {*self.env.cr.fetchall(), *rules._get_searched_columns()}:
            self._create_index(table, column)

    def _get_searched_columns(self):
        """Yield `(table, column)` by which the rows of a person are found."""
        for rule in self:
            *kind, column = rule.reached_by.replace(',', ':').split(':')
            field = self.env[rule.model]._fields[column]
            if kind not in (['needle'], ['search']) and column != 'id' and field.column_type:
                yield self.env[rule.model]._table, column
        further = get_further_columns(self.env)
        for column in (*VALUE_COLUMNS.values(), *further['email'], *further['phone']):
            yield 'res_partner', column

    def _create_index(self, table, column):
        self.env.cr.execute("""
            SELECT FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attname = %s
             WHERE indrelid = %s::regclass AND (
                indpred IS NULL OR pg_get_expr(indpred, indrelid) = format(
                    '(%%I IS NOT NULL)', attname)
             ) AND (
                indkey[0] = attnum
                -- the other half of a pair of model and id
                OR indkey[1] = attnum AND indkey[0] IN (
                    SELECT attnum FROM pg_attribute
                     WHERE attrelid = indrelid AND attname IN ('model', 'res_model')))
        """, [column, table])
        if not self.env.cr.rowcount:
            self.env.cr.execute(SQL(
                "CREATE INDEX IF NOT EXISTS %s ON %s (%s) WHERE %s IS NOT NULL",
                SQL.identifier(f'dsgvo_{table}_{column}'[:63]), SQL.identifier(table),
                SQL.identifier(column), SQL.identifier(column)))

    def _drop_indexes(self):
        """Drop what `_create_indexes` created; the tables of this addon go with theirs."""
        self.env.cr.execute("""
            SELECT indexrelid::regclass FROM pg_index
             WHERE indexrelid::regclass::varchar LIKE 'dsgvo\\_%'
               AND indrelid::regclass::varchar NOT LIKE 'dsgvo\\_%'
        """)
        for name, in self.env.cr.fetchall():
            self.env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))

from odoo import models
from odoo.tools import SQL

from ..map.filled_tables import find_filled
from ..map.mentions import TEXT_TYPES
from ..map.rows import CHUNK, PARTNER
from ..map.searching import SEPARATOR


class DsgvoDataRule(models.Model):
    _inherit = 'dsgvo.data.rule'

    def _erase_wizards(self, engine):
        """Delete the input of wizards that names one of the persons, of whatever addon they are.

        Odoo itself deletes all of it, but only once a day. A namesake's goes too, which costs
        somebody at most a half-filled form.
        """
        for Model in self._find_filled_wizards(engine):
            columns = [
                field for field in Model._fields.values() if field.store and field.column_type]
            table, last_id = engine.table(Model._name), 0
            while rows := self._read_wizards(engine, table, columns, last_id):
                gone = [row_id for row_id, is_linked, *texts in rows if (
                    is_linked or engine.values.finder.find(_join(texts)))]
                if gone:
                    engine.execute("DELETE FROM %s WHERE id = ANY(%s)", table, gone)
                last_id = rows[-1][0]

    def _find_filled_wizards(self, engine):
        """Return the models of wizards that may have rows: at most times only a few."""
        wizards = {
            Model._table: Model for Model in self.env.registry.values()
            if Model._transient and Model._auto and not Model._abstract}
        return [wizards[table] for table in sorted(find_filled(self.env, wizards))]

    def _read_wizards(self, engine, table, columns, last_id):
        """Return `(id, whether it refers to one of the persons, *texts and files)` of rows."""
        links = [
            SQL("%s IN (SELECT id FROM %s AS person)", SQL.identifier(field.name), engine.persons)
            for field in columns if field.type == 'many2one' and field.comodel_name == PARTNER]
        texts = [SQL("%s::varchar", SQL.identifier(field.name)) for field in columns
                 if field.type in TEXT_TYPES]
        files = [SQL.identifier(field.name) for field in columns if field.type == 'binary']
        return engine.execute(
            "SELECT id, %s FROM %s WHERE id > %s ORDER BY id LIMIT %s",
            SQL(", ").join([SQL(" OR ").join(links or [SQL("FALSE")]), *texts, *files]), table,
            last_id, 1 if files else CHUNK)


def _join(values):
    """Return texts and the content of files as one text."""
    return SEPARATOR.join(
        value if isinstance(value, str) else bytes(value).decode('utf-8', 'replace')
        for value in values if value)

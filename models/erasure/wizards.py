from odoo import models
from odoo.tools import SQL

from .proof import NEEDLES, TEXT_TYPES
from .rows import PARTNER, ROWS


class DsgvoDataRule(models.Model):
    _inherit = 'dsgvo.data.rule'

    def _erase_wizards(self, engine):
        """Delete the input of wizards that names one of the persons, of whatever addon they are.

        Odoo itself deletes all of it, but only once a day. A namesake's goes too, which costs
        somebody at most a half-filled form.
        """
        for Model in self.env.registry.values():
            if Model._transient and Model._auto and not Model._abstract:
                engine._execute("DELETE FROM %s t WHERE %s", SQL.identifier(Model._table),
                                self._get_wizard_condition(Model._fields.values()))

    def _get_wizard_condition(self, fields):
        columns = [field for field in fields if field.store and field.column_type]
        conditions = [SQL("FALSE")] + [
            SQL("t.%s IN (SELECT id FROM %s WHERE model = %s AND way = -1)",
                SQL.identifier(field.name), ROWS, PARTNER)
            for field in columns if field.type == 'many2one' and field.comodel_name == PARTNER]
        if texts := [self._get_text(field) for field in columns
                     if field.type in (*TEXT_TYPES, 'binary')]:
            conditions.append(SQL(
                "concat_ws(' ', %s) ~* (SELECT string_agg(pattern, '|') FROM %s)",
                SQL(", ").join(texts), NEEDLES))
        return SQL(" OR ").join(conditions)

    def _get_text(self, field):
        column = SQL("t.%s", SQL.identifier(field.name))
        return SQL("encode(%s, 'escape')", column) if field.type == 'binary' else column

"""Finds the persons for whom a step of an erasure fails, so that the others can go on."""
from psycopg2.errors import ForeignKeyViolation

from odoo.tools import SQL

from ..jobs.isolation import halve, refuse_early
from ..map.arrays import as_array
from ..map.rows import ROWS

ALL_ROWS = SQL.identifier('dsgvo_erasure_row_of_all')


class FailingPersons:
    """The part of the engine that deals with statements that fail; the engine extends it.

    Needs `env`, `erasures`, `ways` and `execute` of `PersonRows`. A person who is left out is noted
    in `errors`, and has no rows any more.
    """

    def __init__(self, *args):
        super().__init__(*args)
        self.errors = {}  # {subject id: exception}

    def _try(self, step, *args):
        """Do a step for all persons; if it fails, leave out the persons for whom it fails.

        So the step that fails is repeated, not the whole erasure. Persons who are left out are
        noted in `errors`. The others go on, so that one run finds all persons who fail.
        """
        if len(self.erasures) == 1:
            step(*args)
            return
        try:
            with self.env.cr.savepoint(flush=False):
                step(*args)
        except ForeignKeyViolation as error:
            if referenced := self._find_referenced(error.diag):
                self._leave_out(dict.fromkeys(referenced, error))
                self._try(step, *args)
            else:
                self._try_halves(step, *args)
        except Exception:
            self._try_halves(step, *args)

    def _leave_out(self, errors):
        self.errors |= errors
        self.execute("DELETE FROM %s WHERE subject_id = ANY(%s)", ROWS, list(errors))

    def _refuse_early(self):
        """Let errors of the commit happen here: at the commit nobody could say whose they are.

        :return: whether no such error is left
        """
        try:
            with self.env.cr.savepoint(flush=False):
                refuse_early(self.env.cr)
        except ForeignKeyViolation as error:
            if not (referenced := self._find_referenced(error.diag)):
                raise
            self._leave_out(dict.fromkeys(referenced, error))
            return False
        return True

    def _find_referenced(self, diag):
        """Return all persons to whose rows a table refers that does not let them go."""
        referenced = set()
        for column, table in self.execute("""
            SELECT a.attname, c.confrelid::regclass::varchar
              FROM pg_constraint c JOIN pg_attribute a
                ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
             WHERE c.conname = %s AND c.contype = 'f'
               AND c.conrelid = format('%%I.%%I', %s, %s)::regclass
        """, diag.constraint_name, diag.schema_name, diag.table_name):
            models = [model for model, *_way in self.ways if self.env[model]._table == table]
            referenced.update(subject_id for subject_id, in self.execute(
                "SELECT DISTINCT r.subject_id FROM %s r JOIN %s t ON t.%s = r.id"
                " WHERE r.model = ANY(%s)", ROWS,
                SQL.identifier(diag.schema_name, diag.table_name), SQL.identifier(column), models))
        return referenced

    def _try_halves(self, step, *args):
        """Find the persons for whom a step fails, by halves of the batch; do it for all others."""
        subject_ids = [subject_id for subject_id, in self.execute(
            "SELECT DISTINCT subject_id FROM %s", ROWS)]
        if not subject_ids:  # fails for nobody
            step(*args)
            return
        self.execute("ALTER TABLE %s RENAME TO %s", ROWS, ALL_ROWS)
        self.execute("CREATE INDEX IF NOT EXISTS dsgvo_erasure_row_subject ON %s (subject_id)",
                      ALL_ROWS)
        self.execute("CREATE TEMPORARY VIEW %s AS SELECT * FROM %s WHERE subject_id = ANY("
                      "current_setting('dsgvo.tried')::int[])", ROWS, ALL_ROWS)
        errors = self._try_both(halve(subject_ids), step, *args)
        self.execute("DROP VIEW %s", ROWS)
        self.execute("ALTER TABLE %s RENAME TO %s", ALL_ROWS, ROWS)
        self._leave_out(errors)

    def _try_some(self, subject_ids, step, *args):
        """Do a step for some persons; return `{subject id: exception}` of those it fails for."""
        self.execute("SELECT set_config('dsgvo.tried', %s, TRUE)", as_array(subject_ids))
        try:
            with self.env.cr.savepoint(flush=False):
                step(*args)
        except Exception as error:
            if len(subject_ids) == 1:
                return {subject_ids[0]: error}
            return self._try_both(halve(subject_ids), step, *args)
        return {}

    def _try_both(self, halves, step, *args):
        """Do what `_try_some` does, for both halves of a group for which the step failed."""
        errors = self._try_some(halves[0], step, *args)
        for half in halves[1:]:
            # If it was not the first half it was this one: no need to try it as a whole.
            is_known = not errors and len(half) > 1
            errors |= self._try_both(halve(half), step, *args) if is_known else (
                self._try_some(half, step, *args))
        return errors

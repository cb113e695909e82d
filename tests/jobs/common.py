"""What can go wrong with one record, made by triggers and overrides."""
import logging
from contextlib import closing, contextmanager
from typing import Any, NamedTuple
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..erasure.common import PERSON
from ..erasure.test_periods import PeriodCommon

FAMILY = "Quittenbaum"
SECRETS = (*PERSON['name'].split(), 'quittenbaum', '901820', "Holunderweg")
KINDS = {  # what the database answers, and what the list says of it
    '23505': 'unique', '23502': 'required', '23514': 'check', '23503': 'reference',
    'P0001': 'guard', '22001': 'other'}
DEFERRED = 'deferred '  # the database answers it at the commit only
KINDS |= {DEFERRED + code: kind for code, kind in KINDS.items()}
BUSY_KINDS = ('40001', '40P01')
ERRORS = (UserError, ValueError)  # of another addon's override


class Case(NamedTuple):
    """A bad record of a job among others."""
    bad: Any  # the record that is listed
    listed: str  # the job in the list
    is_done: Any  # whether the job has done its work with a record
    good: Any
    table: str  # where the database refuses, and what
    event: str
    condition: str
    method: tuple  # (model, method, condition of its arguments) where an override refuses


class FaultCommon(PeriodCommon):
    @contextmanager
    def _restored(self):
        """At the end the database is what it was at the beginning."""
        with closing(self.env.cr.savepoint()):
            yield
        self.env.invalidate_all()

    @contextmanager
    def _refusing(self, case, kind):
        """Let the database answer a code, or another addon raise an error, to the bad record."""
        if isinstance(kind, str):
            self._create_trigger(case, kind)
            yield
            self.env.flush_all()
            self.env.cr.execute(SQL("DROP TRIGGER refuse ON %s", SQL.identifier(case.table)))
        else:
            with self._overridden(*case.method, kind):
                yield

    def _create_trigger(self, case, code):
        self.env.flush_all()
        self.env.cr.execute(SQL(
            """
            CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                RAISE EXCEPTION USING ERRCODE = %s, MESSAGE = %s, DETAIL = %s,
                                      TABLE = TG_TABLE_NAME; END $$
            """, code.removeprefix(DEFERRED), f"refused {PERSON['name']}",
            f"Key (email, phone, street)=({', '.join(map(str, PERSON.values()))}) exists."))
        kind, end = ("CONSTRAINT TRIGGER refuse AFTER", "DEFERRABLE INITIALLY DEFERRED") if (
            code.startswith(DEFERRED)) else ("TRIGGER refuse BEFORE", "")
        self.env.cr.execute(SQL(
            "CREATE %s %s ON %s %s FOR EACH ROW WHEN (%s) EXECUTE FUNCTION refuse()",
            SQL(kind), SQL(case.event), SQL.identifier(case.table), SQL(end),
            SQL(case.condition)))

    @contextmanager
    def _overridden(self, model, method, concerns, error):
        cls = self.env.registry[model] if isinstance(model, str) else model
        origin, text = getattr(cls, method), f"refused {', '.join(map(str, PERSON.values()))}"

        def refuse(records, *args, **kwargs):
            if concerns(records, *args):
                raise error(text)
            return origin(records, *args, **kwargs)

        with patch.object(cls, method, refuse):
            yield

    @contextmanager
    def _discreet(self):
        """Read all that is logged, tracebacks included: no value of the customer is in it."""
        odoo = logging.getLogger('odoo')
        level, disabled = odoo.level, logging.root.manager.disable
        odoo.setLevel(logging.INFO)
        logging.disable(logging.NOTSET)
        try:
            with self.assertLogs(level='INFO') as log:
                odoo.warning("the log is read")
                yield log
        finally:
            odoo.setLevel(level)
            logging.disable(disabled)
        for line in log.output:
            for secret in SECRETS:
                self.assertNotIn(secret, line)

    def _run_job(self, name):
        """Run a job as Odoo's scheduler does; return whether it came to its end."""
        with self.enter_registry_test_mode():
            result = self.env.ref(f'dsgvo.{name}').method_direct_trigger()
        self.env.invalidate_all()
        return result is True

    def _end_pauses(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dsgvo_job_failure SET next_try = %s, tried_on = tried_on - interval '1 day'",
            [fields.Datetime.now()])
        self.env.invalidate_all()

    def _failures(self):
        return self.env['dsgvo.job.failure'].with_user(self.officer).search([])

    def _told(self):
        return self.env['mail.activity'].sudo().search([
            ('summary', '=', "DSGVO: jobs have left something out"),
            ('user_id', '=', self.officer.id)])

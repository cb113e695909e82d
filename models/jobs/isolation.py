"""Runs work in such a way that one bad record does not stop the others.

Error texts of PostgreSQL and other addons quote values of records, so they are neither logged nor
listed. The kind of the error and the table are given instead.
"""
import logging
from contextlib import contextmanager
from contextvars import ContextVar

from psycopg2 import InterfaceError, OperationalError, errorcodes, errors
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

# Somebody else works with the same rows: no failure, it is their turn first.
BUSY = (errors.LockNotAvailable, errors.SerializationFailure, errors.DeadlockDetected)
# Less than PostgreSQL's deadlock_timeout (1 s): the job gives up before the till is ever chosen.
LOCK_TIMEOUT = '200ms'
REFUSALS = {  # of the database, by what REFUSAL_LABELS has
    errorcodes.UNIQUE_VIOLATION: 'unique',
    errorcodes.NOT_NULL_VIOLATION: 'required',
    errorcodes.FOREIGN_KEY_VIOLATION: 'reference',
    errorcodes.RESTRICT_VIOLATION: 'reference',
    errorcodes.CHECK_VIOLATION: 'check',
    errorcodes.EXCLUSION_VIOLATION: 'check',
    errorcodes.RAISE_EXCEPTION: 'guard',
    errorcodes.INSUFFICIENT_PRIVILEGE: 'guard',
}
REFUSAL_LABELS = [
    ('unique', "Another record would be the same"),
    ('required', "The field must not be empty"),
    ('reference', "Other records refer to it"),
    ('check', "A condition of the app would be broken"),
    ('guard', "An app forbids changes of the record"),
    ('other', "Another error of the database"),
]

_without_statements = ContextVar('dsgvo_without_statements', default=False)


class _StatementFilter(logging.Filter):
    """Drops log lines of Odoo about a refused statement: they quote its values."""

    def filter(self, record):
        return record.levelno < logging.ERROR or not _without_statements.get()


logging.getLogger('odoo.sql_db').addFilter(_StatementFilter())


class RunningJob:
    """Tells in the context that a job of the addon runs; no remote caller can pass one."""

    def __init__(self, cron_id):
        self.cron_id = cron_id


class WorkCommitted(Exception):
    """The work ended the transaction, and its savepoint with it: what came before stays done."""


@contextmanager
def without_statements():
    """Keep refused statements out of the log."""
    token = _without_statements.set(True)
    try:
        yield
    finally:
        _without_statements.reset(token)


def without_jit(cr):
    """Let PostgreSQL compile nothing until the cursor is closed; the pool resets its connection.

    It compiles statements that it expects to take long, completely and before the first row. The
    statements of the map and the conditions have hundreds of expressions, and a row needs only a
    few of them. To compile them took ten times as long as to run them. A rollback takes this
    setting back.
    """
    cr.execute("SET jit = off")


@contextmanager
def impatient(cr):
    """Give up on a lock of somebody else after LOCK_TIMEOUT; within a savepoint."""
    cr.execute(
        "WITH patience AS MATERIALIZED (SELECT current_setting('lock_timeout') AS before)"
        " SELECT before, set_config('lock_timeout', %s, TRUE) FROM patience", [LOCK_TIMEOUT])
    [[patience, _new]] = cr.fetchall()
    yield
    cr.execute("SELECT set_config('lock_timeout', %s, TRUE)", [patience])


def refuse_early(cr):
    """Let PostgreSQL refuse now what it would refuse at the commit; nothing else changes.

    Only a rollback restores which constraints were deferred. SET CONSTRAINTS ALL DEFERRED would
    also defer constraints that are checked at once. The rollback takes back the work of the
    triggers, too: the commit calls them again.
    """
    cr.execute("SAVEPOINT dsgvo_early; SET CONSTRAINTS ALL IMMEDIATE;"
               " ROLLBACK TO SAVEPOINT dsgvo_early; RELEASE SAVEPOINT dsgvo_early",
               log_exceptions=False)


def attempt(env, work, *args):
    """Call `work(*args)` in a savepoint; return None, or the error that undid it.

    An error that would come at the commit counts, too. If the caller itself has left such an error,
    the work is called once more, and left to the commit with the rest. Work that commits cannot be
    undone. Only its changes after the commit are, and a new transaction begins.

    :raise: errors of unwritten changes of the caller, errors that end the connection, and errors
        that rolled back the work of the caller
    """
    def work_to_the_end():
        work(*args)
        env.cr.flush()
        refuse_early(env.cr)

    env.cr.flush()
    error = _try(env, work_to_the_end)
    if getattr(error, 'pgcode', None) and _try(env, lambda: refuse_early(env.cr)):
        return _try(env, lambda: work(*args))
    return error


def _try(env, work):
    """Call `work()` in a savepoint; return None, or the error that undid it, as `attempt` does."""
    rollbacks = []
    env.cr.postrollback.add(lambda: rollbacks.append(True))
    try:
        with without_statements(), env.cr.savepoint():
            work()
    except Exception as error:
        if rollbacks or isinstance(error, InterfaceError) or (
                isinstance(error, OperationalError) and not error.pgcode):
            raise
        if env.cr.connection.get_transaction_status() == TRANSACTION_STATUS_INERROR:
            env.cr.rollback()
            return WorkCommitted()
        return error
    return None


def isolate(env, items, work):
    """Call `work` with all items at once; if it fails, with halves, until the bad ones are alone.

    :param items: a recordset or a list
    :return: pairs of an item that was left out, as `items` with one item, and its error
    """
    if not items or not (error := attempt(env, work, items)):
        return []
    if len(items) == 1:
        return [(items, error)]
    return [pair for half in halve(items) for pair in isolate(env, half, work)]


def halve(items):
    """Return the halves of a recordset or list that are not empty."""
    middle = len(items) // 2
    return [half for half in (items[:middle], items[middle:]) if half]


def classify(error):
    """Return the kind of an error, as in REFUSAL_LABELS, or 'app' if no database raised it."""
    if code := getattr(error, 'pgcode', None):
        return REFUSALS.get(code, 'other')
    return 'app'


def describe(error):
    """Return the type of an error and the table, in the words of developers and without values."""
    table = getattr(getattr(error, 'diag', None), 'table_name', None)
    return f'{type(error).__name__}, {table}' if table else type(error).__name__

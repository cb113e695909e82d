"""Copies of a database that a benchmark or a test at work makes for itself and throws away."""
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from odoo import api, sql_db
from odoo.modules.registry import Registry
from odoo.tools import config


@contextmanager
def environment(database, login=None):
    """Yield the environment of the superuser, or of a user; commit unless there is an error."""
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        yield env(user=env['res.users'].search([('login', '=', login)])) if login else env


def clone(source, target):
    drop(target)
    for path in Path(config['data_dir'], 'dsgvo').glob(f'{target}-*'):
        path.unlink()  # the list of erasures of an earlier run
    subprocess.run(['createdb', '-T', source, target], check=True)


def drop(database):
    """Delete a database, if there is one, and its files; its list of erasures stays."""
    sql_db.close_all()
    if database in Registry.registries:
        Registry.delete(database)
    shutil.rmtree(config.filestore(database), ignore_errors=True)
    subprocess.run(['dropdb', '--if-exists', '-f', database], check=True)

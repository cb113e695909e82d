import ast
from pathlib import Path

from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tests.common import JsonRpcException

from ..common import DsgvoCommon

ROOT = Path(__file__).parents[2]
NAMES = {'name', 'names'}  # how a text calls the person whom it names


@tagged('post_install', '-at_install')
class TestRefusals(DsgvoCommon, HttpCase):
    def test_name_of_a_refused_customer_does_not_stand_in_the_log(self):
        self.authenticate('dsgvo_clerk', 'dsgvo_clerk')
        with self.assertNoLogs('odoo.http', 'INFO'), \
                self.assertRaisesRegex(JsonRpcException, 'odoo.exceptions.UserError'):
            self.make_jsonrpc_request('/web/dataset/call_kw', {
                'model': 'res.partner', 'method': 'action_dsgvo', 'kwargs': {},
                'args': [self.customer.ids]})


@tagged('post_install', '-at_install')
class TestRefusalsInTheSources(TransactionCase):
    def test_every_refusal_that_names_a_person_is_unlogged(self):
        logged = [
            f'{path.relative_to(ROOT)}:{node.lineno}'
            for folder in ('models', 'wizards') for path in (ROOT / folder).rglob('*.py')
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
            and self._names_somebody(node.exc) and ast.unparse(node.exc.func) != 'unlogged']
        self.assertFalse(logged, "Raise unlogged(…): a log keeps the names of its customers.")

    def _names_somebody(self, call):
        return NAMES & {
            keyword.arg for node in ast.walk(call) if isinstance(node, ast.Call)
            for keyword in node.keywords}

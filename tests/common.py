import tempfile
from unittest.mock import patch

from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon
from odoo.addons.dsgvo.models.map.places import Places


class DsgvoCommon(BaseCommon):
    """A shop with a clerk at the counter, a privacy officer and a customer who was never asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env, 'dsgvo_clerk', tz='Europe/Berlin',
            groups='sales_team.group_sale_salesman_all_leads,base.group_partner_manager')
        cls.officer = new_test_user(
            cls.env, 'dsgvo_officer', groups='dsgvo.group_officer,base.group_partner_manager')
        cls.customer = cls._create_customer()

    @classmethod
    def _create_customer(cls, **values):
        return cls.env['res.partner'].create({
            'name': "Adelheid Quittenbaum",
            'email': 'adelheid@quittenbaum.example',
            'phone': '+49 30 901820',
            'street': "Holunderweg 17",
            'zip': '10115',
            'city': "Berlin",
            'country_id': cls.env.ref('base.de').id,
        } | values)

# Filled by the apps when they are installed, most of the rows that a search would read.
OF_APPS = {
    'dsgvo_data_rule', 'ir_act_window', 'ir_model', 'ir_model_constraint', 'ir_model_data',
    'ir_model_fields', 'ir_model_fields_selection', 'ir_module_module',
    'ir_module_module_dependency', 'ir_ui_view', 'res_country_state'}


class ErasureMixin:
    """Runs the jobs of the erasure, and looks for what is left of `self.customer`."""

    def setUp(self):
        super().setUp()
        # The list of erasures is a file, which no rollback takes back.
        data_dir = tempfile.TemporaryDirectory()
        self.addCleanup(data_dir.cleanup)
        self.startPatcher(patch(
            'odoo.addons.dsgvo.models.suppression.dsgvo_erasure_list.config',
            {'data_dir': data_dir.name}))

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref('dsgvo.ir_cron_erase').method_direct_trigger()
        self.env.invalidate_all()

    def _search_database(self):
        """Search the database for who was erased, as the job does at night, but for `OF_APPS`."""
        unfinished = [('finished_on', '=', False)]
        get_tables = Places.get_tables
        with self.enter_registry_test_mode(), patch.object(Places, 'get_tables', lambda places: [
                entry for entry in get_tables(places) if entry[1] not in OF_APPS]):
            cron = self.env.ref('dsgvo.ir_cron_search')
            cron.method_direct_trigger()
            while self.env['dsgvo.erasure.search'].sudo().search_count(unfinished):
                cron.method_direct_trigger()  # goes on: a slow machine needs more than ten seconds
        self.env.invalidate_all()

    def _erasure(self, customer=None):
        return self.env['dsgvo.erasure'].sudo().search(
            [('partner_id', '=', (customer or self.customer).id)])

    def _find_in_database(self, *needles):
        """Return `{table.column: rows}` wherever one of the texts stands in the whole database."""
        self.env.flush_all()
        self.env.cr.execute("""
            SELECT c.table_name, c.column_name FROM information_schema.columns c
              JOIN information_schema.tables t USING (table_schema, table_name)
             WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
               AND c.data_type IN ('character varying', 'text', 'json', 'jsonb', 'bytea', 'ARRAY')
        """)
        patterns = [f'%{needle}%' for needle in needles]
        found = {}
        for table, column in self.env.cr.fetchall():
            self.env.cr.execute(
                f'SELECT count(*) FROM "{table}" WHERE "{column}"::text ILIKE ANY(%s)', [patterns])
            if rows := self.env.cr.fetchone()[0]:
                found[f'{table}.{column}'] = rows
        return found

    def _today(self):
        return self.env.company._dsgvo_today()


class ExtensionCommon(ErasureMixin, DsgvoCommon):
    """For the tests of an addon that joins: what becomes of its rows when the customer goes."""

    def _erase_on_request(self, customer=None):
        """Erase a customer as the privacy officer does, and return the erasure.

        It is `done` or `restricted`, or `blocked` with the reason.
        """
        action = (customer or self.customer).with_user(self.officer).action_dsgvo_request()
        preview = self.env[action['res_model']].with_user(self.officer).browse(action['res_id'])
        self.env.company.dsgvo_grace_request = 0
        preview.action_erase()
        erasure = self._erasure(customer)
        self._run_cron()
        return erasure

    def _find_gaps(self, model):
        """Return the fields of a model that look personal and stand in no rule of the map."""
        Gap = self.env['dsgvo.data.gap'].sudo()
        Gap._refresh()
        return sorted(Gap.search([('model', '=', model)]).mapped('field'))

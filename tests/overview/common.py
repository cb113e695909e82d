from odoo.tests import new_test_user

from ..notification.common import NotificationCommon


class OverviewCommon(NotificationCommon):
    """A new company without anything in it, with an officer, a manager and customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company, cls.other = cls.env['res.company'].create(
            [{'name': "Buchladen", 'country_id': cls.env.ref('base.de').id},
             {'name': "Papierladen", 'country_id': cls.env.ref('base.de').id}])
        both = {'company_id': cls.company.id, 'company_ids': (cls.company | cls.other).ids}
        cls.officer = new_test_user(
            cls.env, 'overview_officer', groups='dsgvo.group_officer', email='o@shop.example',
            **both)
        cls.manager = new_test_user(
            cls.env, 'overview_manager', groups='sales_team.group_sale_manager', **both)
        # A customer of no company in particular is one of each.
        cls.env['res.partner'].search([
            ('company_id', '=', False), ('user_ids', '=', False), ('ref_company_ids', '=', False),
        ]).company_id = cls.env.company
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.company.ids))
        cls.env.user.company_ids += cls.company | cls.other

    @classmethod
    def _add_customers(cls, company=None, **decisions):
        """Return customers of a company alone, one for each key: what each decided on storage."""
        company = company or cls.company
        customers = cls.env['res.partner'].with_company(company).create([
            {'name': name, 'company_id': company.id} for name in decisions])
        for customer, decision in zip(customers, decisions.values(), strict=True):
            if decision:
                customer.consent_storage = decision
        return customers

    def _read(self, user=None, companies=None):
        overview = self.env['dsgvo.overview'].with_user(user or self.officer).with_context(
            allowed_company_ids=(companies or self.company).ids)
        return {section['name']: section for section in overview.read_overview()['sections']}

    def _chart(self, name, **options):
        """Return `{label: {column: number}}` of a chart, without columns that are 0."""
        charts = {chart['name']: chart for section in self._read(**options).values()
                  for chart in section['charts']}
        chart = charts[name]
        cells = {label: {one['name']: one['values'][index] for one in chart['series']
                         if one['values'][index]}
                 for index, label in enumerate(chart['labels'])}
        return {label: columns for label, columns in cells.items() if columns}

    def _tiles(self, **options):
        return {tile['name']: tile for section in self._read(**options).values()
                for tile in section['tiles']}

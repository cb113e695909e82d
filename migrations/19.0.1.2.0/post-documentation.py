"""Let the text beside the consents say that they were refused or withdrawn where they were."""
from collections import defaultdict

from odoo import SUPERUSER_ID, api

from odoo.addons.dsgvo.models.consent.res_company import TEXT_FIELDS


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {'active_test': False})
    for company in env['res.company'].search([('id', '!=', False)]):
        empty = [field for field in TEXT_FIELDS if not (company[field] or '').strip()]
        company.write(company.default_get(empty))
        customers = env['res.partner'].with_company(company).search([
            ('dsgvo_is_subject', '=', True), ('consent_state', '=', 'none'),
            ('consent_text', '=', company.dsgvo_text)])
        wanted = defaultdict(customers.browse)
        for customer, written in customers._dsgvo_get_documentation(
                customers._dsgvo_last_by_person()).items():
            if written.kind != 'granted':  # a consent that is over keeps text and day
                wanted[written] |= customer
        for written, some in wanted.items():
            some._dsgvo_set_documentation(
                {'consent_text': written.text, 'consent_date': written.day})

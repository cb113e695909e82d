from collections import defaultdict

from odoo import api, models


class DsgvoErasure(models.Model):
    """Hashes of the addresses are kept, to know which customers come back."""
    _inherit = 'dsgvo.erasure'

    @api.model
    def _after_erasure(self, persons):
        result = super()._after_erasure(persons)
        addresses = defaultdict(set)
        for erasure, person in persons.items():
            addresses[erasure.company_id] |= person.addresses
        for company, erased in addresses.items():
            self.env['dsgvo.suppression'].with_company(company)._suppress(erased, 'erased')
        return result

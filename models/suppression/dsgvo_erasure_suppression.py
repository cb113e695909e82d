from collections import defaultdict

from odoo import models


class DsgvoErasure(models.Model):
    _inherit = 'dsgvo.erasure'

    def _store_outcome(self, pairs, outcome):
        """Keep hashes of the addresses, to know who comes back."""
        result = super()._store_outcome(pairs, outcome)
        addresses = defaultdict(set)
        for erasure, (subject_id, _anonymous_id) in pairs.items():
            addresses[erasure.company_id] |= outcome[subject_id]['addresses']
        for company, erased in addresses.items():
            self.env['dsgvo.suppression'].with_company(company)._suppress(erased, 'erased')
        return result

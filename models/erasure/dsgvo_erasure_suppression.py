from odoo import models


class DsgvoErasure(models.Model):
    _inherit = 'dsgvo.erasure'

    def _store_outcome(self, pairs, outcome):
        """Keep hashes of the addresses, to know who comes back."""
        result = super()._store_outcome(pairs, outcome)
        self.env['dsgvo.suppression']._suppress(
            {address for result in outcome.values() for address in result['addresses']}, 'erased')
        return result

from odoo import models
from odoo.fields import Domain


class Base(models.AbstractModel):
    _inherit = 'base'

    def _dsgvo_silent(self):
        """Return those of these documents about which Odoo must tell nothing by itself.

        For documents with a message type; elsewhere the consent of each recipient decides alone.
        """
        return self.browse()

    def _dsgvo_matching(self, condition):
        """Return those of the records that match; none if the condition names no field of theirs.

        :param condition: a domain as a tuple, empty for all
        """
        if not condition:
            return self
        fnames = {term.field_expr.split('.')[0]
                  for term in Domain(list(condition)).iter_conditions()}
        if not fnames <= self._fields.keys():
            return self.browse()
        return self.filtered_domain(list(condition))

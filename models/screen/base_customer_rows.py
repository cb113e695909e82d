from odoo import models

from .covering import READING
from .covers import OURS


class Base(models.AbstractModel):
    """Which records are a customer's: the ways of the map, walked back from the record."""
    _inherit = 'base'

    def _dsgvo_of_customers(self):
        """Return those of these records that are about a customer, or may name one."""
        # sudo: only whether a record is a customer's, and not whose
        records = self.sudo().with_context(**{READING: None, 'active_test': False})
        return self.browse([
            record.id for record in records if record._dsgvo_is_of_customer(frozenset())])

    def _dsgvo_is_of_customer(self, seen):
        """Return whether a way leads from this record to a customer.

        :param frozenset seen: records from which this one was reached; messages refer to each other
        """
        if self._name in OURS or self in seen:
            return False
        return any(
            self._dsgvo_leads_to_customer(way, seen | {self})
            for way in self._dsgvo_get_cover().ways)

    def _dsgvo_leads_to_customer(self, way, seen):
        kind, _colon, column = way.rpartition(':')
        if kind:
            return bool(self[column])
        return any(
            record._dsgvo_is_of_customer(seen) for record in self._dsgvo_get_targets(column))

    def _dsgvo_get_targets(self, way):
        if ',' not in way:
            return self[way] or ()
        model, record_id = (self[name] for name in way.split(','))
        if not record_id or model not in self.env:
            return ()
        return self.env[model].browse(record_id).exists()

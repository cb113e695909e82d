import re

from odoo import models

from .covering import CONTACT, FORM, MASK, TYPED, without_masks
from .covers import PROPERTIES

# So many digits at the end make two numbers the same: one may lack the code of the country.
DIGITS = 6


class Base(models.AbstractModel):
    """Records that are being typed: what was typed is seen, what Odoo takes from customers is not.
    """
    _inherit = 'base'

    def onchange(self, values, field_names, fields_spec):
        """Mask the values that Odoo takes from a customer; typed values are seen by the user."""
        records = self._dsgvo_for_screen(FORM)
        if records._dsgvo_is_covered():
            values = without_masks(values)
            # Only `web_read`, by which the answer is made, notes that a screen reads.
            records = self.with_context(**{TYPED: _find_typed(self, self.id, values)})
        return super(Base, records).onchange(values, field_names, fields_spec)

    def _dsgvo_cover_new(self, row, names):
        """Mask what Odoo takes from a customer for a record that is being typed.

        The mask does not come back, so saving computes the value anew. An empty value would come
        back, so there is none.
        """
        new_id = row['id']
        typed = (self.env.context.get(TYPED) or {}).get(
            (self._name, new_id.origin or new_id.ref or False), {})
        for name in names & row.keys():
            is_typed = name in typed and _is_same(typed[name], row[name])
            if is_typed or not self._dsgvo_is_taken(row, name):
                continue
            if not self._dsgvo_get_cover().fields[name]:
                del row[name]
            elif row[name]:
                row[name] = MASK

    def _dsgvo_is_taken(self, row, name):
        """Return whether a value comes back when the record is saved, or is stored already.

        Anything else that `@api.onchange` sets would be lost, such as the note of an activity.
        Further addresses are saved with the address of their company.
        """
        field = self._fields[name]
        if field.type == PROPERTIES:
            return bool(row['id'].origin)
        # PostgreSQL asks for a required value before Odoo computes it, as the title of a lead.
        if self._name == CONTACT or (
                field.compute and (field.precompute or not field.required)):
            return True
        stored = self.browse(row['id'].origin)
        return bool(stored) and stored[name] == row[name]


def _find_typed(Model, record_id, values):
    """Return the texts that a browser sends for a record and its lines, by `(model, id)`."""
    typed = {(Model._name, record_id or False): {
        name: value for name, value in values.items() if isinstance(value, str)}}
    for name, value in values.items():
        field = Model._fields.get(name)
        if field and field.type in ('one2many', 'many2many') and isinstance(value, (list, tuple)):
            for command in value:
                if len(command) == 3 and isinstance(command[2], dict):
                    typed |= _find_typed(Model.env[field.comodel_name], command[1], command[2])
    return typed


def _is_same(typed, value):
    """Return whether a value is what was typed, but for its format."""
    typed, value = (
        re.sub(r'<[^>]*>|[\W_]', '', str(text or '')).casefold().lstrip('0')
        for text in (typed, value))
    return typed == value or (
        typed.isdigit() and len(typed) >= DIGITS and value.endswith(typed))

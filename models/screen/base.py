from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .covering import CONTACT, FORM, LIST, MASK, OPEN, READING, SHOWN, without_masks


class Base(models.AbstractModel):
    """Cover personal values where they leave for the screen of a user with the privacy screen.

    The browser reads by few methods. They note in the context that it is the browser who reads, and
    `_read_format` covers what all of them return. Nothing else on the server is covered.
    """
    _inherit = 'base'

    # === WAYS TO THE BROWSER === #

    @api.readonly
    def web_read(self, specification):
        return super(Base, self._dsgvo_for_screen(FORM)).web_read(specification)

    @api.model
    @api.readonly
    def web_search_read(self, *args, **kwargs):
        return super(Base, self._dsgvo_for_screen(LIST)).web_search_read(*args, **kwargs)

    @api.model
    @api.readonly
    def web_read_group(self, domain, groupby, aggregates=(), *args, **kwargs):
        records = self._dsgvo_for_screen(LIST)
        records._dsgvo_check_groups([*groupby, *aggregates])
        return super(Base, records).web_read_group(domain, groupby, aggregates, *args, **kwargs)

    @api.model
    @api.readonly
    def formatted_read_group(self, domain, groupby=(), aggregates=(), *args, **kwargs):
        records = self._dsgvo_for_screen(LIST)
        records._dsgvo_check_groups([*groupby, *aggregates])
        return super(Base, records).formatted_read_group(
            domain, groupby, aggregates, *args, **kwargs)

    @api.model
    @api.readonly
    def formatted_read_grouping_sets(self, domain, grouping_sets, aggregates=(), *args, **kwargs):
        records = self._dsgvo_for_screen(LIST)
        names = [name for grouping_set in grouping_sets for name in grouping_set]
        records._dsgvo_check_groups([*names, *aggregates])
        return super(Base, records).formatted_read_grouping_sets(
            domain, grouping_sets, aggregates, *args, **kwargs)

    @api.model
    @api.readonly
    def name_search(self, *args, **kwargs):
        return super(Base, self._dsgvo_for_screen(LIST)).name_search(*args, **kwargs)

    @api.model
    @api.readonly
    def web_name_search(self, *args, **kwargs):
        return super(Base, self._dsgvo_for_screen(LIST)).web_name_search(*args, **kwargs)

    def onchange(self, values, field_names, fields_spec):
        """Return no covered values of a record that is there already; whoever types sees them."""
        result = super().onchange(values, field_names, fields_spec)
        if self and self._dsgvo_for_screen(FORM)._dsgvo_is_covered() and result.get('value'):
            result['value'] = self._dsgvo_drop_covered(result['value'])
        return result

    # === WHAT IS STORED === #

    def _compute_field_value(self, field):
        """Compute what is stored from the real values, even while a covered screen reads."""
        records = self
        if self._dsgvo_is_covered() and any(
                computed.store for computed in self.pool.field_computed[field]):
            records = self.with_context(**{READING: None})
        return super(Base, records)._compute_field_value(field)

    # === WHAT THE BROWSER SENDS BACK === #

    def web_save(self, vals, *args, **kwargs):
        return super().web_save(without_masks(vals), *args, **kwargs)

    def web_save_multi(self, vals_list, *args, **kwargs):
        return super().web_save_multi(without_masks(vals_list), *args, **kwargs)

    @api.model
    def default_get(self, fields):
        """Let views give no mask as a default value, such as the street for a further address."""
        return without_masks(super().default_get(fields))

    # === COVERING === #

    def _read_format(self, fnames, load='_classic_read'):
        rows = super()._read_format(fnames, load)
        if self._dsgvo_is_covered():
            self._dsgvo_cover(rows)
        return rows

    def _dsgvo_is_covered(self):
        """Return whether these records are being read for a covered screen."""
        return self.env.context.get(READING) in (FORM, LIST)

    @api.model
    def _dsgvo_get_covered(self):
        """Return the covered fields of this model, and for each whether it is a text."""
        return self.env['dsgvo.data.rule']._get_covered().get(self._name, {})

    def _dsgvo_for_screen(self, way):
        """Return these records as the screen of this user is to get them.

        :param str way: FORM for one record, LIST for several. Contacts are always read as in a
            form, since a list of contacts has their names. What is read within a form is a list
        """
        now = self.env.context.get(READING)
        if now:
            way = now if now == OPEN or self._name == CONTACT else LIST
        elif not self.env['res.users']._dsgvo_is_screened():
            return self
        elif len(self) == 1 and self.env.context.get(SHOWN) == f'{self._name},{self.id}':
            way = OPEN
        elif self._name == CONTACT:
            way = FORM
        return self if way == now else self.with_context(**{READING: way})

    def _dsgvo_cover(self, rows):
        """Replace the personal values in rows of these records; a text is masked, others empty."""
        covered = self._dsgvo_get_covered()
        for row in rows:
            # A new record is what the user types.
            if isinstance(row['id'], int):
                for name in covered.keys() & row.keys():
                    row[name] = covered[name] and row[name] and MASK

    def _dsgvo_drop_covered(self, values):
        covered = self._dsgvo_get_covered()
        return {
            name: self._dsgvo_drop_from_lines(name, value) for name, value in values.items()
            if name not in covered}

    def _dsgvo_drop_from_lines(self, name, value):
        if self._fields[name].type not in ('one2many', 'many2many'):
            return value
        lines = self.env[self._fields[name].comodel_name]
        return [
            [Command.UPDATE, command[1], lines._dsgvo_drop_covered(command[2])]
            if command[0] == Command.UPDATE else command for command in value]

    def _dsgvo_check_groups(self, names):
        """Refuse to group or collect by what is covered: the groups would be its values.

        :param list names: such as `email`, `date:month` or `phone:array_agg`
        """
        if self._dsgvo_is_covered():
            for name in names:
                if field := self._dsgvo_get_covered_field(name.split(':')[0]):
                    raise UserError(self.env._(
                        "%(field)s is covered by the privacy screen, so records cannot be grouped"
                        " by it. Choose another field.",
                        field=field._description_string(self.env)))

    def _dsgvo_get_covered_field(self, path):
        """Return the field to which a path such as `partner_id.email` leads if it is covered."""
        link, _dot, rest = path.partition('.')
        field = self._fields.get(link)
        if rest and field and field.comodel_name:
            return self.env[field.comodel_name]._dsgvo_get_covered_field(rest)
        covered = self._dsgvo_get_covered()
        return link in covered and field

import re

from odoo import api, models
from odoo.exceptions import UserError

from .covering import (
    CONTACT,
    FORM,
    LIST,
    MASK,
    OPEN,
    READING,
    SHOWN,
    without_masks,
)
from .covers import NAMES, Cover

NOTHING = Cover({}, set(), set())


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
    def read_group(self, domain, fields, groupby, *args, **kwargs):
        groups = [groupby] if isinstance(groupby, str) else groupby
        # An aggregate is "email:array_agg" or "all:array_agg(email)".
        names = [re.split(r'[:()]', name)[-2 if name.endswith(')') else 0] for name in fields or ()]
        self._dsgvo_check_groups([*groups, *names])
        return super().read_group(domain, fields, groupby, *args, **kwargs)

    @api.model
    @api.readonly
    def read_progress_bar(self, domain, group_by, progress_bar):
        records = self._dsgvo_for_screen(LIST)
        records._dsgvo_check_groups([group_by, progress_bar['field']])
        return super(Base, records).read_progress_bar(domain, group_by, progress_bar)

    def export_data(self, fields_to_export):
        """Refuse covered fields: a file is opened on the same screen."""
        records = self._dsgvo_for_screen(LIST)
        if records._dsgvo_is_covered():
            for path in fields_to_export:
                records._dsgvo_check_export(path)
        return super(Base, records).export_data(fields_to_export)

    @api.model
    def search_panel_select_range(self, *args, **kwargs):
        return super(Base, self._dsgvo_for_screen(LIST)).search_panel_select_range(*args, **kwargs)

    @api.model
    def search_panel_select_multi_range(self, *args, **kwargs):
        return super(Base, self._dsgvo_for_screen(LIST)).search_panel_select_multi_range(
            *args, **kwargs)

    @api.model
    @api.readonly
    def name_search(self, *args, **kwargs):
        return super(Base, self._dsgvo_for_screen(LIST)).name_search(*args, **kwargs)

    @api.model
    @api.readonly
    def web_name_search(self, *args, **kwargs):
        return super(Base, self._dsgvo_for_screen(LIST)).web_name_search(*args, **kwargs)

    # === WHAT IS STORED === #

    def _compute_field_value(self, field):
        """Compute stored fields from the real values, even while a covered screen reads."""
        records = self
        if self._dsgvo_is_covered() and any(
                computed.store for computed in self.pool.field_computed[field]):
            records = self.with_context(**{READING: None})
        result = super(Base, records)._compute_field_value(field)
        if field.name == 'display_name' and records._dsgvo_is_covered():
            records._dsgvo_cover_display_names()
        return result

    @api.depends_context(READING)
    def _compute_display_name(self):
        return super()._compute_display_name()

    # === WHAT THE BROWSER SENDS BACK === #

    def web_save(self, vals, *args, **kwargs):
        """Save without masks: Odoo computes anew what it has taken from a customer.

        It computes nothing by a method of whose fields one is given, such as the town of an
        address. So these fields are saved afterwards.
        """
        values = without_masks(vals)
        records, later = self, {}
        for name in vals.keys() - values.keys():
            for field in self.pool.field_computed.get(self._fields.get(name), ()):
                if field.name in values and not field.required:
                    later[field.name] = values.pop(field.name)
        if later and self:
            self.write(values)
        elif later:
            records = self.create(values)
        return super(Base, records).web_save(later or values, *args, **kwargs)

    def web_save_multi(self, vals_list, *args, **kwargs):
        return super().web_save_multi(without_masks(vals_list), *args, **kwargs)

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
    def _dsgvo_get_cover(self):
        """Return the `Cover` of this model."""
        return self.env['dsgvo.data.rule']._get_covers().get(self._name, NOTHING)

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
        elif len(self) == 1 and self.env.context.get(SHOWN) == f'{self._name},{self._origin.id}':
            way = OPEN
        elif self._name == CONTACT:
            way = FORM
        if not now:
            # What waits to be computed also runs automation, and notes of what changed: these take
            # the real values, which must not be asked for in the name of the screen.
            self.env._recompute_all()
        return self if way == now else self.with_context(**{READING: way})

    def _dsgvo_cover(self, rows):
        """Replace the personal values in rows of these records; a text is masked, others empty."""
        cover = self._dsgvo_get_cover()
        asked = {name for row in rows for name in row.keys() & cover.fields.keys()}
        new = any(not isinstance(row['id'], int) for row in rows)
        customers = self.browse()
        if asked and (new or asked & cover.of_customers):
            customers = self._dsgvo_of_customers()
        for row in rows:
            if not isinstance(row['id'], int):
                if row['id'] in customers._ids:
                    self._dsgvo_cover_new(row, asked)
                continue
            names = asked if row['id'] in customers._ids else asked - cover.of_customers
            for name in names & row.keys():
                row[name] = cover.fields[name] and row[name] and MASK

    def _dsgvo_cover_display_names(self):
        """Cover titles, and put the number in the place of a customer's name in lists."""
        if 'display_name' in self._dsgvo_get_cover().of_customers:
            self.filtered('id')._dsgvo_of_customers().display_name = MASK
        elif self._name != CONTACT and self.env.context[READING] == LIST:
            for link in self._dsgvo_get_contacts_in_names():
                for record in self.filtered('display_name'):
                    # sudo: res.partner - the name that Odoo has put there
                    for contact in record[link].sudo().filtered('partner_share'):
                        number = contact._dsgvo_get_number()
                        record.display_name = record.display_name.replace(
                            contact.name or number, number)

    @api.model
    def _dsgvo_get_contacts_in_names(self):
        """Return the links to contacts from which the names of these records are made."""
        depends = self.pool.field_depends[self._fields['display_name']]
        links = {path.partition('.')[0] for path in depends}
        return [link for link in links if self._fields[link].comodel_name == CONTACT]

    def _dsgvo_check_groups(self, names):
        """Refuse to group or collect by covered fields: the groups would be their values.

        :param list names: such as `email`, `date:month` or `phone:array_agg`
        """
        if self._dsgvo_is_covered():
            for name in names:
                if field := self._dsgvo_find_covered(name.split(':')[0]):
                    raise UserError(self.env._(
                        "%(field)s is covered by the privacy screen, so records cannot be grouped"
                        " by it. Choose another field.",
                        field=field._description_string(self.env)))

    def _dsgvo_check_export(self, path):
        """Refuse a path such as `partner_id/email`, and the name of somebody else's customer."""
        if field := self._dsgvo_find_covered(path.replace('/', '.')):
            raise UserError(self.env._(
                "%(field)s is covered by the privacy screen, so it cannot be exported. Leave the"
                " field out, or export at a workplace where customers cannot see the screen.",
                field=field._description_string(self.env)))

    def _dsgvo_find_covered(self, path):
        """Return the covered field, or the name of somebody else's customer, to which a path leads.
        """
        link, _dot, name = path.rpartition('.')
        if link and name in NAMES and self._dsgvo_get_model(link) == CONTACT:
            return self.env[CONTACT]._fields[name]
        return self._dsgvo_get_covered_field(path)

    def _dsgvo_get_model(self, path):
        """Return the name of the model to which a path of links leads, or None."""
        model = self._name
        for link in path.split('.'):
            field = self.env[model]._fields.get(link)
            if not field or not field.comodel_name:
                return None
            model = field.comodel_name
        return model

    def _dsgvo_get_covered_field(self, path):
        """Return the field to which a path such as `partner_id.email` leads if it is covered."""
        link, _dot, rest = path.partition('.')
        field = self._fields.get(link)
        if rest and field and field.comodel_name:
            return self.env[field.comodel_name]._dsgvo_get_covered_field(rest)
        return link in self._dsgvo_get_cover().fields and field

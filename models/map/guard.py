"""Finds columns of the database that look personal and stand in no row of the map."""
import re
from typing import NamedTuple

from .contact_columns import tells_who

PARTNER = 'res.partner'
TEXT_TYPES = ('char', 'text', 'html', 'json', 'properties')
# In a model that hangs on a customer: what such a column is called, in any addon.
PERSONAL = re.compile(
    r'(^|_)(name|firstname|lastname|nickname|surname|mail|fax|street\d?|zip|city|vat|acc_number'
    r'|sex|gender|note|notes|comment|comments|remark|remarks|description|feedback|message|ip|body'
    r'|address|signed_by|ref|origin|nachname|vorname|strasse|plz|ort|notiz|bemerkung)(_|$)')
# In any model at all.
CONTACT = re.compile(
    r'(^|_)(e?mail|cc|phone|mobile|iban|telefon|handy|birthday|birthdate|geburtstag|geburtsdatum'
    r'|cardholder)(_|$)')


class Gap(NamedTuple):
    """One column; `reason` is a value of the field `reason` of `dsgvo.data.gap`."""
    model: str
    field: str
    reason: str


class Guard:
    """Compares the registry with the map.

    :param env: environment of the database
    :param rules: all rules of the map
    """

    def __init__(self, env, rules):
        self.env = env
        self.claimed = {(rule.model, rule.field) for rule in rules}
        self.claimed |= {
            (rule.model, name) for rule in rules for name in rule.reached_by.split(',')}
        self.mapped = {rule.model for rule in rules}
        self.exempt = {
            rule.model for rule in rules if rule.field == 'id' and rule._is_exemption()}
        # Models whose rows, if found, go as a whole.
        self.deleted = {
            rule.model for rule in rules if rule.field == 'id' and not rule.kept_while_held
            and rule.erase == 'delete'}
        # Models whose rows, if found, lose texts.
        self.treated = {
            rule.model for rule in rules if rule.erase in ('clear', 'redact', 'delete')
            and rule._finds_rows_of_a_person()}
        self.owning = {PARTNER} | {
            rule.model for rule in rules
            if rule.is_about_person and rule.erase != 'hold'} - self.exempt - {
            # Staff: rows that hang on a login are hardly ever about a customer.
            'res.users'}

    def find(self):
        """Return a list of `Gap`. Wizards are left out: the engine empties all of them."""
        return [
            gap for name, Model in sorted(self.env.registry.items())
            if Model._auto and not Model._abstract and not Model._transient
            for gap in self._find_in(name, self._get_columns(Model))]

    def _get_columns(self, Model):
        return [
            field for field in Model._fields.values()
            if field.store and (field.column_type or field.type == 'many2many')
            and field.name not in ('id', 'create_uid', 'write_uid', 'create_date', 'write_date')]

    def _find_in(self, model, columns):
        # A row that only names a customer is about something else, and so are its texts.
        hangs_on_customer = model in self.owning or (
            model not in self.mapped and any(map(self.is_link, columns)))
        for field in columns:
            if (model, field.name) not in self.claimed and (
                    reason := self._get_reason_of_link(model, field)
                    or self._get_reason_of_value(model, field, hangs_on_customer)):
                yield Gap(model, field.name, reason)

    def is_link(self, field):
        """Whether a row of the field's model hangs on a row of a customer."""
        targets = self.get_targets(field)
        if field.type == 'many2many':
            return PARTNER in targets
        return field.type in ('many2one', 'reference') and not self.owning.isdisjoint(targets)

    def get_targets(self, field):
        """Return the models whose rows a field refers to, or may refer to."""
        if field.type == 'reference':
            # sudo: whatever reads the models from which somebody can choose
            return set(field.get_values(self.env(su=True)))
        return {field.comodel_name} - {None}

    def _get_reason_of_link(self, model, field):
        """Return why a link may lead from a person to a row that no other way finds, or None.

        A model that was exempted as a whole is looked at as well: its reason was given before a new
        link came. A column whose model stands in another column may refer to anything.
        """
        if not (self.is_link(field) or getattr(field, 'model_field', None)):
            return None
        is_contact = PARTNER in self.get_targets(field)
        if field.comodel_name == PARTNER:
            is_new = True
        elif model in self.exempt:
            is_new = field.manual
        else:
            is_new = is_contact or model not in self.mapped or (
                model in self.treated and not self._goes_with(field))
        if not is_new:
            return None
        return 'link' if is_contact else 'child'

    def _goes_with(self, field):
        """Whether PostgreSQL deletes a row together with the row that it hangs on."""
        return field.type == 'many2one' and field.ondelete == 'cascade' and (
            field.comodel_name in self.deleted)

    def _get_reason_of_value(self, model, field, hangs_on_customer):
        """Return why a column looks as if it held something of a customer, or None."""
        if model in self.deleted:
            return None
        is_text = field.type in TEXT_TYPES
        if CONTACT.search(field.name) and (is_text or field.type == 'date'):
            return 'name'
        if model in self.exempt:
            return None
        if model == PARTNER and not field.manual:
            return 'contact' if tells_who(field) else None
        if field.manual and (model in self.owning or (
                (hangs_on_customer or model in self.mapped)
                and (is_text or field.type in ('date', 'binary')))):
            return 'custom'
        if not hangs_on_customer or not is_text:
            return None
        if PERSONAL.search(field.name):
            return 'name'
        return 'text' if field.type in ('text', 'html', 'properties') else None

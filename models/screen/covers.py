"""What the privacy screen covers in each model, by the map of personal data."""
import re
from collections import defaultdict
from typing import NamedTuple

from ..map.contact_columns import NAME_PARTS
from ..map.guard import CONTACT as CONTACT_COLUMN
from ..map.guard import PERSONAL
from .covering import CONTACT

TEXTS = ('char', 'text', 'html')
# These are emptied. Numbers about a person are where somebody lives, and the credit.
OTHERS = ('date', 'datetime', 'float')
# The fields that a shop adds itself, emptied as well.
PROPERTIES = 'properties'
# Fields whose values name things, or are needed to find a customer.
THINGS = {
    'access_token', 'barcode', 'city', 'consent_text', 'description_picking_manual',
    'full_product_name', 'origin', 'ref', 'ticket_code'}
# Fields with the name of a contact, or with the title of something else.
NAMES = {'commercial_company_name', 'company_name', 'complete_name', 'display_name', 'name',
         'parent_name', *NAME_PARTS}
# A login may be a colleague's, so it is covered only if it is a customer's.
USERS = 'res.users'
# Shops are no customers.
OURS = {'res.company'}
# In rows that go as a whole with a customer: what a text is called beside `PERSONAL`.
TEXT_OF_ROW = re.compile(r'(^|_)(subject|summary|number|reply_to|preview)(_|$)')


class Cover(NamedTuple):
    """What the privacy screen covers in the records of one model."""
    fields: dict
    """`{field: whether it is a text, which is masked and not emptied}`"""
    of_customers: set
    """Those of the fields that are covered only in a record of a customer."""
    ways: set
    """How a record of a customer is known: `reached_by` of the rules."""


class Covers:
    """Reads the map once.

    Covered are the texts, days and numbers about a person. Covered only in records of a customer
    are titles, texts that may mention a person, texts of rows that go as a whole, and own fields.
    A message or an appointment may be about anything.

    :param env: environment of the database
    :param rules: all rules of the map
    """

    def __init__(self, env, rules):
        self.env = env
        self.rules = rules.filtered(lambda rule: rule.erase != 'method' and (
            rule.model in env and rule.model not in OURS and not rule._is_exemption()))
        self.covers = defaultdict(lambda: Cover({}, set(), set()))

    def find(self):
        """Return `{model: Cover}`."""
        for rule in self.rules.filtered(self._is_way):
            self.covers[rule.model].ways.add(rule.reached_by)
        for rule in self.rules:
            for field in self._get_fields_of_person(rule):
                self.covers[rule.model].fields[field.name] = field.type in TEXTS
        self._add_made_of(self._get_computed_texts())
        for rule in self.rules:
            self._add_of_customers(self._get_fields_of_customers(rule))
        self._add_of_customers(self._get_names_of_contacts())
        # Names of records are computed, too, of titles and texts.
        self._add_made_of(self._get_computed_texts(NAMES), self._add_of_customers)
        return dict(self.covers)

    def _is_way(self, rule):
        fields = self.env[rule.model]._fields
        return rule._finds_rows_of_a_person() and all(
            name in fields for name in rule.reached_by.split(':')[-1].split(','))

    # === FIELDS OF A RULE === #

    def _get_fields_of_person(self, rule):
        """Return the fields covered in every record: the field of a rule about the person."""
        field = self.env[rule.model]._fields.get(rule.field)
        types = (*TEXTS, *OTHERS, *([PROPERTIES] if rule.model == CONTACT else ()))
        if rule.is_about_person and field and self._has_customers(rule.model) and (
                field.type in types and self._can_be_covered(field, NAMES)):
            return [field]
        return []

    def _get_fields_of_customers(self, rule):
        """Return the fields covered in records of a customer, by one rule."""
        Model = self.env[rule.model]
        if rule.model == CONTACT or not rule._finds_rows_of_a_person():
            return []
        if rule.field == 'id':
            # Views of wizards decide by their texts.
            is_whole = rule.erase == 'delete' and not Model._transient
            texts = Model._fields.values() if is_whole else ()
            return [field for field in texts if self._is_text_of_row(field)]
        names = NAMES if 'product_id' in Model._fields else ()  # the title is that of the article
        field = Model._fields.get(rule.field)
        if rule.erase in ('clear', 'redact', 'replace') and field and (
                field.type in (*TEXTS, PROPERTIES) and self._can_be_covered(field, names)):
            return [field]
        return []

    def _is_text_of_row(self, field):
        name = field.name
        return field.type in TEXTS and self._can_be_covered(field, ()) and (
            field.type != 'char' or bool(
                PERSONAL.search(name) or CONTACT_COLUMN.search(name) or TEXT_OF_ROW.search(name)))

    def _can_be_covered(self, field, names):
        return field.name not in THINGS and field.name not in names and (
            not field.name.startswith('dsgvo_'))

    def _get_names_of_contacts(self):
        """Return the names of records which are contacts besides, such as logins."""
        return [
            field for Model in self.env.registry.values() if CONTACT in Model._inherits
            for field in Model._fields.values() if field.name in ('name', 'display_name')]

    def _has_customers(self, model):
        """Return whether each record of a model is a customer's, unless it is found to be nobody's.

        Records of this addon have screens of their own.
        """
        return model not in OURS and model != USERS and not model.startswith('dsgvo.')

    def _add_of_customers(self, fields):
        for field in fields:
            cover = self.covers[field.model_name]
            if cover.ways and field.name not in cover.fields:
                cover.fields[field.name] = field.type in TEXTS
                cover.of_customers.add(field.name)

    # === TEXTS THAT ODOO COMPUTES === #

    def _get_computed_texts(self, names=frozenset()):
        """Return the texts that are not stored.

        :param names: which fields of `NAMES` are wanted, too
        """
        return [
            field for Model in self.env.registry.values()
            if not Model._abstract and Model._name not in OURS
            and (names or self._has_customers(Model._name))
            for field in Model._fields.values()
            if not field.store and field.type in TEXTS
            and self._can_be_covered(field, NAMES if Model._name == CONTACT else NAMES - names)]

    def _add_made_of(self, texts, add=None):
        """Add the texts that are computed from covered fields, or from such texts."""
        while found := [field for field in texts if self._is_made_of(field)]:
            if add:
                add(found)
            else:
                for field in found:
                    self.covers[field.model_name].fields[field.name] = True
            texts = [field for field in texts if field not in found]

    def _is_made_of(self, field):
        """Return whether a field is computed from one that is covered."""
        return any(
            self._leads_to(field.model_name, path)
            for path in self.env.registry.field_depends[field])

    def _leads_to(self, model, path):
        *links, name = path.split('.')
        for link in links:
            field = self.env[model]._fields.get(link)
            if not field or not field.comodel_name:
                return False
            model = field.comodel_name
        return model in self.covers and name in self.covers[model].fields

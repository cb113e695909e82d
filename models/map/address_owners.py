"""Tells whose row it is that holds an e-mail address or a telephone number of a person.

Mailing lists, leads and registrations have no link to a contact. A row with the address of a person
is hers if nobody else has the address. A couple has one address for two, so the name decides in a
row that has one.
"""
import re
from collections import defaultdict
from functools import cached_property

from odoo.tools import SQL

from .numbers import TYPED_NUMBER, read_numbers
from .placeholders import is_placeholder
from .texts import find_emails, get_words, read_value

PARTNER = 'res.partner'
# Which column of a contact holds the normalized value of `email:…` and `phone:…`.
VALUE_COLUMNS = {'email': 'email_normalized', 'phone': 'phone_sanitized'}
# Columns with the name of a person, in models whose `name` is a title or a number; the first that
# is filled counts.
PERSON_NAMES = ('contact_name', 'partner_name', 'nickname')
TITLES = {'herr', 'herrn', 'hr', 'frau', 'fr', 'dr', 'prof', 'mr', 'mrs', 'ms'}
SEVERAL = {'und', 'u', 'and', 'familie', 'fam', 'eheleute', 'ehepaar'}
SIGNS_OF_SEVERAL = '&+/'


def get_name(text, value):
    """Return the name in a row without its own address or number, None if nothing is left.

    Digits and other addresses name somebody, too: Verein 1860, info@verein.example.
    """
    name = TYPED_NUMBER.sub(' ', re.sub(re.escape(value), ' ', text, flags=re.IGNORECASE))
    return name if sum(map(str.isalpha, name)) > 1 else None


def is_same_name(written, name):
    """Return whether a name in a row is that of a person and of nobody beside her.

    Order, accents and titles make no difference; parts of the name and initials are enough. A
    person with only one known word is not found in longer names, which may be those of her family.
    """
    if any(sign in written for sign in SIGNS_OF_SEVERAL):
        return False
    words, own = ([word for word in get_words(text) if word not in TITLES]
                  for text in (written, name))
    if SEVERAL.intersection(words) or len(own) == 1 < len(words):
        return False
    shorter, longer = sorted((words, own), key=len)
    return all(any(_is_same_word(word, other) for other in longer) for word in shorter)


def _is_same_word(word, other):
    return word == other or (
        1 in (len(word), len(other)) and word[0] == other[0])


class AddressOwners:
    """Tells the rows of a batch of persons from those of others who share an address or number.

    :param env: environment with the rights of the superuser
    :param rows: the temporary table of `PersonRows`, as `SQL`, with the contacts of the batch
    :param ways: `(model, reached_by, …)` of the rows that are looked for
    """

    def __init__(self, env, rows, ways):
        self.env = env
        self.ways = ways
        self.contacts = SQL("(SELECT id FROM %s WHERE model = %s AND way = -1)", rows, PARTNER)
        self.rows = rows

    # === WHOSE VALUE === #

    def get_values(self, kind):
        """Return the values of the persons that nobody else has, as a table; no placeholders.

        A value that several of the batch have is there for each of them: with them it goes.

        :param str kind: email or phone
        """
        return SQL(
            """(
            SELECT DISTINCT ON (p.%(column)s, r.subject_id) p.%(column)s AS value, r.*
              FROM res_partner p JOIN %(rows)s r ON r.model = %(partner)s AND r.way = -1
               AND r.id = p.id
             WHERE p.%(column)s IS NOT NULL AND p.%(column)s != ALL(%(shared)s::varchar[])
               AND NOT EXISTS (
                   SELECT FROM res_partner other
                    WHERE other.%(column)s = p.%(column)s AND other.id NOT IN %(contacts)s))""",
            column=SQL.identifier(VALUE_COLUMNS[kind]), rows=self.rows, partner=PARTNER,
            shared=list(self.shared[kind] | self.placeholders[kind]), contacts=self.contacts)

    @cached_property
    def shared(self):
        """Return `{kind: values}` that also stand in rows with the name of somebody else."""
        shared = {kind: set() for kind in VALUE_COLUMNS}
        for model, reached_by in {way[:2] for way in self.ways}:
            kind, _colon, column = reached_by.partition(':')
            if kind in VALUE_COLUMNS and self.has_names(model):
                shared[kind].update(
                    value for _row_id, value, name, persons in self._read(model, kind, column)
                    if name and not self._find_persons(name, persons))
        return shared

    @cached_property
    def placeholders(self):
        """Return `{kind: values}` of the persons that are nobody's: keine@…, 0000000000."""
        return {kind: {value for value, in self._execute(
            "SELECT DISTINCT %s FROM res_partner WHERE id IN %s AND %s IS NOT NULL",
            SQL.identifier(column), self.contacts, SQL.identifier(column))
            if is_placeholder(kind, value)} for kind, column in VALUE_COLUMNS.items()}

    @cached_property
    def taken(self):
        """Return the texts of the `Mark` of addresses and numbers that others have, too.

        Other contacts, the shop itself and its employees with a login among them.
        """
        return set().union(*(self._spell(kind, {value for value, in self._execute("%s", SQL(
            """
            SELECT DISTINCT p.%(column)s FROM res_partner p
             WHERE p.id IN %(contacts)s AND (EXISTS (
                   SELECT FROM res_partner other
                    WHERE other.%(column)s = p.%(column)s AND other.id NOT IN %(contacts)s)
                OR EXISTS (
                   SELECT FROM res_users login
                    WHERE login.login = p.%(column)s AND login.active AND NOT login.share
                      AND login.partner_id NOT IN %(contacts)s))
            """, column=SQL.identifier(column), contacts=self.contacts))})
            for kind, column in VALUE_COLUMNS.items()))

    @cached_property
    def shared_texts(self):
        """Return the texts of the `Mark` of addresses and numbers beside the name of others."""
        return set().union(*(self._spell(kind, values) for kind, values in self.shared.items()))

    def leave_out_shared(self, marks):
        """Return those `Mark` of a person that no row shows to be somebody else's as well."""
        return {mark for mark in marks if mark.words or mark.text not in self.shared_texts}

    def _spell(self, kind, values):
        """Return the texts of the `Mark` of normalised addresses or numbers."""
        country = self.env.company.country_id
        if kind == 'email':
            return {
                token.text for value in values for token in find_emails(read_value(value))}
        return set().union(*(
            number.certain for value in values
            for number in read_numbers(value, country.code, country.phone_code)))

    # === WHOSE ROW === #

    def has_names(self, model):
        """Return whether the rows of a model say whose they are."""
        return bool(self._get_name_columns(model))

    def get_rows(self, model, kind, column):
        """Return `(row_id, …)` of those rows of a model with names that are the persons', as SQL.

        A row with the name of one of them is hers, whoever else has the address; one without any
        name is, if nobody else has it.
        """
        unnamed = dict(self._execute(
            "SELECT t.id, array_agg(v.subject_id) FROM %s t JOIN %s v ON v.value = t.%s"
            " GROUP BY t.id", SQL.identifier(self.env[model]._table), self.get_values(kind),
            SQL.identifier(column)))
        found = [
            (row_id, person_id) for row_id, _value, name, persons in self._read(model, kind, column)
            for person_id in (
                self._find_persons(name, persons) if name else unnamed.get(row_id, ()))]
        return SQL(
            """(
            SELECT own.row_id, r.* FROM unnest(%s::int[], %s::int[]) AS own(row_id, person_id)
              JOIN %s r ON r.model = %s AND r.way = -1 AND r.id = own.person_id)""",
            [row_id for row_id, _person_id in found], [person_id for _row_id, person_id in found],
            self.rows, PARTNER)

    def _find_persons(self, name, persons):
        """Return the ids of the persons who are called so, [] if it may be somebody who stays."""
        named = [
            person_id for person_id, (own_name, _stays) in persons.items()
            if not own_name or is_same_name(name, own_name)]
        return [] if any(persons[each][1] for each in named) else named

    def _read(self, model, kind, column):
        """Read the rows of a model with names that hold a value of the batch.

        :return: list of `(row id, value, name or None, {person id: (name, whether she stays)})`,
            with all contacts that have the value, also of persons who are not erased
        """
        rows = defaultdict(dict)
        for row_id, value, name, person_id, own_name, stays in self._execute("%s", SQL(
                """
                SELECT t.id, t.%(column)s, %(name)s, person.id, person.name,
                       bool_or(p.id NOT IN %(contacts)s)
                  FROM %(table)s t
                  JOIN res_partner p ON p.%(value)s = t.%(column)s
                  JOIN res_partner person ON person.id = p.dsgvo_subject_id
                 WHERE t.%(column)s IN (
                       SELECT %(value)s FROM res_partner WHERE id IN %(contacts)s)
                 GROUP BY t.id, person.id
                """,
                table=SQL.identifier(self.env[model]._table), column=SQL.identifier(column),
                value=SQL.identifier(VALUE_COLUMNS[kind]), contacts=self.contacts,
                name=SQL("concat(%s)", self._get_name(model)))):
            rows[row_id, value, get_name(name, value)][person_id] = (own_name, stays)
        return [(*row, persons) for row, persons in rows.items()]

    def _get_name(self, model):
        """Return the name of the person in a row of a model, as `SQL`."""
        return SQL("coalesce(%s)", SQL(", ").join(
            SQL("nullif(btrim(t.%s), '')", SQL.identifier(name))
            for name in self._get_name_columns(model)))

    def _get_name_columns(self, model):
        fields = self.env[model]._fields
        return [
            name for name in PERSON_NAMES if name in fields and _is_text(fields[name])
        ] or [name for name in ('name',) if name in fields and _is_text(fields[name])]

    def _execute(self, query, *args):
        self.env.cr.execute(SQL(query, *args), log_exceptions=False)
        return self.env.cr.fetchall()


def _is_text(field):
    return field.store and field.type == 'char' and not field.translate

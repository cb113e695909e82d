"""The values that identify the persons of a batch, read while they are known."""
from collections import defaultdict
from functools import cached_property
from itertools import zip_longest

from odoo.tools import SQL

from .address_owners import VALUE_COLUMNS
from .contact_columns import get_further_columns, get_value_columns
from .needles import COLUMNS, NO_NEEDLES, find_former_needles, find_needles
from .rows import PARTNER, ROWS
from .searching import MentionFinder, Searcher

# Tracked changes of a contact; an address is tracked as one line, its street in front.
TRACKED = dict(zip(COLUMNS, COLUMNS, strict=True), contact_address_inline='street')


def read_values(rows):
    """Return the `PersonValues` of a batch, whose contacts are in its table of rows.

    :param PersonRows rows: the batch
    """
    return _Reader(rows).read_values()


class PersonValues:
    """The values of each person of a batch, by the id of the person.

    :param dict needles: the `Needles` of each
    :param dict addresses: sets of `(kind, normalised value)` that nobody else has
    :param dict created: when the contacts were created
    """

    def __init__(self, needles, addresses, created):
        self.needles = needles
        self.addresses = addresses
        self.created = created
        self.searchers = {
            subject_id: Searcher(own) for subject_id, own in needles.items() if any(own)}

    @cached_property
    def finder(self):
        """Finds the persons of the batch in texts of others."""
        return MentionFinder(
            {subject_id: needles.certain for subject_id, needles in self.needles.items()})


class _Reader:
    def __init__(self, rows):
        self.rows = rows

    def read_values(self):
        """Return the `PersonValues` of the batch."""
        execute = self.rows.execute
        needles, addresses, known = defaultdict(lambda: NO_NEEDLES), defaultdict(set), {}
        for subject_id, contact in self._read_contacts():
            needles[subject_id] |= find_needles(contact, known)
        taken = self.rows.owners.taken | self.rows.owners.shared_texts
        for subject_id, own in needles.items():
            needles[subject_id] = own.doubt(lambda mark: mark.text in taken)
        for subject_id, contact in self._read_former_values():
            needles[subject_id] |= find_former_needles(contact)
        created = dict(execute("""
            SELECT p.id, p.create_date FROM res_partner p
              JOIN %s r ON r.model = %s AND r.way = -1 AND r.id = p.id AND r.subject_id = p.id
        """, ROWS, PARTNER))
        for kind in VALUE_COLUMNS:
            for subject_id, value in execute(
                    "SELECT subject_id, value FROM %s AS own", self.rows.owners.get_values(kind)):
                addresses[subject_id].add((kind, value))
        for subject_id, *address in self._read_further_addresses():
            addresses[subject_id].add(tuple(address))
        return PersonValues(needles, addresses, created)

    def _read_contacts(self):
        """Yield `(subject id, contact)` for `find_needles`.

        One for each column of a kind that a contact has filled: with a mobile number, in a column
        of another addon, it is read as two.
        """
        columns = get_value_columns(self.rows.env)
        layers = list(zip_longest(*map(columns.get, COLUMNS), fillvalue=SQL("NULL")))
        for subject_id, country_code, phone_code, *values in self.rows.execute("""
            SELECT r.subject_id, country.code, country.phone_code, %s FROM res_partner p
              JOIN %s r ON r.model = %s AND r.way = -1 AND r.id = p.id
              LEFT JOIN res_country country ON country.id = coalesce(p.country_id, %s)
        """, SQL(", ").join(name for layer in layers for name in layer), ROWS, PARTNER,
                self.rows.env.company.country_id.id or None):
            for start in range(0, len(values), len(COLUMNS)):
                yield subject_id, dict(
                    zip(COLUMNS, values[start:start + len(COLUMNS)], strict=True)) | {
                        'country_code': country_code, 'phone_code': phone_code}

    def _read_further_addresses(self):
        """Return `(subject id, kind, value)` of columns of other addons that nobody else filled."""
        further = [name for names in get_further_columns(self.rows.env).values()
                   for name in names]
        if not further:
            return []
        contacts = dict(self.rows.execute(
            "SELECT id, subject_id FROM %s AS person", self.rows.persons))
        found = [(contacts[partner.id], *address) for partner, *address in self.rows.env[
            PARTNER].browse(contacts)._dsgvo_further_addresses()]
        others = SQL(" ").join(
            SQL("AND NOT EXISTS (SELECT FROM res_partner o WHERE o.dsgvo_subject_id"
                " != own.subject_id AND o.%s IN (own.value, own.typed))", SQL.identifier(name))
            for name in ('email_normalized', 'phone_sanitized', *further))
        return self.rows.execute("""
            SELECT subject_id, kind, value
              FROM unnest(%s::int[], %s, %s, %s) AS own(subject_id, kind, value, typed)
             WHERE TRUE %s
        """, *map(list, zip(*found, strict=True)), others) if found else []

    def _read_former_values(self):
        """Yield `(subject id, contact)` for each value that a contact had before, as tracked."""
        company = self.rows.env.company.country_id
        for subject_id, name, value in self.rows.execute("""
            SELECT DISTINCT r.subject_id, f.name, t.old_value_char
              FROM mail_message m
              JOIN %s r ON r.model = %s AND r.way = -1 AND r.id = m.res_id
              JOIN mail_tracking_value t ON t.mail_message_id = m.id
              JOIN ir_model_fields f ON f.id = t.field_id
             WHERE m.model = %s AND t.old_value_char != '' AND f.name = ANY(%s)
        """, ROWS, PARTNER, PARTNER, list(TRACKED)):
            yield subject_id, dict.fromkeys(COLUMNS) | {
                TRACKED[name]: value, 'country_code': company.code,
                'phone_code': company.phone_code}

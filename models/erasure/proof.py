"""What identifies the persons of a batch, and the search for it after they were erased."""
import weakref
from collections import defaultdict
from functools import cached_property
from itertools import zip_longest

from odoo import fields
from odoo.tools import SQL

from .address_owners import VALUE_COLUMNS
from .contact_columns import get_further_columns, get_value_columns
from .needles import PersonFinder, Searcher, find_needles, get_genitives

TEXT_TYPES = ('char', 'text', 'html', 'json', 'jsonb', 'properties')
COLUMNS = ('name', 'email', 'phone', 'phone_sanitized', 'street')
PARTNER = 'res.partner'


class PersonStillFound(Exception):
    """The person's own values stand in rows that the map leaves; `places` says in which."""

    def __init__(self, places):
        super().__init__(f"{len(places)} places")
        self.places = places


class ErasureProof:
    """Notes the values of a batch of persons while they are known, and proves them gone.

    :param engine: the run that it belongs to
    :param rows: the temporary table of the engine, as `SQL`
    """

    def __init__(self, engine, rows):
        self.engine = weakref.proxy(engine)  # the values go with the batch, not some time later
        self.rows = rows
        self.values = defaultdict(set)
        self.searchers = {}
        self.addresses = defaultdict(set)
        self.created = {}

    def note_values(self):
        """Read what identifies each person, to take it out of texts and to search for it after."""
        execute = self.engine._execute
        self.values = needles = defaultdict(set)
        for subject_id, contact in self._read_contacts():
            needles[subject_id] |= find_needles(contact)
        self.searchers = {
            subject: Searcher(values | get_genitives(values))
            for subject, values in needles.items() if values}
        self.created = dict(execute("""
            SELECT p.id, p.create_date FROM res_partner p
              JOIN %s r ON r.model = %s AND r.way = -1 AND r.id = p.id AND r.subject_id = p.id
        """, self.rows, PARTNER))
        for kind in VALUE_COLUMNS:
            for subject_id, value in execute(
                    "SELECT subject_id, value FROM %s AS own", self.engine.owners.get_values(kind)):
                self.addresses[subject_id].add((kind, value))
        for subject_id, *address in self._read_further_addresses():
            self.addresses[subject_id].add(tuple(address))

    def _read_contacts(self):
        """Yield `(subject id, contact)`, one for each column of a kind that a contact has filled.

        A contact with a mobile number, in a column of another addon, is read as two.
        """
        columns = get_value_columns(self.engine.env)
        layers = list(zip_longest(
            *(columns.get(name, [SQL.identifier('p', name)]) for name in COLUMNS),
            fillvalue=SQL("NULL")))
        for subject_id, *values in self.engine._execute("""
            SELECT r.subject_id, %s FROM res_partner p
              JOIN %s r ON r.model = %s AND r.way = -1 AND r.id = p.id
        """, SQL(", ").join(name for layer in layers for name in layer), self.rows, PARTNER):
            for start in range(0, len(values), len(COLUMNS)):
                yield subject_id, dict(
                    zip(COLUMNS, values[start:start + len(COLUMNS)], strict=True))

    def _read_further_addresses(self):
        """Return `(subject id, kind, value)` of columns of other addons that nobody else filled."""
        further = [name for names in get_further_columns(self.engine.env).values()
                   for name in names]
        if not further:
            return []
        contacts = dict(self.engine._execute(
            "SELECT id, subject_id FROM %s WHERE model = %s AND way = -1", self.rows, PARTNER))
        found = [(contacts[partner.id], *address) for partner, *address in self.engine.env[
            PARTNER].browse(contacts)._dsgvo_further_addresses()]
        others = SQL(" ").join(
            SQL("AND NOT EXISTS (SELECT FROM res_partner o WHERE o.dsgvo_subject_id"
                " != own.subject_id AND o.%s IN (own.value, own.typed))", SQL.identifier(name))
            for name in ('email_normalized', 'phone_sanitized', *further))
        return self.engine._execute("""
            SELECT subject_id, kind, value
              FROM unnest(%s::int[], %s, %s, %s) AS own(subject_id, kind, value, typed)
             WHERE TRUE %s
        """, *map(list, zip(*found, strict=True)), others) if found else []

    @cached_property
    def finder(self):
        """Finds the persons of the batch in texts of others."""
        return PersonFinder(self.values)

    def take_out(self, text, subject_id):
        """Return the text without the values of a person, without those of all for None."""
        if subject_id is None:
            return self.finder.take_out(text)
        searcher = self.searchers.get(subject_id)
        return searcher.take_out(text) if searcher and searcher.is_in(text) else text

    def search(self, outcome):
        """Search the rows that are left, and add to the outcome what stays by law and was searched.

        :raise PersonStillFound: if one of the persons stands in a row that nothing keeps
        """
        searched, places = defaultdict(int), set()
        for model in sorted({model for model, *_way in self.engine.ways}):
            for subject_id, text in self._read_left(model):
                searched[subject_id] += 1
                searcher = self.searchers.get(subject_id)
                if searcher and searcher.is_in(text):
                    places.add(model)
        if places:
            raise PersonStillFound(sorted(places))
        kept = self._count_kept()
        for subject_id, result in outcome.items():
            result.update(
                searched=searched[subject_id], kept=kept[subject_id],
                verified=fields.Datetime.now(), addresses=self.addresses[subject_id],
                values=self.engine.owners.leave_out_shared(self.values[subject_id]),
                created=self.created[subject_id])

    def _read_left(self, model):
        """Return `(subject id, all texts of the row)` of the rows of the persons that are left.

        Of those whom the law keeps, only rows of which nothing stays with their documents.
        """
        columns = [
            SQL("t.%s::text", SQL.identifier(field.name))
            for field in self.engine.env[model]._fields.values()
            if field.store and field.column_type and field.type in TEXT_TYPES]
        if not columns:
            return []
        # The contacts themselves are still there: they go last.
        return self.engine._execute("""
            SELECT DISTINCT ON (t.id, r.subject_id) r.subject_id, concat_ws(E'\n', %s)
              FROM %s t JOIN %s r ON r.model = %s AND r.id = t.id AND r.owned
               AND (NOT r.held OR %s) AND (r.model != %s OR r.bound)
        """, SQL(", ").join(columns), self.engine._table(model), self.rows, model,
            model not in self.engine.kept_models, PARTNER)

    def _count_kept(self):
        """Return `{subject id: [{'model', 'rows', 'basis'}]}` of the documents kept by law."""
        kept = defaultdict(list)
        for (model, basis), rules in self.engine.rules.filtered(
                lambda rule: rule.erase == 'hold').grouped(lambda r: (r.model, r.basis)).items():
            links = [SQL("t.%s", SQL.identifier(name)) for name in set(rules.mapped('reached_by'))]
            for subject_id, count in self.engine._execute("""
                SELECT r.subject_id, count(DISTINCT t.id)
                  FROM %s t JOIN %s r ON r.model = %s AND r.way = -1 AND r.held AND r.id IN (%s)
                 GROUP BY r.subject_id
            """, self.engine._table(model), self.rows, PARTNER, SQL(", ").join(links)):
                kept[subject_id].append({'model': model, 'rows': count, 'basis': basis or ''})
        for subject_id, rows in self.engine.kept_rows.items():
            documents = {line['model'] for line in kept[subject_id]}
            kept[subject_id] += [
                {'model': model, 'rows': count, 'basis': ''} for model, count in rows.items()
                if model not in documents]
        return kept

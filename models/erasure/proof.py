"""What identifies the persons of a batch, and the search for it after they were erased."""
import weakref
from collections import defaultdict
from functools import cached_property
from itertools import zip_longest

from odoo import fields
from odoo.tools import SQL

from ..map.address_owners import VALUE_COLUMNS
from ..map.contact_columns import get_further_columns, get_value_columns
from ..map.engravings import Engravings, take_out
from ..map.needles import NO_NEEDLES, find_former_needles, find_needles, is_decisive
from ..map.searching import REPLACEMENT, MentionFinder, Searcher
from ..map.titles import Titles

TEXT_TYPES = ('char', 'text', 'html', 'json', 'jsonb', 'properties')
COLUMNS = ('name', 'email', 'phone', 'street')
# Tracked changes of a contact; an address is tracked as one line, its street in front.
TRACKED = dict(zip(COLUMNS, COLUMNS, strict=True), contact_address_inline='street')
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
        self.titles = Titles(engine.env)
        self.engravings = Engravings(engine.env)
        self.needles = {}  # {subject id: Needles}
        self.searchers = {}
        self.addresses = defaultdict(set)
        self.created = {}

    def note_values(self):
        """Read what identifies each person, to take it out of texts and to search for it after."""
        execute = self.engine._execute
        self.needles = defaultdict(lambda: NO_NEEDLES)
        for subject_id, contact in self._read_contacts():
            self.needles[subject_id] |= find_needles(contact)
        taken = self.engine.owners.taken
        for subject_id, needles in self.needles.items():
            self.needles[subject_id] = needles.doubt(lambda mark: mark.text in taken)
        for subject_id, contact in self._read_former_values():
            self.needles[subject_id] |= find_former_needles(contact)
        self.searchers = {
            subject_id: Searcher(needles) for subject_id, needles in self.needles.items()
            if any(needles)}
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
        """Yield `(subject id, contact)` for `find_needles`.

        One for each column of a kind that a contact has filled: with a mobile number, in a column
        of another addon, it is read as two.
        """
        columns = get_value_columns(self.engine.env)
        layers = list(zip_longest(*map(columns.get, COLUMNS), fillvalue=SQL("NULL")))
        for subject_id, country_code, phone_code, *values in self.engine._execute("""
            SELECT r.subject_id, country.code, country.phone_code, %s FROM res_partner p
              JOIN %s r ON r.model = %s AND r.way = -1 AND r.id = p.id
              LEFT JOIN res_country country ON country.id = coalesce(p.country_id, %s)
        """, SQL(", ").join(name for layer in layers for name in layer), self.rows, PARTNER,
                self.engine.env.company.country_id.id or None):
            for start in range(0, len(values), len(COLUMNS)):
                yield subject_id, dict(
                    zip(COLUMNS, values[start:start + len(COLUMNS)], strict=True)) | {
                        'country_code': country_code, 'phone_code': phone_code}

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

    def _read_former_values(self):
        """Yield `(subject id, contact)` for each value that a contact had before, as tracked."""
        company = self.engine.env.company.country_id
        for subject_id, name, value in self.engine._execute("""
            SELECT DISTINCT r.subject_id, f.name, t.old_value_char
              FROM mail_message m
              JOIN %s r ON r.model = %s AND r.way = -1 AND r.id = m.res_id
              JOIN mail_tracking_value t ON t.mail_message_id = m.id
              JOIN ir_model_fields f ON f.id = t.field_id
             WHERE m.model = %s AND t.old_value_char != '' AND f.name = ANY(%s)
        """, self.rows, PARTNER, PARTNER, list(TRACKED)):
            yield subject_id, dict.fromkeys(COLUMNS) | {
                TRACKED[name]: value, 'country_code': company.code,
                'phone_code': company.phone_code}

    @cached_property
    def finder(self):
        """Finds the persons of the batch in texts of others."""
        return MentionFinder(
            {subject_id: needles.certain for subject_id, needles in self.needles.items()})

    def take_out(self, model, texts, subject_id, engravings):
        """Return texts of a person without the values of the person.

        :param dict texts: `{row id: text}` of the model
        :param dict engravings: what goes from which rows besides, of `Engravings.find`
        :return: `{row id: text}` of those that change
        """
        searcher = self.searchers.get(subject_id)
        engraved = texts.keys() & engravings.keys()
        named = {row_id for row_id, text in texts.items() if searcher and searcher.names(text)}
        titles = self.titles.find(model, list(engraved | named))
        # Engravings first: one that names the person would not be found as a whole any more.
        changed = {row_id: take_out(
            texts[row_id], engravings[row_id], titles.get(row_id, ()), REPLACEMENT)
            for row_id in engraved}
        for row_id in named:
            changed[row_id] = searcher.take_out(
                changed.get(row_id, texts[row_id]), titles=titles.get(row_id, ()))
        return {row_id: text for row_id, text in changed.items() if text != texts[row_id]}

    def take_out_of_others(self, model, rows):
        """Return texts of others without the values of who is certainly meant.

        A link says of a name whose it is; a name alone does not.

        :param rows: `[(row id, ids of the persons to whom the row refers, text)]` of the model
        :return: `{row id: text}` of those that change
        """
        named = {}
        for row_id, linked, text in rows:
            persons = {subject_id for subject_id, kinds in self.finder.find(text).items()
                       if subject_id in linked or is_decisive(kinds)}
            if persons:
                named[row_id] = (text, persons)
        titles = self.titles.find_around(model, list(named))
        changed = {
            row_id: self.finder.take_out(text, persons, titles.get(row_id, ()))
            for row_id, (text, persons) in named.items()}
        return {row_id: text for row_id, text in changed.items() if text != named[row_id][0]}

    def search(self, outcome):
        """Search the rows that are left, and add to the outcome what stays by law and was searched.

        :return: `{subject id: models}` of persons who stand in rows that nothing keeps
        """
        searched, places = defaultdict(int), defaultdict(list)
        for model in sorted(self.engine.models):
            suspects = []
            for row_id, subject_id, text in self._read_left(model):
                searched[subject_id] += 1
                searcher = self.searchers.get(subject_id)
                if searcher and searcher.is_in(text):
                    suspects.append((row_id, subject_id))
            for subject_id in self._find_named(model, suspects):
                places[subject_id].append(model)
        kept = self._count_kept()
        for subject_id, result in outcome.items():
            result.update(
                searched=searched[subject_id], kept=kept[subject_id],
                sought={mark.kind for mark in (
                    self.needles[subject_id].certain | self.needles[subject_id].own)},
                verified=fields.Datetime.now(), addresses=self.addresses[subject_id],
                marks=self.engine.owners.leave_out_shared(
                    self.needles[subject_id].certain | self.needles[subject_id].doubtful),
                created=self.created[subject_id])
        return places

    def _find_named(self, model, suspects):
        """Return who still stands in rows, apart from the titles of what was sold to them."""
        named = set()
        titles = self.titles.find(model, [row_id for row_id, _subject_id in suspects])
        columns = [SQL("t.%s::text", SQL.identifier(name)) for name in self._get_columns(model)]
        for row_id, subject_id in suspects:
            [texts] = self.engine._execute(
                "SELECT %s FROM %s t WHERE t.id = %s", SQL(", ").join(columns),
                self.engine._table(model), row_id)
            own = titles.get(row_id, ())
            is_in = self.searchers[subject_id].is_in
            if not own or any(is_in(text, own) for text in texts if text):
                named.add(subject_id)
        return named

    def _get_columns(self, model):
        return [field.name for field in self.engine.env[model]._fields.values()
                if field.store and field.column_type and field.type in TEXT_TYPES]

    def _read_left(self, model):
        """Return `(row id, subject id, all texts of the row)` of rows of the persons that are left.

        Of those whom the law keeps, only rows of which nothing stays with their documents.
        """
        columns = [SQL("t.%s::text", SQL.identifier(name)) for name in self._get_columns(model)]
        if not columns:
            return []
        # The contacts themselves are still there: they go last.
        return self.engine._execute("""
            SELECT DISTINCT ON (t.id, r.subject_id) t.id, r.subject_id, concat_ws(E'\n', %s)
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

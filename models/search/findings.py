"""Decides about values of erased persons that a search of the database found."""
import json
from collections import defaultdict
from datetime import timedelta
from itertools import chain
from typing import NamedTuple

from psycopg2 import Error

from odoo.tools import SQL

from ..jobs.isolation import BUSY, classify, refuse_early
from ..map.contact_columns import get_value_columns
from ..map.needles import is_decisive
from ..map.searching import REPLACEMENT, SEPARATOR, find_in_row
from ..map.titles import Titles

PARTNER = 'res_partner'
FILE = 'raw'  # where Odoo shows the content of an attachment
# Characters. Longer texts are found and listed, but to write them anew takes minutes and gigabytes.
LONGEST_CLEANED = 5_000_000
LONGEST_READ = 20_000_000
# A contact is dated by the start of the transaction that wrote it, which is seen at its end.
LONGEST_TRANSACTION = timedelta(hours=1)


class Value(NamedTuple):
    """A row of `dsgvo.erasure.value` and the erasure it belongs to."""
    id: int
    hash: str
    kind: str
    erasure_id: int
    state: str
    subject_id: int


class Place(NamedTuple):
    """A column of a row in which values stand."""
    row_id: int
    name: str  # of the column; FILE; '' if a value stands across several columns
    text: str  # None if it is the content of a file
    titles: set  # of what the row is about: see `Titles`
    in_row: set  # hashes in all columns of the row
    hashes: set  # hashes in this column
    law: tuple  # (legal basis, last day) if the law keeps the column or did so, or None
    is_treated: bool  # whether the map lets a passage be taken out


class Findings:
    """Takes passages out of the rows where they were found, or notes them as residuals.

    Only values that are certainly the person's are taken out, and only from places in which a
    customer may stand by the map. Nothing is taken out of a column that the law keeps.

    :param search: the `dsgvo.erasure.search`, as superuser
    :param places: what the map says
    :param Recogniser recogniser: of the values
    """

    def __init__(self, search, places, recogniser):
        self.search = search
        self.env = search.env
        self.places = places
        self.recogniser = recogniser
        self.titles = Titles(self.env)
        self.counts = search  # the record that counts what is taken out
        self.residuals = []
        self.asks_owners = False  # contacts are searched for whose values these are besides
        self.today = search.env.company._dsgvo_today()

    def treat(self, table, hits, may_clean=True, force=False):
        """Treat what was found in the columns of rows.

        :param dict hits: `{row id: hashes}`; some of the hashes may be nobody's
        :param bool may_clean: whether passages may be taken out now
        :param bool force: whether an officer said that it is this person, whatever the map says
        """
        self.residuals = []
        values, hits = self._look_up(hits)
        if table == PARTNER and self.asks_owners:
            self._note_others(hits, values)
            return
        if table == PARTNER:
            values, hits = self._look_up(self._leave_out_own(hits, values))
        model = self.places.models.get(table)
        if may_clean and not force and self._get_certain(hits, values):
            values, hits = self._ask_again(hits)
        for place in self._find_places(model, table, hits):
            self._treat_place(model or table, table, place, values, may_clean, force)
        self.env['dsgvo.erasure.residual']._upsert(self.search, self.residuals)

    def _find_places(self, model, table, hits):
        """Yield a `Place` for each column of the rows; its name is '' for several together."""
        # The law keeps contacts of whom there are documents; these are contacts of others.
        kept = {} if table == PARTNER else self._get_kept(model, hits)
        titles = self.titles.find_around(model, list(hits))
        places = defaultdict(dict)  # {column: {row id: Place}}
        for row_id, texts in self._read_columns(table, hits):
            own = titles.get(row_id, ())
            # The name of a contact stands in several columns, one behind the other.
            found = find_in_row(
                lambda text, titles, hashes=hits[row_id]: hashes & self.recogniser.find(
                    text, titles), texts, own, set() if table == PARTNER else hits[row_id])
            in_row = set().union(*found.values())
            for name, hashes in found.items():
                if hashes:
                    law = kept.get((row_id, 'id')) or kept.get((row_id, name))
                    places[name][row_id] = Place(
                        row_id, name, texts.get(name, ''), own, in_row, hashes, law, False)
        for name, in_rows in places.items():
            treated = self.places.find_treated(model, name, in_rows) if name else set()
            for row_id, place in in_rows.items():
                yield place._replace(is_treated=row_id in treated)

    def _treat_place(self, model, table, place, values, may_clean, force):
        """Take values out of a column if they may go, and note those that stay."""
        persons = self._get_persons(place.in_row, values)
        certain = [person for person in persons if force or _is_decisive(person)]
        left, refusal = place.hashes, None
        if may_clean and place.name and not self._is_in_force(place.law) and (
                force or place.is_treated) and any(
                    value.hash in place.hashes for person in certain for value in person):
            left, refusal = self._clean(table, place, certain)
        self._note(model, place, left, persons, refusal)

    def treat_files(self, table, hits):
        """Note values found in files: only a person can change these.

        :param dict hits: `{(row id, field): hashes}`
        """
        self.residuals = []
        values, hits = self._look_up(hits)
        model = self.places.models.get(table)
        kept = self._get_kept(model, {row_id for row_id, _name in hits})
        for (row_id, name), hashes in hits.items():
            law = kept.get((row_id, 'id')) or kept.get((row_id, name))
            place = Place(row_id, name, None, (), hashes, hashes, law, is_treated=False)
            self._note(model or table, place, hashes, self._get_persons(hashes, values))
        self.env['dsgvo.erasure.residual']._upsert(self.search, self.residuals)

    def note_refused(self, table, row_id, hashes, error):
        """Note that a row could not be treated, for each person who may stand in it."""
        values, hits = self._look_up({row_id: hashes})
        refusal = classify(error)
        self.env['dsgvo.erasure.residual']._upsert(self.search, [
            (person[0].erasure_id, self.places.models.get(table, table), '', row_id, 'refused',
             None, None, 'other' if refusal == 'app' else refusal)
            for person in self._get_persons(hits.get(row_id, ()), values)])

    # === WHOSE IT IS === #

    def _look_up(self, hits):
        """Return `{hash: [Value]}` of the values that belong to a person, and the hits with one."""
        values = defaultdict(list)
        for row in self.env.execute_query(SQL(
                """
                SELECT v.id, v.hash, v.kind, v.erasure_id, e.state, e.partner_id
                  FROM dsgvo_erasure_value v JOIN dsgvo_erasure e ON e.id = v.erasure_id
                 WHERE v.hash = ANY(%s) AND NOT coalesce(v.is_shared, FALSE)
                """, list(set().union(*hits.values())))):
            value = Value(*row)
            values[value.hash].append(value)
        found = {row_id: hashes & values.keys() for row_id, hashes in hits.items()}
        return values, {row_id: hashes for row_id, hashes in found.items() if hashes}

    def _get_persons(self, hashes, values):
        """Return lists of the values that were found, one for each person."""
        persons = defaultdict(list)
        for value_hash in sorted(hashes):
            for value in values[value_hash]:
                persons[value.erasure_id].append(value)
        return list(persons.values())

    def _get_certain(self, hits, values):
        """Whether there is a row in which values are certainly a person."""
        return any(_is_decisive(person) for hashes in hits.values()
                   for person in self._get_persons(hashes, values))

    def _ask_again(self, hits):
        """Read who came or changed since the contacts were read; return values and hits anew."""
        self.env.flush_all()
        contacts = self.env.execute_query(SQL(
            "SELECT id, %s FROM res_partner WHERE write_date >= %s OR write_date IS NULL",
            self.places.get_texts(PARTNER), self.search.started_on - LONGEST_TRANSACTION))
        self._note_others(*reversed(self._look_up({
            row_id: found for row_id, text in contacts if (found := self.recogniser.find(text))})))
        return self._look_up(hits)

    def _note_others(self, hits, values):
        """Another contact has the same value: it proves nothing from now on.

        Only values in the name, e-mail and telephone of that contact are its own; in its street,
        only a street is. A value in a note or a product is nobody's. A name stands twice, so that
        it is also read with the surname in front.
        """
        columns = get_value_columns(self.env)
        streets = columns.pop('street')
        names = SQL(", ").join(chain.from_iterable(columns.values()))
        self._mark_shared(
            value for row_id, subject_id, *texts in self.env.execute_query(SQL(
                "SELECT p.id, p.dsgvo_subject_id, concat_ws(%s, %s, p.complete_name,"
                " p.company_name, p.name || ' ' || p.name), concat_ws(%s, %s)"
                " FROM res_partner p WHERE p.id = ANY(%s)",
                SEPARATOR, names, SEPARATOR, SQL(", ").join(streets), list(hits)))
            for is_street, text in enumerate(texts)
            for name in self.recogniser.find(text) & hits[row_id] for value in values[name]
            if value.subject_id != subject_id and (value.kind == 'street' or not is_street))

    def _leave_out_own(self, hits, values):
        """Return the hits in contacts of others; a person's own contact stays for its documents."""
        owners = dict(self.env.execute_query(SQL(
            "SELECT id, dsgvo_subject_id FROM res_partner WHERE id = ANY(%s)", list(hits))))
        return {row_id: found for row_id, found in hits.items() if owners.get(row_id) not in {
            value.subject_id for name in found for value in values[name]}}

    def _mark_shared(self, values):
        self.env.execute_query(SQL(
            "UPDATE dsgvo_erasure_value SET is_shared = TRUE WHERE id = ANY(%s) RETURNING id",
            [value.id for value in values]))

    # === WHAT BECOMES OF IT === #

    def _read_columns(self, table, hits):
        """Yield `(row id, {column: text})` of the rows of the hits."""
        names = [column.name for column in self.places.columns[table]]
        if not names or not self.places.has_ids(table):
            yield from ((row_id, {}) for row_id in hits)
            return
        for row_id, *texts in self.env.execute_query(SQL(
                "SELECT id, %s FROM %s WHERE id = ANY(%s)",
                SQL(", ").join(SQL("left(%s::text, %s)", SQL.identifier(name), LONGEST_READ)
                               for name in names),
                SQL.identifier(table), list(hits))):
            yield row_id, {name: text for name, text in zip(names, texts, strict=True) if text}

    def _clean(self, table, place, certain):
        """Take everything of the persons who are certain out of a column.

        :return: the hashes that are still there, and why the database let nothing be taken out
        """
        if len(place.text) > LONGEST_CLEANED:
            return place.hashes, None
        kind = next(c for c in self.places.columns[table] if c.name == place.name)
        new = self.recogniser.take_out(place.text, self._read_hashes(certain), place.titles)
        if new == place.text or (kind.type.startswith('json') and not _is_json(new)):
            return place.hashes, None
        if new == REPLACEMENT:
            new = '' if kind.required else None
        name = SQL.identifier(place.name)
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(SQL(
                    "UPDATE %s SET %s = %s::%s WHERE id = %s",
                    SQL.identifier(table), name, new, SQL(kind.type), place.row_id),
                    log_exceptions=False)
                refuse_early(self.env.cr)
        except BUSY:
            return place.hashes, 'busy'
        except Error as error:
            return place.hashes, classify(error)
        self.counts._count_cleaned(self.places.models.get(table, table), place.name)
        return self.recogniser.find(new or '', place.titles) & place.hashes, None

    def _read_hashes(self, persons):
        """Return all hashes of persons: the rest of a text may form a value that was none."""
        return {value_hash for value_hash, in self.env.execute_query(SQL(
            "SELECT hash FROM dsgvo_erasure_value"
            " WHERE erasure_id = ANY(%s) AND NOT coalesce(is_shared, FALSE)",
            [person[0].erasure_id for person in persons]))}

    def _get_kept(self, model, hits):
        return self.places.get_kept(model, list(hits)) if model and hits else {}

    def _note(self, model, place, hashes, persons, refusal=None):
        """Note the values left of each person in a place."""
        in_force = self._is_in_force(place.law)
        basis, until = place.law if in_force else (None, None)
        for person in persons:
            # The certificate of a restricted person said so, and the end of the period is yet to
            # come.
            declared = place.law and person[0].state != 'done'
            if declared or hashes.isdisjoint(value.hash for value in person):
                continue
            if reason := 'law' if in_force else self._get_reason(model, place, person, refusal):
                self.residuals.append((
                    person[0].erasure_id, model, place.name, place.row_id, reason, basis, until,
                    refusal if reason == 'refused' else None))

    def _is_in_force(self, law):
        return bool(law) and law[1] >= self.today

    def _get_reason(self, model, place, person, refusal):
        """Return why a value stays, or None if it is nobody's."""
        if place.text is None:
            return 'file'
        if refusal:
            return 'busy' if refusal == 'busy' else 'refused'
        exempt = self.places.is_exempt(model, place.name)
        if not _is_decisive(person):
            return None if exempt else 'possible'
        if exempt:  # the map says that it is nobody's
            return 'possible'
        if place.is_treated:
            return 'encoded'
        return 'possible' if self.places.has_rule(model, place.name) else 'uncovered'


def _is_decisive(person):
    """Whether these values cannot be those of somebody else."""
    return is_decisive({value.kind for value in person})


def _is_json(text):
    try:
        json.loads(text)
    except ValueError:
        return False
    return True

"""What becomes of the values of erased persons that a search of the database found."""
import json
from collections import defaultdict
from typing import NamedTuple

from odoo import fields
from odoo.tools import SQL

from .searching import REPLACEMENT

PARTNER = 'res_partner'
FILE = 'raw'  # where Odoo shows the content of an attachment
# What belongs to one person as a rule. A name or a street may be somebody else's, both are not.
DECISIVE = ({'email'}, {'phone'}, {'name', 'street'})


class Value(NamedTuple):
    """A row of `dsgvo.erasure.value` and the erasure it belongs to."""
    id: int
    hash: str
    kind: str
    erasure_id: int
    state: str
    subject_id: int


class Findings:
    """Takes passages out of the rows where they were found, or notes them as residuals.

    Taken out is only what is certainly the person, where the map says that a customer may stand,
    and never out of what the law keeps.

    :param search: the `dsgvo.erasure.search`, as superuser
    :param places: what the map says
    :param sieve: what finds the values
    """

    def __init__(self, search, places, sieve):
        self.search = search
        self.env = search.env
        self.places = places
        self.sieve = sieve
        self.residuals = []
        self.today = fields.Date.context_today(search)

    def treat(self, table, hits, may_clean=True, force=False):
        """Treat what was found in the columns of rows.

        :param dict hits: `{row id: hashes}`, of which some may be nobody's
        :param bool may_clean: whether passages may be taken out now
        :param bool force: somebody said that it is this person, whatever the map says
        """
        self.residuals = []
        values, hits = self._look_up(hits)
        if table == PARTNER:
            self._note_others(hits, values)
            return
        model = self.places.models.get(table)
        if self.places.is_exempt(model, 'id'):
            self._mark_shared(
                value for found in hits.values() for name in found for value in values[name]
                if value.kind in ('name', 'street'))
            values, hits = self._look_up(hits)
        kept = self._get_kept(model, hits)
        for row_id, texts in self._read_columns(table, hits):
            persons = self._get_persons(hits[row_id], values)
            certain = hits[row_id] if force else {
                value.hash for person in persons if _is_decisive(person) for value in person}
            found = {name: self.sieve.find(text) & hits[row_id] for name, text in texts.items()}
            found[''] = hits[row_id].difference(*found.values())  # across several columns
            for name, hashes in found.items():
                law = kept.get((row_id, 'id')) or kept.get((row_id, name))
                if may_clean and name and not self._is_in_force(law) and hashes & certain and (
                        force or self.places.get_rule(model, name)):
                    hashes = self._clean(table, row_id, name, texts[name], hashes, certain)
                self._note(model or table, name, row_id, hashes, persons, law)
        self.env['dsgvo.erasure.residual']._upsert(self.search, self.residuals)

    def treat_files(self, hits):
        """Note what was found in the files of attachments: nobody but a person can change these."""
        self.residuals = []
        values, hits = self._look_up(hits)
        kept = self._get_kept('ir.attachment', hits)
        for row_id, hashes in hits.items():
            self._note('ir.attachment', FILE, row_id, hashes, self._get_persons(hashes, values),
                       kept.get((row_id, 'id')))
        self.env['dsgvo.erasure.residual']._upsert(self.search, self.residuals)

    # === WHOSE IT IS === #

    def _look_up(self, hits):
        """Return `{hash: [Value]}` of what are values of somebody, and the hits that hold one."""
        values = defaultdict(list)
        for row in self.env.execute_query(SQL(
                """
                SELECT v.id, v.hash, v.kind, v.erasure_id, e.state, e.partner_id
                  FROM dsgvo_erasure_value v JOIN dsgvo_erasure e ON e.id = v.erasure_id
                 WHERE v.hash = ANY(%s) AND NOT coalesce(v.shared, FALSE)
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

    def _note_others(self, hits, values):
        """Another contact with the same value: it proves nothing from now on."""
        owners = dict(self.env.execute_query(SQL(
            "SELECT id, dsgvo_subject_id FROM res_partner WHERE id = ANY(%s)", list(hits))))
        self._mark_shared(
            value for row_id, found in hits.items() for name in found for value in values[name]
            if value.subject_id != owners[row_id])

    def _mark_shared(self, values):
        self.env.execute_query(SQL(
            "UPDATE dsgvo_erasure_value SET shared = TRUE WHERE id = ANY(%s) RETURNING id",
            [value.id for value in values]))

    # === WHAT BECOMES OF IT === #

    def _read_columns(self, table, hits):
        """Yield `(row id, {column: text})` of the rows of the hits."""
        names = [column.name for column in self.places.columns[table]]
        if hits and not self.places.has_ids(table):
            yield from ((row_id, {}) for row_id in hits)
            return
        for row_id, *texts in self.env.execute_query(SQL(
                "SELECT id, %s FROM %s WHERE id = ANY(%s)",
                SQL(", ").join(SQL("%s::text", SQL.identifier(name)) for name in names),
                SQL.identifier(table), list(hits))):
            yield row_id, {name: text for name, text in zip(names, texts, strict=True) if text}

    def _clean(self, table, row_id, column, text, found, certain):
        """Take the certain values out of a column; return the hashes that are still there."""
        kind = next(c for c in self.places.columns[table] if c.name == column)
        new = self.sieve.take_out(text, found & certain)
        if new == text or (kind.type.startswith('json') and not _is_json(new)):
            return found
        if new == REPLACEMENT:
            new = '' if kind.required else None
        name = SQL.identifier(column)
        self.env.execute_query(SQL(
            "UPDATE %s SET %s = %s::%s WHERE id = %s RETURNING id",
            SQL.identifier(table), name, new, SQL(kind.type), row_id))
        self.search._count_cleaned()
        return self.sieve.find(new or '') & found

    def _get_kept(self, model, hits):
        return self.places.get_kept(model, list(hits)) if model and hits else {}

    def _note(self, model, field, row_id, hashes, persons, law):
        """Note what is left of each person in a column."""
        in_force = self._is_in_force(law)
        basis, until = law if in_force else (None, None)
        for person in persons:
            # Of who is restricted, the certificate said so, and the end of it is yet to come.
            declared = law and person[0].state != 'done'
            if declared or hashes.isdisjoint(value.hash for value in person):
                continue
            if reason := 'law' if in_force else self._get_reason(model, field, person):
                self.residuals.append(
                    (person[0].erasure_id, model, field, row_id, reason, basis, until))

    def _is_in_force(self, law):
        return bool(law) and law[1] >= self.today

    def _get_reason(self, model, field, person):
        """Return why a value stays, or None if it is nobody's."""
        if field == FILE:
            return 'file'
        exempt = self.places.is_exempt(model, field)
        if not _is_decisive(person):
            return None if exempt else 'possible'
        if exempt:  # the map says that it is nobody's
            return 'possible'
        return 'encoded' if self.places.get_rule(model, field) else 'uncovered'


def _is_decisive(person):
    """Whether these values cannot be those of somebody else."""
    kinds = {value.kind for value in person}
    return any(sufficient <= kinds for sufficient in DECISIVE)


def _is_json(text):
    try:
        json.loads(text)
    except ValueError:
        return False
    return True

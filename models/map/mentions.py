"""Finds persons in rows of others, and takes them out where they are certainly meant.

A row counts as a whole, without the titles of its goods: a name may stand in one of its columns and
the street in another. The search at night decides in the same way.
"""
from collections import defaultdict

from odoo.tools import SQL

from .titles import Titles

TEXT_TYPES = ('char', 'text', 'html', 'json', 'jsonb', 'properties')


def get_text_columns(model):
    """Return `{name: SQL}` of the columns of a model that hold text; the table is called `t`."""
    return {field.name: SQL("t.%s::text", SQL.identifier(field.name))
            for field in model._fields.values()
            if field.store and field.column_type and field.type in TEXT_TYPES}


class Mentions:
    """Decides which persons of a batch are certainly meant in rows of others.

    :param env: environment with the rights of the superuser
    :param MentionFinder finder: of the persons
    """

    def __init__(self, env, finder):
        self.env = env
        self.finder = finder
        self.titles = Titles(env)
        # {(model, row id): persons}: a second column is read when the first one is empty already.
        self._meant = defaultdict(set)

    def find(self, model, rows):
        """Return `{row id: persons}` who stand in one column of rows and are certainly meant.

        A link says whose a name is; a name alone does not.

        :param rows: `[(row id, ids of the persons to whom the row refers, text of the column)]`
        """
        return self._find(model, rows)[0]

    def take_out(self, model, rows):
        """Return `{row id: text}` without the persons who are certainly meant, if it changes.

        :param rows: as for `find`
        """
        found, titles = self._find(model, rows)
        texts = {row_id: text for row_id, _linked, text in rows if row_id in found}
        changed = {row_id: self.finder.take_out(texts[row_id], persons, titles.get(row_id, ()))
                   for row_id, persons in found.items()}
        return {row_id: text for row_id, text in changed.items() if text != texts[row_id]}

    def _find(self, model, rows):
        named = {row_id: (linked, text, persons) for row_id, linked, text in rows
                 if (persons := self.finder.find(text))}
        titles = self.titles.find_around(model, list(named))
        found, open_rows = defaultdict(set), {}
        for row_id, (linked, text, persons) in named.items():
            if own := titles.get(row_id):
                persons = self.finder.find(text, own)
            found[row_id] = persons.keys() & (self._meant[model, row_id] | set(linked))
            if others := persons.keys() - found[row_id]:
                open_rows[row_id] = others
        for row_id, texts in self._read(model, list(open_rows)):
            found[row_id] |= open_rows[row_id] & self.finder.find_certain(
                texts, titles.get(row_id, ()))
        for row_id, persons in found.items():
            self._meant[model, row_id] |= persons
        return {row_id: persons for row_id, persons in found.items() if persons}, titles

    def _read(self, model, row_ids):
        """Yield `(row id, {column: text})` of rows."""
        if columns := row_ids and get_text_columns(self.env[model]):
            self.env.cr.execute(SQL(
                "SELECT t.id, %s FROM %s t WHERE t.id = ANY(%s)", SQL(", ").join(columns.values()),
                SQL.identifier(self.env[model]._table), row_ids), log_exceptions=False)
            for row_id, *texts in self.env.cr.fetchall():
                yield row_id, {
                    name: text for name, text in zip(columns, texts, strict=True) if text}

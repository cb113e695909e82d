"""Takes what identifies persons out of texts, and searches for it after they were erased."""
from collections import defaultdict

from odoo.tools import SQL

from ..map.engravings import Engravings, take_out
from ..map.needles import is_decisive
from ..map.rows import PARTNER, ROWS
from ..map.searching import REPLACEMENT, SEPARATOR
from ..map.titles import Titles

TEXT_TYPES = ('char', 'text', 'html', 'json', 'jsonb', 'properties')


class PersonStillFound(Exception):
    """The person's own values stand in rows that the map leaves; `places` says in which."""

    def __init__(self, places):
        super().__init__(f"{len(places)} places")
        self.places = places


class ErasureProof:
    """Takes the values of a batch of persons out of texts, and proves them gone.

    :param env: environment with the rights of the superuser
    :param PersonValues values: what is known of the persons
    """

    def __init__(self, env, values):
        self.values = values
        self.titles = Titles(env)
        self.engravings = Engravings(env)

    def take_out(self, model, texts, subject_id, engravings):
        """Return texts of a person without the values of the person.

        :param dict texts: `{row id: text}` of the model
        :param dict engravings: what goes from which rows besides, of `Engravings.find`
        :return: `{row id: text}` of those that change
        """
        searcher = self.values.searchers.get(subject_id)
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
            persons = {subject_id for subject_id, kinds in self.values.finder.find(text).items()
                       if subject_id in linked or is_decisive(kinds)}
            if persons:
                named[row_id] = (text, persons)
        titles = self.titles.find_around(model, list(named))
        changed = {
            row_id: self.values.finder.take_out(text, persons, titles.get(row_id, ()))
            for row_id, (text, persons) in named.items()}
        return {row_id: text for row_id, text in changed.items() if text != named[row_id][0]}

    def search(self, rows):
        """Search the rows that are left of the persons.

        :param PersonRows rows: the batch
        :return: `({subject id: models}, {subject id: rows})`: who stands in rows that nothing
            keeps, and how many rows of each were searched
        """
        searched, places = defaultdict(int), defaultdict(list)
        for model in sorted(rows.models):
            suspects = []
            for row_id, subject_id, text in self._read_left(rows, model):
                searched[subject_id] += 1
                searcher = self.values.searchers.get(subject_id)
                if searcher and searcher.is_in(text):
                    suspects.append((row_id, subject_id))
            for subject_id in self._find_named(rows, model, suspects):
                places[subject_id].append(model)
        return places, searched

    def _find_named(self, rows, model, suspects):
        """Return who still stands in rows, apart from the titles of what was sold to them."""
        named = set()
        titles = self.titles.find(model, [row_id for row_id, _subject_id in suspects])
        columns = self._get_columns(rows, model)
        for row_id, subject_id in suspects:
            [texts] = rows.execute(
                "SELECT %s FROM %s t WHERE t.id = %s", SQL(", ").join(columns),
                rows.table(model), row_id)
            own = titles.get(row_id, ())
            is_in = self.values.searchers[subject_id].is_in
            if not own or any(is_in(text, own) for text in texts if text):
                named.add(subject_id)
        return named

    def _get_columns(self, rows, model):
        return [SQL("t.%s::text", SQL.identifier(field.name))
                for field in rows.env[model]._fields.values()
                if field.store and field.column_type and field.type in TEXT_TYPES]

    def _read_left(self, rows, model):
        """Return `(row id, subject id, all texts of the row)` of rows of the persons that are left.

        Of those whom the law keeps, only rows of which nothing stays with their documents.
        """
        columns = self._get_columns(rows, model)
        if not columns:
            return []
        # The contacts themselves are still there: they go last.
        return rows.execute("""
            SELECT DISTINCT ON (t.id, r.subject_id) t.id, r.subject_id, concat_ws(%s, %s)
              FROM %s t JOIN %s r ON r.model = %s AND r.id = t.id AND r.owned
               AND (NOT r.held OR %s) AND (r.model != %s OR r.bound)
        """, SEPARATOR, SQL(", ").join(columns), rows.table(model), ROWS, model,
            model not in rows.kept_models, PARTNER)

    def count_kept(self, rows):
        """Return `{subject id: [{'model', 'rows', 'basis'}]}` of the documents kept by law."""
        kept = defaultdict(list)
        for (model, basis), rules in rows.rules.filtered(
                lambda rule: rule.erase == 'hold').grouped(lambda r: (r.model, r.basis)).items():
            links = [SQL("t.%s", SQL.identifier(name)) for name in set(rules.mapped('reached_by'))]
            for subject_id, count in rows.execute("""
                SELECT r.subject_id, count(DISTINCT t.id)
                  FROM %s t JOIN %s r ON r.model = %s AND r.way = -1 AND r.held AND r.id IN (%s)
                 GROUP BY r.subject_id
            """, rows.table(model), ROWS, PARTNER, SQL(", ").join(links)):
                kept[subject_id].append({'model': model, 'rows': count, 'basis': basis or ''})
        for subject_id, left in rows.kept_rows.items():
            documents = {line['model'] for line in kept[subject_id]}
            kept[subject_id] += [
                {'model': model, 'rows': count, 'basis': ''} for model, count in left.items()
                if model not in documents]
        return kept

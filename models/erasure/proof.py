"""Takes what identifies persons out of texts, and searches for it after they were erased."""
from collections import defaultdict

from odoo.tools import SQL

from ..map.engravings import Engravings, take_out
from ..map.mentions import get_text_columns
from ..map.rows import PARTNER, ROWS
from ..map.searching import REPLACEMENT, SEPARATOR
from ..map.titles import Titles

PILE = 20_000  # characters of a person's rows that are searched at once


class PersonStillFound(Exception):
    """The person's own values stand in rows that the map leaves; `places` says in which."""

    def __init__(self, places):
        super().__init__(f"{len(places)} places")
        self.places = places


class Pile:
    """Texts of rows of one person, to be searched at once: nearly always nothing is in them."""

    def __init__(self):
        self.texts = {}  # {(model, row id): text}
        self.size = 0

    def add(self, row, text):
        self.texts[row] = text
        self.size += len(text)

    def join(self):
        """Return one text in which everything is found that one of the texts alone shows."""
        texts = self.texts.values()
        # A tag that is open at the end of a text must not swallow the beginning of the next one.
        has_tags = any('<' in text for text in texts)
        return (f'{SEPARATOR}<>{SEPARATOR}' if has_tags else SEPARATOR).join(texts)


class ErasureProof:
    """Takes the values of a batch of persons out of texts, and proves them gone.

    :param env: environment with the rights of the superuser
    :param PersonValues values: the values of the persons
    """

    def __init__(self, env, values):
        self.values = values
        self.titles = Titles(env)
        self.engravings = Engravings(env)

    def take_out(self, model, texts, subject_id, engravings):
        """Return texts of a person without the values of the person.

        :param dict texts: `{row id: text}` of the model
        :param dict engravings: further patterns to take out, by row, from `Engravings.find`
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

    def search(self, rows):
        """Search the rows that are left of the persons.

        :param PersonRows rows: the batch
        :return: `({subject id: models}, {subject id: rows})`: who stands in rows that nothing
            keeps, and how many rows of each were searched
        """
        searched, places, suspects = defaultdict(int), defaultdict(list), defaultdict(list)
        piles = defaultdict(Pile)
        for model in sorted(rows.models):
            for row_id, subject_id, text in self._read_left(rows, model):
                searched[subject_id] += 1
                pile = piles[subject_id]
                pile.add((model, row_id), text)
                if pile.size > PILE:
                    self._search_pile(subject_id, piles.pop(subject_id), suspects)
        for subject_id, pile in piles.items():
            self._search_pile(subject_id, pile, suspects)
        for model in sorted(rows.models):
            for subject_id in self._find_named(rows, model, suspects.get(model, [])):
                places[subject_id].append(model)
        return places, searched

    def _search_pile(self, subject_id, pile, suspects):
        """Note the rows of a pile in which the person stands, by their model."""
        searcher = self.values.searchers.get(subject_id)
        if searcher and searcher.is_in(pile.join()):
            for (model, row_id), text in pile.texts.items():
                if searcher.is_in(text):
                    suspects[model].append((row_id, subject_id))

    def _find_named(self, rows, model, suspects):
        """Return the persons who still stand in rows, apart from titles of goods sold to them."""
        named = set()
        titles = self.titles.find(model, [row_id for row_id, _subject_id in suspects])
        columns = get_text_columns(rows.env[model]).values()
        for row_id, subject_id in suspects:
            [texts] = rows.execute(
                "SELECT %s FROM %s t WHERE t.id = %s", SQL(", ").join(columns),
                rows.table(model), row_id)
            own = titles.get(row_id, ())
            is_in = self.values.searchers[subject_id].is_in
            if not own or any(is_in(text, own) for text in texts if text):
                named.add(subject_id)
        return named

    def _read_left(self, rows, model):
        """Return `(row id, subject id, all texts of the row)` of rows of the persons that are left.

        For persons whom the law keeps, these are only rows that do not stay with their documents.
        """
        columns = get_text_columns(rows.env[model]).values()
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
        """Return `{subject id: [{'model', 'rows', 'basis'}]}` of the documents kept by law.

        Conditions count as the rows are now, so it is called before they are changed.
        """
        kept = defaultdict(list)
        if not rows.held:
            return kept
        for model, rules in rows.rules.filtered(
                lambda rule: rule.erase == 'hold').grouped('model').items():
            for subject_id, basis, count in rows.execute("""
                SELECT subject_id, basis, count(*) FROM (
                    SELECT subject_id, string_agg(DISTINCT basis, ', ' ORDER BY basis) AS basis
                      FROM (%s) AS found (subject_id, id, basis) GROUP BY subject_id, id
                ) AS document GROUP BY subject_id, basis ORDER BY basis
            """, SQL(" UNION ALL ").join(SQL(
                    "SELECT r.subject_id, t.id, %s FROM %s t JOIN %s r"
                    "    ON r.model = %s AND r.way = -1 AND r.held AND r.id = t.%s AND %s",
                    rule.basis or '', rows.table(model), ROWS, PARTNER,
                    SQL.identifier(rule.reached_by), rows._match(rule)) for rule in rules)):
                kept[subject_id].append({'model': model, 'rows': count, 'basis': basis})
        for subject_id, left in rows.kept_rows.items():
            documents = {line['model'] for line in kept[subject_id]}
            # A row that stays with a document stays because of the document's law.
            basis = ", ".join(sorted(filter(None, {line['basis'] for line in kept[subject_id]})))
            kept[subject_id] += [
                {'model': model, 'rows': len(row_ids), 'basis': basis}
                for model, row_ids in left.items() if model not in documents]
        return kept

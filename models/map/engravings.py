"""Texts that a customer had written on goods, as the lines of orders repeat them."""
import re
from collections import defaultdict

from odoo.tools import SQL

CUSTOM_VALUE = 'product.attribute.custom.value'


class Engravings:
    """Finds engravings and dedications of order lines, whoever and whatever they name.

    Odoo repeats them in the name of the line, after the attribute: "Engraving: For Grandma".

    :param env: environment with the rights of the superuser
    """

    def __init__(self, env):
        self.env = env

    def find(self, model, row_ids):
        """Return `{row id: pattern}` of the engravings that a line repeats, for lines with any."""
        texts = defaultdict(set)
        for field in self.env[model]._fields.values():
            if (field.type == 'one2many' and field.comodel_name == CUSTOM_VALUE
                    and field.inverse_name and row_ids):
                self.env.cr.execute(SQL(
                    "SELECT %s, custom_value FROM %s WHERE %s = ANY(%s) AND custom_value != ''",
                    SQL.identifier(field.inverse_name),
                    SQL.identifier(self.env[CUSTOM_VALUE]._table),
                    SQL.identifier(field.inverse_name), list(row_ids)), log_exceptions=False)
                for row_id, text in self.env.cr.fetchall():
                    texts[row_id].add(text.strip())
        return {row_id: _compile(own - {''}) for row_id, own in texts.items() if own - {''}}


def take_out(text, pattern, titles, replacement):
    """Replace engravings in a text, but not where they stand within a title.

    :param pattern: of `Engravings.find`
    :param titles: names of sold goods; each stands in the text once
    """
    spared = [(start, start + len(title)) for title in titles if (start := text.find(title)) >= 0]
    return pattern.sub(
        lambda match: match[0] if any(
            start <= match.start() and match.end() <= end for start, end in spared
        ) else replacement, text)


def _compile(texts):
    """Return a pattern; of texts that begin with one another the longest matches."""
    choices = '|'.join(re.escape(text) for text in sorted(texts, key=len, reverse=True))
    return re.compile(rf'(?<=: )({choices})(?!\w)')

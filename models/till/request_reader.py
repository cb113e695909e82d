"""Single values that a till sends, read strictly before anything is done with them."""
import unicodedata

from odoo.exceptions import UserError

LARGEST_ID = 2 ** 31 - 1  # of a row in PostgreSQL
LONGEST_TEXT = 50  # of codes, dates, and what is searched for


class RequestReader:
    """Reads what a till sent.

    :param env: for the words
    :raise UserError: if a till cannot have sent the value
    """

    def __init__(self, env):
        self.env = env

    def read_id(self, value):
        """Return the number of a record, or False."""
        if value is None or value is False:
            return False
        return value if type(value) is int and 0 < value <= LARGEST_ID else self.refuse()

    def read_one_id(self, values):
        """Return the one id in a list."""
        ids = self.read_ids(values)
        return ids[0] if len(ids) == 1 else self.refuse()

    def read_ids(self, values):
        return [self.read_id(value) or self.refuse() for value in self.read_list(values)]

    def read_count(self, value):
        return value if value == 0 and type(value) is int else self.read_id(value) or self.refuse()

    def read_text(self, value):
        """Return the beginning of a text that the database can store, or False."""
        return self.read_storable(value)[:LONGEST_TEXT] if value else False

    def read_storable(self, value):
        """Return a text with blanks in the place of control characters."""
        return ''.join(
            ' ' if unicodedata.category(character) in ('Cc', 'Cs') else character
            for character in self.read_kind(str, value))

    def read_list(self, value):
        return self.read_kind((list, tuple), value)

    def read_dict(self, value):
        return self.read_kind(dict, value)

    def read_kind(self, kind, value):
        """Return a value of this type, or of one of these types."""
        return value if isinstance(value, kind) else self.refuse()

    def refuse(self):
        raise UserError(self.env._(
            "The server cannot read what this till sent, nothing was done. Reload the till, then"
            " try again."))

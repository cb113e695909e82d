"""The person's own values, as they are looked for in texts after an erasure."""
import json
import re

from markupsafe import escape

SHORTEST = 6  # Shorter values stand in texts that have nothing to do with the person.


def find_needles(contact):
    """Return the values of a contact that identify the person wherever they stand.

    A name counts when it has two words and a street when it has a number: a customer entered as
    "Berg" must not be found in a book about the mountains.

    :param dict contact: name, email, phone, phone_sanitized and street as stored, None when empty
    :return: set of texts, each at least SHORTEST characters long
    """
    values = {contact['email'], contact['phone'], contact['phone_sanitized']}
    if name := contact['name']:
        values |= {name} if len(name.split()) > 1 else set()
    if street := contact['street']:
        values |= {street} if re.search(r'\d', street) else set()
    return {value.strip() for value in values if value and len(value.strip()) >= SHORTEST}


def make_pattern(needles):
    """Return a regular expression of PostgreSQL for the texts, as typed, in JSON and in HTML."""
    spellings = {
        spelling
        for needle in needles
        for spelling in (needle, json.dumps(needle)[1:-1], str(escape(needle)))
    }
    return '|'.join(re.escape(spelling) for spelling in sorted(spellings))

"""What a covered screen shows instead of a personal text, and how reading knows of the cover."""
from odoo.exceptions import UserError

CONTACT = 'res.partner'
# Says that there is something, and not what. Begins with a sign that has no width, which nobody
# types: what holds it came from here.
MASK = '\u2060•••••'

# Key of the context while values are read for a covered screen. It is missing in everything else
# that the server does, so orders, messages and reports work with the real values.
READING = 'dsgvo_screen'
# Its values. FORM: contacts have name and town. LIST: the number stands for the name, except in
# lists of contacts. OPEN: this record was asked for as a whole, by `SHOWN`.
FORM, LIST, OPEN = 'form', 'list', 'open'

# Keys of the context that the browser sends: the one record to be shown, as "res.partner,42", and
# a till that is screened whoever stands at it.
SHOWN = 'dsgvo_shown'
SCREENED = 'dsgvo_screened'
# Key of the context while values of a form are computed that is being typed: what the browser sent,
# as `{(model, id): {field: text}}`.
TYPED = 'dsgvo_typed'
# The cookie of a browser in which somebody switched the privacy screen on.
COOKIE = 'dsgvo_screened'
# The cookie with the records that are being shown, for what the browser asks without a context:
# "res.partner:42|sale.order:7".
SHOWN_COOKIE = 'dsgvo_shown'


def without_masks(value):
    """Return values that a browser wants to write, without the masks that it was given.

    A text that was typed around a mask goes with it: what is covered stays as it is.
    """
    if isinstance(value, dict):
        return {
            name: without_masks(part) if isinstance(part, (dict, list, tuple)) else part
            for name, part in value.items() if not (isinstance(part, str) and MASK in part)}
    if isinstance(value, (list, tuple)):
        return [without_masks(part) for part in value]
    return value


def holds_mask(value):
    """Return whether a mask stands in one of these values, at any depth."""
    if isinstance(value, dict):
        return any(map(holds_mask, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(holds_mask, value))
    return isinstance(value, str) and MASK in value


def refuse_mask(env):
    """Refuse to store a text of which the screen has only the mask."""
    raise UserError(env._(
        "This text is covered by the privacy screen, so it cannot be saved: the dots would take"
        " its place. Show the record first, then write."))

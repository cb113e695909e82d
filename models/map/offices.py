"""What contacts do for the shop, so that they are neither erased nor deleted."""
from typing import NamedTuple


class Office(NamedTuple):
    """A link to a contact whom documents name: `res.partner._dsgvo_get_offices`."""
    model: str
    """Whose rows have the link."""
    link: str
    """The field, a many2one to the contact."""
    reason: str
    """What the shopkeeper reads, translated when it is shown. It names nobody."""
    advice: str
    """What ends it."""

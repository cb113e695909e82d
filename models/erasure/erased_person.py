"""Data about a person that an erasure hands on, to be used before they are forgotten."""
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple


class Recipient(NamedTuple):
    """A third party that got data of a person."""
    kind: str
    """One of the selection `kind` of `dsgvo.erasure.recipient`."""
    partner_id: int | None
    """The contact of the third party."""
    service: str | None
    """The name of one that is no contact."""
    numbers: str
    """By which it knows the case, the first ones of many."""
    times: int
    """How often it got data."""
    last_day: date
    """When it got data for the last time."""


@dataclass(frozen=True, slots=True, repr=False)
class ErasedPerson:
    """One person at the end of an erasure, see `dsgvo.erasure._after_erasure`.

    `created`, `addresses` and `marks` tell who it was: only keyed hashes of them may be stored. For
    the same reason its text in logs does not show what it holds.
    """
    subject_id: int
    """The id of the contact. It is there still if `until` is a day, or if entries refer to it."""
    created: datetime
    """When the contact was created: with the id, the same in every copy of the database."""
    removed: dict
    """`{model: number of rows}` that were deleted, or out of which something was taken."""
    deleted: dict
    """`{model: number of rows}` of those that were deleted; the others stay without the person."""
    until: date | None
    """The day up to which the law keeps documents with name and address, None if it keeps none."""
    kept: list
    """`[{'model', 'rows', 'basis'}]` of what stays because of these documents."""
    recipients: list
    """A `Recipient` for each third party that got data."""
    addresses: set
    """`(email or phone, normalised value)` that nobody else has."""
    marks: set
    """Each `Mark` that the whole database is to be searched for, without addresses and numbers that
    rows with another name show to be somebody else's, too."""
    sought: set
    """Kinds of the `Mark` that the rows left of the person were searched for."""
    searched: int
    """How many rows were left of the person, and found clean."""
    verified: datetime
    """When these rows were searched, in UTC."""

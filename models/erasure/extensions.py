"""Classes that other addons hand to the erasure: import from here, see `docs/EXTENDING.md`.

A plain tuple with the same entries in the same order works as well.
"""
from typing import NamedTuple

from odoo.fields import Domain
from odoo.tools import SQL


class Check(NamedTuple):
    """A reason not to erase a person for now: `dsgvo.erasure.blocker._get_checks`."""
    model: str
    """Where it is seen; a model that is not installed is skipped."""
    reason: str
    """What the shopkeeper reads, translated when it is shown. It names nobody."""
    partner_fields: list
    """The links of the model to a contact of the person, or paths to one."""
    domain: Domain
    """Which rows keep the person."""
    advice: str = ''
    """What ends it."""
    is_quotation: bool = False
    """Whether it is only an offer, which a period of quotations cancels."""
    number_field: str = ''
    """The field whose values are shown with the reason, such as the number of an order: never one
    that names the person. Where it is empty, the id is shown; '' shows nothing."""


class Event(NamedTuple):
    """A kind of business with a customer: `_get_events` of the periods."""
    model: str
    """Where it is seen; a model that is not installed is skipped."""
    partner_field: str
    """The link of the model to a contact of the person."""
    date_field: str
    """When the business took place; never the date of the last write."""
    domain: Domain
    """Which rows count."""


class Source(NamedTuple):
    """Which third parties got data: `dsgvo.erasure.recipient._get_sources`."""
    model: str
    """What it is read from; a model that is not installed is skipped."""
    kind: str
    """One of the selection `kind` of the recipient."""
    columns: SQL
    """Four: the contact that got the data, or NULL and the name of a service, the number by which
    the recipient knows the case, and the day."""
    tables: SQL
    """The tables that are read; `t` by convention."""
    condition: SQL
    """How they are joined with `r`, the contacts of the persons (`id`, `subject_id`)."""

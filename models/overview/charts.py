"""The charts of the overview: what stands on their axes, in which order, and how it is called."""
from typing import Any, NamedTuple

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

SECTIONS = {
    'decisions': _lt("To Be Decided"),
    'consents': _lt("Consents"),
    'notifications': _lt("Customer Notifications"),
    'mailings': _lt("Mailings"),
    'erasures': _lt("Erasures"),
}
# Hours from the goods receipt to the message, and what comes after the last of them.
HOURS = {
    1: _lt("Within an hour"), 24: _lt("Within a day"), 72: _lt("Within three days"),
    168: _lt("Within a week")}
SPEEDS = {**{str(hours): label for hours, label in HOURS.items()}, 'later': _lt("Later")}
OUTCOMES = {
    'reached': _lt("Recipients reached"),
    'waiting': _lt("Not sent yet"),
    'unasked': _lt("Left out: never asked"),
    'refused': _lt("Left out: refused"),
    'objected': _lt("Left out: block list or opted out"),
    'address': _lt("Left out: no valid address"),
    'twice': _lt("Left out: same address twice"),
    'failed': _lt("Not delivered"),
}
TOLD_STATES = {
    'told': _lt("Customer told"), 'todo': _lt("To do"), 'failed': _lt("Failed"),
    'cancelled': _lt("Cancelled")}
NUMBER = {'number': _lt("Count")}


class Chart(NamedTuple):
    """A chart shows `{row: {column: number}}` of the counts with its name."""

    name: str
    """By which the counts are found."""

    section: str
    """A key of `SECTIONS`."""

    title: Any
    """A lazy text."""

    rows: Any
    """What stands on the axis: `month`, a dict of lazy texts, or a model and its field. A `text` or
    a `year` is its own label; the most frequent text comes first."""

    columns: Any = NUMBER
    """What the colours and patterns mean: a dict of lazy texts, or a model and its field."""

    shows_all: bool = False
    """Whether rows without a number are shown."""

    share_of: str = ''
    """The column whose share of the row is added to its label."""


CHARTS = (
    Chart('share', 'consents', _lt("Consents of all customers"),
          ('dsgvo.consent.statistic', 'purpose'), ('dsgvo.consent.statistic', 'decision'), True,
          'granted'),
    Chart('months', 'consents', _lt("Decisions by month"),
          'month', ('dsgvo.consent.event', 'decision'), True),
    Chart('means', 'consents', _lt("Decisions by means"),
          ('dsgvo.consent.event', 'means'), ('dsgvo.consent.event', 'decision')),
    Chart('tills', 'consents', _lt("Decisions by till"),
          'text', ('dsgvo.consent.event', 'decision')),
    Chart('channels', 'notifications', _lt("Messages by type"),
          ('dsgvo.notification', 'notification_type'), TOLD_STATES),
    Chart('speeds', 'notifications', _lt("From goods receipt to message"),
          SPEEDS, ('dsgvo.notification', 'notification_type'), True),
    Chart('mailings', 'mailings', _lt("Recipients of mailings"), OUTCOMES),
    Chart('erased', 'erasures', _lt("Erased by month"), 'month', NUMBER, True),
    Chart('blocked', 'erasures', _lt("Blocked by reason"), 'text'),
    Chart('restricted', 'erasures', _lt("Restricted until the end of"), 'year'),
)

"""How a message comes about: handed down in the context, from who starts it to who makes it."""
from typing import NamedTuple

KEY = 'dsgvo_origin'


class Origin(NamedTuple):
    """What is known of a message above the place where it is made.

    A class of its own, because no remote caller can pass one: a context that came over the network
    has lists instead, and says nothing.
    """
    kind: str = ''
    """The kind of the message where it is decided already, see `dsgvo.message.rule`."""
    sender: str = ''
    """The template, as the rules name it."""
    model: str = ''
    """The model of the documents, for messages that do not carry it themselves."""
    company_id: int = 0
    """The company whose consents count, if it is not that of the document."""
    by_hand: bool | None = None
    """Whether somebody pressed the button that sends exactly this message; None: not known."""
    automated: bool = False
    """A server action or an automation rule is at work: nothing below it is by hand."""


def origin_of(env):
    """Return the `Origin` in the context, or one that says nothing."""
    origin = env.context.get(KEY)
    return origin if isinstance(origin, Origin) else Origin()


def with_origin(records, **known):
    """Return the records with a context that also says `known`, see `Origin`."""
    return records.with_context(**{KEY: origin_of(records.env)._replace(**known)})

"""How a message comes about: handed down from the code that starts it to that which makes it."""
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

KEY = 'dsgvo_origin'
# Whose automation is at work: one that Odoo or an addon ships, or one of the shop's own.
SHIPPED, OWN = 'shipped', 'own'
# Not in the context of Odoo: code of a server action may drop that.
_automation = ContextVar('dsgvo_automation', default='')
_sender = ContextVar('dsgvo_sender', default='')


class Origin(NamedTuple):
    """Facts about a message that are known above the place where it is made.

    It is a class of its own, so that no remote caller can pass one: a context that came over the
    network has lists instead, which count as nothing.
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
    automated: str = ''
    """Whose server action, automation rule or job is at work: nothing below it is by hand."""


def origin_of(env):
    """Return the `Origin` in the context, or one that only names the automation at work."""
    origin = env.context.get(KEY)
    origin = origin if isinstance(origin, Origin) else Origin()
    return origin._replace(
        automated=_automation.get() or origin.automated, sender=origin.sender or _sender.get())


def with_origin(records, **known):
    """Return the records with a context that also says `known`, see `Origin`."""
    return records.with_context(**{KEY: origin_of(records.env)._replace(**known)})


@contextmanager
def automation(whose, sender=''):
    """Mark messages made meanwhile as automated, see `Origin.automated`; '' for those of people.

    :param str sender: the template of a message that people wrote with one
    """
    tokens = _automation.set(whose), _sender.set(sender)
    try:
        yield
    finally:
        _automation.reset(tokens[0])
        _sender.reset(tokens[1])

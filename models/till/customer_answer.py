"""What a till says that a customer has answered, checked and bounded by the server."""
import base64
import binascii
import re
from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import fields
from odoo.tools.mimetypes import guess_mimetype

from ..consent.dsgvo_consent_event import PURPOSES

UUID = re.compile(r'[0-9a-f-]{36}')
MOST = 2**31 - 1  # of an id
ANSWERS = ('granted', 'refused')
# Display and phone answer on a page of their own.
MEANS_OF_QUEUE = ('till', 'tablet')
LARGEST_SIGNATURE = 300_000  # bytes; a whole screen of strokes has some ten thousand


class Moment(NamedTuple):
    """When a customer answered; all in UTC.

    :param decided_at: as far as is known
    :param earliest: another moment if the clock of the till cannot be trusted: it may have been
        any time since. In doubt, a stricter decision made elsewhere since then is the later one
    :param opened_at: when the session began in which it was
    """
    decided_at: datetime
    earliest: datetime
    opened_at: datetime


class CustomerAnswer:
    """One answer from the queue of a till.

    A signature that is none is left out: it takes no answer with it.

    :param dict data: of the till, with the keys `uuid`, `partner_id`, `session_id`, `decided_at`
        and `sent_at` (both UTC, by the clock of the device), `means`, `answers` and `wordings` (by
        purpose) and `signature` (PNG in Base64, or false)
    :raise ValueError: if a till cannot have sent it
    """

    def __init__(self, data):
        try:
            self._read(data)
            is_possible = self._is_possible()
        except (AttributeError, KeyError, TypeError):
            is_possible = False
        if not is_possible:
            raise ValueError("no till sends such an answer")

    def _read(self, data):
        self.uuid = data['uuid']
        self.partner_id = data['partner_id']
        self.session_id = data['session_id']
        self.means = data['means']
        purposes = dict(PURPOSES)
        self.answers = {
            purpose: answer for purpose, answer in data['answers'].items() if purpose in purposes}
        self.wordings = data.get('wordings') or {}
        signature = data.get('signature')
        self.signature = _is_signature(signature) and signature
        self.decided_at = fields.Datetime.to_datetime(data['decided_at'])
        self.sent_at = fields.Datetime.to_datetime(data['sent_at'])

    def _is_possible(self):
        return (
            UUID.fullmatch(self.uuid) and self.means in MEANS_OF_QUEUE and self.answers
            and set(self.answers.values()) <= {*ANSWERS}
            and all(type(number) is int and abs(number) <= MOST for number in (
                self.partner_id, self.session_id, *self.wordings.values()))
            and self.decided_at and self.sent_at)

    def get_moment(self, opened_at):
        """Return the `Moment` of the answer, not later than now, nor before the session.

        A clock that is fast is set right by the time that passed until the answer was sent. In
        doubt it is the earlier moment: then a decision made elsewhere meanwhile is the later one.
        A clock that was put back in between says nothing.

        :param opened_at: when the session began, False if the till never had one
        """
        now = fields.Datetime.now()
        opened_at = min(opened_at or now, now)
        passed = self.sent_at - self.decided_at
        # By a clock far ahead more time has passed than there is before now.
        since = min(max(passed, timedelta()), now - opened_at)
        decided_at = max(min(self.decided_at, now - since), opened_at)
        return Moment(decided_at, opened_at if passed < timedelta() else decided_at, opened_at)


def _is_signature(signature):
    try:
        picture = base64.b64decode(signature or b'', validate=True)
    except (binascii.Error, ValueError, TypeError):
        return False
    return 0 < len(picture) <= LARGEST_SIGNATURE and guess_mimetype(picture) == 'image/png'

import re

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..map.numbers import read_numbers
from ..map.placeholders import is_placeholder, is_placeholder_email, is_placeholder_number
from .extensions import Check

_lt = LazyTranslate(__name__)

EMAIL = re.compile(r'[^\s<>,;"]+@[^\s<>,;"]+')
# Where a booking has e-mail addresses and telephone numbers of its own.
GUESTS = {
    'event.registration': ('email', 'phone'),
    'event.booth': ('contact_email', 'contact_phone'),
    'event.track': ('partner_email', 'partner_phone', 'contact_email', 'contact_phone'),
}


class DsgvoErasureBlocker(models.AbstractModel):
    """Bookings for a day to come: they are still to be done, even if delivered and paid.

    These are tickets, stands, talks and appointments. A task, a course and a claim have no day on
    which the customer comes; a pending stand is kept by its quotation.
    """
    _inherit = 'dsgvo.erasure.blocker'

    def _get_checks_of_business(self):
        return super()._get_checks_of_business() + self._get_checks_of_bookings()

    def _get_checks_of_bookings(self):
        checks, now = [], fields.Datetime.now()
        if 'event.registration' in self.env:
            checks += self._get_checks_of_tickets(now)
        if 'event.booth' in self.env:
            checks += self._get_checks_with_guests(
                'event.booth', _lt("Has a stand at an event to come"),
                self._get_links('event.booth', 'sale_order_id'),
                Domain('state', '=', 'unavailable') & Domain('event_id.date_end', '>', now),
                _lt("Wait until the event is over, or take the renter out of the stand. Refund it"
                    " first if it was paid."))
        if 'event.track' in self.env:
            has_no_hour = Domain('date_end', '=', False) & Domain('event_id.date_end', '>', now)
            checks += self._get_checks_with_guests(
                'event.track', _lt("Speaks at an event to come"), ['partner_id'],
                Domain('active', '=', True) & (Domain('date_end', '>', now) | has_no_hour)
                & Domain('stage_id.is_cancel', '!=', True),
                _lt("Wait until the talk is over, or cancel it."))
        if 'calendar.attendee' in self.env:
            checks.append(Check(
                'calendar.attendee', _lt("Appointment to come"), ['partner_id'],
                Domain('state', '!=', 'declined') & Domain('event_id.active', '=', True)
                & Domain('event_id.stop', '>', now),
                _lt("Wait until the appointment is over, delete it, or take the customer out of"
                    " it.")))
        return checks

    def _get_checks_of_tickets(self, now):
        """The checks for customers who booked or pay, and for guests."""
        return self._get_checks_with_guests(
            'event.registration', _lt("Registered for an event to come"),
            self._get_links('event.registration', 'sale_order_id', 'pos_order_line_id'),
            Domain('active', '=', True) & Domain('state', '!=', 'cancel')
            & Domain('event_end_date', '>', now),
            _lt("Wait until the event is over, or cancel the registration. Refund the ticket first"
                " if it was paid."))

    def _get_checks_with_guests(self, model, reason, links, coming, advice):
        """The checks for contacts of a booking, and for contacts with an e-mail or number in it."""
        return [
            Check(model, reason, links, coming, advice),
            Check('res.partner', reason, ['dsgvo_subject_id'],
                  self._get_guest_domain(model, coming), advice),
        ]

    def _get_links(self, model, *documents):
        """Return the paths of a model to contacts: its own, and those of the order that sold it."""
        paths = {'sale_order_id': 'sale_order_id.partner_id',
                 'pos_order_line_id': 'pos_order_line_id.order_id.partner_id'}
        return ['partner_id', *(
            paths[name] for name in documents if name in self.env[model]._fields)]

    def _get_guest_domain(self, model, coming):
        """Return the condition of a contact with the e-mail or number of such a booking."""
        return Domain.custom(to_sql=lambda _model, alias, _query: self._match_guests(
            alias, *self._read_guests(model, coming)))

    def _read_guests(self, model, coming):
        """Return the e-mail addresses, and the numbers of `_match_guests`; no placeholders."""
        # sudo: any model of bookings - only which addresses and numbers
        Booking = self.env[model].sudo().with_context(active_test=False)
        emails, full, national, home = set(), set(), set(), set()
        for booking in Booking.search_fetch(coming, GUESTS[model]):
            for text in {booking[name] for name in GUESTS[model]} - {False}:
                emails.update(EMAIL.findall(text.lower()))
                for number in read_numbers(text, None, None):
                    ways = number.certain | number.possible
                    with_code = {way for way in number.certain if not way.startswith('0')}
                    without_zero = {way.lstrip('0') for way in ways - with_code}
                    if not any(map(is_placeholder_number, without_zero)) and not any(
                            is_placeholder('phone', f'+{way}') for way in with_code):
                        full |= with_code
                        national |= without_zero
                        home |= set() if with_code else without_zero
        return ([email for email in emails if not is_placeholder_email(email)],
                list(full), list(national), list(home))

    def _match_guests(self, alias, emails, full, national, home):
        """Return the condition of a contact with one of these values.

        A contact with several numbers in one field has no normalised one.

        :param list full: digits of numbers with the code of their country
        :param list national: digits of all numbers without that code and the zero in front
        :param list home: the numbers of `national` that were typed without the code
        """
        email, number, typed = (
            SQL.identifier(alias, name, to_flush=self.env['res.partner']._fields[name])
            for name in ('email_normalized', 'phone_sanitized', 'phone'))
        return SQL(
            """
            (%(email)s = ANY(%(emails)s::varchar[])
             OR EXISTS (
                SELECT FROM regexp_split_to_table(
                            COALESCE(%(number)s, replace(%(typed)s, '(0)', '')),
                            '[^0-9+ ()/.-]+| / ') part
                       JOIN LATERAL regexp_replace(part, '[^0-9+]', '', 'g') own ON TRUE
                 WHERE ltrim(own, '+0') = ANY(%(full)s::varchar[])
                    OR starts_with(own, '0') AND ltrim(own, '0') = ANY(%(national)s::varchar[])
                    OR EXISTS (
                       SELECT FROM res_country country
                        WHERE starts_with(own, '+' || country.phone_code)
                          AND substr(own, length('+' || country.phone_code) + 1)
                              = ANY(%(home)s::varchar[]))))
            """,
            email=email, emails=emails, number=number, typed=typed,
            full=full + home, national=national, home=home)

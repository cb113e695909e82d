from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .extensions import Check

_lt = LazyTranslate(__name__)

EMAIL = r'[^\s<>,;"]+@[^\s<>,;"]+'
# Digits of a telephone number that are the same with and without the prefix of the country.
DIGITS = 8


class DsgvoErasureBlocker(models.AbstractModel):
    """What was booked for a day to come: it is still to be done, whatever was delivered and paid.

    A ticket, a stand, a talk and an appointment are. A task, a course and a claim have no day on
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
            checks.append(Check(
                'event.booth', _lt("Has a stand at an event to come"),
                self._get_links('event.booth', 'sale_order_id'),
                Domain('state', '=', 'unavailable') & Domain('event_id.date_end', '>', now),
                _lt("Wait until the event is over, or take the renter out of the stand. Refund it"
                    " first if it was paid.")))
        if 'event.track' in self.env:
            checks.append(Check(
                'event.track', _lt("Speaks at an event to come"), ['partner_id'],
                Domain('active', '=', True) & Domain('date_end', '>', now)
                & Domain('stage_id.is_cancel', '!=', True),
                _lt("Wait until the talk is over, or cancel it.")))
        if 'calendar.attendee' in self.env:
            checks.append(Check(
                'calendar.attendee', _lt("Appointment to come"), ['partner_id'],
                Domain('state', '!=', 'declined') & Domain('event_id.active', '=', True)
                & Domain('event_id.stop', '>', now),
                _lt("Wait until the appointment is over, delete it, or take the customer out of"
                    " it.")))
        return checks

    def _get_checks_of_tickets(self, now):
        """Of whoever booked or pays, and of guests: contacts with the e-mail or number of one."""
        coming = (
            Domain('active', '=', True) & Domain('state', '!=', 'cancel')
            & Domain('event_end_date', '>', now))
        advice = _lt(
            "Wait until the event is over, or cancel the registration. Refund the ticket first if"
            " it was paid.")
        return [
            Check('event.registration', _lt("Registered for an event to come"),
                  self._get_links('event.registration', 'sale_order_id', 'pos_order_line_id'),
                  coming, advice),
            Check('res.partner', _lt("Registered for an event to come"), ['dsgvo_subject_id'],
                  self._get_guest_domain(coming), advice),
        ]

    def _get_links(self, model, *documents):
        """Return the paths of a model to contacts: its own, and those of what it was sold with."""
        paths = {'sale_order_id': 'sale_order_id.partner_id',
                 'pos_order_line_id': 'pos_order_line_id.order_id.partner_id'}
        return ['partner_id', *(
            paths[name] for name in documents if name in self.env[model]._fields)]

    def _get_guest_domain(self, coming):
        """Return the condition of a contact with the e-mail or number of such a registration."""
        # sudo: event.registration - only whether there is one
        Registration = self.env['event.registration'].sudo()
        Registration.flush_model(['email', 'phone'])
        guests = Registration._search(coming)
        return Domain.custom(to_sql=lambda model, alias, query: SQL(
            """
            (%(own_email)s IN (
                 SELECT lower(substring(email FROM %(email)s)) FROM event_registration
                  WHERE id IN %(guests)s AND email IS NOT NULL)
             OR right(%(own_number)s, %(digits)s) IN (
                 SELECT right(regexp_replace(phone, '\\D', '', 'g'), %(digits)s)
                   FROM event_registration WHERE id IN %(guests)s AND phone IS NOT NULL))
            """,
            own_email=SQL.identifier(alias, 'email_normalized'),
            own_number=SQL.identifier(alias, 'phone_sanitized'),
            email=EMAIL, digits=DIGITS, guests=guests.subselect()))

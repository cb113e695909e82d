"""People who refused advertising before the addon came: they left a list or are on a block list."""
from collections import defaultdict

from odoo import fields
from odoo.tools import SQL

from ..consent.ledger import recording

# Archived rows of the block lists were lifted. Addresses that bounced are blocked in the same table
# and cannot be told from those of people: they count, which costs no more than asking again.
OBJECTIONS = """
    SELECT 'email' AS kind, email AS value,
           COALESCE(write_date, create_date, now() AT TIME ZONE 'UTC') AS moment
      FROM mail_blacklist WHERE active
     UNION ALL
    SELECT 'phone', number, COALESCE(write_date, create_date, now() AT TIME ZONE 'UTC')
      FROM phone_blacklist WHERE active
     UNION ALL
    SELECT address.kind, address.value, COALESCE(
               left_list.opt_out_datetime, left_list.write_date, now() AT TIME ZONE 'UTC')
      FROM mailing_subscription left_list
      JOIN mailing_contact contact ON contact.id = left_list.contact_id
     CROSS JOIN LATERAL (VALUES ('email', contact.email_normalized),
                                ('phone', contact.phone_sanitized)) AS address(kind, value)
     WHERE left_list.opt_out
"""

RECORD = """
    WITH company AS (
        SELECT * FROM unnest(%(company_ids)s, %(controller_ids)s) AS company(id, controller_id)
    ), controller AS (
        SELECT * FROM unnest(%(zone_ids)s, %(zones)s) AS controller(id, zone)
    ), known AS (
        SELECT person.id AS partner_id, controller.id AS company_id,
               (person.moment AT TIME ZONE 'UTC' AT TIME ZONE controller.zone)::date AS day
          FROM unnest(%(partner_ids)s, %(moments)s) AS person(id, moment)
         CROSS JOIN controller
    )
    INSERT INTO dsgvo_consent_event (
           partner_id, purpose, decision, date, recorded_on, means, user_id, company_id,
           create_uid, create_date, write_uid, write_date)
    SELECT known.partner_id, 'marketing',
           CASE last.decision WHEN 'granted' THEN 'withdrawn' ELSE 'refused' END, known.day,
           now.utc, 'system', %(uid)s, known.company_id, %(uid)s, now.utc, %(uid)s, now.utc
      FROM known
     CROSS JOIN (SELECT date_trunc('second', now() AT TIME ZONE 'UTC') AS utc) now
      LEFT JOIN LATERAL (
            SELECT event.decision, event.date
              FROM dsgvo_consent_event event
              JOIN company ON company.id = event.company_id
             WHERE event.partner_id = known.partner_id AND event.purpose = 'marketing'
               AND company.controller_id = known.company_id AND event.decision != 'expired'
             ORDER BY event.date DESC, event.id DESC LIMIT 1) last ON TRUE
     WHERE last.decision IS NULL OR (last.decision = 'granted' AND last.date <= known.day)
     ORDER BY known.partner_id, known.company_id
 RETURNING partner_id
"""


def record_objections(env):
    """Record as refusals who left a list or is blocked, dated as it was, unless decided since.

    Safe to run again: who has refused already is left alone.
    """
    moments, now = {}, fields.Datetime.now()
    env.flush_all()
    for kind, value, moment in env.execute_query(SQL(OBJECTIONS)):
        if value and moment:
            # A day in the future, typed by hand, would refuse every consent until then.
            moment = min(moment, now)
            moments[kind, value] = max(moment, moments.get((kind, value), moment))
    if not moments:
        return
    zone = env.company._dsgvo_timezone()
    contacts, addresses = env['res.partner']._dsgvo_find_objectors(moments)
    env['dsgvo.suppression']._suppress_since(
        {address: _get_day(env, moments[address], zone) for address in addresses}, 'objected')
    persons = defaultdict(list)
    for contact in contacts:
        persons[contact.dsgvo_subject_id.id] += [
            moments[address] for address in contact._dsgvo_addresses() if address in addresses]
    refusing = _record(env, {
        person: max(known) for person, known in persons.items() if person and known})
    env['res.partner']._dsgvo_refresh_consents(refusing)
    refusing._dsgvo_family()._dsgvo_drop_interests(
        env['res.company']._dsgvo_one_of_each_controller())


def _record(env, moments):
    """Insert the refusals, `{person id: moment}`, and return the persons."""
    controllers = env['res.company']._dsgvo_controllers()
    zones = {company.id: company._dsgvo_timezone()
             for company in env['res.company']._dsgvo_one_of_each_controller()}
    with recording(env):
        rows = env.execute_query(SQL(
            RECORD, company_ids=list(controllers), controller_ids=list(controllers.values()),
            zone_ids=list(zones), zones=list(zones.values()), partner_ids=list(moments),
            moments=list(moments.values()), uid=env.uid)) if moments else []
    env['dsgvo.consent.event'].invalidate_model()
    return env['res.partner'].browse({partner_id for partner_id, in rows})


def _get_day(env, moment, zone):
    return fields.Datetime.context_timestamp(env.user.with_context(tz=zone), moment).date()

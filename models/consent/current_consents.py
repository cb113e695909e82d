"""The consents in force, copied from the ledger to the contacts by one statement.

The columns of the contact hold one value per company, as any company-dependent field does. So
forms, searches, groups and the till see the consents on which the current company may rely.
"""
from odoo.tools import SQL

DOCUMENTATION_FIELDS = ('consent_text', 'consent_date')
CURRENT_FIELDS = (
    'consent_storage', 'consent_notification', 'consent_marketing', 'consent_state',
    'consent_expiry_date')

WANTED = """
    WITH company AS (
        SELECT * FROM unnest(%(company_ids)s::int[], %(controller_ids)s::int[])
            AS company(id, controller_id)
    ), validity AS (
        SELECT * FROM unnest(%(validity_companies)s::int[], %(validity_purposes)s::varchar[],
                             %(validity_months)s::int[]) AS validity(company_id, purpose, months)
    ), last AS (
        SELECT DISTINCT ON (event.partner_id, event.purpose, company.controller_id)
               event.partner_id, event.purpose, company.controller_id, event.decision, event.date,
               event.id
          FROM dsgvo_consent_event event
          JOIN company ON company.id = event.company_id
         WHERE %(events)s AND event.decision != 'expired'
         ORDER BY event.partner_id, event.purpose, company.controller_id, event.date DESC,
                  event.id DESC
    ), ended AS (
        -- The validity is that of each company, also of those that share consents.
        SELECT DISTINCT ON (event.partner_id, event.purpose, event.company_id)
               event.partner_id, event.purpose, event.company_id, event.date, event.id
          FROM dsgvo_consent_event event
         WHERE %(events)s AND event.decision = 'expired'
         ORDER BY event.partner_id, event.purpose, event.company_id, event.date DESC, event.id DESC
    ), consent AS (
        SELECT last.partner_id, last.purpose, company.id AS company_id,
               CASE last.decision WHEN 'granted' THEN 'granted' ELSE 'refused' END AS value,
               (last.date + make_interval(months => validity.months))::date AS expiry
          FROM last
          JOIN company USING (controller_id)
          LEFT JOIN validity ON validity.company_id = company.id
                            AND validity.purpose = last.purpose AND last.decision = 'granted'
          LEFT JOIN ended ON ended.partner_id = last.partner_id AND ended.purpose = last.purpose
                         AND ended.company_id = company.id AND last.decision = 'granted'
         WHERE ((ended.date, ended.id) > (last.date, last.id)) IS NOT TRUE
    ), of_company AS (
        SELECT consent.partner_id, consent.company_id,
               max(value) FILTER (WHERE purpose = 'storage') AS storage,
               max(value) FILTER (WHERE purpose = 'notification') AS notification,
               max(value) FILTER (WHERE purpose = 'marketing') AS marketing,
               jsonb_object_agg(purpose, expiry) FILTER (WHERE expiry IS NOT NULL) AS expiry,
               count(*) FILTER (WHERE value = 'granted'
                   AND (purpose = 'marketing' OR partner.is_company IS NOT TRUE)) AS granted,
               CASE WHEN partner.is_company THEN 1 ELSE 3 END AS asked
          FROM consent
          JOIN res_partner partner ON partner.id = consent.partner_id
         GROUP BY consent.partner_id, consent.company_id, partner.is_company
    ), wanted AS (
        SELECT partner.id,
               jsonb_object_agg(of_company.company_id, storage)
                   FILTER (WHERE storage IS NOT NULL) AS consent_storage,
               jsonb_object_agg(of_company.company_id, notification)
                   FILTER (WHERE notification IS NOT NULL) AS consent_notification,
               jsonb_object_agg(of_company.company_id, marketing)
                   FILTER (WHERE marketing IS NOT NULL) AS consent_marketing,
               jsonb_object_agg(
                   of_company.company_id, CASE granted WHEN asked THEN 'full' ELSE 'partial' END)
                   FILTER (WHERE granted > 0) AS consent_state,
               jsonb_object_agg(of_company.company_id, expiry)
                   FILTER (WHERE expiry IS NOT NULL) AS consent_expiry_date
          FROM res_partner partner
          LEFT JOIN of_company ON of_company.partner_id = partner.dsgvo_subject_id
         WHERE %(partners)s
         GROUP BY partner.id
    )
"""
REFRESH = f"""
    {WANTED}
    UPDATE res_partner partner
       SET (%(columns)s, write_uid, write_date) = (
               %(values)s, %(uid)s, now() AT TIME ZONE 'UTC')
      FROM wanted
     WHERE wanted.id = partner.id
       AND (%(old_values)s) IS DISTINCT FROM (%(values)s)
 RETURNING partner.id
"""

DIFFERING = f"""
    {WANTED}
    SELECT count(*)
      FROM res_partner partner
      JOIN wanted USING (id)
     WHERE (%(old_values)s) IS DISTINCT FROM (%(values)s)
"""

DOCUMENTATION = """
    WITH company AS (
        SELECT id, controller_id, id::text AS key,
               count(*) OVER (PARTITION BY controller_id) > 1 AS shares
          FROM unnest(%(company_ids)s::int[], %(controller_ids)s::int[])
               AS company(id, controller_id)
    ), documented AS (
        SELECT DISTINCT ON (partner.id, company.controller_id)
               partner.id, company.controller_id,
               partner.consent_text -> company.key AS text,
               partner.consent_date -> company.key AS date
          FROM res_partner partner
          JOIN company ON company.shares
           AND (partner.consent_text ? company.key OR partner.consent_date ? company.key)
         WHERE %(partners)s
         ORDER BY partner.id, company.controller_id, %(source)s DESC,
                  partner.consent_date ->> company.key DESC NULLS LAST, company.id
    ), wanted AS (
        SELECT documented.id,
               jsonb_object_agg(company.key, documented.text) AS text,
               jsonb_object_agg(company.key, documented.date) AS date
          FROM documented
          JOIN company USING (controller_id)
         GROUP BY documented.id
    )
    UPDATE res_partner partner
       SET consent_text = coalesce(consent_text, '{}') || wanted.text,
           consent_date = coalesce(consent_date, '{}') || wanted.date
      FROM wanted
     WHERE wanted.id = partner.id
       AND NOT (coalesce(consent_text, '{}') @> wanted.text
                AND coalesce(consent_date, '{}') @> wanted.date)
 RETURNING partner.id
"""


def refresh(env, subject_ids=None):
    """Bring the columns of the contacts of these persons in line with the ledger.

    The tills load each contact anew that was written since. So only contacts whose consents differ
    are written.

    :param subject_ids: ids of data subjects, None for all
    :return: ids of the contacts that were changed
    """
    if subject_ids is None:
        rows = _read_all(env, REFRESH)
    else:
        rows = env.execute_query(_compose(env, REFRESH, subject_ids))
    return [partner_id for partner_id, in rows]


def count_differing(env):
    """Return how many contacts differ from the ledger."""
    return _read_all(env, DIFFERING)[0][0]


def _read_all(env, statement):
    """Run a statement on all persons without nested loops.

    PostgreSQL expects one row where there is one for each person, and compared each contact with
    each of them.
    """
    env.cr.execute("SET LOCAL enable_nestloop = off")
    rows = env.execute_query(_compose(env, statement))
    env.cr.execute("SET LOCAL enable_nestloop = on")
    return rows


def _compose(env, statement, subject_ids=None):
    controllers = env['res.company']._dsgvo_controllers()
    validity = [
        (company.id, purpose, months)
        for company in env['res.company'].browse(controllers)
        for purpose, months in company._dsgvo_get_validity().items()]
    events, partners = SQL("event.partner_id IS NOT NULL"), SQL("TRUE")
    if subject_ids is not None:
        events = SQL("event.partner_id = ANY(%s)", list(subject_ids))
        partners = SQL("partner.dsgvo_subject_id = ANY(%s)", list(subject_ids))
    return SQL(
        statement,
        company_ids=list(controllers), controller_ids=list(controllers.values()),
        validity_companies=[company_id for company_id, _purpose, _months in validity],
        validity_purposes=[purpose for _company_id, purpose, _months in validity],
        validity_months=[months for _company_id, _purpose, months in validity],
        events=events, partners=partners, uid=env.uid,
        columns=_columns(), values=_columns('wanted'), old_values=_columns('partner'))


def share_documentation(env, partner_ids=None):
    """Copy text and date, which document a consent, to the companies that share it.

    :param partner_ids: ids of contacts whose text and date the current company has just written.
        Without them, all contacts get the newest text and date of these companies
    :return: ids of the contacts that were changed
    """
    controllers = env['res.company']._dsgvo_controllers()
    source, partners = SQL("company.id = 0"), SQL("TRUE")
    if partner_ids is not None:
        same = env.company._dsgvo_same_controller()
        if len(same) < 2:
            return []
        controllers = {company.id: controllers[company.id] for company in same}
        source = SQL("company.id = %s", env.company.id)
        partners = SQL("partner.id = ANY(%s)", list(partner_ids))
    rows = env.execute_query(SQL(
        DOCUMENTATION, company_ids=list(controllers), controller_ids=list(controllers.values()),
        source=source, partners=partners))
    return [partner_id for partner_id, in rows]


def _columns(*table):
    return SQL(", ").join(SQL.identifier(*table, name) for name in CURRENT_FIELDS)

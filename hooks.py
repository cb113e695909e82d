from odoo.tools import SQL

from .models.marketing.known_before import record_objections

# The twin of `res.partner._compute_dsgvo_subject_id`, with the condition who has decided.
SUBJECTS = """
    WITH RECURSIVE named AS (
        SELECT id, parent_id, is_company IS TRUE AS is_company,
               parent_id IS NOT NULL AND is_company IS NOT TRUE
                   AND coalesce(type, '') IN ('invoice', 'delivery', 'other')
                   AND NOT %(has_decided)s AS is_below,
               btrim(regexp_replace(lower(coalesce(name, '')), '\\s+', ' ', 'g')) AS name
          FROM res_partner
    ), subject AS (
        SELECT id, id AS subject_id, is_company, name FROM named WHERE NOT is_below
         UNION ALL
        SELECT address.id,
               CASE WHEN own THEN address.id ELSE subject.subject_id END,
               NOT own AND subject.is_company,
               CASE WHEN own THEN address.name ELSE subject.name END
          FROM named address
          JOIN subject ON subject.id = address.parent_id
         CROSS JOIN LATERAL (
               SELECT subject.is_company AND address.name NOT IN ('', subject.name) AS own) name
         WHERE address.is_below
    )
    UPDATE res_partner
       SET dsgvo_subject_id = subject.subject_id
      FROM subject
     WHERE subject.id = res_partner.id
       AND res_partner.dsgvo_subject_id IS DISTINCT FROM subject.subject_id
"""

# A column added with a default is filled without rewriting the table; companies need no consent.
ORDERS = """
    ALTER TABLE %(table)s ADD COLUMN IF NOT EXISTS notification_type varchar DEFAULT 'K';
    ALTER TABLE %(table)s ALTER COLUMN notification_type DROP DEFAULT;
    UPDATE %(table)s
       SET notification_type = CASE
               WHEN COALESCE(partner.email, subject.email, '') != '' THEN 'M'
               WHEN COALESCE(partner.phone, subject.phone, '') != '' THEN 'T'
               ELSE 'B' END
      FROM res_partner partner
      JOIN res_partner subject ON subject.id = partner.dsgvo_subject_id AND (
           subject.is_company OR (subject.parent_id IS NOT NULL
                                  AND subject.type IN ('invoice', 'delivery', 'other')))
     WHERE partner.id = %(table)s.partner_id
"""

# Where something was sold there are customers who were never asked, and all companies share the
# contacts: none of them erases yet.
ERASE_AFTER_SALE = """
    ALTER TABLE res_company ADD COLUMN IF NOT EXISTS dsgvo_erase_after_sale bool;
    UPDATE res_company
       SET dsgvo_erase_after_sale =
               NOT EXISTS (SELECT FROM sale_order WHERE state NOT IN ('draft', 'cancel'))
           AND NOT EXISTS (SELECT FROM pos_order WHERE state NOT IN ('draft', 'cancel'))
"""


def pre_init_hook(env):
    """Fill the stored columns of existing records in one statement: nobody was asked yet.

    A column that exists already is not computed by the ORM, record by record, at installation.
    """
    env.cr.execute("""
        ALTER TABLE res_partner
          ADD COLUMN IF NOT EXISTS dsgvo_subject_id int4
    """)
    env.cr.execute(SQL(SUBJECTS, has_decided=SQL("FALSE")))
    for table in 'sale_order', 'pos_order':
        env.cr.execute(SQL(ORDERS, table=SQL.identifier(table)))
    env.cr.execute(ERASE_AFTER_SALE)


def post_init_hook(env):
    companies = env['res.company'].search([])
    companies._dsgvo_create_anonymous_partners()
    env['dsgvo.suppression']._get_key()  # in every backup from now on
    env['ir.default']._dsgvo_remove_consents()
    env['res.partner']._dsgvo_complete_addresses(False)
    env['dsgvo.ledger.check']._begin_notes()
    record_objections(env)
    companies.filtered(lambda c: not c.dsgvo_erase_after_sale)._dsgvo_remind_of_first_steps()

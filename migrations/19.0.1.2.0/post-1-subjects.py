"""A contact that has decided is no address, nor is one with its own name below a company."""
from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

from odoo.addons.dsgvo.hooks import SUBJECTS

HAS_DECIDED = SQL(
    "EXISTS (SELECT FROM dsgvo_consent_event event WHERE event.partner_id = res_partner.id)")


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    changed = [partner_id for partner_id, in env.execute_query(
        SQL(SUBJECTS + " RETURNING res_partner.id", has_decided=HAS_DECIDED))]
    # A lock of such an address was stored as one of the company, which does not cover it any more.
    cr.execute(
        """
        INSERT INTO dsgvo_erasure_lock (partner_id, company_id, active, reason, until,
                                        create_uid, create_date, write_uid, write_date)
        SELECT partner.id, lock.company_id, lock.active, lock.reason, lock.until,
               lock.create_uid, lock.create_date, lock.write_uid, lock.write_date
          FROM res_partner partner
          JOIN res_partner parent ON parent.id = partner.parent_id
          JOIN dsgvo_erasure_lock lock ON lock.partner_id = parent.dsgvo_subject_id AND lock.active
         WHERE partner.id = ANY(%s) AND partner.dsgvo_subject_id = partner.id
        """, [changed])
    env.invalidate_all()
    env['res.partner'].browse(changed)._dsgvo_after_move()

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

VALIDITY = timedelta(days=1)  # longer than any transaction


class DsgvoTillClaim(models.Model):
    """What a till is about to create, so that two tills at the same moment create it once.

    A claim outlives its transaction: a lock that ends with it would say nothing to another one
    that has begun before, and does not see what was created.
    """
    _name = 'dsgvo.till.claim'
    _description = "Claim of a Till"
    _log_access = False

    key = fields.Char(required=True, readonly=True)
    claimed_on = fields.Datetime(required=True, readonly=True)

    _once = models.UniqueIndex('(key)')

    @api.model
    def _claim(self, key):
        """Let no other transaction create the same.

        The second one waits for the first, then fails, so that Odoo repeats its request: it finds
        what the first one has created, or goes on if that was undone.

        :raise SerializationFailure: if another transaction has claimed it since this one began
        """
        self.env.cr.execute(SQL(
            "INSERT INTO dsgvo_till_claim (key, claimed_on) VALUES (%s, now() AT TIME ZONE 'UTC')"
            " ON CONFLICT (key) DO UPDATE SET claimed_on = EXCLUDED.claimed_on", key),
            log_exceptions=False)

    @api.autovacuum
    def _gc_over(self):
        self.search([('claimed_on', '<', fields.Datetime.now() - VALIDITY)]).unlink()

from odoo import api, fields, models
from odoo.tools import SQL


class DsgvoSuppression(models.Model):
    _inherit = 'dsgvo.suppression'

    is_listed = fields.Boolean(readonly=True)

    _unlisted = models.Index("(id) WHERE is_listed IS NOT TRUE")

    @api.model
    def _get_unknown(self, entries):
        """Return the entries of addresses that this database does not know, or not so lately."""
        listed = [entry for entry in entries if 'suppressed' in entry]
        days = {(*key,): day for *key, day in self.env.execute_query(SQL(
            "SELECT hash, kind, reason, since::varchar FROM dsgvo_suppression"
            " WHERE hash = ANY(%s)", [entry['suppressed'] for entry in listed]))}
        return [entry for entry in listed if entry['date'] > days.get(
            (entry['suppressed'], entry['kind'], entry['reason']), '')]

    @api.model
    def _restore(self, entries):
        """Put back what a list knows and this database does not."""
        latest = {}
        for entry in self._get_unknown(entries):
            key = entry['kind'], entry['suppressed'], entry['reason']
            latest[key] = max(entry['date'], latest.get(key, ''))
        if latest:
            self.env.execute_query(SQL(
                """
                INSERT INTO dsgvo_suppression (kind, hash, reason, since, is_listed, create_date)
                SELECT kind, hash, reason, since::date, TRUE, now() AT TIME ZONE 'UTC'
                  FROM unnest(%s, %s, %s, %s) AS listed(kind, hash, reason, since)
                    ON CONFLICT (hash, kind, reason) DO UPDATE
                   SET since = excluded.since, is_listed = TRUE
                RETURNING id
                """, *map(list, zip(*((*key, day) for key, day in latest.items()), strict=True))))

    def _get_line(self):
        """Return the line of an address in the list outside the database."""
        return {
            'suppressed': self.hash, 'kind': self.kind, 'reason': self.reason,
            'date': fields.Date.to_string(self.since)}

from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

CHUNK = 1000


class DsgvoSuppression(models.Model):
    _inherit = 'dsgvo.suppression'

    is_listed = fields.Boolean(readonly=True)

    _unlisted = models.Index("(id) WHERE is_listed IS NOT TRUE")

    @api.model
    def _get_unknown(self, entries):
        """Return the entries of addresses that this database does not know, or not so lately."""
        is_over = self.env['dsgvo.erasure']._get_end_of_list()
        listed = [entry for entry in entries if 'suppressed' in entry and not is_over(entry)]
        days = {(*key,): day for *key, day in self.env.execute_query(SQL(
            "SELECT hash, kind, reason, since::varchar FROM dsgvo_suppression"
            " WHERE hash = ANY(%s)", [entry['suppressed'] for entry in listed]))}
        return [entry for entry in listed if entry['date'] > days.get(
            (entry['suppressed'], entry['kind'], entry['reason']), '')]

    @api.model
    def _replay(self, entries):
        """Put back the entries of a list that this database does not know."""
        latest = {}
        for entry in self._get_unknown(entries):
            key = entry['kind'], entry['suppressed'], entry['reason']
            latest[key] = max(entry['date'], latest.get(key, ''))
        # An objection that cannot be recorded is not put back, so that the next run tries it again.
        left_out = self._withdraw_again({
            value: day for (_kind, value, reason), day in latest.items() if reason == 'objected'})
        self.env['dsgvo.job.failure']._run_on_values(
            'suppress', [(*key, day) for key, day in latest.items() if key[1] not in left_out],
            self._put_back)

    @api.model
    def _put_back(self, rows):
        self.env.execute_query(SQL(
            """
            INSERT INTO dsgvo_suppression (kind, hash, reason, since, is_listed, create_date)
            SELECT kind, hash, reason, since::date, TRUE, now() AT TIME ZONE 'UTC'
              FROM unnest(%s, %s, %s, %s) AS listed(kind, hash, reason, since)
                ON CONFLICT (hash, kind, reason) DO UPDATE
               SET since = excluded.since, is_listed = TRUE
            RETURNING id
            """, *map(list, zip(*rows, strict=True))))

    @api.model
    def _withdraw_again(self, objected):
        """Record objections that the backup does not know: these persons get no advertising.

        :param dict objected: `{hash of an address: day}`
        :return: the hashes of the addresses of contacts that were left out
        """
        left_out = set()
        for company in self.env['res.company']._dsgvo_one_of_each_controller() if objected else ():
            Partner = self.env['res.partner'].with_company(company).with_context(active_test=False)
            # A customer who asked to be forgotten gets none, but may stay if the request is taken
            # back.
            granted = Domain('consent_marketing', '=', 'granted')
            agreed = Partner._dsgvo_allowed_domain('marketing') | (
                granted & Domain('dsgvo_restricted', '!=', True))
            objectors, last_id = defaultdict(Partner.browse), 0
            while contacts := Partner.search_fetch(
                    agreed & Domain('id', '>', last_id),
                    ['email_normalized', 'phone_sanitized', 'email', 'phone'],
                    limit=CHUNK, order='id'):
                for contact in contacts:
                    days = {objected.get(self._hash(*pair)) for pair in contact._dsgvo_addresses()}
                    if days := days - {None}:
                        objectors[max(days)] |= contact
                last_id = contacts[-1].id
                contacts.invalidate_recordset(flush=False)
            for day, contacts in objectors.items():
                for contact in self.env['dsgvo.job.failure']._run(
                        'replay', contacts, lambda some, day=day: some._dsgvo_record(
                            {'marketing': 'refused'}, day, means='system')):
                    left_out |= {self._hash(*pair) for pair in contact._dsgvo_addresses()}
        return left_out

    def _get_line(self):
        """Return the line of an address in the list outside the database."""
        return {
            'suppressed': self.hash, 'kind': self.kind, 'reason': self.reason,
            'date': fields.Date.to_string(self.since)}

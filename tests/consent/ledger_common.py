from odoo.service.model import call_kw

from ..common import DsgvoCommon


class LedgerCommon(DsgvoCommon):
    def _decide(self, decision='granted', purpose='storage', **values):
        return self.env['dsgvo.consent.event'].with_user(self.clerk).create({
            'partner_id': self.customer.id, 'purpose': purpose, 'decision': decision} | values)

    def _verify(self):
        # As the buttons do it: the one of the list passes the selected checks, here none.
        Check = self.env['dsgvo.ledger.check'].with_user(self.officer)
        action = call_kw(Check, 'action_verify', [[]], {})
        return self.env['dsgvo.ledger.check'].browse(action['res_id'])

    def _run_sql(self, query, *args):
        self.env.flush_all()
        self.env.cr.execute(query, args)
        self.env.invalidate_all()

    def _tamper(self, query, *args):
        """Do to the ledger what only somebody with the password of the database can do."""
        tables = 'dsgvo_consent_event', 'dsgvo_wording'
        for table in tables:
            self._run_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        self._run_sql(query, *args)
        for table in tables:
            self._run_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")

from odoo import fields, models

from ..screen.store import are_rows
from .pos_load_mixin_screen import LINE, PAYMENT, SALE


class PosConfig(models.Model):
    """The privacy screen of a till that customers can look at."""
    _inherit = 'pos.config'

    dsgvo_privacy_screen = fields.Boolean(
        "Privacy Screen",
        help="Customers see the screen of this till: it loads no customers in advance, finds them"
             " from three typed characters on, and shows name and town only. A till that is open"
             " takes it over when it is left for the backend and opened again.")

    def _dsgvo_is_screened(self):
        """Return whether this till is screened, by itself, its user or its browser."""
        return self.dsgvo_privacy_screen or self.env['res.users']._dsgvo_is_screened()

    def _notify(self, *notifications, private=True):
        """Send what is covered of no sale that is over, as core does once a phone has paid."""
        if self.dsgvo_privacy_screen:
            notifications = self._dsgvo_empty_sent(notifications)
        return super()._notify(*notifications, private=private)

    def _dsgvo_empty_sent(self, sent):
        """Return what is sent to a till, with the rows of sales that are over emptied."""
        if isinstance(sent, (list, tuple)):
            return [self._dsgvo_empty_sent(part) for part in sent]
        if not isinstance(sent, dict):
            return sent
        emptied = {name: self._dsgvo_empty_sent(part) for name, part in sent.items()}
        for model in emptied.keys() & {SALE, LINE, PAYMENT}:
            if are_rows(rows := emptied[model]):
                records = self.env[model].browse([row['id'] for row in rows])
                records.exists()._dsgvo_empty_over(rows)
        return emptied

    def notify_synchronisation(self, session_id, device_identifier, records=None):
        """Send no contacts to the other tills, which may be screened.

        Core sends them as this till sees them. The others read whom an order names
        (`known_customers.js`), and nobody else.
        """
        records = {model: ids for model, ids in (records or {}).items() if model != 'res.partner'}
        return super().notify_synchronisation(session_id, device_identifier, records)

    def read_config_open_orders(self, domain, record_ids=()):
        """Read sales that are over as everywhere else; core reads what has changed by itself."""
        result = super().read_config_open_orders(domain, record_ids)
        if self._dsgvo_is_screened():
            rows = result['dynamic_records']
            for model in rows.keys() & domain.keys():
                records = self.env[model].browse([row['id'] for row in rows[model]])
                rows[model] = records._load_pos_data_read(records, self)
        return result

from odoo import Command, models

from .contact_columns import get_further_columns


class ResPartner(models.Model):
    """Values of contacts that were merged away, noted as what somebody changed is."""
    _inherit = 'res.partner'

    def _dsgvo_get_tracked(self):
        """Return pairs `(name of the tracked field, value)` of what an erasure looks for.

        Numbers and addresses of other addons' columns are noted as telephone and e-mail.
        """
        columns = [('name', 'name'), ('email', 'email'), ('phone', 'phone')] + [
            (kind, name) for kind, names in get_further_columns(self.env).items() for name in names]
        values = {(kind, partner[name]) for partner in self for kind, name in columns}
        values.update(('contact_address_inline', partner.contact_address_inline)
                      for partner in self if partner.street)
        return {(name, value) for name, value in values if value}

    def _dsgvo_remember(self, former):
        """Note values of contacts that became this one, as tracked changes.

        They go with the contact, and its erasure looks for them: see `ErasureProof`.

        :param former: of `_dsgvo_get_tracked`
        """
        self.ensure_one()
        former = sorted(former - self._dsgvo_get_tracked())
        info = self.fields_get([name for name, _value in former])
        Tracking = self.env['mail.tracking.value']
        if former:
            self._message_log(tracking_value_ids=[
                Command.create(Tracking._create_tracking_values(
                    value, self[name], name, info[name], self)) for name, value in former])

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import escape_psql

from ..screen.covering import FORM, MASK, READING
from ..screen.res_partner import MOST
from .request_reader import RequestReader

# The till only asks whether there is a street, before it ships.
ASKED_FOR = {'street'}
# What is shown of those whom it finds.
FOUND = ('id', 'name', 'parent_name', 'city', 'consent_state', 'dsgvo_refused',
         'dsgvo_storage_allowed')


class ResPartner(models.Model):
    """What a till with the privacy screen gets of customers: name and town."""
    _inherit = 'res.partner'

    @api.model
    def _load_pos_data_read(self, records, config):
        if not config._dsgvo_is_screened():
            return super()._load_pos_data_read(records, config)
        rows = super()._load_pos_data_read(records.with_context(**{READING: FORM}), config)
        for row in rows:
            row.update({
                name: False for name, value in row.items()
                if value == MASK and name not in ASKED_FOR})
        return rows

    @api.model
    def get_new_partner(self, config_id, domain, offset):
        """Give a screened till no page of a list; it asks by `find_for_till`."""
        config = self.env['pos.config']._dsgvo_get_till(config_id)
        if not config._dsgvo_is_screened():
            return super().get_new_partner(config_id, domain, offset)
        return {'res.partner': [], 'account.fiscal.position': []}

    @api.model
    def find_for_till(self, config_id, typed):
        """Return what a screened till shows of the customers whom the typed text finds.

        Nobody is found before three letters or digits, and never more than eight.
        """
        config = self.env['pos.config']._dsgvo_get_till(config_id)
        typed = RequestReader(self.env).read_text(typed)
        customers = self.browse()
        if self._dsgvo_is_enough(typed):
            found = self.with_context(**{READING: FORM}).search(
                Domain('display_name', 'ilike', escape_psql(typed))
                & config.company_id._dsgvo_get_shared_domain()
                & self._dsgvo_known_domain(), limit=MOST)
            customers = self.browse(found.ids)
        rows = self._load_pos_data_read(customers, config)
        return [{name: row[name] for name in FOUND} for row in rows]

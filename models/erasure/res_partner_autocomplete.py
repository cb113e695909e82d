from odoo import api, fields, models

SWITCH = 'dsgvo.partner_autocomplete'
OFF_SINCE = 'dsgvo.partner_autocomplete_off_since'


class ResPartner(models.Model):
    """Odoo's completion of addresses, which sends typed names to a service on the web.

    It is off until the privacy officer switches it on, since nobody knows whether a typed name is a
    person's. The addon `partner_autocomplete` may be missing, so nothing here depends on it.
    """
    _inherit = 'res.partner'

    @api.model
    def autocomplete_by_name(self, query, *args, **kwargs):
        if not self._dsgvo_completes_addresses():
            return []
        return super().autocomplete_by_name(query, *args, **kwargs)

    @api.model
    def autocomplete_by_vat(self, vat, *args, **kwargs):
        if not self._dsgvo_completes_addresses():
            return []
        return super().autocomplete_by_vat(vat, *args, **kwargs)

    @api.model
    def enrich_by_duns(self, duns, *args, **kwargs):
        if not self._dsgvo_completes_addresses():
            return {}
        return super().enrich_by_duns(duns, *args, **kwargs)

    @api.model
    def enrich_by_gst(self, gst, *args, **kwargs):
        if not self._dsgvo_completes_addresses():
            return {}
        return super().enrich_by_gst(gst, *args, **kwargs)

    @api.model
    def enrich_by_domain(self, domain, *args, **kwargs):
        if not self._dsgvo_completes_addresses():
            return {}
        return super().enrich_by_domain(domain, *args, **kwargs)

    @api.model
    def _dsgvo_completes_addresses(self):
        """Return whether typed names may be sent to the service."""
        return bool(
            'iap.autocomplete.api' in self.env
            # sudo: ir.config_parameter - only this switch, for whoever types a name
            and self.env['ir.config_parameter'].sudo().get_param(SWITCH))

    @api.model
    def _dsgvo_complete_addresses(self, is_on):
        """Switch it on or off, and note since when it is off: names typed before have left."""
        # sudo: ir.config_parameter - for the officer, who decides it, and for the installation
        Parameter = self.env['ir.config_parameter'].sudo()
        Parameter.set_param(SWITCH, is_on and 'True')
        Parameter.set_param(
            OFF_SINCE, not is_on and fields.Datetime.to_string(fields.Datetime.now()))

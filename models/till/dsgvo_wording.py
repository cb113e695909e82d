from odoo import api, models


class DsgvoWording(models.Model):
    """The texts of the day, which a till shows also while it is offline."""
    _name = 'dsgvo.wording'
    _inherit = ['dsgvo.wording', 'pos.load.mixin']

    @api.model
    def _load_pos_data_search_read(self, data, config):
        """Return all texts of the day: the till forgets those that it had before."""
        company = config.company_id
        current = self._get_current(company)
        fallback = {
            self._choose(current, purpose, None, company).id for purpose, _lang in current}
        rows = self.browse(wording.id for wording in current.values()).read(
            self._load_pos_data_fields(config), load=False)
        return [row | {'is_fallback': row['id'] in fallback} for row in rows]

    @api.model
    def _load_pos_data_fields(self, config):
        return ['purpose', 'lang', 'text']

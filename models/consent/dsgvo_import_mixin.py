from odoo import api, models
from odoo.exceptions import UserError

from .ir_default import lines_below
from .res_partner import CONSENT_FIELDS


def brings_decisions(values):
    """Return whether the values of an imported line, or of a line below it, hold a decision."""
    return any(values.get(fname) for fname in (*CONSENT_FIELDS, 'decision')) or any(
        brings_decisions(line) for value in values.values() for line in lines_below(value))


class DsgvoImportMixin(models.AbstractModel):
    """An import names the lines whose decisions were refused, whatever the reason."""
    _name = 'dsgvo.import.mixin'
    _description = "Import of Decisions"

    @api.model
    def _load_records(self, data_list, update=False):
        """Let `load` try the lines one by one if one is refused: it would blame the first."""
        try:
            return super()._load_records(data_list, update)
        except UserError as error:
            if len(data_list) > 1 and any(brings_decisions(data['values']) for data in data_list):
                raise ValueError("a line with decisions was refused") from error  # never shown
            raise


class ResUsers(models.Model):
    _name = 'res.users'
    _inherit = ['res.users', 'dsgvo.import.mixin']


class DsgvoConsentEvent(models.Model):
    _name = 'dsgvo.consent.event'
    _inherit = ['dsgvo.consent.event', 'dsgvo.import.mixin']

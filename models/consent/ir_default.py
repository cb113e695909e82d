import json

from odoo import api, models, tools
from odoo.exceptions import ValidationError

from .current_consents import CURRENT_FIELDS
from .res_partner import CONSENT_FIELDS, DOCUMENTATION_FIELDS

# Fields in which a default value would be an answer that nobody gave, or its proof.
GUARDED_FIELDS = {
    'res.partner': {*CURRENT_FIELDS, *DOCUMENTATION_FIELDS, 'consent_event_ids'},
    'dsgvo.consent.event': {'decision', 'purpose', 'date', 'means', 'note', 'signature'},
    'dsgvo.consent.record': {*CONSENT_FIELDS},
    'dsgvo.consent.withdrawal': {*CONSENT_FIELDS.values()},
}
GUARDED_NAMES = set().union(*GUARDED_FIELDS.values())


def lines_below(value):
    """Return an iterator over the values of the records that commands, or dicts, create."""
    for command in value if isinstance(value, (list, tuple)) else ():
        if isinstance(command, dict):
            yield command
        elif isinstance(command, (list, tuple)) and command and isinstance(command[-1], dict):
            yield command[-1]


class IrDefault(models.Model):
    """A default value is no decision: consents have none, wherever somebody enters one.

    Every contact without a value has the default of a company-dependent field, in searches as well.
    So a default is refused, and one that got into the table all the same has no effect.
    """
    _inherit = 'ir.default'

    @api.constrains('field_id', 'json_value')
    def _check_no_consent(self):
        for default in self:
            field = default.sudo().field_id  # sudo: ir.model.fields - only which one it is
            if self._dsgvo_is_guarded(field.model, field.name, json.loads(default.json_value)):
                raise ValidationError(self.env._(
                    "“%(field)s” cannot have a default value: nobody would have decided it. Ask the"
                    " customer, and record the answer on the contact.",
                    field=field.field_description))

    @api.model
    @tools.ormcache('self.env.uid', 'self.env.company.id', 'model_name', 'condition')
    def _get_model_defaults(self, model_name, condition=False):
        defaults = super()._get_model_defaults(model_name, condition)
        defaults = {fname: value for fname, value in defaults.items()
                    if not self._dsgvo_is_guarded(model_name, fname, value)}
        if model_name == 'res.partner' and not condition:
            return defaults | {'consent_state': 'none'}  # of whoever decided nothing here
        return defaults

    @api.model
    def _dsgvo_is_guarded(self, model_name, fname, value=None):
        """Return whether this field, or the one that it shows, must not have a default value.

        :param value: the default; its commands may decide for records below
        """
        # While addons are loaded, not every model of the database is there.
        field = model_name in self.env and self.env[model_name]._fields.get(fname)
        while field and field.related:
            field = field.related_field
        return bool(field) and (
            field.name in GUARDED_FIELDS.get(field.model_name, ())
            or any(self._dsgvo_is_guarded(field.comodel_name, name, below)
                   for line in lines_below(value) for name, below in line.items()))

    @api.model
    def _dsgvo_remove_consents(self):
        """Remove the default values of consents that were entered before they were refused."""
        self.search([
            '|', ('field_id.name', 'in', [*GUARDED_NAMES]),
            ('field_id.ttype', 'in', ('one2many', 'many2many')),
        ]).filtered(lambda default: self._dsgvo_is_guarded(
            default.field_id.model, default.field_id.name, json.loads(default.json_value)),
        ).unlink()

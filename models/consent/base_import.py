from odoo import models


class BaseImport(models.TransientModel):
    _inherit = 'base_import.import'

    def _handle_fallback_values(self, import_field, input_file_data, fallback_values):
        """Replace no cell of a consent: “Set to: Granted” would decide for whoever is listed."""
        return super()._handle_fallback_values(import_field, input_file_data, {
            path: fallback for path, fallback in fallback_values.items()
            if not self._dsgvo_is_decision(path)})

    def _dsgvo_is_decision(self, path):
        *parents, fname = path.split('/')
        model = self.env[self.res_model]
        for parent in parents:
            model = self.env[model._fields[parent].comodel_name]
        return self.env['ir.default']._dsgvo_is_guarded(model._name, fname)

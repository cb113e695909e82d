"""Own fields of a shop, and what the guard says of them."""
from odoo.tests import Form

from ..common import DsgvoCommon


class GuardCommon(DsgvoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Gap = cls.env['dsgvo.data.gap']

    def setUp(self):
        self.addCleanup(self._forget_own_fields)  # last, after the rollback
        super().setUp()

    def _forget_own_fields(self):
        self.registry._setup_models__(self.cr)

    def _add_field(self, model, name, **values):
        return self.env['ir.model.fields'].create({
            'model_id': self.env['ir.model']._get_id(model), 'name': name, 'state': 'manual',
            'field_description': name} | values)

    def _find(self):
        self.Gap._refresh()
        return {(gap.place, gap.reason) for gap in self.Gap.search([])}

    def _press(self, gap, button):
        """Press a button of the list as the officer and return the form that opens."""
        action = getattr(gap.with_user(self.officer), button)()
        return Form(
            self.env[action['res_model']].with_user(self.officer)
            .with_context(**action['context']), view='dsgvo.dsgvo_data_rule_view_form')

from odoo import api, models
from odoo.exceptions import AccessError

from .res_company import VALIDITY_FIELDS


class ResCompany(models.Model):
    """The settings that a privacy officer can change without being a system administrator."""
    _inherit = 'res.company'

    @api.model
    def _dsgvo_get_settings(self):
        """Return the fields that privacy officers set. Extend with `super() | {…}`."""
        return {
            'dsgvo_text', 'dsgvo_text_refused', 'dsgvo_text_withdrawn', 'dsgvo_joint_controller',
            *VALIDITY_FIELDS.values()}

    def write(self, vals):
        """Let privacy officers write these settings at the companies for which they work.

        :raise AccessError: if one of these is another company, or if a value is a record that the
            officer may not read; documents print its text
        """
        if (not vals or not vals.keys() <= self._dsgvo_get_settings()
                or self.env['res.company'].has_access('write')
                or not self.env.user.has_group('dsgvo.group_officer')):
            return super().write(vals)
        if foreign := self - self.env.user.company_ids:
            name = foreign[0].sudo().name  # sudo: res.company - only the name, for the text
            raise AccessError(self.env._(
                "You do not work for %(company)s, so you cannot change its settings. Ask the"
                " privacy officer there.", company=name))
        for name, value in vals.items():
            if value and self._fields[name].type == 'many2one':
                self.env[self._fields[name].comodel_name].browse(value).check_access('read')
        # sudo: res.company - these fields only, decided by the officer of the company
        return super(ResCompany, self.sudo()).write(vals)

    @api.model
    def action_dsgvo_settings(self):
        """Open the settings of the current company."""
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Settings"),
            'res_model': self._name,
            'res_id': self.env.company.id,
            'views': [(self.env.ref('dsgvo.res_company_view_form_settings').id, 'form')],
        }

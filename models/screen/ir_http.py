from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = 'ir.http'

    def session_info(self):
        """Tell the browser whether it is screened, and which models have covered fields."""
        result = super().session_info()
        user = self.env.user
        if user._is_internal():
            covered = self.env['dsgvo.data.rule']._get_covered()
            is_on = user._dsgvo_is_screened()
            if is_on:
                # The browser keeps answers under this key: those from before must not come back.
                result['registry_hash'] += '-screened'
            result['dsgvo_screen'] = {
                'is_on': is_on,
                'is_for_user': user.has_group('dsgvo.group_screened'),
                # sudo: res.company - a setting of the shop where the user works
                'seconds': int(user.company_id.sudo().dsgvo_screen_seconds),
                'fields': {model: [name for name, is_text in names.items() if not is_text]
                           for model, names in covered.items()},
            }
        return result
